"""Django's PostgreSQL, which does not try to connect again where nobody answered a moment ago (audit/patience.py)."""
