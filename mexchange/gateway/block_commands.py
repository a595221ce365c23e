"""Commands that came as blocks, and what becomes of those of which the account's stream does not tell."""

import time
from collections.abc import Callable
from typing import Final

import msgspec

from mexchange.client.answer import Answer
from mexchange.client.errors import ClientError, OutcomeUnknown, Rejected
from mexchange.codec import encode
from mexchange.codec.events import EVENT_AT, encode_record
from mexchange.codec.messages import Message, QueryRefused, Reports
from mexchange.domain.client_id import NO_ID
from mexchange.domain.commands import Command
from mexchange.domain.events import Event, EventKind, Repeated
from mexchange.domain.events import Rejected as RejectedEvent
from mexchange.domain.units import AccountId, MarketId, OrderId, Sequence, TimeNs
from mexchange.gateway.errors import TooMany
from mexchange.gateway.people import Person

TIMEOUT_NS: Final = 5_000_000_000
EVENTS_PER_BLOCK: Final = 16


class Asker(msgspec.Struct, frozen=True):
    """Who sent them, under which correlation, and how that person's socket speaks."""

    person: Person
    correlation: int
    say: Callable[[Message, int], None]
    tell: Callable[[list[Event], int], None]
    refuse: Callable[[ClientError, int], None]


def send(asker: Asker, commands: list[Command]) -> None:
    """What becomes of each comes with the account's stream, or here if it does not get that far. Raises TooMany."""
    person, now_ns = asker.person, time.monotonic_ns()
    if not person.orders.take(len(commands), now_ns):
        raise TooMany(person.orders.wait_ns(len(commands), now_ns))
    own = [msgspec.structs.replace(command, account=AccountId(0), actor=AccountId(0)) for command in commands]
    for pending in person.client.exchange.command(own, timeout_ns=TIMEOUT_NS):
        pending.on_done(lambda pending=pending: _outcome(asker, pending.result))  # type: ignore[misc]
    person.client.poke()


def _outcome(asker: Asker, result: Callable[[], Answer]) -> None:
    account = AccountId(asker.person.account)
    try:
        answer = result()
    except Rejected as rejected:
        if not rejected.sequence:  # never journalled, so in nobody's stream
            asker.tell([_rejected(rejected, account)], asker.correlation)
    except OutcomeUnknown:
        asker.say(QueryRefused("E_OUTCOME_UNKNOWN", "no answer in time: ask by OrderQuery"), asker.correlation)
    except ClientError as error:
        asker.refuse(error, asker.correlation)
    else:
        if answer.duplicate:
            asker.tell([_repeated(answer, account)], asker.correlation)


def _rejected(rejected: Rejected, account: AccountId) -> RejectedEvent:
    return RejectedEvent(
        account=account,
        account_sequence=0,
        sequence=Sequence(0),
        market=MarketId(rejected.market),
        order_id=OrderId(rejected.order_id),
        client_order_id=rejected.client_order_id or NO_ID,
        reason=rejected.reason,
        detail=rejected.detail,
    )


def _repeated(answer: Answer, account: AccountId) -> Repeated:
    return Repeated(
        account=account,
        account_sequence=0,
        sequence=Sequence(answer.sequence),
        market=MarketId(answer.order.market if answer.order else 0),
        order_id=OrderId(answer.order_id),
        client_order_id=answer.client_order_id,
        kind=EventKind.ACCEPTED,
        reason=None,
        first_sequence=Sequence(answer.sequence),
    )


def reports(events: list[Event], correlation: int, *, now_ns: int) -> list[bytes]:
    """Blocks with the events of one stretch of the stream, or with answers to the asker."""
    blocks = []
    for start in range(0, len(events), EVENTS_PER_BLOCK):
        part = events[start : start + EVENTS_PER_BLOCK]
        body = b"".join(encode_record(event)[EVENT_AT:] for event in part)
        message = Reports(part[0].account, part[0].account_sequence, TimeNs(now_ns), body)
        blocks.append(encode(message, correlation))
    return blocks
