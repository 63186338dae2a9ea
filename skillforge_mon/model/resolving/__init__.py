"""From validated text to the objects of the resolved project: one file for each part of the language."""
