"""Sections that stand for others: baselines and KPIs become recordings and alerts, before a spec is validated.

What they become is laid under what the user wrote, by the rule of overlays: an object of the same name changes it.
"""
