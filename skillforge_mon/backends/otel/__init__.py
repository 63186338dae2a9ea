"""The environment of every service that sends traces: who it is, where it sends them, and how many."""
