"""The algebra of queries: how PromQL is read into it, and what its shapes say."""
