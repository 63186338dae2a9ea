"""The version of the compiler, alone in its file so that start-up reads nothing else."""

VERSION = "0.1.0"
