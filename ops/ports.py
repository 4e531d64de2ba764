"""The one port of the house."""

import socket

from ops.refusal import Refusal


def read_port(text: str) -> int:
    """The port that `text` names. Raises Refusal when it names none."""
    if text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    raise Refusal("PORT must be a number from 1 to 65535.")


def require_free(host: str, port: int) -> None:
    """Raises Refusal when nothing can listen on `host` and `port`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except PermissionError as error:
            raise Refusal(f"This account may not listen on port {port}. Choose another: make run PORT=8001") from error
        except OSError as error:
            raise Refusal(f"Port {port} is in use by something else. Choose another: make run PORT={port + 1}") from error
