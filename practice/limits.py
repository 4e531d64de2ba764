"""Every limit around sign-in, in one place, with its reason. docs/limits.md is written from here."""

from __future__ import annotations

import datetime
from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """At most ``count`` guesses within ``window``."""

    count: int
    window: datetime.timedelta
    why: str


_quarter = datetime.timedelta(minutes=15)
_hour = datetime.timedelta(hours=1)
_day = datetime.timedelta(days=1)

# A device that signed in before counts for itself, so that nobody can lock a counselor out from elsewhere.
KNOWN_DEVICE = (
    Limit(10, _quarter, "A person who mistypes gets in; a stolen device gets 10 guesses."),
    Limit(50, _day, "A stolen device does not get to try all day."),
)
# Unknown devices: per account and address first, then per account from everywhere, then per address for all accounts.
PAIR = (Limit(5, _quarter, "One stranger guessing at one account."),)
ACCOUNT = (
    Limit(30, _hour, "Many strangers guessing at one account: 500 addresses still get only 30 guesses an hour."),
    Limit(100, _day, "The same, slower: 100 a day against passwords of 15 and more characters."),
)
ADDRESS = (Limit(50, _quarter, "One stranger trying many accounts; wide enough for a practice behind one address."),)
# Codes of six digits, three of them valid at a time: 30 a day find one with a chance below 1 in 10,000 (ASVS 6.6.3).
CODES = (
    Limit(5, _quarter, "Mistyping the six digits."),
    Limit(30, _day, "Below 1 in 10,000 a day, also for someone who knows the password."),
)
RESET_ACCOUNT = (Limit(3, _hour, "Links by mail are no way to flood a mailbox."),)
RESET_ADDRESS = (Limit(20, _hour, "One stranger asking for many people's links."),)
PORTAL_LINK = (Limit(10, _hour, "One link to the portal, whoever types; five wrong tries close it for good."),)
PORTAL_ADDRESS = (Limit(30, _hour, "One stranger trying many links to the portal."),)

KEEP_ATTEMPTS = _day * 2  # nothing looks back further than a day
RESET_LINK = datetime.timedelta(minutes=30)  # a link in a mailbox is a key under the mat
INVITATION_LINK = datetime.timedelta(days=7)  # time for a new colleague to find the mail
PORTAL_INVITATION = datetime.timedelta(days=14)  # a client is in no hurry, and the link alone opens nothing
PORTAL_TRIES = 5  # wrong words, then the invitation is closed and staff are told
PORTAL_OPENED = datetime.timedelta(minutes=30)  # from the right words to a finished account
FACTOR_RESET_WAIT = datetime.timedelta(hours=24)  # time for the owner of a factor that is not lost to object
FRESH = datetime.timedelta(minutes=5)  # how long a sign-in or confirmation counts before dangerous acts (ASVS 7.5.1)
UNCERTAIN_AFTER = datetime.timedelta(minutes=5)  # a notice claimed longer ago has no sender any more
HEARTBEAT_LATE = datetime.timedelta(seconds=45)  # four missed beats
LONGEST_PASSWORD = 1024  # nothing is cut off; beyond this nobody types, and hashing would cost us
