"""What identity says no with.

IdentityError
├── LoginDenied     a login is not good; the session ends
└── IdentityRefused a request is not carried out; the session goes on
"""

from mexchange.codec.messages import LoginRefusal
from mexchange.domain.rejects import REJECTS, RejectReason


class IdentityError(Exception):
    """Root of the tree."""


class LoginDenied(IdentityError):
    """`refusal` goes to the client with the text."""

    def __init__(self, refusal: LoginRefusal, text: str) -> None:
        super().__init__(text)
        self.refusal = refusal


class IdentityRefused(IdentityError):
    """`reason` goes to the client with its row's words."""

    def __init__(self, reason: RejectReason) -> None:
        super().__init__(REJECTS[reason].text)
        self.reason = reason
