"""What stands for or against a release, each with its rule: shown while it is made, and asked again when something leaves (AU-6)."""

from __future__ import annotations

from collections.abc import Iterator

from audit import clock
from clients.models import Member
from consent.access import authorizations, authorizations_in_force, recipient_token
from consent.actions.using import Use, authorized
from consent.models import Authorization, Request, Signer
from practice.models import Practice, User
from practice.refusals import Refused
from records.models import Kind

from . import access, law, standing
from .choosing import Chosen, chosen_of, scope
from .models import Package, Release
from .standing import Wanted
from .verdicts import Check

_KEPT = "Reports and warnings are kept in a compartment of their own: none can be chosen here."


def checks(release: Release, by: User, *, leaving: bool = False) -> list[Check]:
    """Every check on ``release``, which a door gave ``by``. ``leaving``: in the transaction of the act, which waits for a withdrawal."""
    found = [_verified(release), *_basis(release), *answers(release, by, leaving=leaving), *_authorized(release, by, leaving=leaving)]
    found += [*_unit(release), *_part2(release)]
    return [*found, *_apart(release), *_necessary(release), *_restricted(release, by), Check("REP-6", _KEPT)]


def _verified(release: Release) -> Check:
    if release.verified.strip():
        return Check("AU-9", "Who asks is verified.")
    return Check("AU-9", "It is not said how you know who asks.", "Write it down.", ok=False)


def _basis(release: Release) -> Iterator[Check]:
    basis = law.bases()[release.basis]
    yield Check(basis.rule, f"It rests on one basis: {basis.words} ({basis.citation}).")
    for key in basis.asks:
        asked = law.asked()[key]
        if not str(release.details.get(key, "")).strip():
            yield Check(asked.rule, f"{asked.words}: that is not said.", "Fill it in.", ok=False)


# --- the paper it answers -----------------------------------------------------------------------------------------------


def answers(release: Release, by: User, *, leaving: bool = False) -> list[Check]:
    """LP-1 to LP-7 of the paper that ``release`` answers; ``leaving``: whoever changes that paper now is waited for."""
    basis, row = law.bases()[release.basis], access.process_of(release, lock=leaving)
    if row is None:
        words = f"{basis.words}: it answers no paper that was served."
        return [Check(basis.rule, words, "Begin from the page of that paper, under Legal process.", ok=False)] if basis.process else []
    release.process, practice = row, Practice.objects.get()
    return standing.release_checks(standing.facts_of(row), _wanted(release, practice), clock.today(), practice.states)


def _wanted(release: Release, practice: Practice) -> Wanted:
    chosen, packed = chosen_of(release), Package.objects.filter(release=release.pk).values_list("made_at", flat=True).first()
    assert release.process
    ruled, holds = release.process.granted_at, [] if chosen.is_empty else used_keys(release, chosen)
    return Wanted(
        basis=release.basis, kinds=holds, beyond=_beyond(release, chosen), apart=release.apart,
        part2=release.part2 or practice.is_part2_program, outdated=bool(packed and ruled and packed < ruled),
    )  # fmt: skip


def _beyond(release: Release, chosen: Chosen) -> bool:
    """Whether a part of what was chosen belongs to no kind of information in the scope as it is now."""
    known = {key: law.parts()[key] for key in scope(release)}
    lacking = (
        chosen.sessions and not any(part.sessions for part in known.values()),
        chosen.notes and not any(part.notes or part.apart for part in known.values()),
        chosen.documents and not any(part.documents for part in known.values()),
        {key for key, text in chosen.texts.items() if text.strip()} - known.keys(),
        release.apart and not known,
    )
    return any(lacking)


# --- the authorization --------------------------------------------------------------------------------------------------


def used_keys(release: Release, chosen: Chosen) -> list[str]:
    """The kinds of information that ``chosen`` needs: before anything is chosen, all that its authorization names."""
    known = {key: law.parts()[key] for key in scope(release)}
    if chosen.is_empty:
        return list(known)
    needed = [key for key, text in chosen.texts.items() if text.strip()]
    needed += [key for key, part in known.items() if chosen.sessions and part.sessions]
    needed += [key for key, part in known.items() if chosen.notes and (part.notes or part.apart)]
    needed += [key for key, part in known.items() if chosen.documents and part.documents]
    return list(dict.fromkeys(needed))


def _authorized(release: Release, by: User, *, leaving: bool) -> Iterator[Check]:
    named = release.authorization
    if named is None:
        return
    if (named.kind in ("psychotherapy", "part2_notes")) != release.apart:
        yield Check(
            "AU-4", "Psychotherapy notes are released by their own authorization alone.", "Begin with the one that names them.", ok=False
        )
    refused = _why_not(release, named, by, leaving=leaving)
    if refused:
        yield Check(refused.rule, refused.words, refused.todo, ok=False)
    else:
        yield Check("AU-3", "The authorization is in force, and names this recipient, this purpose and these kinds of information.")


def _why_not(release: Release, named: Authorization, by: User, *, leaving: bool) -> Refused | None:
    for key in used_keys(release, chosen_of(release)):
        use = {"recipient": release.recipient, "purpose": _purpose(named), "information": key}
        try:
            if leaving:
                authorized(release.client, Use(**use), by=by)
        except Refused as refused:
            return refused
        if not authorizations_in_force(release.client, **use, by=by).filter(pk=named.pk).exists():
            return _ended(release, named, by, use)
    return None


def _purpose(named: Authorization) -> str:
    """A purpose that the question of use understands: "treatment, payment and operations" is asked for as treatment."""
    return "treatment" if named.purpose == Authorization.Purpose.TPO else str(named.purpose)


def _ended(release: Release, named: Authorization, by: User, use: dict[str, str]) -> Refused:
    if Request.objects.filter(pk=named.request_id, ended_as=Request.End.WITHDRAWN).exists():
        return Refused("AU-6", "The authorization was taken back. Nothing more is given.", "What was given before stays listed.")
    if not authorizations(release.client, **use, by=by).filter(pk=named.pk).exists():
        words = "The authorization does not name this recipient, purpose or kind of information."
        return Refused("AU-3", words, "Ask for one that does.")
    return Refused("AU-3", "The authorization is not in force any more.", "Ask for a new one.")


# --- what is special about this client or these records -----------------------------------------------------------------


def _unit(release: Release) -> Iterator[Check]:
    """What a couple, family or group said together: each of them signed, those who joined since or left included (IC-33)."""
    if not release.client.is_unit or release.basis not in ("authorization", "individual"):
        return
    members = set(Member.objects.filter(unit=release.client_id).values_list("person", flat=True))
    signers = Signer.objects.filter(request=release.authorization.request_id, signature__isnull=False) if release.authorization else None
    signed = set(signers.exclude(capacity=Signer.Capacity.ASSENT).values_list("person", flat=True)) if signers is not None else set()
    if members and members <= signed:
        yield Check("IC-33", "Each of them signed.")
    else:
        yield Check("IC-33", "What they said together is released only if each of them signs.", "Ask all of them for a release.", ok=False)


def _part2(release: Release) -> Iterator[Check]:
    profile = Practice.objects.get()
    if not (release.part2 or profile.is_part2_program):
        if profile.holds_part2_records:
            yield Check("P2-7", "You said that no substance use records are in it.")
        return
    if law.bases()[release.basis].process:
        return  # LP-6, above
    basis, named = law.bases()[release.basis], release.authorization
    consented = named is None or named.kind.startswith("part2")
    if basis.part2 and consented:
        yield Check("P2-6", "Substance use records: the consent is for them, and notice and consent go with them.")
    else:
        rule = "P2-8" if named is None else "P2-2"
        yield Check(rule, "Substance use records need a consent that is for them.", "Ask for one with the form for it.", ok=False)


def _apart(release: Release) -> Iterator[Check]:
    basis = law.bases()[release.basis]
    if not release.apart:
        yield Check("REC-1", "No psychotherapy note can be chosen: they are kept apart.")
    elif basis.psychotherapy:
        yield Check("REC-3", f"{basis.words}: that may carry psychotherapy notes, and nothing else is with them.")
    else:
        rule = "REC-4" if basis.key in ("treatment", "payment", "subpoena", "warrant", "law_enforcement") else "REC-3"
        yield Check(
            rule, f"{basis.words}: that is not enough for {Kind.PSYCHOTHERAPY.label}s.", "They need their own authorization.", ok=False
        )


def _necessary(release: Release) -> Iterator[Check]:
    if not law.bases()[release.basis].minimum:
        return
    if release.justification.strip():
        yield Check("AU-8", "Why it is no more than necessary is written down.")
    else:
        why = "the whole record" if release.whole else "so much"
        yield Check("AU-8", f"It is not said why {why} is needed.", "Write down why it is no more than necessary.", ok=False)


def _restricted(release: Release, by: User) -> Iterator[Check]:
    agreed = access.restrictions(by).filter(client=release.client_id, ended_at=None, whom=recipient_token(release.recipient)).first()
    if agreed is None:
        yield Check("RG-11", "No restriction that was agreed stands against this recipient.")
    elif release.basis in law.restrictable():
        yield Check("RG-11", "The practice agreed to give this recipient nothing for that.", "Keep to it, or ask the client.", ok=False)
    else:
        yield Check("RG-11", "A restriction names this recipient, and does not reach this basis. Look at what was agreed.")


# --- the second look ----------------------------------------------------------------------------------------------------


def needs_second_look(release: Release) -> bool:
    """Whether policy asks that another person looks first. At psychotherapy notes nobody else may (REC-1)."""
    if release.apart:
        return False
    policy = law.looked_at_twice()
    found = {"part2": release.part2, "whole": release.whole, "unit": release.client.is_unit}
    return law.bases()[release.basis].second_look or any(policy[key] and holds for key, holds in found.items())
