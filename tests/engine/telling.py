"""Events in the words of the table language, from the view of the order that the command was about."""

from mexchange.domain.commands import AmendOrder, CancelOrder, Command, PlaceOrder
from mexchange.domain.events import (
    Accepted,
    AccountChanged,
    AccountOpened,
    Amended,
    Deposited,
    Done,
    Event,
    FeesChanged,
    Filled,
    LevelChanged,
    MarketChanged,
    MassCancelled,
    Prevented,
    Rejected,
    Repeated,
    Transferred,
    WithdrawalConfirmed,
    WithdrawalHeld,
    WithdrawalReleased,
)
from mexchange.domain.order import DoneReason, Side
from mexchange.domain.units import TradeId

_PLAIN = (DoneReason.IMMEDIATE_REMAINDER, DoneReason.CANCELLED_BY_USER)


def tell(events: list[Event], command: Command, names: dict[int, str], labels: dict[int, str]) -> str:
    """One phrase per event that matters to a reader, in their order; levels are left out."""
    makers = {event.trade_id: event for event in events if isinstance(event, Filled) and event.is_maker}
    own = _subject(events, command)
    phrases = [phrase for event in events if (phrase := _phrase(event, own, makers, names, labels))]
    leaves = _leaves(events, own)
    if leaves is not None:
        phrases.append(f"{leaves} rests")
    return ", ".join(phrases)


def _subject(events: list[Event], command: Command) -> int:
    """The order that the command was about, or 0."""
    for event in events:
        if isinstance(event, Accepted | Amended):
            return event.order_id
    if isinstance(command, CancelOrder | AmendOrder | PlaceOrder):
        return next((event.order_id for event in events if isinstance(event, Done)), 0)
    return 0


def _leaves(events: list[Event], own: int) -> int | None:
    """What still rests of the subject, if it was placed or amended and is not done."""
    leaves = None
    for event in events:
        if isinstance(event, Accepted) and event.order_id == own:
            leaves = int(event.quantity)
        elif isinstance(event, Amended | Prevented | Filled) and event.order_id == own:
            leaves = int(event.leaves)
        elif isinstance(event, Done) and event.order_id == own:
            leaves = None
    return leaves


def _phrase(
    event: Event, own: int, makers: dict[TradeId, Filled], names: dict[int, str], labels: dict[int, str]
) -> str:
    match event:
        case Filled(is_maker=False):
            word = "from" if event.side is Side.BUY else "to"
            return f"{event.quantity} @ {event.price} {word} {names[makers[event.trade_id].account]}"
        case Done(reason=DoneReason.FILLED):
            return ""
        case Done():
            who = "" if event.order_id == own else f"{labels.get(event.order_id) or names[event.account]} "
            why = "" if event.reason in _PLAIN else f": {event.reason.name.lower().replace('_', ' ')}"
            return f"{who}{event.leaves} cancelled{why}"
        case Amended():
            return f"{event.quantity} @ {event.price} amended{' in place' if event.keeps_place else ''}"
        case Rejected():
            detail = f" ({event.detail})" if event.detail else ""
            return f"refused {event.reason.name}{detail}"
        case Repeated():
            return f"repeats {event.kind.name}{f' {event.reason.name}' if event.reason else ''}"
        case Prevented(is_maker=False):
            other = labels.get(event.other_order_id, "another")
            return f"{event.quantity} @ {event.price} prevented with {other}"
        case MassCancelled():
            return f"{event.orders} in all"
        case Deposited():
            return f"{event.amount} deposited"
        case WithdrawalHeld():
            return f"{event.amount} held"
        case WithdrawalConfirmed():
            return f"{event.amount} left"
        case WithdrawalReleased():
            return f"{event.amount} released"
        case Transferred():
            return f"{names[event.account]} {event.amount:+}"
        case AccountChanged():
            return f"{event.setting.name.lower()} {event.value}"
        case AccountOpened():
            return "opened"
        case MarketChanged():
            return event.status.name.lower()
        case FeesChanged():
            return f"{event.maker_ppm} {event.taker_ppm}"
        case Accepted() | Filled() | Prevented() | LevelChanged():
            return ""
        case _:
            return type(event).__name__
