"""What the database server must not write into its own log: statements, their values, the rows that an error names.

The embedded server is started with these settings (ops/postgres.py, and a test); a server given by its address is asked (checks.py).
"""

from __future__ import annotations

from typing import Any

QUIET = {
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_transaction_sample_rate": "0",
    "log_min_messages": "warning",
    "debug_print_parse": "off",
    "debug_print_rewritten": "off",
    "debug_print_plan": "off",
}
# Of modules that may not be loaded, and then are not asked.
QUIET_IF_THERE = {"auto_explain.log_min_duration": "-1", "pgaudit.log": "none"}
AS_QUIET = {"log_min_messages": {"notice", "warning", "error", "log", "fatal", "panic"}}  # from debug2 on, statements are written
# For the connection that asks; then what is kept for roles that may come in here and for this database.
ASKED = "SELECT '', name, current_setting(name, true) FROM unnest(%(names)s) AS name WHERE current_setting(name, true) <> ''"
KEPT = """SELECT coalesce(r.rolname, ''), split_part(each, '=', 1), substr(each, strpos(each, '=') + 1)
    FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole CROSS JOIN LATERAL unnest(s.setconfig) AS each
    WHERE (s.setdatabase = 0 OR s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database()))
        AND split_part(each, '=', 1) = ANY(%(names)s)
        AND (r.oid IS NULL OR (r.rolcanlogin AND has_database_privilege(r.oid, current_database(), 'CONNECT')))"""


def troubles(cursor: Any) -> list[str]:
    """What the server that ``cursor`` leads to may write of a client's words, each as ``name = value`` with whom it is set for."""
    wanted = QUIET | QUIET_IF_THERE
    found: dict[str, None] = {}
    for question in (ASKED, KEPT):
        cursor.execute(question, {"names": [*wanted]})
        for role, name, value in sorted(cursor.fetchall()):
            if value not in AS_QUIET.get(name, {wanted[name]}):
                found[f"{name} = {value}{f' for {role}' if role else ''}, should be {wanted[name]}"] = None
    return [*found]
