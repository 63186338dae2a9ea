"""The query language of Datadog's monitors, all types of it: trees that know their places, one parser, one printer.

Metric queries of the translator and queries that a user wrote are the same trees.
"""
