"""The process manager: supervisord, its configuration, and talking to it over its own unix socket."""

import http.client
import os
import shlex
import socket
import subprocess
import sys
import time
import xmlrpc.client
from collections.abc import Iterable, Mapping
from typing import Any

from ops.house import CHECKOUT, House
from ops.parts import Part
from ops.processes import sweep
from ops.refusal import Refusal


class Manager:
    """One supervisord and the parts under it. Nothing starts until `start_part` asks for it; then it is kept alive."""

    def __init__(self, house: House, parts: list[Part], environ: Mapping[str, str]) -> None:
        self.house, self.parts, self.environ = house, parts, environ
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start supervisord. Raises Refusal when it does not answer."""
        config = self.house.var / "supervisord.conf"
        config.write_text(configuration(self.house, self.parts))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ops.warden", str(os.getpid()), "-n", "-c", str(config)],
            cwd=CHECKOUT,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._await()

    def start_part(self, *names: str) -> None:
        """Start parts by name and return at once. Raises Refusal when the manager is gone."""
        for name in names:
            self._ask("startProcess", name, False)

    def revive(self) -> None:
        """Start again what the manager has given up on: a part that failed for a while may work now."""
        for found in self._ask("getAllProcessInfo"):
            if found["statename"] == "FATAL":
                self.start_part(f"{found['group']}:{found['name']}")

    def is_alive(self) -> bool:
        """Whether supervisord runs."""
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """Stop every part in order, then the manager, and end whatever is left. Safe to repeat."""
        if self.process is not None and self.is_alive():
            self.process.terminate()
            try:
                self.process.wait(120)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None
        sweep(self.house)

    def _await(self) -> None:
        deadline = time.monotonic() + 30
        while self.is_alive() and time.monotonic() < deadline:
            try:
                self._ask("getState")
                return
            except Refusal:
                time.sleep(0.05)
        raise Refusal(f"The process manager did not start. Its log: {self.house.log / 'supervisord.log'}")

    def _ask(self, method: str, *arguments: Any) -> Any:
        path = str(self.house.sockets / "supervisor.sock")
        try:
            with xmlrpc.client.ServerProxy("http://localhost", transport=_SocketTransport(path)) as server:
                return getattr(server.supervisor, method)(*arguments)
        except xmlrpc.client.Fault as fault:
            if "ALREADY_STARTED" in fault.faultString:
                return False
            raise Refusal(f"The process manager answered: {fault.faultString}") from fault
        except (OSError, http.client.HTTPException) as error:
            raise Refusal("The process manager does not answer.") from error


class _SocketLink(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=10)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        try:
            self.sock.settimeout(10)
            self.sock.connect(self.path)
        except OSError:
            self.close()
            raise


class _SocketTransport(xmlrpc.client.Transport):
    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path

    def make_connection(self, host: Any) -> http.client.HTTPConnection:
        link = _SocketLink(self.path)
        self._connection = host, link
        return link


def configuration(house: House, parts: Iterable[Part]) -> str:
    """The configuration of supervisord for these parts (see supervisord.org/configuration.html)."""
    parts = list(parts)
    return "\n".join([_manager_section(house), *(_part_section(house, part) for part in parts), *_groups(parts)])


def _manager_section(house: House) -> str:
    return (
        _section(
            "unix_http_server",
            file=house.sockets / "supervisor.sock",
            chmod="0700",
        )
        + _section(
            "supervisord",
            logfile=house.log / "supervisord.log",
            pidfile=house.var / "supervisord.pid",
            directory=CHECKOUT,
            umask="077",
            silent="true",
            **({"user": "root"} if os.geteuid() == 0 else {}),
        )
        + _section(
            "rpcinterface:supervisor",
            **{"supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"},
        )
    )


def _part_section(house: House, part: Part) -> str:
    return _section(
        f"program:{part.name}",
        command=shlex.join(part.command),
        priority=part.order,
        autostart="false",
        autorestart="true",
        startretries=20,
        stopsignal=part.stop_signal,
        stopwaitsecs=part.patience,
        killasgroup="true",
        redirect_stderr="true",
        stdout_logfile=house.log / f"{part.name}.log",
        stdout_logfile_maxbytes="10MB",
        stdout_logfile_backups=3,
        **({"user": part.user} if os.geteuid() == 0 else {}),
    )


def _groups(parts: Iterable[Part]) -> list[str]:
    """Grouped parts stop side by side instead of one after another."""
    members: dict[str, list[Part]] = {}
    for part in parts:
        if part.group:
            members.setdefault(part.group, []).append(part)
    return [
        _section(f"group:{name}", programs=",".join(part.name for part in group), priority=group[0].order)
        for name, group in members.items()
    ]


def _section(name: str, **values: Any) -> str:
    lines = "".join(f"{key} = {str(value).replace('%', '%%')}\n" for key, value in values.items())
    return f"[{name}]\n{lines}"
