"""Runbooks: the pages that alerts link to, and their index."""
