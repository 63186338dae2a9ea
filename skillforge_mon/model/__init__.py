"""The resolved project: frozen dataclasses with linked references, overlays and defaults applied."""
