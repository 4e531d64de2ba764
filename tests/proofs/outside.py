"""Runs a command where there is no network but loopback, and writes down whom outside it asked.

`unshare --net python -m tests.proofs.outside FILE COMMAND …`. Every address leads back to this machine there, where nobody listens: whoever
asks is refused at once, as by a firewall, and the packet is seen on its way.
"""

from __future__ import annotations

import ipaddress
import json
import socket
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

EVERY_PROTOCOL = socket.htons(3)
SETTING = ("ip link set lo up", "ip route add local default dev lo", "ip -6 route add local default dev lo")
OFFSETS = {b"\x08\x00": (14, 30, 4, 23), b"\x86\xdd": (14, 38, 16, 20)}  # of an Ethernet frame: header, receiver, its length, protocol
PROTOCOLS = {6: "tcp", 17: "udp"}


def receiver(frame: bytes) -> str:
    """Whom a packet outside of loopback goes to, as `tcp 192.0.2.1 443`; nothing for what stays inside, or is only an answer."""
    kind = OFFSETS.get(frame[12:14])
    if kind is None:
        return ""
    header, start, length, place = kind
    address = ipaddress.ip_address(frame[start : start + length])
    protocol = PROTOCOLS.get(frame[place], "")
    if not protocol or address.is_loopback or address.is_multicast:
        return ""
    body = header + ((frame[header] & 15) * 4 if address.version == 4 else 40)
    return f"{protocol} {address} {int.from_bytes(frame[body + 2 : body + 4])}" if _asks(protocol, frame[body:]) else ""


def _asks(protocol: str, packet: bytes) -> bool:
    """A datagram, or the first packet of a connection: SYN without ACK."""
    return protocol == "udp" or packet[13] & 0x12 == 0x02


def watch(seen: Counter[str], over: threading.Event) -> None:
    """Count into ``seen`` whom packets on loopback go to, until ``over``. Each passes twice, out and in; only what goes out is counted."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, EVERY_PROTOCOL) as line:
        line.bind(("lo", 0))
        line.settimeout(0.2)
        while not over.is_set():
            try:
                frame, (_, _, direction, *_) = line.recvfrom(65_535)
            except TimeoutError:
                continue
            if direction == socket.PACKET_OUTGOING and (found := receiver(frame)):
                seen[found] += 1


def main(place: Path, command: list[str]) -> int:
    """Run ``command`` so; the counts go to ``place`` as JSON. Returns its exit code."""
    for each in SETTING:
        subprocess.run(each.split(), check=True)
    seen: Counter[str] = Counter()
    over = threading.Event()
    watcher = threading.Thread(target=watch, args=(seen, over))
    watcher.start()
    try:
        return subprocess.run(command, check=False).returncode
    finally:
        over.set()
        watcher.join()
        place.write_text(json.dumps(seen))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
