"""Clients handed on from counselor to counselor, and people who leave the practice."""
