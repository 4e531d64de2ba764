"""The record's pages, one file per noun."""
