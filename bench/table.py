"""The table as it is printed: figures, ratios with their spread, and which aims are met."""

from __future__ import annotations

from collections.abc import Mapping

from .wire import Runner

Spread = tuple[float, float, float]


class Table:
    """Prints as it goes; ``end`` says what missed its aim."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = dict(environ)
        self.missed: list[str] = []
        self.title = ""

    def head(self, title: str) -> None:
        """A new part."""
        self.title = title
        print(f"\n{title}", flush=True)

    def line(self, name: str, text: str) -> None:
        """One figure without an aim."""
        print(f"  {name:<46} {text}", flush=True)

    def times(self, title: str, runners: list[Runner]) -> None:
        """A new part with the median times of ``runners``."""
        self.head(title)
        for each in runners:
            self.line(each.name, f"{each.typical:7.2f} ms")

    def ratio(self, name: str, found: Spread, aim: float) -> None:
        """A ratio with its quartiles and its aim."""
        low, middle, high = found
        self.line(name, f"{middle:7.2f} x   ({low:.2f} to {high:.2f}) {self._met(name, middle, aim)}")

    def flat(self, runner: Runner, found: Spread, aim: float, statements: int) -> None:
        """A page's time, and how much it grew between the two sizes."""
        low, middle, high = found
        met = self._met(runner.name, middle, aim)
        self.line(runner.name, f"{runner.typical:7.2f} ms {middle:5.2f} x ({low:.2f} to {high:.2f}) {statements:2} statements {met}")

    def most(self, name: str, found: float, aim: float) -> None:
        """A figure that must not be above its aim (0: it has none)."""
        text = f"{found:7d}" if isinstance(found, int) else f"{found:7.1f}"
        self.line(name, text + (f"   {self._met(name, found, aim)}" if aim else ""))

    def _met(self, name: str, found: float, aim: float) -> str:
        if round(found, 2) <= aim:
            return f"aim {aim:g}"
        self.missed.append(f"{self.title}: {name}")
        return f"aim {aim:g}: MISSED"

    def end(self) -> None:
        """The last words."""
        print("\nEvery aim is met." if not self.missed else "\nMissed: " + "; ".join(self.missed), flush=True)
