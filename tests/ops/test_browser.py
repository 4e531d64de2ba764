"""The journeys need a browser: found, or asked for in words that can be followed."""

import os
import shutil

import pytest

from ops.browser import find_browser
from ops.refusal import Refusal


def test_a_browser_that_is_named_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/usr/bin/env")
    assert find_browser() == "/usr/bin/env"


def test_without_a_browser_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(Refusal, match="apt-get install chromium"):
        find_browser()
