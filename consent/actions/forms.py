"""Writing, approving and putting in force. A version only ever moves forward, and from its approval on its words stand."""

from __future__ import annotations

from audit import clock, trail
from consent.checks import gaps, missing
from consent.clauses import Unreadable, clauses, unknown_placeholders
from consent.evidence import text_hash
from consent.models import Form, Version
from practice.models import User
from practice.refusals import Refused


def begin_form(*, by: User | None, kind: str, title: str, renewal_months: int | None = None, shipped_as: str = "") -> Form:
    """A new form without any words yet; ``by`` is None where the house brings in a template of its own."""
    form = Form(kind=kind, title=title, renewal_months=renewal_months, shipped_as=shipped_as)
    form.save(force_insert=True)
    trail.change(form, "begin_form")
    return form


def change_form(form: Form, *, by: User, title: str, renewal_months: int | None) -> None:
    """Its name and renewal. What was signed before keeps the end it was signed with."""
    form.title, form.renewal_months = title, renewal_months
    form.save(update_fields=["title", "renewal_months"])
    trail.change(form, "change_form")


def retire_form(form: Form, *, by: User) -> None:
    """Not sent any more; what was signed stays signed. A second call brings it back."""
    form.retired_at = None if form.retired_at else clock.now()
    form.save(update_fields=["retired_at"])
    trail.change(form, "retire_form" if form.retired_at else "bring_back_form")


def begin_version(form: Form, *, by: User | None, language: str = "en", title: str = "", text: str = "") -> Version:
    """The next draft of ``form`` in ``language``, from the wording of now unless ``text`` is given; an open draft is handed back."""
    drafts = form.versions.filter(language=language, state=Version.State.DRAFT)
    if draft := drafts.first():
        return draft
    latest = form.versions.filter(language=language).order_by("-number").first()
    version = Version(
        form=form,
        language=language,
        number=(latest.number if latest else 0) + 1,
        title=title or (latest.title if latest else form.title),
        text=text or (latest.text if latest else ""),
        written_by=by,
    )
    version.save(force_insert=True)
    trail.change(version, "begin_version")
    return version


def save_version(version: Version, *, by: User, revision: int, title: str, text: str, material: bool, what_changed: str) -> None:
    """Change a draft that is still at ``revision``. Raises Refused where it was changed since, or is a draft no more (GEN-9)."""
    changed = Version.objects.filter(pk=version.pk, state=Version.State.DRAFT, revision=revision).update(
        title=title, text=text, material=material, what_changed=what_changed, revision=revision + 1, written_by=by, written_at=clock.now()
    )
    if not changed:
        _refuse_change(version)
    version.refresh_from_db()
    trail.change(version, "save_version")


def _refuse_change(version: Version) -> None:
    if Version.objects.filter(pk=version.pk, state=Version.State.DRAFT).exists():
        raise Refused("GEN-9", "Somebody else saved this draft after you opened it.", "Compare the two texts below, then save again.")
    raise Refused("GEN-9", "This version is approved, and its words stand as they were approved.", "Begin a new version instead.")


def approve(version: Version, *, by: User) -> None:
    """Say that the practice has reviewed these words. Raises Refused by the rule of what is missing (IC-20, NPP-6, NPP-9, AU-2…)."""
    if version.state != Version.State.DRAFT:
        _refuse_change(version)
    _require_readable(version)
    if lacking := missing(version):
        words = "; ".join(element.words for element in lacking)
        raise Refused(
            lacking[0].rule, f"This form does not say yet: {words}.", "Add a clause for each, and name its key beside the anchor."
        )
    version.approved_by, version.approved_at, version.text_hash = by, clock.now(), text_hash(version)
    version.state = Version.State.APPROVED
    version.save(update_fields=["state", "approved_by", "approved_at", "text_hash"])
    trail.change(version, "approve_version")


def _require_readable(version: Version) -> None:
    try:
        found = clauses(version.text)
    except Unreadable as wrong:
        raise Refused("GEN-9", str(wrong), "Correct that heading, then approve again.") from None
    if not any(clause.text.strip() for clause in found):
        raise Refused("GEN-9", "This form is empty.", "Write its clauses first.")
    if unknown := unknown_placeholders(version.text):
        raise Refused("GEN-9", f"Nothing is filled in for [[{unknown[0]}]].", "Use one of the names listed beside the editor.")
    if open_gaps := gaps(version.text):
        words = "; ".join(open_gaps)
        raise Refused("GEN-9", f"Still to be filled in: {words}.", "Replace each ((gap)) with your practice's own words.")


def put_in_force(version: Version, *, by: User) -> None:
    """From now on this version is the one that is shown; the one before it in its language is superseded. Raises Refused by GEN-9."""
    if version.state != Version.State.APPROVED:
        raise Refused("GEN-9", "Only an approved version can come into force.", "Review and approve it first.")
    now = clock.now()
    former = Version.objects.filter(form=version.form_id, language=version.language, state=Version.State.IN_FORCE)
    for old in former.select_for_update():
        old.state, old.superseded_at = Version.State.SUPERSEDED, now
        old.save(update_fields=["state", "superseded_at"])
        trail.change(old, "supersede_version")
    version.state, version.in_force_at = Version.State.IN_FORCE, now
    version.save(update_fields=["state", "in_force_at"])
    trail.change(version, "put_in_force")
