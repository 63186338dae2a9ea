"""The budgets of the project, measured as ratios within one run on one machine: ``python -m tests.benchmarks``."""
