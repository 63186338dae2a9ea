"""Programs that are run from the output tree: which there are, their images, and what each reads.

No backend of its own: compose and Kubernetes both draw on it.
"""
