"""The embedded Redis: only the bell that wakes the worker. What must not be lost is in PostgreSQL."""

import socket
import time
from pathlib import Path

from ops.engine import redis_program
from ops.house import House
from ops.refusal import Refusal


def prepare_redis(house: House) -> None:
    """Write the settings: one unix socket, no port, nothing on disk. Nothing of this house may be running."""
    _socket(house).unlink(missing_ok=True)
    lines = [
        "port 0",
        f"unixsocket {_quoted(_socket(house))}",
        "unixsocketperm 700",
        f"dir {_quoted(house.broker)}",
        'save ""',
        "appendonly no",
        "maxmemory 256mb",
        "maxmemory-policy noeviction",
    ]
    house.keeper.write(house.broker / "redis.conf", "\n".join(lines) + "\n")


def redis_command(house: House) -> list[str]:
    """The command that runs the server in the foreground."""
    return [redis_program(house), str(house.broker / "redis.conf")]


def redis_url(house: House) -> str:
    """The address of the server. It holds no secret: only its directory's owner can reach the socket."""
    return f"unix://{_socket(house)}?db=0"


def await_redis(house: House, patience: float = 30) -> None:
    """Return when the server answers. Raises Refusal when it does not within `patience` seconds."""
    deadline = time.monotonic() + patience
    while not _answers(_socket(house)):
        if time.monotonic() > deadline:
            raise Refusal(f"Redis does not answer. Its log: {house.log / 'redis.log'}")
        time.sleep(0.05)


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as link:
        link.settimeout(2)
        try:
            link.connect(str(path))
            link.sendall(b"PING\r\n")
            return link.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def _socket(house: House) -> Path:
    return house.server_sockets / "redis.sock"


def _quoted(path: Path) -> str:
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'
