"""Speakable codes: what a client is called where a name must not be seen or heard."""

from __future__ import annotations

import re
import secrets

# Words that are easy to say and hear, and hint at nothing about a person.
FIRST = (
    "amber",
    "basalt",
    "birch",
    "bronze",
    "cedar",
    "clay",
    "clover",
    "copper",
    "coral",
    "cotton",
    "fern",
    "flax",
    "granite",
    "hazel",
    "heather",
    "indigo",
    "ivory",
    "jade",
    "juniper",
    "larch",
    "linen",
    "lime",
    "maple",
    "marble",
    "meadow",
    "moss",
    "oak",
    "olive",
    "opal",
    "pearl",
    "pine",
    "quartz",
    "reed",
    "river",
    "sage",
    "sand",
    "silver",
    "slate",
    "spruce",
    "stone",
    "teal",
    "thyme",
    "topaz",
    "walnut",
    "willow",
)
SECOND = (
    "badger",
    "bittern",
    "crane",
    "curlew",
    "dipper",
    "dove",
    "egret",
    "falcon",
    "finch",
    "gannet",
    "grebe",
    "gull",
    "hare",
    "harrier",
    "hawk",
    "heron",
    "jay",
    "kestrel",
    "kite",
    "lark",
    "linnet",
    "lynx",
    "marten",
    "martin",
    "merlin",
    "oriole",
    "osprey",
    "otter",
    "owl",
    "petrel",
    "pipit",
    "plover",
    "puffin",
    "quail",
    "raven",
    "robin",
    "seal",
    "shrike",
    "siskin",
    "skylark",
    "sparrow",
    "starling",
    "stoat",
    "swan",
    "swift",
    "tern",
    "thrush",
    "wren",
)


def new_code() -> str:
    """A code such as "amber-heron-427": about two million, drawn at random, unique by constraint."""
    return f"{secrets.choice(FIRST)}-{secrets.choice(SECOND)}-{secrets.randbelow(900) + 100}"


def new_words() -> str:
    """Three words to be told in the room or by phone, such as "cedar heron flax": about 800,000, for five tries."""
    return " ".join(secrets.choice(FIRST + SECOND) for _ in range(3))


def as_told(text: str) -> str:
    """``text`` as such words are compared: letters alone, whatever stands between them."""
    return " ".join(re.findall(r"[a-z]+", text.casefold()))
