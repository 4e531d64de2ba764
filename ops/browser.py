"""A browser for the journeys."""

import os
import shutil
import subprocess

from ops.refusal import Refusal

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_browser() -> str:
    """The path of a Chromium; as root on Debian it is installed when there is none. Raises Refusal with what to do."""
    found, apt = _look(), shutil.which("apt-get")
    if found is None and os.geteuid() == 0 and apt:
        _install(apt)
        found = _look()
    if found is None:
        raise Refusal("The tests need a browser. As root: apt-get install chromium   (or set CHROMIUM to its path)")
    return found


def _look() -> str | None:
    named = [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else []
    return next((path for name in (*named, *NAMES) if (path := shutil.which(name))), None)


def _install(apt: str) -> None:
    print("Installing chromium for the browser journeys …", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", "chromium"]):
        subprocess.run([apt, *command], env=quiet, stdout=subprocess.DEVNULL, check=False)
