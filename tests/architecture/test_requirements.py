"""What is installed is named with its version and its hashes, and comes from one index (ASVS 15.2.4)."""

from __future__ import annotations

import re

import pytest

from .source import ROOT


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_has_a_version_and_hashes_and_none_names_another_index(name: str) -> None:
    text = re.sub(r"(?m)^\s*#.*\n", "", (ROOT / name).read_text())
    entries = [entry for entry in re.split(r"\n(?=[a-z0-9-])", text) if entry.strip()]
    assert len(entries) > 60
    assert [entry for entry in entries if not re.match(r"[\w.-]+(\[\w+\])?==\S+", entry) or "--hash=sha256:" not in entry] == []
    assert not re.search(r"(?m)^\s*(-[eif]\b|--(extra-)?index-url|--find-links|--trusted-host)|(?:git\+|https?:)//", text)
    assert "--require-hashes" in (ROOT / "Makefile").read_text()
