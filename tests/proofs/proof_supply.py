"""T44: what is installed is what was asked for and nothing else, it is new, and once it runs it asks nobody outside.

The last needs root and `ip`, for a network of its own. SUITE="tests" runs all of the suite there, as long as `make test` does.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

from .figures import figure

SUITE = os.environ.get("SUITE", "tests/messaging tests/disclosures tests/ops tests/journeys").split()
OWN = {"pip", "setuptools"}  # what Python puts into every new environment
OUTSIDE = ("192.0.2.7", 443)  # an address that RFC 5737 keeps for examples
CHILD = f"""import socket, contextlib
with contextlib.suppress(OSError): socket.create_connection({OUTSIDE!r}, 5)
with contextlib.suppress(OSError): socket.create_connection(("localhost", 9), 5)"""


def _pinned(path: Path) -> dict[str, tuple[str, int]]:
    """(version, how many hashes) by name of each requirement; a line that names no version has none."""
    entries = re.split(r"\n(?=[a-z0-9])", re.sub(r"(?m)^\s*#.*\n", "", path.read_text()))
    found = (re.match(r"([\w.-]+)(?:==(\S+))?", each) for each in entries if each.strip())
    return {
        name[1]: (name[2] or "", each.count("--hash=sha256:")) for name, each in zip(found, filter(str.strip, entries), strict=True) if name
    }


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def _installed(place: Path, requirements: Path) -> Path:
    """The interpreter of a new environment with just ``requirements``, each by its hash."""
    subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
    python = place / "bin" / "python"
    done = _run(str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", "-r", str(requirements))
    assert done.returncode == 0, done.stderr[-2000:]
    return python


def _materials(python: Path) -> dict[str, str]:
    """Version by name of everything that is in the environment, as the list of materials (CycloneDX) has it."""
    told = _run(str(Path(sys.executable).with_name("cyclonedx-py")), "environment", str(python), "--output-format", "JSON")
    assert told.returncode == 0, told.stderr[-2000:]
    return {re.sub(r"[-_.]+", "-", each["name"]).lower(): each["version"] for each in json.loads(told.stdout)["components"]}


def _differing(materials: dict[str, str], pinned: dict[str, tuple[str, int]]) -> set[str]:
    """What is there and was not asked for, or the other way round, or in another version."""
    asked = {(re.sub(r"[-_.]+", "-", name), version) for name, (version, _) in pinned.items()}
    return {f"{name} {version}" for name, version in {*materials.items()} ^ asked if name not in OWN}


def test_t44_a_clean_install_holds_what_was_asked_for_and_nothing_else(tmp_path: Path) -> None:
    files = [ROOT / "requirements.txt", ROOT / "requirements-dev.txt"]
    pinned = [_pinned(path) for path in files]
    loose = [name for each in pinned for name, (version, hashes) in each.items() if not version or not hashes]
    indexes = [
        path.name for path in files if re.search(r"(?m)^-(-extra-index-url|-find-links|-index-url|-trusted-host|f|i|e)\b", path.read_text())
    ]
    materials = _materials(_installed(tmp_path / "clean", files[0]))
    unknown = _differing(materials, pinned[0])
    told = f"{len(loose)} unpinned of {sum(map(len, pinned))} requirements, {len(unknown)} unknown of {len(materials)} installed"
    control = len(_differing(materials | {"smuggled": "1.0"}, pinned[0]))
    sys.stdout.write(f"\nT44: {told}; control, one more than asked for: {control} found\n")
    figure("T44 packages that nobody asked for", f"{len(loose) + len(unknown)}", told, f"one more than asked for: {control} found")
    assert (loose, indexes, unknown, control) == ([], [], set(), 1)


def test_t44_control_a_package_with_another_hash_is_not_installed(tmp_path: Path) -> None:
    entry = re.search(r"(?m)^async-timeout==.*(?:\n    --hash.*)+", (ROOT / "requirements.txt").read_text())
    assert entry
    changed = tmp_path / "changed.txt"
    changed.write_text(re.sub(r"sha256:[0-9a-f]{8}", "sha256:" + "0" * 8, entry[0]))
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "other")], check=True)
    done = _run(
        str(tmp_path / "other" / "bin" / "python"), "-m", "pip", "install", "-q", "--require-hashes", "--no-deps", "-r", str(changed)
    )
    assert done.returncode != 0
    assert "DO NOT MATCH THE HASHES" in done.stderr


def test_t44_django_is_the_newest_of_its_series() -> None:
    version, _ = _pinned(ROOT / "requirements.txt")["django"]
    told = _run(sys.executable, "-m", "pip", "index", "versions", "django", "--disable-pip-version-check")
    assert not told.returncode, "no registry here that could say which is the newest"
    series = version.rpartition(".")[0] + "."
    every = [each for each in re.findall(r"[\d.]+", told.stdout.partition("Available versions:")[2]) if each.startswith(series)]
    newest = max(every, key=lambda each: int(each.rpartition(".")[2]))
    sys.stdout.write(f"\nT44: Django {version}, the newest of its series is {newest} (of {len(every)} the registry has)\n")
    assert version == newest


def test_t44_nothing_outside_is_asked_while_the_suite_runs(tmp_path: Path) -> None:
    assert os.geteuid() == 0, "a network of one's own needs root"
    child, seen = [sys.executable, "-c", CHILD], tmp_path / "control.json"
    subprocess.run(["unshare", "--net", sys.executable, "-m", "tests.proofs.outside", str(seen), *child], cwd=ROOT, check=True)
    control = json.loads(seen.read_text())
    assert [*control] == ["tcp {} {}".format(*OUTSIDE)], "the control: who asks outside is seen, and who asks inside is not"
    suite, report = tmp_path / "suite.json", tmp_path / "suite.log"
    kept = ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONDONTWRITEBYTECODE")
    environ = {name: os.environ[name] for name in kept if name in os.environ}
    command = [sys.executable, "-m", "ops", "test", "--", *SUITE, "-q", "-n", "2", "--dist", "loadfile", "-p", "no:cacheprovider"]
    with report.open("w") as log:
        command = ["unshare", "--net", sys.executable, "-m", "tests.proofs.outside", str(suite), *command]
        done = subprocess.run(command, cwd=ROOT, env=environ, stdout=log, stderr=log, check=False)
    asked = json.loads(suite.read_text())
    passed = report.read_text().strip().splitlines()[-1]
    sys.stdout.write(f"\nT44 without a network ({' '.join(SUITE)}): {passed}; asked outside: {asked or 'nobody'}; control: {control}\n")
    figure(
        "T44 packets to outside",
        f"{sum(asked.values())}",
        f"suite without a network: {passed.strip('= ')}",
        f"{sum(control.values())} seen",
    )
    assert (done.returncode, asked) == (0, {}), report.read_text()[-3000:]
