"""A bundle opened, for the tests of this room."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from typing import Any


def opened(content: bytes) -> dict[str, bytes]:
    """The files of a bundle, by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def data(files: dict[str, bytes], name: str) -> Any:
    """A JSON file of it."""
    return json.loads(files[name])


def table(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    """A table of it."""
    return list(csv.DictReader(io.StringIO(files[f"csv/{name}.csv"].decode("utf-8-sig"))))


def unlike_the_manifest(files: dict[str, bytes]) -> list[str]:
    """The names of files that are not as the manifest says."""
    said = {each["name"]: each["sha256"] for each in data(files, "manifest.json")["files"]}
    found = {name: hashlib.sha256(content).hexdigest() for name, content in files.items() if name != "manifest.json"}
    return sorted(name for name in said.keys() | found.keys() if said.get(name) != found.get(name))
