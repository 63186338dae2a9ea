"""The language: text to documents with places to validated pydantic models.

Names, quantities and places are settled here; meaning is settled in later rooms."""
