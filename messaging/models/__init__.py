"""The tables of the room: threads and their messages, what leaves the house, what was said outside of it."""

from .away import Away
from .log import ContactLine
from .notices import Outgoing, Override
from .threads import Attachment, AttachmentPiece, Draft, Filed, Message, Thread

__all__ = ["Attachment", "AttachmentPiece", "Away", "ContactLine", "Draft", "Filed", "Message", "Outgoing", "Override", "Thread"]
