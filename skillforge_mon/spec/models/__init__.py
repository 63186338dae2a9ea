"""The language as pydantic models, one file per part of it. They check one object at a time; nothing is linked here.

The JSON schema, the language reference and the validator are all made from these.
"""
