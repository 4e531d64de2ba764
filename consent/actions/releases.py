"""What a release must name and may not combine, before anybody is asked to sign it (AU-1, AU-2, AU-4, IC-33, P2-2 to P2-5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from audit import clock
from clients.models import Client, Member
from consent import law
from consent.access import recipient_token
from consent.checks import missing
from consent.models import Authorization, Request, Signer, Version
from consent.particulars import Particulars
from practice.refusals import Refused

if TYPE_CHECKING:
    from .asking import Named

Kind, Purpose = Authorization.Kind, Authorization.Purpose


def require_release(version: Version, named: Particulars | None) -> Particulars:
    """``named`` again, which ``version`` can ask for. Raises Refused by the rule that it breaks."""
    named = _require_complete(version, named)
    _require_alone(named)
    _require_kind(version, named)
    _require_purpose(named)
    _require_end(version, named)
    _require_statements(version, named)
    return named


def _require_complete(version: Version, named: Particulars | None) -> Particulars:
    rule = law.release_rule(version.form.kind)
    wanted = {
        "what is released": named and named.description.strip() and named.information,
        "who releases it": named and named.from_party.strip(),
        "who receives it": named and named.to_party.strip(),
        "what for": named and named.purpose and (named.purpose != Purpose.OTHER or named.purpose_words.strip()),
        "until when": named and (named.expires_on or named.expiry_event.strip() or named.endless),
    }
    if lacking := [words for words, there in wanted.items() if not there]:
        raise Refused(rule, f"A release names {', '.join(lacking)}.", "Fill that in, then ask again.")
    assert named
    if law.says_nothing(named.description) and not (named.from_date and named.to_date):
        raise Refused("AU-1", "“All records” says too little to agree to.", "Say what it is about, or name the days it is from.")
    return named


def _require_alone(named: Particulars) -> None:
    for key, rule in law.released_alone().items():
        if key in named.information and len(named.information) > 1:
            words = f"{law.information()[key].capitalize()} are released alone, never together with anything else."
            raise Refused(rule, words, "Ask for each on a paper of its own.")


def _require_kind(version: Version, named: Particulars) -> None:
    """Each kind of form asks for its own kind of authorization, and each of those for the information it is about."""
    kinds, only = law.release_kinds(version.form.kind), law.names_only(named.kind)
    right = named.kind in kinds and (list(named.information) == [only] if only else not _kept_apart(named))
    if not right:
        words = f"“{version.title}” is not the paper for what is named."
        raise Refused(_rule_of(version, named), words, "Psychotherapy notes and substance use records each have a form of their own.")


def _kept_apart(named: Particulars) -> set[str]:
    return {law.names_only(kind) for kind in Kind.values} & {*named.information}


def _rule_of(version: Version, named: Particulars) -> str:
    """The rule that sends this information, or this form, elsewhere."""
    alone = law.released_alone()
    first = next((alone[key] for key in named.information if key in alone), "")
    return first or ("AU-4" if version.form.kind == "psychotherapy" else "P2-2")


def _require_purpose(named: Particulars) -> None:
    part2, legal = named.kind.startswith("part2"), named.purpose == Purpose.LEGAL
    if part2 and legal != (named.kind == Kind.PART2_PROCEEDINGS):
        words = "A consent for legal proceedings about substance use records is for those alone."
        raise Refused("P2-5", words, "Ask for the proceedings, and for anything else, on a paper of its own.")
    if named.purpose == Purpose.TPO and named.kind != Kind.PART2:
        words = "Treatment, payment and operations in one go can be named for substance use records alone, and not for counseling notes."
        raise Refused("P2-4" if part2 else "P2-2", words, "Name one purpose.")


def _require_end(version: Version, named: Particulars) -> None:
    endless = named.endless or law.is_no_end(named.expiry_event)
    if endless and not named.expires_on and named.purpose != Purpose.TPO:
        words = "A release ends on a day or with an event. “None” is neither."
        raise Refused(law.release_rule(version.form.kind), words, "Name the day, or what has to happen.")
    if named.expires_on and named.expires_on < clock.today():
        raise Refused("AU-3", "The day it ends is past: it would be the basis of nothing.", "Name a day ahead.")
    if named.from_date and named.to_date and named.to_date < named.from_date:
        raise Refused("AU-1", "The last day of the information comes before its first.", "Correct the days.")


def _require_statements(version: Version, named: Particulars) -> None:
    """What the law asks such a paper to say, as it stands now: a form approved before a change of law does not pass (AU-2, P2-2, P2-3)."""
    for element in missing(version):
        rule = element.key.split(".")[0]
        if rule != "P2-3" or named.purpose == Purpose.TPO:
            raise Refused(rule, f"“{version.title}” does not say {element.words}.", "An admin adds that to a new version of the form.")


def require_each_member(client: Client, signers: Sequence[Named], rule: str) -> None:
    """The record of a couple, family or group is released only if each signs who is a member, or was one (IC-33). Raises Refused."""
    if not client.is_unit:
        return
    named = {each.person.pk for each in signers if each.capacity != Signer.Capacity.ASSENT}
    members = set(Member.objects.filter(unit=client.pk).values_list("person", flat=True))
    if rule != Request.Rule.ALL or not members <= named:
        raise Refused("IC-33", "What they said together is released only if each of them signs.", "Name each of them, and ask for all.")


def require_minor(client: Client, named: Particulars, signers: Sequence[Named], rule: str) -> None:
    """A minor's substance use records are released with the minor's own signature, whoever else must sign (42 CFR 2.14, P2-13).

    Raises Refused where a guardian alone would sign.
    """
    if not named.kind.startswith("part2") or client.kind != Client.Kind.MINOR:
        return
    own = [each for each in signers if each.representative is None]
    if not own or (len(own) < len(signers) and rule != Request.Rule.ALL):
        words = "A minor's substance use records are not released by a guardian alone."
        raise Refused("P2-13", words, "Name the minor as well, and ask for all; where the law lets minors consent, the minor alone.")


def authorize(request: Request, named: Particulars) -> Authorization:
    """The row that other rooms ask, beside the same words in ``request.shown``."""
    values: dict[str, Any] = {name: getattr(named, name) for name in Particulars.__dataclass_fields__ if name != "endless"}
    values["information"] = list(named.information)
    row = Authorization(client_id=request.client_id, request=request, recipient=recipient_token(named.to_party), **values)
    row.save(force_insert=True)
    return row
