"""A dry run: what a command would do if it came now. Asked of the engine itself, which changes nothing by it."""

from collections.abc import Callable, Mapping
from typing import Final, Protocol

from mexchange.codec import Malformed, MessageType, decode, encode
from mexchange.codec.blocks import DATAGRAM_BLOCKS_MAX, split
from mexchange.codec.events import EVENT_AT, RECORD_SIZE
from mexchange.codec.messages import Preview, PreviewAnswer, Throttled
from mexchange.daemon.ingress import Ingress, Refused
from mexchange.daemon.peer import peer_of
from mexchange.daemon.refusals import refusal_blocks
from mexchange.daemon.views import Handler, Outbox
from mexchange.domain.units import Sequence
from mexchange.protocol.server_session import ServerSession
from mexchange.world.clock import Clock

_RETRY_MS: Final = 100
COMMANDS_MAX: Final = 4
"""Blocks of one preview: commands that make sense only one after the other."""
HASH_BURST_NS: Final = 250_000_000
"""Loop time that hashes of the state may take at once,"""
HASH_SHARE: Final = 50
"""and one part in so many of the time in the long run: a hash is a pass over everything that is remembered."""


class Engine(Protocol):
    """What is asked."""

    @property
    def sequence(self) -> int:
        """Of the last command applied."""
        ...

    def preview(self, blocks: bytes, time_ns: int) -> bytes:
        """Records that would come out."""
        ...

    def state_hash(self) -> bytes:
        """32 bytes."""
        ...


class StateHashes:
    """The hash of the engine's state, made once per sequence and within a budget of time.

    Who asks for previews without end, as clients do that look for lost answers, would otherwise stop the market.
    """

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._sequence = -1
        self._hash = b""
        self._budget_ns = HASH_BURST_NS
        self._filled_ns = clock.monotonic_ns()

    def now(self) -> bytes:
        """32 bytes; empty if the budget is spent."""
        if self._sequence == self._engine.sequence:
            return self._hash
        begin_ns = self._clock.monotonic_ns()
        self._budget_ns = min(HASH_BURST_NS, self._budget_ns + (begin_ns - self._filled_ns) // HASH_SHARE)
        self._filled_ns = begin_ns
        if self._budget_ns <= 0:
            return b""
        self._hash, self._sequence = self._engine.state_hash(), self._engine.sequence
        self._budget_ns -= self._clock.monotonic_ns() - begin_ns
        return self._hash


class Previews:
    """Answers Preview. `journal_bytes` tells the journal's length: it is the same before and after."""

    def __init__(
        self,
        *,
        engine: Engine,
        ingress: Ingress,
        outbox: Outbox,
        clock: Clock,
        journal_bytes: Callable[[], int],
    ) -> None:
        self._engine = engine
        self._state_hashes = StateHashes(engine, clock)
        self._ingress = ingress
        self._outbox = outbox
        self._clock = clock
        self._journal_bytes = journal_bytes

    def handlers(self) -> Mapping[MessageType, Handler]:
        """Preview."""
        return {MessageType.PREVIEW: self._answer}

    def _answer(self, session: ServerSession, correlation: int, block: bytes) -> None:
        peer = peer_of(session)
        if not peer.previews.take(1, self._clock.monotonic_ns()):
            self._outbox.send(session, encode(Throttled(retry_ms=_RETRY_MS), correlation))
            return
        asked = decode(MessageType.PREVIEW, block[8:])
        assert isinstance(asked, Preview)
        inner = split(bytes(asked.block))
        if not 1 <= len(inner) <= COMMANDS_MAX:
            raise Malformed(f"a preview holds 1 to {COMMANDS_MAX} blocks of commands")
        time_ns = self._clock.time_ns()
        admitted: list[bytes] = []
        for message_type, inner_correlation, payload in inner:
            try:
                admitted.append(self._ingress.admit(peer, message_type, inner_correlation, payload)[0])
            except Refused as refused:
                for reply in refusal_blocks(
                    message_type, correlation, payload, account=peer.account, reason=refused.reason, time_ns=time_ns
                ):
                    self._outbox.send(session, reply)
                return
        records = _told(self._engine.preview(b"".join(admitted), time_ns), peer.account, peer.is_operator)
        self._outbox.answer(session, self._encode(records, correlation))

    def _encode(self, records: bytes, correlation: int) -> bytes:
        head = PreviewAnswer(
            sequence=Sequence(self._engine.sequence),
            records=b"",
            state_hash=self._state_hashes.now(),
            journal_bytes=self._journal_bytes(),
            truncated=False,
        )
        room = (DATAGRAM_BLOCKS_MAX - len(encode(head))) // RECORD_SIZE * RECORD_SIZE
        answer = PreviewAnswer(head.sequence, records[:room], head.state_hash, head.journal_bytes, len(records) > room)
        return encode(answer, correlation)


def _told(records: bytes, account: int, is_operator: bool) -> bytes:
    """Records that the asker may see: what happens to others stays theirs."""
    if is_operator:
        return records
    own = account.to_bytes(8, "little")
    pieces = (records[at : at + RECORD_SIZE] for at in range(0, len(records), RECORD_SIZE))
    return b"".join(piece for piece in pieces if piece[: EVENT_AT // 2] in (own, bytes(8)))
