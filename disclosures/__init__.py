"""Disclosures: what of a record went to whom, and the accounting of it that the client may ask for."""
