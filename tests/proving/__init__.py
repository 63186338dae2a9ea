"""Tests of the proofs that ship."""
