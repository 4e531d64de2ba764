"""The tables of the room: threads and their messages, what leaves the house, what was said outside of it."""

from .away import Away
from .threads import Attachment, AttachmentPiece, Draft, Filed, Message, Thread

__all__ = ["Attachment", "AttachmentPiece", "Away", "Draft", "Filed", "Message", "Thread"]
