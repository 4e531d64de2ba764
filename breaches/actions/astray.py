"""What went to an address that an accommodated request had put away is an incident, whoever sent it (CM-5)."""

from __future__ import annotations

from audit import clock
from messaging.models import ContactLine
from practice.models import User

from .incidents import report

WORDS = """Something went to an address that the client had asked us not to use any more, after we had agreed to that (CM-5).
Client {code}, {channel}, {day}. The line stands in their contact log."""


def went_astray(line: ContactLine, by: User) -> None:
    """Report it, in the name of whoever wrote the line."""
    words = WORDS.format(code=line.client.code, channel=line.get_channel_display(), day=f"{line.at:%-d %b %Y}")
    report(words, by=by, noticed_at=clock.now(), going_on="no")
