"""The text layer: YAML text becomes a tree of nodes, and every node knows its place in its file.

What a spec means is not decided here; what its text says is.
"""
