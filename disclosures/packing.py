"""The package: the watermarked PDF, and a bundle of it with the same as JSON, documents, and checksums of each (P2-6)."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone

from audit import clock
from consent.access import readable_papers
from consent.law import information
from consent.models import Authorization
from practice import pdf
from practice.access import staffed_practice
from practice.files import SORTS
from practice.models import User
from practice.refusals import Refused
from records.contents import contents_of
from records.models import Document
from records.paper import CONFIDENTIAL, LEFT_OUT

from . import access, law
from .choosing import Content
from .letters import amendments
from .models import Release

FORMAT = "sub-rosa-release/1"
_WHEN = (1980, 1, 1, 0, 0, 0)  # nothing but the content tells when it was made
HEADS = {2: ["Date", "Took place"], 5: ["Date", "Start and stop", "How", "Counselor", "Took place"]}


@dataclass(frozen=True)
class Packed:
    """What leaves, and its checksums."""

    pdf: bytes
    bundle: bytes
    manifest: dict[str, Any]


def pack(release: Release, found: Content, by: User) -> Packed:
    """The package of ``found``. Raises Refused where it cannot be made, and by P2-6 without the consent that goes with it."""
    about = _about(release, found, by)
    paper = pdf.press("release", _paper(release, found, about, by))
    files = {"release.pdf": paper, "record.json": _json(release, found, about, by)}
    files |= {_name(number, row): contents_of(row) for number, row in enumerate(found.documents, 1)}
    if release.part2:
        files |= _with_part2(release, by)
    listed = [_listed(name, content) for name, content in files.items()]
    files["manifest.json"] = json.dumps({"format": FORMAT, "files": listed}, indent=1).encode()
    bundle = _zipped(files)
    return Packed(paper, bundle, {"files": listed, "bundle": hashlib.sha256(bundle).hexdigest(), "description": found.description})


def _listed(name: str, content: bytes) -> dict[str, Any]:
    return {"name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _name(number: int, document: Document) -> str:
    """A name of our own: what the file was called is nobody's path (attack 72)."""
    return f"documents/{number:02}{SORTS[document.sort].extension}"


def _with_part2(release: Release, by: User) -> dict[str, bytes]:
    files = {"redisclosure.txt": law.redisclosure().encode()}
    if release.authorization is None:
        return files
    papers = list(readable_papers(by).filter(signature__request=release.authorization.request_id))
    if not papers:
        raise Refused("P2-6", "The consent that goes with substance use records is not there as a paper.", "Find out why it is missing.")
    return files | {f"consent-{number:02}.pdf": paper.pdf for number, paper in enumerate(papers, 1)}


def _zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in files.items():
            bundle.writestr(zipfile.ZipInfo(name, _WHEN), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


# --- in words -----------------------------------------------------------------------------------------------------------


def _about(release: Release, found: Content, by: User) -> list[tuple[str, str]]:
    basis = law.bases()[release.basis]
    made = f"{timezone.localtime(clock.now()):%-d %b %Y, %H:%M} by {by.name}"
    return [
        ("Client", release.client.legal_name), ("Code", release.client.code), ("To", release.recipient), ("What for", release.purpose),
        ("Rests on", f"{basis.words} ({basis.citation})"), ("What it holds", found.description), ("Left out", LEFT_OUT), ("Made", made),
    ]  # fmt: skip


def _scope(named: Authorization) -> list[tuple[str, str]]:
    """What the consent covers, in its own words: it goes with what rests on it (P2-6)."""
    signed = named.request.active_from
    ends = f"{named.expires_on:%-d %b %Y}" if named.expires_on else named.expiry_event or "it has no end"
    return [
        ("Signed", f"{timezone.localtime(signed):%-d %b %Y}" if signed else ""), ("Covers", named.description),
        ("Kinds", ", ".join(information().get(key, key) for key in named.information)), ("Who shares it", named.from_party),
        ("Who receives it", named.to_party), ("Until", ends),
    ]  # fmt: skip


def _paper(release: Release, found: Content, about: list[tuple[str, str]], by: User) -> dict[str, Any]:
    rows = found.values["sessions"]
    titles = [(f"documents/{number:02}", title) for number, title in enumerate(found.values["titles"], 1)]
    return {
        "title": "Release of information", "heading": "Release of information", "practice": staffed_practice(by).get().name,
        "code": release.client.code, "confidential": CONFIDENTIAL, "demo": settings.DEMO, "states": [], "draft": False,
        "watermark": f"For {release.recipient[:60]}", "facts": about, "notice": law.redisclosure() if release.part2 else "",
        "scope": _scope(release.authorization) if release.authorization else [],
        "heads": HEADS[len(rows[0])] if rows else HEADS[5], "documents": titles, **found.values,
        "amendments": _amendments(release, found, by),
    }  # fmt: skip


def _amendments(release: Release, found: Content, by: User) -> list[dict[str, str]]:
    """Amendments that travel with what they are about (RG-8, RG-9): with notes, not with dates alone."""
    carried = access.travelling(by, release.client).prefetch_related("replies")
    return amendments(carried) if found.values["notes"] else []


def _json(release: Release, found: Content, about: list[tuple[str, str]], by: User) -> bytes:
    said: dict[str, Any] = {"format": FORMAT, "about": dict(about), **found.values, "amendments": _amendments(release, found, by)}
    named = zip(found.documents, said.pop("titles"), strict=True)
    said["documents"] = [{"file": _name(number, row), "title": title} for number, (row, title) in enumerate(named, 1)]
    if release.authorization:
        said["scope"] = dict(_scope(release.authorization))
    if release.part2:
        said["redisclosure"] = law.redisclosure()
    return json.dumps(said, ensure_ascii=False, indent=1).encode()
