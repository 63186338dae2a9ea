"""What monmc has to say about a spec: one Diagnostic type, the catalogue of codes, and many renderers.

Nothing here knows what a spec is; every later room reports through it.
"""
