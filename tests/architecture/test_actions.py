"""Every verb leaves a line: each public function of an ``actions`` module writes to the trail, or only calls those that do."""

from __future__ import annotations

import ast
from pathlib import Path

from .source import ROOMS, files, name, tree

TELLS = {"change", "write", "tell", "become"}  # trail.change, recorder().write, doors.tell

# Public functions there that write no line of their own, and why.
_ASKS = "asks and changes nothing"
SILENT = {
    "safeguards.require_sanction": _ASKS,
    "safeguards.require_trained": _ASKS,
    "clients.tell_former": "within changing an address, whose line it is",
    "clients.supervisor_of": _ASKS,
    "clients.leaving": _ASKS,
    "clients.authority_in_force": _ASKS,
    "clients.guest_of": _ASKS,
    "clients.reaches": _ASKS,
    "clients.majority_ahead": _ASKS,
    "consent.require_each_member": _ASKS,
    "consent.require_minor": _ASKS,
    "consent.require_release": _ASKS,
    "consent.authorize": "within asking, whose line it is",
    "consent.authorized": _ASKS,
    "consent.words_of": _ASKS,
    "consent.forget_answers": "within signing, whose line it is",
    "clients.keeps_open": _ASKS,
    "breaches.keeps_open": _ASKS,
    "breaches.require_assessed": _ASKS,
    "breaches.changed_since": _ASKS,
    "records.keeps_open": _ASKS,
    "records.set_goals": "within signing or bringing in, whose line it is",
    "records.link_goals": "within saving or bringing in, whose line it is",
    "moving.fresh": "makes a row that begin or announce saves, whose line it is",
    "moving.read": "looks a file through, within begin or receive, whose line it is",
    "disclosures.require_carries": _ASKS,
    "disclosures.is_free": _ASKS,
    "disclosures.clocks_of": _ASKS,
    "disclosures.is_reviewable": _ASKS,
    "disclosures.unsaid": _ASKS,
    "disclosures.everything": _ASKS,
    "supervision.codes_of": _ASKS,
    "supervision.findings": _ASKS,
    "supervision.holds": _ASKS,
    "supervision.seen_hash": _ASKS,
    "supervision.shown_hash": _ASKS,
    "supervision.signed_by": _ASKS,
    "practice.standing": _ASKS,
    "moving.content_of": _ASKS,
    "moving.matched": _ASKS,
    "moving.known": _ASKS,
    "moving.moment": _ASKS,
    "moving.need": _ASKS,
    "moving.parts": _ASKS,
    "moving.rows_of": _ASKS,
    "moving.sheet_of": _ASKS,
    "review.is_solo": _ASKS,
    "review.missing_evidence": _ASKS,
    "supervision.known_of": _ASKS,
    "supervision.marked": _ASKS,
    "supervision.require_draft": _ASKS,
    "transfers.require_settled": _ASKS,
    "transfers.require_told": _ASKS,
    "disclosures.offered_replies": _ASKS,
    "clients.refusals": _ASKS,
    "clients.require_not_refused": _ASKS,
    "practice.site_link": _ASKS,
    "practice.person_of_link": _ASKS,
    "practice.ask_for_reset": "anybody may ask for any address; the notice in the outbox tells, and using the link leaves a line",
    "practice.open_resets": _ASKS,
    "messaging.keeps_open": _ASKS,
    "retention.others": _ASKS,
    "executor.missing": _ASKS,
    "executor.require_plan": _ASKS,
    "practice.find": _ASKS,
    "practice.holder": _ASKS,
    "practice.queue": "written in the transaction of its cause, whose line it is",
    "practice.wake": "wakes the worker up and holds nothing",
    "practice.claim": "the states of a notice and their times stand in its own row",
    "practice.mark_uncertain": "the states of a notice and their times stand in its own row",
    "records.addendum_hash": _ASKS,
    "records.addendum_holds": _ASKS,
    "records.forbidden": _ASKS,
    "records.goes_into_records": _ASKS,
    "records.is_shared_part": _ASKS,
    "records.readers_of_copies": _ASKS,
    "records.not_to_name": _ASKS,
    "records.run_of": _ASKS,
    "records.runs_of": _ASKS,
    "records.searched_texts": _ASKS,
    "records.rules": _ASKS,
    "records.cosign_hash": _ASKS,
    "records.cosignature_holds": _ASKS,
    "records.is_signed_for": _ASKS,
    "records.meeting_of": _ASKS,
    "records.looker_for": _ASKS,
    "records.supervisor_for": _ASKS,
    "records.end_shares": "within signing, whose line it is, or taking back, which leaves its own",
    "records.open_draft": _ASKS,
    "records.shown_hash": _ASKS,
    "records.signature_holds": _ASKS,
}


def _actions() -> list[Path]:
    return [path for path in files(*ROOMS) if path.stem == "actions" or path.parent.name == "actions"]


def _calls(node: ast.AST) -> set[str]:
    called = [each.func for each in ast.walk(node) if isinstance(each, ast.Call)]
    return {each.attr if isinstance(each, ast.Attribute) else each.id for each in called if isinstance(each, ast.Attribute | ast.Name)}


def _telling() -> dict[tuple[str, str], bool]:
    """For each function of an actions module: does it, or something it calls there, write a line?"""
    functions = {
        (name(path), node.name): _calls(node) for path in _actions() for node in tree(path).body if isinstance(node, ast.FunctionDef)
    }
    telling = {place for place, calls in functions.items() if calls & TELLS}
    while True:
        names = {function for _, function in telling}
        more = {place for place, calls in functions.items() if calls & names} - telling
        if not more:
            return {place: place in telling for place in functions}
        telling |= more


def test_attack_59_every_verb_leaves_a_line() -> None:
    silent = {f"{place.split('/')[0]}.{verb}" for (place, verb), tells in _telling().items() if not tells and not verb.startswith("_")}
    assert silent == set(SILENT)


def test_the_reasons_are_words() -> None:
    assert all(len(why) > 15 for why in SILENT.values())
