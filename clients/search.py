"""What a client is found by: beginnings of names, phone, mail and code, each as a keyed token."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from vault.tokens import token

from .models import Client, ContactPoint, SearchToken

SHORTEST = 2  # letters of a name; one letter would match a crowd and tell little
LONGEST = 12


def plain(text: str) -> str:
    """Lower case, without accents: how names are compared."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).replace("\0", "")


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)[-10:]


def _beginnings(word: str) -> set[str]:
    return {word[:length] for length in range(SHORTEST, min(len(word), LONGEST) + 1)}


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", plain(text))


def _of_client(client: Client) -> set[tuple[str, str]]:
    names = [client.given_name, client.family_name, client.preferred_name]
    found = {("born", client.born_on.isoformat())} if client.born_on else set()
    found |= {("name", start) for name in names for word in _words(name) for start in _beginnings(word)}
    found |= {("family", word) for word in _words(client.family_name) if len(word) > SHORTEST}
    return found | {("code", client.code)} | _whole(client.given_name, client.preferred_name, family=client.family_name)


def _whole(*given: str, family: str) -> set[tuple[str, str]]:
    """The given names together with the family name: one of the things a possible duplicate is found by."""
    return {("whole", " ".join(_words(f"{name} {family}"))) for name in given if name}


def _of_address(kind: str, address: str) -> set[tuple[str, str]]:
    if kind == ContactPoint.Kind.PHONE:
        return {("phone", _digits(address))} if len(_digits(address)) >= 6 else set()
    return {("mail", plain(address).strip())} if kind == ContactPoint.Kind.MAIL and address else set()


def tokens_of(client: Client) -> set[bytes]:
    """Every token by which ``client`` is found, from its names, code and contact points."""
    found = _of_client(client).union(*[_of_address(point.kind, point.address) for point in client.contact_points.all()])
    return {token(kind, text) for kind, text in found if text}


def refresh(client: Client) -> None:
    """Write the tokens of ``client`` anew; called by the actions that change what it is found by."""
    client.tokens.all().delete()
    SearchToken.objects.bulk_create([SearchToken(client=client, token=each) for each in sorted(tokens_of(client))])


def called(texts: Iterable[str], clients: Collection[UUID]) -> dict[str, set[UUID]]:
    """Of each text, who of ``clients`` has it as their code, or as given and family name together; in one statement."""
    asked = {text: [token("code", plain(text).strip()), token("whole", " ".join(_words(text)))] for text in texts}
    wanted = {each for some in asked.values() for each in some}
    found: dict[bytes, set[UUID]] = {}
    for each, client in SearchToken.objects.filter(token__in=wanted, client__in=clients).values_list("token", "client"):
        found.setdefault(bytes(each), set()).add(client)
    return {text: set().union(*(found.get(each, set()) for each in some)) for text, some in asked.items()}


def _asked(words: str) -> list[bytes]:
    """One token for each word typed, or one for the whole if it looks like a code, a mail address or a phone."""
    typed = plain(words).strip()[:100]
    if "@" in typed:
        return [token("mail", typed)]
    if re.fullmatch(r"[a-z]+-[a-z]+-\d+", typed):
        return [token("code", typed)]
    if len(_digits(typed)) >= 6 and not re.search(r"[a-z]", typed):
        return [token("phone", _digits(typed))]
    return [token("name", word[:LONGEST]) for word in _words(typed)[:5] if len(word) >= SHORTEST]


def families(name: str) -> list[bytes]:
    """The tokens of a family name, word by word, each whole: for comparing names that nobody may read."""
    return [token("family", word) for word in _words(name) if len(word) > SHORTEST]


def exactly(typed: str) -> list[bytes]:
    """The tokens of ``typed`` as a client's code and as their whole name: for whoever must know either exactly."""
    words = plain(typed).strip()[:100]
    return [token("code", words), token("whole", " ".join(_words(words)))]


def among(clients: QuerySet[Client], words: Any) -> QuerySet[Client]:
    """Those of ``clients`` (already what the asker may see) that ``words`` find; nothing for too few letters."""
    asked = _asked(str(words))
    if not asked:
        return clients.none()
    for each in asked:
        clients = clients.filter(Exists(SearchToken.objects.filter(client=OuterRef("pk"), token=each)))
    return clients


def duplicates(
    clients: QuerySet[Client],
    *,
    given_name: str,
    family_name: str,
    preferred_name: str,
    born_on: datetime.date | None = None,
    addresses: Iterable[tuple[str, str]],
) -> QuerySet[Client]:
    """Those of ``clients`` (already what the asker may see) with the same names, date of birth, phone or mail.

    ``addresses`` are pairs of kind and address. The question costs the same whether or not anybody is found.
    """
    found = _whole(given_name, preferred_name, family=family_name).union(*[_of_address(*pair) for pair in addresses])
    found |= {("born", born_on.isoformat())} if born_on else set()
    asked = [token(kind, text) for kind, text in sorted(found) if text]
    return clients.filter(Exists(SearchToken.objects.filter(client=OuterRef("pk"), token__in=asked)))
