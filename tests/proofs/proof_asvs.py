"""ASVS 5.0, figure 9: of the requirements that apply, how many a test of this repository shows, and how many of those tests pass now.

What asvs.txt names runs in one pytest of its own, beside controls: a test that fails, one that passes and one that nobody wrote.
WITHOUT="tests/journeys" leaves out what begins so, where there is no browser: what it shows counts as not passed, and the figure says so.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from pathlib import Path

from tests.architecture.test_asvs_named import missing
from tests.conftest import ROOT

from .asvs import LEVELS, Requirement, requirements
from .figures import figure

TABLE = ROOT.parent / "shared" / "asvs.md"
WITHOUT = tuple(os.environ.get("WITHOUT", "").split())  # beginnings of node ids that are not run
CONTROL = "def test_control_that_fails():\n    assert False\n\n\ndef test_control_that_passes():\n    pass\n"
NOBODYS = "tests/proofs/asvs.py::test_control_that_nobody_wrote"


def _listed(table: str) -> set[str]:
    """The ids in the first column of asvs.md's table."""
    return {ident for row in re.findall(r"(?m)^\| (\d[\d., ]*) \|", table) for ident in row.split(", ")}


def _key(node: str) -> str:
    """A node id as JUnit's report has it: the module, the class, the test without its parameters."""
    path, _, test = node.partition("::")
    return f"{path.removesuffix('.py').replace('/', '.')}.{test.replace('::', '.')}"


def _outcomes(report: Path) -> dict[str, list[bool]]:
    """Whether each test passed, once for each of its parameters; a control goes by its name alone."""
    found: dict[str, list[bool]] = {}
    for case in ET.parse(report).iter("testcase"):  # noqa: S314 (pytest wrote it for us)
        name = case.attrib["name"].partition("[")[0]
        key = name if name.startswith("test_control_") else f"{case.attrib['classname']}.{name}"
        found.setdefault(key, []).append(not [child for child in case if child.tag in ("failure", "error", "skipped")])
    return found


def _run(nodes: Iterable[str], place: Path) -> dict[str, list[bool]]:
    """Run these and the controls in one pytest; its workers have databases of their own, so that nobody else's is taken away."""
    control, report = place / "test_control.py", place / "report.xml"
    control.write_text(CONTROL)
    options = ["-p", "no:cacheprovider", "-q", "--numprocesses", "2", "--dist", "loadfile", f"--junitxml={report}"]
    with (place / "run.log").open("w") as log:
        command = [sys.executable, "-m", "pytest", *options, str(control), *nodes]
        environ = {name: value for name, value in os.environ.items() if name != "SUBROSA_AS"}  # proofs collected beside act as the worker
        subprocess.run(command, cwd=ROOT, env=environ, stdout=log, stderr=log, check=False)
    assert report.exists(), (place / "run.log").read_text()[-3000:]
    return _outcomes(report)


def _passes(each: Requirement, bad: set[str]) -> bool:
    return bool(each.nodes) and not bad & set(each.nodes)


def test_asvs_every_requirement_of_the_list_is_answered_for_and_no_other() -> None:
    ours = {each.ident for each in requirements()}
    if not TABLE.exists():
        sys.stdout.write(
            f"\nASVS: {TABLE} lies beside the repository of those who build it; it is not here, so nothing was compared with it\n"
        )
        return
    listed = _listed(TABLE.read_text())
    assert len(listed) > 200
    assert (listed - ours, ours - listed) == (set(), set())


def test_asvs_what_shows_a_requirement_passes(tmp_path: Path) -> None:
    named = sorted({node for each in requirements() for node in each.nodes})
    left_out = {node for node in named if node.startswith(WITHOUT)} if WITHOUT else set()
    gone = set(missing([*named, NOBODYS]))
    outcomes = _run([node for node in named if node not in gone | left_out], tmp_path)
    failed = {node for node in named if node not in gone | left_out and not all(outcomes.get(_key(node), [False]))}
    seen = outcomes["test_control_that_fails"] == [False] and outcomes["test_control_that_passes"] == [True] and NOBODYS in gone
    control = f"a test that fails and one that nobody wrote: {'not passed' if seen else 'not seen'}"
    for level in LEVELS:
        mine = [each for each in requirements() if each.level == level]
        shown = [each for each in mine if each.nodes]
        passed = [each for each in shown if _passes(each, failed | gone | left_out)]
        told = f"{len(shown)} shown of {len(mine)} that apply, {len(mine) - len(shown)} not shown"
        told += f"; not run here: {' '.join(WITHOUT)}" if left_out else ""
        figure(f"ASVS {level} shown and passing", f"{len(passed)}", told, control)
        sys.stdout.write(f"\nASVS {level}: {len(passed)} shown and passing; {told}; control, {control}\n")
    cases = sum(map(len, outcomes.values())) - 2
    sys.stdout.write(f"\nASVS: {len(named) - len(left_out)} tests, {cases} with their parameters\n")
    assert seen
    assert (sorted(gone - {NOBODYS}), sorted(failed)) == ([], []), (tmp_path / "run.log").read_text()[-3000:]
