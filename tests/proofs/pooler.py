"""PgBouncer on a machine of its own, in transaction mode and with TLS: a connection is lent for a transaction and then somebody else's."""

from __future__ import annotations

import datetime
import ipaddress
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ops.keeper import Keeper
from ops.roles import DATABASE, URLS
from ops.secrets import read_secret

from .hosts import Postgres, address, until, urls

PORT = 6432


def program() -> str:
    """Where PgBouncer is; it is no part of the requirements, so as root on Debian it is installed where it is missing."""
    if not (found := _look()) and os.geteuid() == 0 and (apt := shutil.which("apt-get")):
        for command in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", "pgbouncer"]):
            subprocess.run([apt, *command], stdout=subprocess.DEVNULL, check=False)
        found = _look()
    assert found, "There is no pgbouncer. As root on Debian: apt-get install pgbouncer"
    return found


def _look() -> str | None:
    return shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")


@dataclass
class Pooler:
    """A running PgBouncer."""

    host: str
    certificate: Path
    servers: tuple[Postgres, ...]

    @property
    def addresses(self) -> dict[str, str]:
        """The addresses of web and worker by way of it, as over a network: with the certificate checked. The owner goes straight."""
        tls = f"&sslmode=verify-full&sslrootcert={self.certificate}"
        lent = {name: url + tls for name, url in urls(*self.servers, port=PORT, via=self.host).items()}
        return lent | {"DATABASE_URL_OWNER": urls(*self.servers)["DATABASE_URL_OWNER"]}


@contextmanager
def pooler(at: Path, number: int, *servers: Postgres, lent: int) -> Iterator[Pooler]:
    """Transaction mode, with ``lent`` connections to the server for each role."""
    at.mkdir()
    keeper, host = servers[0].var.keeper, address(number)
    keeper.own(at, 0o711)
    certificate = _certificate(at, host, keeper)
    names = "".join(f'"{role}" "{read_secret(servers[0].var.secrets, f"postgres-{role}")}"\n' for role in URLS.values())
    keeper.write(at / "users", names)
    keeper.write(at / "pgbouncer.ini", _settings(at, host, servers, lent))
    process = subprocess.Popen([program(), "-q", str(at / "pgbouncer.ini")], cwd="/", **keeper.spawn())
    try:
        until(lambda: _listens(host), why="pgbouncer does not listen")
        yield Pooler(host, certificate, servers)
    finally:
        process.terminate()
        process.wait(20)


def _settings(at: Path, host: str, servers: tuple[Postgres, ...], lent: int) -> str:
    return f"""[databases]
{DATABASE} = host={",".join(server.host for server in servers)} port=5432 dbname={DATABASE}
[pgbouncer]
listen_addr = {host}
listen_port = {PORT}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {at}/users
pool_mode = transaction
default_pool_size = {lent}
max_client_conn = 300
logfile = {at}/log
client_tls_sslmode = require
client_tls_key_file = {at}/key
client_tls_cert_file = {at}/certificate
"""


def _listens(host: str) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex((host, PORT)) == 0


def _certificate(at: Path, host: str, keeper: Keeper) -> Path:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
    made = made.not_valid_after(now + datetime.timedelta(days=2)).add_extension(x509.BasicConstraints(True, None), critical=True)
    made = made.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), critical=False)
    pem = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    keeper.write(at / "key", key.private_bytes(*plain).decode())
    keeper.write(at / "certificate", pem.decode())
    (ours := at / "root").write_bytes(pem)
    return ours
