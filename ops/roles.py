"""The database and its three roles. Migrations grant the rights on tables; this only opens the building."""

from typing import Any
from urllib.parse import quote

import psycopg2.extensions
from psycopg2.sql import SQL, Identifier, Literal

from ops.house import House
from ops.postgres import connect
from ops.secrets import read_secret, write_secret

DATABASE = "subrosa"
OWNER, WEB, WORKER = "subrosa_owner", "subrosa_web", "subrosa_worker"
# Nobody waits behind a lock or a question without end, and what a web process that vanished has locked is let go. The worker's
# own questions may be long: it verifies the whole trail.
PATIENCE = {
    WEB: {"statement_timeout": "30s", "lock_timeout": "10s", "idle_in_transaction_session_timeout": "2min"},
    WORKER: {"lock_timeout": "30s"},
}
URLS = {"DATABASE_URL": WEB, "DATABASE_URL_WORKER": WORKER, "DATABASE_URL_OWNER": OWNER}


def settle_roles(house: House) -> None:
    """Make or mend the roles, the database and who may enter it. The server must be up. Safe to repeat."""
    _on(house, "postgres", _make_roles)
    _on(house, "postgres", _make_database)
    _on(house, DATABASE, _close_to_public)
    if not house.durable:
        # Tests make databases of their own, as copies of template1.
        _on(house, "template1", _close_to_public)


def url(house: House, role: str) -> str:
    """The address of the database for `role`, password included: for a secret file or a test, never for a screen."""
    password = quote(read_secret(house.secrets, f"postgres-{role}"), safe="")
    return f"postgresql://{role}:{password}@/{DATABASE}?host={quote(str(house.server_sockets), safe='')}"


def write_urls(house: House) -> None:
    """Keep the secret files with the three addresses in step with the passwords and the place of the sockets."""
    for name, role in URLS.items():
        path, value = house.secrets / name, url(house, role)
        if not path.exists() or path.read_text().strip() != value:
            write_secret(path, value)


def _on(house: House, database: str, act: Any) -> None:
    link = connect(house, database)
    link.autocommit = True
    try:
        with link.cursor() as cursor:
            act(house, cursor)
    finally:
        link.close()


def _make_roles(house: House, cursor: Any) -> None:
    for role in (OWNER, WEB, WORKER):
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is None:
            cursor.execute(SQL("CREATE ROLE {}").format(Identifier(role)))
        makes_databases = SQL("CREATEDB" if role == OWNER and not house.durable else "NOCREATEDB")
        cursor.execute(
            SQL("ALTER ROLE {} LOGIN NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS {} PASSWORD {}").format(
                Identifier(role), makes_databases, Literal(_verifier(house, role, cursor))
            )
        )
        for setting, value in PATIENCE.get(role, {}).items():
            cursor.execute(SQL("ALTER ROLE {} SET {} = {}").format(Identifier(role), Identifier(setting), Literal(value)))


def _verifier(house: House, role: str, cursor: Any) -> str:
    """What the server keeps instead of the password; worked out here so that the password itself is never sent."""
    password = read_secret(house.secrets, f"postgres-{role}")
    return psycopg2.extensions.encrypt_password(password, role, scope=cursor, algorithm="scram-sha-256")


def _make_database(house: House, cursor: Any) -> None:
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
    if cursor.fetchone() is None:
        cursor.execute(SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0").format(Identifier(DATABASE), Identifier(OWNER)))
    for database in (DATABASE, "postgres", "template1"):
        cursor.execute(SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(Identifier(database)))
    cursor.execute(SQL("GRANT CONNECT ON DATABASE {} TO {}, {}").format(Identifier(DATABASE), Identifier(WEB), Identifier(WORKER)))
    if not house.durable:
        cursor.execute(SQL("GRANT CONNECT ON DATABASE postgres TO {}").format(Identifier(OWNER)))


def _close_to_public(house: House, cursor: Any) -> None:
    cursor.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    cursor.execute(SQL("GRANT USAGE ON SCHEMA public TO {}, {}").format(Identifier(WEB), Identifier(WORKER)))
