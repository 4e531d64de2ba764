"""Moving out and moving in: open bundles of records, and records brought in from elsewhere."""
