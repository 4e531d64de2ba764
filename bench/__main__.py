"""`make bench`: seeds (once), races, prints the table."""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import ExitStack
from pathlib import Path

from ops.house import CHECKOUT
from ops.refusal import Refusal
from ops.stopping import Stop, listen

from .course import run
from .house import Size, opened


def _arguments(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measures Sub Rosa against bare views on the same server.")
    parser.add_argument("--clients", type=int, default=20_000)
    parser.add_argument("--notes", type=int, default=500_000)
    parser.add_argument("--lines", type=int, default=10_000_000, help="lines of the trail")
    parser.add_argument("--turns", type=int, default=400, help="how often each page is asked for")
    parser.add_argument("--quick", action="store_true", help="2,000 clients, 20,000 notes, 200,000 lines, 60 turns: to see whether it runs")
    return parser.parse_args(given)


def main(given: list[str]) -> int:
    """Run the bench; 0 when it could measure, whatever it measured."""
    asked = _arguments(given)
    if asked.quick:
        asked.clients, asked.notes, asked.lines, asked.turns = 2_000, 20_000, 200_000, 60
    var = Path(os.environ.get("SUBROSA_VAR") or CHECKOUT / "var").absolute() / "bench"
    listen()
    try:
        with ExitStack() as stack:
            small = stack.enter_context(opened(var, os.environ, Size(1_000, 1_000 * asked.notes // asked.clients, 100_000)))
            large = stack.enter_context(opened(var, os.environ, Size(asked.clients, asked.notes, asked.lines)))
            run(small, large, asked.turns)
    except Refusal as refusal:
        print(f"\n{refusal}", file=sys.stderr)
        return 1
    except Stop as stop:
        print("\nStopped.")
        return 128 + stop.number
    return 0


sys.exit(main(sys.argv[1:]))
