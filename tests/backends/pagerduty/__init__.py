"""PagerDuty: documents, the API against a fake account, and what others hand over to it."""
