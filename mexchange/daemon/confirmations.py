"""Requests that a person confirms by a code which the daemon mails; see `identity.confirmation` for why.

ask(session, kind, text, payload) ─► mail, ConfirmationSent
Confirm{request, code} ─► handler of the kind, with the payload, once
"""

from collections.abc import Callable
from typing import Final

from mexchange.codec import MessageType, decode
from mexchange.codec.messages import Confirm, ConfirmationSent, Confirmed, Message
from mexchange.daemon.identity_answers import IdentityAnswers
from mexchange.daemon.peer import peer_of
from mexchange.daemon.views import Handler
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import TimeNs
from mexchange.identity.confirmation import Agreed, Pending
from mexchange.identity.identity import KINDS, Identity
from mexchange.protocol.server_session import ServerSession
from mexchange.store.identity import Key

Carried = Callable[[ServerSession, int, bytes], None]
"""`(session, correlation, payload)` on the trading loop: carry it out, and answer the correlation."""


class Confirmations:
    """Mails codes for requests, and hands the confirmed ones on."""

    def __init__(self, *, identity: Identity, answers: IdentityAnswers) -> None:
        self._identity = identity
        self._answers = answers
        self._carried: Final[dict[str, Carried]] = {}

    def when_confirmed(self, kind: str, carry: Carried) -> None:
        """Who carries out confirmed requests of a kind. Called at most once for each request."""
        assert kind not in self._carried, kind
        assert kind not in KINDS, kind
        self._carried[kind] = carry

    def ask(self, session: ServerSession, correlation: int, *, kind: str, text: str, payload: bytes) -> None:
        """Mail a code and `text`, one line, to whoever is behind the session; answers the correlation.

        `payload`, at most 1,024 bytes, is what the code is bound to.
        """
        assert kind in self._carried, kind
        owner, host = peer_of(session).owner, str(session.address[0])
        self._answers.start(
            session,
            correlation,
            lambda: self._identity.confirmation.create(owner, kind=kind, text=text, payload=payload, host=host),
            lambda pending: self.sent(session, correlation, pending),
        )

    def sent(self, session: ServerSession, correlation: int, pending: Pending) -> None:
        """Answer that a code is on its way."""
        sent = ConfirmationSent(pending.request_id, TimeNs(pending.expires_ns), pending.text)
        self._answers.answer(session, correlation, sent)

    def answer(self, session: ServerSession, correlation: int, *messages: Message) -> None:
        """What came of a confirmed request; said again if the confirmation is repeated."""
        self._answers.answer(session, correlation, *messages)

    def handlers(self) -> dict[MessageType, Handler]:
        """Of this."""
        return {MessageType.CONFIRM: self._confirm}

    def _confirm(self, session: ServerSession, correlation: int, block: bytes) -> None:
        confirm = decode(MessageType.CONFIRM, block[8:])
        assert isinstance(confirm, Confirm)
        owner, host = peer_of(session).owner, str(session.address[0])
        if not owner:
            self._answers.refuse(session, correlation, RejectReason.NOT_LOGGED_IN)
            return
        self._answers.start(
            session,
            correlation,
            lambda: self._agree(owner, confirm, host),
            lambda done: self._carry(session, correlation, done),
        )

    async def _agree(self, owner: int, confirm: Confirm, host: str) -> Agreed | Key | Pending | str:
        agreed = await self._identity.confirmation.verify(
            owner, confirm.request_id, confirm.code, second_factor=confirm.second_factor, host=host
        )
        return await self._identity.carry_out(agreed, host=host) if agreed.kind in KINDS else agreed

    def _carry(self, session: ServerSession, correlation: int, done: Agreed | Key | Pending | str) -> None:
        match done:
            case Agreed():
                self._carried[done.kind](session, correlation, done.payload)
            case Pending():
                self.sent(session, correlation, done)
            case Key():
                self._answers.answer(session, correlation, Confirmed(f"key {done.key_id} is made", done.key_id))
            case str():
                self._answers.answer(session, correlation, Confirmed(done))
