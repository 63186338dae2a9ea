"""SLO specs of other tools become a spec of ours, and ours become OpenSLO.

What cannot be carried over is a diagnostic with a place, never a silent loss.
"""
