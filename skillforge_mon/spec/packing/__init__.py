"""Packs: what is the same everywhere, as fragments of the language that a service switches on with ``use``.

The packaged ones are the YAML files of ``spec/packs``; a team writes its own under ``packs``.
"""
