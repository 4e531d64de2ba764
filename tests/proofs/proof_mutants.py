"""T01b: does the suite see a hole? Checks, filters and policies are opened one at a time; prints how many some test noticed.

MUTANTS=40 is a sample by SEED, MUTANTS=all takes every one (an hour and more), ONLY=breaches.access those with these words in their
names, EXCEPT=.access. those without, as for two halves beside each other. A run of all that was stopped goes on where it was: results
lie in var/mutants. What is alive is printed; the proof fails where a hole was noticed once (mutants/killers.txt) and is not any more.
mutants/alive.txt holds what was alive when all were last tried, mutants/equivalent.txt what changes nothing, each with its reason.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid

from tests.conftest import ROOT

from .figures import figure
from .mutants.remembered import ALIVE, EQUIVALENT, KILLERS, lines

PLACE = ROOT / "var" / "mutants"


def test_no_removed_check_that_was_noticed_goes_unnoticed() -> None:
    many = os.environ.get("MUTANTS", "40")
    place = PLACE / many
    place.mkdir(parents=True, exist_ok=True)
    if many != "all":
        (place / "results.json").unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-p", "tests.proofs.mutants.plugin", "tests", "-q", "-s", "--assert=plain", "--tb=line"]
    environ = os.environ | {"MUTANTS_PLACE": str(place), "MUTANTS": many, "PYTEST_XDIST_TESTRUNUID": str(uuid.uuid4())}
    environ["SUBROSA_AS"] = "web"  # as tests are; another proof's worker may have left its own name here
    subprocess.run(command, cwd=ROOT, env=environ, check=False)  # pytest says 5: no test was run as such
    results = json.loads((place / "results.json").read_text())
    alive = {name: told["where"] for name, told in results.items() if not told["by"]}
    argued = {name for name in alive if name in lines(EQUIVALENT)}
    known, killed = lines(ALIVE), len(results) - len(alive)
    print(f"\n  T01b: {killed} killed of {len(results)} that were asked, {len(argued)} change nothing (equivalent.txt),")
    print(f"    {len(alive) - len(argued)} alive, {len({*alive} - {*known} - argued)} of these not known to be")
    for name, where in sorted(alive.items()):
        print(f"    {where}  {name}")
    figure(
        "T01b checks removed and noticed",
        f"{killed} of {len(results)}",
        f"{many} of all that are generated; {len(argued)} change nothing",
        "unbroken, each lock's tests pass",
    )
    assert {*alive} & {*lines(KILLERS)} == set(), "a check that a test noticed once can be removed unnoticed"
