"""The press: one PDF in a process of its own, run by practice/pdf.py as ``python -I press.py <template>``.

Data comes in as JSON on standard input and the PDF goes out on standard output. A client's words end with the process:
typst keeps what it has laid out, and its errors and panics quote what they stumble over. This process is given no key,
no address of a server and no environment; it writes no file; it is stopped when it takes too long or too much.
"""

from __future__ import annotations

import ctypes
import json
import resource
import sys
from contextlib import suppress
from pathlib import Path

import typst

TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "typst"
NOWHERE = TEMPLATES / "none"  # no package is ever looked up or fetched
SECONDS = 30  # of processor time
BYTES = 2 * 1024**3  # of address space
LIMITS = ((resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_AS, BYTES), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0))
NEW_USER, NEW_NET = 0x10000000, 0x40000000  # of Linux's unshare(2)


def confine() -> None:
    """Bound what this process may take, let it write no file and leave no core, and take the network from it.

    Where the kernel does not let a process give its network up, the templates still name nothing to fetch.
    """
    for what, most in LIMITS:
        with suppress(ValueError, OSError):  # a limit this kernel has not
            resource.setrlimit(what, (most, most))
    with suppress(AttributeError):  # not Linux
        ctypes.CDLL(None).unshare(NEW_USER | NEW_NET)


def pressed(template: Path, data: dict[str, object]) -> bytes:
    """The PDF, tagged as PDF/UA-1 where every letter has a glyph: in the fonts that come with typst, else in the server's.

    Otherwise tagged all the same, and it says that some letters are boxes. Raises typst.TypstError where the template is wrong.
    """
    for system, drawn in ((False, True), (True, True), (True, False)):
        try:
            return _compiled(template, data | {"drawn": drawn}, typst.Fonts(include_system_fonts=system))
        except typst.TypstError:
            if not drawn:
                raise
    raise AssertionError("the last try returns or raises")


def _compiled(template: Path, data: dict[str, object], fonts: typst.Fonts) -> bytes:
    inputs = {"data": json.dumps(data)}
    compiler = typst.Compiler(template, TEMPLATES, fonts, sys_inputs=inputs, package_path=NOWHERE, package_cache_path=NOWHERE)
    made = compiler.compile(format="pdf", pdf_standards=["1.7", "ua-1"] if data["drawn"] else ["1.7"], pdf_tags=True)
    assert isinstance(made, bytes)  # a list is of images
    return made


if __name__ == "__main__":
    confine()
    sys.stdout.buffer.write(pressed(TEMPLATES / sys.argv[1], json.load(sys.stdin.buffer)))
