"""What emitters return and how it reaches the disk: documents, verdicts, manifest, canonical writers, the tree.

A tree is written whole or not at all, and the same documents give the same bytes everywhere.
"""
