"""What sessions send, judged before it costs anything: rights, account, size, rate, deadline, room.

    datagrams ─► session table ─► blocks ─┬─ commands: canonical bytes with the true account ─► sequencer
                                          └─ questions: ─► the handler of their type

A refusal here is never journalled and may be asked again. Whoever sends what nobody could mean gets a counter.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

import msgspec

from mexchange.codec import CodecError, MessageType, decode, decode_commands, encode
from mexchange.codec.canonical import canonical
from mexchange.codec.commands import BATCH_TYPES
from mexchange.codec.messages import QueryRefused, Throttled, Unsupported
from mexchange.daemon.accounts import Accounts
from mexchange.daemon.command_rules import COMMAND_RULES, CommandRule
from mexchange.daemon.frame import Request
from mexchange.daemon.key_limits import KeyLimited, KeyLimits
from mexchange.daemon.peer import Peer, peer_of
from mexchange.daemon.query_rules import COSTS, OF_AN_ACCOUNT, QUERY_SCOPES
from mexchange.daemon.refusals import refusal_blocks
from mexchange.daemon.sequencer import Sequencer
from mexchange.daemon.views import Handler, Outbox
from mexchange.domain.commands import Transfer
from mexchange.domain.rejects import REJECTS, RejectReason
from mexchange.domain.units import AccountId
from mexchange.protocol.limits import TokenBucket
from mexchange.protocol.server_session import ServerSession
from mexchange.telemetry.metrics import Counter, Registry
from mexchange.world.clock import Clock

MS: Final = 1_000_000
ACTS_FOR_OPERATOR: Final = 0


class Refused(Exception):
    """Why a request goes no further."""

    def __init__(self, reason: RejectReason) -> None:
        super().__init__(reason.name)
        self.reason = reason


class Ingress:
    """Takes the blocks of logged-in sessions. `is_read_only` says that the journal cannot grow any more."""

    def __init__(
        self,
        *,
        sequencer: Sequencer,
        accounts: Accounts,
        outbox: Outbox,
        clock: Clock,
        metrics: Registry,
        is_read_only: Callable[[], bool],
        limits: KeyLimits,
        on_refused: Callable[[ServerSession, int, RejectReason], None] = lambda *_: None,
    ) -> None:
        """`on_refused(session, message type, reason)` hears of what is refused for its sender's rights or limits."""
        self._limits = limits
        self._on_refused = on_refused
        self._sequencer = sequencer
        self._accounts = accounts
        self._outbox = outbox
        self._clock = clock
        self._is_read_only = is_read_only
        self._handlers: dict[int, Handler] = {}
        self._refused: Final[dict[RejectReason, Counter]] = {
            reason: metrics.counter("refused", reason=reason.name.lower())
            for reason, reject in REJECTS.items()
            if reject.given_by == "ingress"
        }
        self._unsupported: Final = metrics.counter("unsupported")
        self._queries: Final = metrics.counter("queries")

    def answer_with(self, handlers: Mapping[MessageType, Handler]) -> None:
        """Give the questions of these types to these handlers."""
        for message_type, handler in handlers.items():
            assert message_type not in self._handlers, message_type.name
            assert message_type in QUERY_SCOPES, message_type.name
            self._handlers[message_type] = handler

    def take(self, session: ServerSession, blocks: Iterable[tuple[int, int, bytes]]) -> None:
        """The blocks of one datagram, in order: type, correlation, whole block."""
        peer = peer_of(session)
        peer.was_used = True
        now_ns = self._clock.monotonic_ns()
        for message_type, correlation, block in blocks:
            rule = COMMAND_RULES.get(message_type)
            if rule is not None:
                self._take_command(session, peer, rule, message_type, correlation, block, now_ns)
            elif message_type in self._handlers:
                self._take_query(session, peer, message_type, correlation, block, now_ns)
            else:
                self._unsupported.add()
                self._outbox.send(session, encode(Unsupported(message_type), correlation))

    def admit(self, peer: Peer, message_type: int, correlation: int, payload: bytes) -> tuple[bytes, int, int, int]:
        """The canonical block of a command, its commands, its deadline, its account. Raises Refused.

        Judges rights and bytes; room, rate and deadline are for who sends it on.
        """
        rule = COMMAND_RULES.get(message_type)
        if rule is None:
            raise Refused(RejectReason.MALFORMED)
        if not peer.scopes & rule.scope and not peer.is_operator:
            raise Refused(RejectReason.SCOPE_MISSING if peer.key_id else RejectReason.NOT_LOGGED_IN)
        try:
            given = _given_account(message_type, payload)
            account = given if rule.names_target else self._acting_account(peer, given)
            actor = peer.account or ACTS_FOR_OPERATOR
            target = None if rule.names_target else account
            if message_type == MessageType.TRANSFER:
                self._check_receiver(peer, payload)
            block, commands, deadline_ns = canonical(message_type, correlation, payload, account=target, actor=actor)
            if peer.limit is not None:
                now_ns = self._clock.monotonic_ns()
                self._limits.check(peer.limit, message_type, payload, account=account, now_ns=now_ns)
        except CodecError:
            raise Refused(RejectReason.MALFORMED) from None
        except KeyLimited as limited:
            raise Refused(limited.reason) from None
        return block, commands, deadline_ns, account

    def refuse(self, request: Request, reason: RejectReason) -> None:
        """Give up a request that was admitted but cannot be carried out."""
        if request.session is not None:
            payload = request.block[8:]
            self._refuse(request.session, request.account, request.message_type, request.correlation, payload, reason)

    def _take_command(
        self,
        session: ServerSession,
        peer: Peer,
        rule: CommandRule,
        message_type: int,
        correlation: int,
        block: bytes,
        now_ns: int,
    ) -> None:
        payload = block[8:]
        try:
            if rule.yields:
                self._check_room()
            canonical_block, commands, deadline_ns, account = self.admit(peer, message_type, correlation, payload)
            if deadline_ns and deadline_ns < self._clock.time_ns():
                raise Refused(RejectReason.PAST_DEADLINE)
        except Refused as refused:
            self._refuse(session, peer.account, message_type, correlation, payload, refused.reason)
            return
        bucket = peer.cancels if rule.cancels else peer.orders
        if not bucket.take(commands, now_ns):
            self._throttle(session, bucket, commands, message_type, correlation, now_ns)
            return
        if peer.limit is not None:
            charges = self._limits.check(peer.limit, message_type, payload, account=account, now_ns=now_ns)
            self._limits.charge(peer.limit, charges, now_ns)
        self._sequencer.offer(
            Request(session, None, correlation, message_type, account, canonical_block, commands, rule.yields)
        )

    def _check_room(self) -> None:
        if self._is_read_only():
            raise Refused(RejectReason.READ_ONLY)
        if self._sequencer.is_overloaded:
            raise Refused(RejectReason.OVERLOADED)

    def _acting_account(self, peer: Peer, given: int) -> int:
        """Whom a trader's command acts for: 0 is oneself."""
        account = given or peer.account
        if account == peer.account or self._accounts.owns(peer.owner, account):
            return account
        if peer.is_operator and self._accounts.owner_of(account) is not None:
            return account
        raise Refused(RejectReason.FOREIGN_ACCOUNT)

    def _check_receiver(self, peer: Peer, payload: bytes) -> None:
        """Money moves between accounts of one owner; who pays others withdraws. Raises Refused, Malformed."""
        (transfer,) = decode_commands(MessageType.TRANSFER, payload)
        assert isinstance(transfer, Transfer)
        if not peer.is_operator and not self._accounts.owns(peer.owner, transfer.to_account):
            raise Refused(RejectReason.FOREIGN_ACCOUNT)

    def _take_query(
        self, session: ServerSession, peer: Peer, message_type: int, correlation: int, block: bytes, now_ns: int
    ) -> None:
        cost = COSTS.get(message_type, 1)
        if not peer.queries.take(cost, now_ns):
            self._throttle(session, peer.queries, cost, message_type, correlation, now_ns)
            return
        self._queries.add()
        try:
            if not peer.scopes & QUERY_SCOPES[message_type]:
                raise Refused(RejectReason.SCOPE_MISSING if peer.key_id else RejectReason.NOT_LOGGED_IN)
            if message_type in OF_AN_ACCOUNT:
                block = self._with_account(peer, message_type, correlation, block)
            self._handlers[message_type](session, correlation, block)
        except CodecError:
            self._refuse_query(session, message_type, correlation, RejectReason.MALFORMED)
        except Refused as refused:
            self._refuse_query(session, message_type, correlation, refused.reason)

    def _with_account(self, peer: Peer, message_type: int, correlation: int, block: bytes) -> bytes:
        """The block with the account that is meant. Raises Refused, Malformed."""
        message = decode(message_type, block[8:])
        given = int(getattr(message, "account"))  # noqa: B009 - every type of OF_AN_ACCOUNT has it
        account = given or peer.account
        if account != peer.account and not peer.is_operator and not self._accounts.owns(peer.owner, account):
            raise Refused(RejectReason.FOREIGN_ACCOUNT)
        if account == given:
            return block
        return encode(msgspec.structs.replace(message, account=AccountId(account)), correlation)

    def _throttle(
        self,
        session: ServerSession,
        bucket: TokenBucket,
        commands: int,
        message_type: int,
        correlation: int,
        now_ns: int,
    ) -> None:
        self._refused[RejectReason.THROTTLED].add()
        self._on_refused(session, message_type, RejectReason.THROTTLED)
        retry_ms = -(-bucket.wait_ns(commands, now_ns) // MS)
        self._outbox.send(session, encode(Throttled(retry_ms=retry_ms), correlation))

    def _refuse(
        self,
        session: ServerSession,
        account: int,
        message_type: int,
        correlation: int,
        payload: bytes,
        reason: RejectReason,
    ) -> None:
        self._refused[reason].add()
        self._on_refused(session, message_type, reason)
        time_ns = self._clock.time_ns()
        for block in refusal_blocks(
            message_type, correlation, payload, account=account, reason=reason, time_ns=time_ns
        ):
            self._outbox.send(session, block)

    def _refuse_query(self, session: ServerSession, message_type: int, correlation: int, reason: RejectReason) -> None:
        self._refused[reason].add()
        self._on_refused(session, message_type, reason)
        reject = REJECTS[reason]
        self._outbox.send(session, encode(QueryRefused(reject.code, reject.text), correlation))


def _given_account(message_type: int, payload: bytes) -> int:
    """The account that a command names, 0 if none. Raises Malformed."""
    batch = BATCH_TYPES.get(message_type)
    if batch is not None:
        return int(batch.read(payload)[0])
    (command,) = decode_commands(message_type, payload)
    return int(getattr(command, "account", 0))
