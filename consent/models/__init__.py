"""What consent is made of, by noun."""

from .asking import Answer, Question, Request, Signer
from .authorizations import Authorization
from .certificates import Certificate
from .drafts import AnswerDraft
from .evidence import Ending, Paper, Signature, Step
from .forms import Form, Packet, PacketItem, Version
from .notices import ElectronicConsent, NoticeDelivery, Override

__all__ = [
    "Answer",
    "AnswerDraft",
    "Authorization",
    "Certificate",
    "ElectronicConsent",
    "Ending",
    "Form",
    "NoticeDelivery",
    "Override",
    "Packet",
    "PacketItem",
    "Paper",
    "Question",
    "Request",
    "Signature",
    "Signer",
    "Step",
    "Version",
]
