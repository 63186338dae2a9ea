"""Programs that are run from the output tree."""
