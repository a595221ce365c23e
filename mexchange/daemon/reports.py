"""Execution reports: each account's stream to all its sessions, answers to those who asked, gaps filled.

    frame's records ─┬─ account_sequence > 0 ─► ring, and Reports to every session of the account
                     ├─ account_sequence = 0 ─► Reports{first_account_sequence 0} to the asker, with its correlation
                     └─ commands of operators, and those that stand alone in a block: also to the asker

A trader's batched commands (orders, cancels, amends) are answered by the stream alone, as their client order ids tell
which is which; that keeps an order at one report.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from struct import Struct
from typing import Final

from mexchange.codec import MessageType, decode, encode
from mexchange.codec.blocks import DATAGRAM_BLOCKS_MAX
from mexchange.codec.commands import BATCH_TYPES
from mexchange.codec.events import EVENT_AT, EVENT_SIZE, KIND_AT
from mexchange.codec.messages import GapRequest, GapUnavailable, Reports
from mexchange.codec.records import records_at
from mexchange.daemon.event_ring import EventRing
from mexchange.daemon.frame import Frame, Request
from mexchange.daemon.sifting import streams_of
from mexchange.daemon.views import Commit, Handler, Outbox
from mexchange.domain.events import EventKind
from mexchange.domain.units import AccountId, TimeNs
from mexchange.protocol.server_session import ServerSession

SAVED_EVENTS_MAX: Final = 16_384
"""The youngest events go into the snapshot, so that a client which missed some just before a restart is given them."""
EVENTS_PER_BLOCK: Final = (DATAGRAM_BLOCKS_MAX - len(encode(Reports()))) // EVENT_SIZE
_BLOCK_BYTES: Final = EVENTS_PER_BLOCK * EVENT_SIZE

_VERSION: Final = 2
_SAVED: Final = Struct("<QQ")
_HEAD: Final = Struct("<QQ")
_SEQUENCE: Final = Struct("<Q")
_KIND: Final = KIND_AT - EVENT_AT
_CONSEQUENCES: Final = frozenset({EventKind.DONE, EventKind.FILLED, EventKind.PREVENTED, EventKind.LEVEL_CHANGED})
"""What a command sets off; the answer to it is the event that is not one of these."""


class AccountStreams:
    """The ring, the heads of all accounts, and who gets what of a commit."""

    name = "account-streams"

    def __init__(
        self,
        *,
        ring_events: int,
        gap_events_max: int,
        outbox: Outbox,
        sessions_of: Callable[[int], Sequence[ServerSession]],
    ) -> None:
        self.ring: Final = EventRing(ring_events)
        self._gap_events_max = gap_events_max
        self._outbox = outbox
        self._sessions_of = sessions_of
        self._heads: dict[int, int] = {}

    def head(self, account: int) -> int:
        """Number of the last durable event of an account; 0 if there was none."""
        return self._heads.get(account, 0)

    def replay(self, commit: Commit) -> None:
        """Take in a frame that nobody waits for."""
        for account, first, events in streams_of(commit.records)[0]:
            self._keep(account, first, events)

    def publish(self, frame: Frame) -> None:
        """Take in a durable frame, and tell those whom it concerns."""
        runs, loose = streams_of(frame.records)
        for account, first, events in runs:
            self._keep(account, first, events)
            sessions = self._sessions_of(account)
            if sessions:
                for block in _blocks(account, first, frame.time_ns, events):
                    for session in sessions:
                        self._outbox.send(session, block)
        self._answer(frame, loose)

    def _keep(self, account: int, first: int, events: bytes) -> None:
        self.ring.append(account, first, events)
        self._heads[account] = first + len(events) // EVENT_SIZE - 1

    def handlers(self) -> Mapping[MessageType, Handler]:
        """Gap requests."""
        return {MessageType.GAP_REQUEST: self._fill_gap}

    def save(self) -> bytes:
        """Version and number of heads, the heads, the youngest events."""
        heads = b"".join(_HEAD.pack(account, head) for account, head in sorted(self._heads.items()))
        return _SAVED.pack(_VERSION, len(self._heads)) + heads + self.ring.newest(SAVED_EVENTS_MAX)

    def load(self, data: bytes) -> None:
        """What `save` gave; of another version: nothing, the gap requests then say so."""
        version, count = _SAVED.unpack_from(data)
        if version != _VERSION:
            return
        end = _SAVED.size + count * _HEAD.size
        self._heads.update(_HEAD.iter_unpack(data[_SAVED.size : end]))
        self.ring.refill(data[end:])

    def _answer(self, frame: Frame, loose: list[tuple[int, bytes]]) -> None:
        """To askers: what is not in a stream, and the outcome of commands that are not batched."""
        firsts: list[int] = []
        alone: list[int] = []
        sequence = frame.first_sequence
        for request in frame.requests:
            firsts.append(sequence)
            sequence += request.commands
            if request.session is not None and request.correlation:
                request.session.answered(request.correlation)
            if request.message_type not in BATCH_TYPES:
                alone.append(len(firsts) - 1)
        answers: dict[int, list[tuple[int, bytes]]] = {}
        for account, event in loose:
            at = bisect_right(firsts, _SEQUENCE.unpack_from(event)[0]) - 1
            answers.setdefault(at, []).append((account, event))
        for at in alone:
            answers.setdefault(at, []).extend(_outcomes(frame.records, frame.requests[at], firsts[at]))
        for at, events in answers.items():
            self._send_answer(frame.requests[at], frame.time_ns, events)

    def _send_answer(self, request: Request, time_ns: int, events: list[tuple[int, bytes]]) -> None:
        if request.session is None:
            return
        by_account: dict[int, list[bytes]] = {}
        for account, event in events:
            by_account.setdefault(account, []).append(event)
        for account, bodies in by_account.items():
            for block in _blocks(account, 0, time_ns, b"".join(bodies), request.correlation):
                self._outbox.send(request.session, block)

    def _fill_gap(self, session: ServerSession, correlation: int, block: bytes) -> None:
        asked = decode(MessageType.GAP_REQUEST, block[8:])
        assert isinstance(asked, GapRequest)
        account, first = int(asked.account), asked.first
        last = min(asked.last, self.head(account), first + self._gap_events_max - 1)
        events = self.ring.read(account, first, last)
        if events is None:
            first_available = self.ring.first_available(account) or self.head(account) + 1
            answer = GapUnavailable(AccountId(account), first_available, self.head(account))
            self._outbox.send(session, encode(answer, correlation))
            return
        for page in _blocks(account, first, 0, events, correlation):
            self._outbox.send(session, page)


def _outcomes(records: bytes, request: Request, first_sequence: int) -> Iterator[tuple[int, bytes]]:
    """Sequenced events that are the outcome of an unbatched command; its consequences are the stream's business."""
    for sequence in range(first_sequence, first_sequence + request.commands):
        for account, number, event in records_at(records, sequence):
            if number and event[_KIND] not in _CONSEQUENCES and request.account in (0, account):
                yield account, event


def _blocks(account: int, first: int, time_ns: int, events: bytes, correlation: int = 0) -> list[bytes]:
    """Reports of at most a datagram each. `first` 0: an answer, not the stream."""
    return [
        encode(
            Reports(
                AccountId(account),
                first + at // EVENT_SIZE if first else 0,
                TimeNs(time_ns),
                events[at : at + _BLOCK_BYTES],
            ),
            correlation,
        )
        for at in range(0, len(events), _BLOCK_BYTES)
    ]
