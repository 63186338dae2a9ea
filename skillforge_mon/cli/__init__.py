"""One file per command, thin: flags in, the facade called, the result printed."""
