"""Small disks of a proof's own, to be filled: tmpfs, which only root may mount."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

MOUNT = "/usr/bin/mount"


@dataclass
class Disk:
    """A small disk, and what is put on it to fill it."""

    place: Path

    @property
    def _ballast(self) -> Path:
        return self.place / "ballast"

    def fill(self) -> None:
        """Not a byte is left."""
        with suppress(OSError), self._ballast.open("wb", buffering=0) as file:
            while True:
                file.write(b"\0" * 4096)

    def crowd(self) -> None:
        """Bytes are left, but no name for one more file."""
        self._ballast.mkdir(exist_ok=True)
        with suppress(OSError):
            for number in range(10_000_000):
                (self._ballast / f"{number}").touch()

    def free(self) -> None:
        """There is room again."""
        if self._ballast.is_dir():
            shutil.rmtree(self._ballast)
        self._ballast.unlink(missing_ok=True)

    @property
    def room(self) -> int:
        return shutil.disk_usage(self.place).free


@contextmanager
def disk(place: Path, size: int, files: int = 0) -> Iterator[Disk]:
    """A disk of ``size`` bytes (and ``files`` names) at ``place``, while inside. Raises AssertionError where none may be mounted."""
    place.mkdir(parents=True, exist_ok=True)
    options = f"size={size},mode=0755" + (f",nr_inodes={files}" if files else "")
    mounted = subprocess.run([MOUNT, "-t", "tmpfs", "-o", options, "tmpfs", place], check=False).returncode == 0
    assert mounted, "Only root may mount a small disk: run this proof as root, outside a container that forbids it."
    try:
        yield Disk(place)
    finally:
        subprocess.run(["/usr/bin/umount", "--lazy", place], check=True)


@contextmanager
def moved(path: Path, place: Path) -> Iterator[None]:
    """What stands at ``path`` lies at ``place`` while inside, and is led to by a link; then it is brought back."""
    there = path.stat()
    subprocess.run(["/usr/bin/cp", "-a", f"{path}/.", place], check=True)
    shutil.rmtree(path)
    path.symlink_to(place)
    os.chown(place, there.st_uid, there.st_gid)
    place.chmod(0o700)
    try:
        yield
    finally:  # as it is by then: the rest of the server's files went on with it
        path.unlink()
        subprocess.run(["/usr/bin/cp", "-a", place, path], check=True)


@dataclass
class Block:
    """A disk with a filesystem of its own in one file, so that what it holds at a moment can be had: ext4, which only root may mount."""

    place: Path
    image: Path

    def mount(self) -> None:
        done = subprocess.run([MOUNT, "-o", "loop", self.image, self.place], check=False).returncode
        assert done == 0, "Only root may mount a disk from a file: run this proof as root, outside a container that forbids it."

    def unmount(self) -> None:
        """Whoever was killed holds it for a moment yet."""
        for _ in range(100):
            if subprocess.run(["/usr/bin/umount", self.place], check=False, capture_output=True).returncode == 0:
                return
            time.sleep(0.1)
        raise AssertionError(f"{self.place} is held by somebody")

    def had(self) -> Path:
        """What the disk has got by now. What the kernel still holds for it is not in there: that is what goes with the power."""
        kept = self.image.with_suffix(".had")
        subprocess.run(["/usr/bin/cp", "--sparse=always", self.image, kept], check=True)
        return kept


@contextmanager
def block(place: Path, image: Path, size: int) -> Iterator[Block]:
    """A disk of ``size`` bytes at ``place``, in the file ``image``, while inside."""
    place.mkdir(parents=True, exist_ok=True)
    with image.open("wb") as file:
        file.truncate(size)
    subprocess.run(["/usr/sbin/mkfs.ext4", "-q", "-F", image], check=True)
    found = Block(place, image)
    found.mount()
    try:
        yield found
    finally:
        found.unmount()
