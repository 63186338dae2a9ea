"""What a spec means, in numbers that people can check: budgets, times to detect, and what watching costs."""
