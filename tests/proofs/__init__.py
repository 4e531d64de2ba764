"""Proofs with large numbers, beside the suite: `make proof` runs them and prints their figures."""
