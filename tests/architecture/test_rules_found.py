"""Each rule has its line in tests/matrix/found.txt."""

from __future__ import annotations

from tests.matrix.found import finders
from tests.matrix.locks import rules


def test_every_rule_says_who_finds_anything_by_it_and_no_line_is_left_of_one_that_is_gone() -> None:
    lacking, gone = rules().keys() - finders().keys(), finders().keys() - rules().keys()
    assert not lacking | gone, f"tests/matrix/found.txt lacks {' '.join(lacking)}; gone: {' '.join(gone)}"
