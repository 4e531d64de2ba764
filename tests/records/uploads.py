"""Files as people send them, and hostile ones; made here, so that nothing of anybody is in them but what is planted."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from clients.models import Client
from practice.models import User
from records import actions
from records.models import Document, Note
from tests.cast import acting

PLANTED = "the tin lighthouse"
TEXT = f"Dear colleague, she spoke of {PLANTED}.\n".encode()


def sent(name: str, raw: bytes, kind: str = "application/octet-stream", **more: Any) -> dict[str, Any]:
    """What the form sends: a file of that name, with whatever type the sender claims."""
    return {"file": SimpleUploadedFile(name, raw, kind), **more}


def picture(sort: str = "JPEG", size: tuple[int, int] = (60, 40)) -> bytes:
    """A photograph lying on its side, with a place, a camera and words in it."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010E], exif[0x0110] = 6, PLANTED, "Planted Camera"
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, sort, exif=exif, icc_profile=b"planted profile" if sort == "PNG" else None)
    return out.getvalue()


def paper(*, password: str | None = None, pages: int = 1) -> bytes:
    """A PDF with an author, a script, a file, a comment, a link out, and a photograph that says where it was taken."""
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page(page_size=(300, 300))
    page = made.pages[0]
    form = pikepdf.Dictionary(Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=60, Height=40, BitsPerComponent=8)
    photo = pikepdf.Stream(made, picture(), form)
    photo.ColorSpace, photo.Filter = pikepdf.Name.DeviceRGB, pikepdf.Name.DCTDecode
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=made.make_indirect(photo)))
    page.Contents = pikepdf.Stream(made, b"q 100 0 0 100 0 0 cm /Im0 Do Q % what stays")
    script = pikepdf.Dictionary(Type=pikepdf.Name.Action, S=pikepdf.Name.JavaScript, JS=f"app.alert('{PLANTED}')")
    made.Root.OpenAction, page.obj.AA = script, pikepdf.Dictionary(O=script)
    comment = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, T=f"{PLANTED} author", Contents=PLANTED, Rect=[0, 0, 9, 9]
    )
    link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=_link())
    page.obj.Annots = pikepdf.Array([made.make_indirect(comment), made.make_indirect(link)])
    made.docinfo["/Author"] = PLANTED
    made.attachments["planted.txt"] = PLANTED.encode()
    with made.open_metadata() as metadata:
        metadata["dc:creator"] = [PLANTED]
    out = io.BytesIO()
    made.save(out, encryption=pikepdf.Encryption(owner="x", user=password) if password is not None else False)
    return out.getvalue()


def _link() -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name.URI, URI=f"https://tracker.test/{PLANTED.replace(' ', '-')}")


def unpacked(made: bytes) -> bytes:
    """A PDF with nothing compressed, so that words in it can be looked for."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(made)) as document:
        plain = pikepdf.StreamDecodeLevel.generalized
        document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False, stream_decode_level=plain)
    return out.getvalue()


def keep(
    by: User, client: Client, *, note: Note | None = None, name: str = "letter.txt", raw: bytes = TEXT, title: str = PLANTED
) -> Document:
    """A document of ``by``, through the actions."""
    with acting(by):
        return actions.add_document(client, raw, by=by, name=name, title=title, note=note)
