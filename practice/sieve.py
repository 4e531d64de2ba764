"""The sieve: one uploaded file, cleaned in a process of its own, run by practice/files.py as ``python -I sieve.py <sort>``.

The file comes in on standard input and what may stay of it goes out on standard output. Readers of images and PDFs are large and
meet hostile bytes here: this process is given no key, no address and no environment; it writes no file; it is stopped when it takes
too long or too much. Pictures are drawn again. Of a PDF its pages stay, and nothing that acts, hides, or tells who made it.
"""

from __future__ import annotations

import ctypes
import resource
import sys
import warnings
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from typing import Any

SECONDS = 20  # of processor time
BYTES = 1024**3  # of address space
LIMITS = ((resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_AS, BYTES), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0))
NEW_USER, NEW_NET = 0x10000000, 0x40000000  # of Linux's unshare(2)

MOST_POINTS = 40_000_000  # a page at 600 dots an inch; before anything is unpacked, since a small file may hold a picture of gigabytes
MOST_PAGES = 300
UNSOUND, ENCRYPTED, TOO_MANY_PAGES, TOO_MANY_POINTS = 3, 4, 5, 6  # exit codes, read by practice/files.py


class No(Exception):
    """The file is not kept; ``args[0]`` is the exit code that says why."""


def confine() -> None:
    """Bound what this process may take, let it write no file and leave no core, and take the network from it."""
    for what, most in LIMITS:
        with suppress(ValueError, OSError):  # a limit this kernel has not
            resource.setrlimit(what, (most, most))
    with suppress(AttributeError):  # not Linux
        ctypes.CDLL(None).unshare(NEW_USER | NEW_NET)


# --- pictures -----------------------------------------------------------------------------------------------------------


def picture(raw: bytes, sort: str) -> bytes:
    """``raw`` drawn again on a new canvas, upright, in its own format: what hung on the old one (place, camera, words) stays behind."""
    from PIL import Image, ImageOps  # each run reads one sort of file, and loads one reader

    Image.MAX_IMAGE_PIXELS = MOST_POINTS
    try:
        with warnings.catch_warnings(action="error"), Image.open(BytesIO(raw), formats=[sort.upper()]) as opened:
            if opened.width * opened.height > MOST_POINTS:
                raise No(TOO_MANY_POINTS)
            upright = ImageOps.exif_transpose(_in_plain_colours(opened))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):  # it warns before it refuses
        raise No(TOO_MANY_POINTS) from None
    fresh = Image.new(upright.mode, upright.size)
    fresh.paste(upright)
    out = BytesIO()
    fresh.save(out, sort.upper(), quality=92)
    return out.getvalue()


def _in_plain_colours(opened: Any) -> Any:
    if opened.mode.startswith("I"):  # 16 bits of grey
        return opened.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if opened.mode in ("L", "RGB"):
        opened.load()
        return opened
    clear = opened.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in opened.info
    return opened.convert("RGBA" if clear and opened.format != "JPEG" else "RGB")


# --- PDF ----------------------------------------------------------------------------------------------------------------

OF_ROOT = {"/Type", "/Pages", "/PageLabels", "/PageLayout", "/Lang", "/MarkInfo", "/StructTreeRoot", "/ViewerPreferences"}
OF_A_PAGE = {
    "/Type", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Contents", "/Rotate", "/UserUnit",
    "/Group", "/StructParents", "/Tabs",
}  # fmt: skip
# What tells of people and programs, hides something, or acts, wherever it stands.
NOWHERE = {
    "/Metadata", "/PieceInfo", "/LastModified", "/AA", "/OpenAction", "/JS", "/JavaScript", "/EF", "/AF", "/EmbeddedFiles", "/Thumb",
    "/Annots", "/OPI", "/Alternates", "/Measure", "/PtData",
}  # fmt: skip
ACTIONS = {
    "/GoToR", "/GoToE", "/Launch", "/URI", "/SubmitForm", "/ResetForm", "/ImportData", "/JavaScript", "/Rendition", "/RichMediaExecute",
    "/Sound", "/Movie", "/Trans", "/GoTo3DView", "/SetOCGState",
}  # fmt: skip
HOLDERS = {"/Action", "/Filespec", "/F", "/EmbeddedFile", "/Annot", "/OBJR"}  # dictionaries of these types are emptied


def pdf(raw: bytes) -> bytes:
    """The pages of ``raw``, written anew: forms and marks become part of the page as they look."""
    import pikepdf  # each run reads one sort of file, and loads one reader

    try:
        document = pikepdf.open(BytesIO(raw))
    except pikepdf.PasswordError:
        raise No(ENCRYPTED) from None
    with document:
        if document.is_encrypted:
            raise No(ENCRYPTED)
        if not 1 <= len(document.pages) <= MOST_PAGES:
            raise No(TOO_MANY_PAGES if len(document.pages) else UNSOUND)
        with suppress(pikepdf.PdfError):  # a form that cannot be drawn is left as it looks
            document.generate_appearance_streams()
        document.flatten_annotations("print")
        _strip(document)
        written = _written(document)
    with pikepdf.open(BytesIO(written)) as document:  # once more, so that a file that is cleaned again stays the same to the byte
        return _written(document)


def _written(document: Any) -> bytes:
    """``document`` as a file. Its mark (/ID) comes of its content alone: by default it would come of the moment."""
    import pikepdf  # as above

    if "/ID" in document.trailer:
        del document.trailer["/ID"]
    out = BytesIO()
    document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return out.getvalue()


def _strip(document: Any) -> None:
    for name in ("/Info", "/ID"):
        if name in document.trailer:
            del document.trailer[name]
    _keep_only(document.Root, OF_ROOT)
    for page in document.pages:
        _keep_only(page.obj, OF_A_PAGE)
    for thing in list(document.objects):
        for inner in _dictionaries(thing):
            _sweep(inner)


def _keep_only(thing: Any, wanted: set[str]) -> None:
    for key in [key for key in thing.keys() if key not in wanted]:  # noqa: SIM118 (a PDF's dictionary: iterating it is not over keys alone)
        del thing[key]


def _dictionaries(thing: Any) -> Iterator[Any]:
    """``thing`` and every dictionary directly inside it; what is only referred to comes by itself."""
    import pikepdf  # as above

    if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        yield thing
        children = [thing[key] for key in thing.keys()]  # noqa: SIM118 (as above)
    else:
        children = list(thing) if isinstance(thing, pikepdf.Array) else []
    for child in children:
        if isinstance(child, pikepdf.Object) and not child.is_indirect:
            yield from _dictionaries(child)


def _sweep(thing: Any) -> None:
    import pikepdf  # as above

    says = {str(thing.get(key)) for key in ("/Type", "/S") if isinstance(thing.get(key), pikepdf.Name)}
    if says & (HOLDERS | ACTIONS) and not isinstance(thing, pikepdf.Stream):
        _keep_only(thing, set())
        return
    _keep_only(thing, set(thing.keys()) - NOWHERE)
    if thing.get("/Subtype") == "/Image":
        if int(thing.get("/Width", 0)) * int(thing.get("/Height", 0)) > MOST_POINTS:
            raise No(TOO_MANY_POINTS)
        if thing.get("/Filter") in ("/DCTDecode", ["/DCTDecode"]):
            kept = {key: thing[key] for key in ("/Filter", "/DecodeParms") if key in thing}
            thing.write(bare_jpeg(thing.read_raw_bytes()), filter=kept.get("/Filter"), decode_parms=kept.get("/DecodeParms"))


def bare_jpeg(raw: bytes) -> bytes:
    """``raw`` without the segments that hold words, places and thumbnails; the picture itself is not touched.

    A picture in a PDF keeps what its camera wrote. APP0 and APP14 stay: they say what its colours mean.
    """
    out, at = raw[:2], 2
    while raw[at : at + 1] == b"\xff" and raw[at + 1] not in (0xDA, 0xD9):
        length = 2 + int.from_bytes(raw[at + 2 : at + 4], "big")
        if raw[at + 1] in (0xE0, 0xEE) or not (0xE0 <= raw[at + 1] <= 0xEF or raw[at + 1] == 0xFE):
            out += raw[at : at + length]
        at += length
    return out + raw[at:]


def sifted(raw: bytes, sort: str) -> bytes:
    """What may stay of ``raw``; raises No with the reason as an exit code."""
    try:
        return pdf(raw) if sort == "pdf" else picture(raw, sort)
    except No:
        raise
    except Exception:  # whatever a reader stumbles over: the file is not sound, and nobody quotes it
        raise No(UNSOUND) from None


if __name__ == "__main__":
    confine()
    try:
        kept = sifted(sys.stdin.buffer.read(), sys.argv[1])
    except No as no:
        sys.exit(no.args[0])
    sys.stdout.buffer.write(kept)
