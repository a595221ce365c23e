"""Random messages, commands, events: every field over the whole range that the wire holds."""

import re
from typing import Any, TypeVar, get_args

import msgspec
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from mexchange.codec._generated import STRUCTS, TABLES
from mexchange.codec.layout import Field, Kind
from mexchange.codec.messages import Message, Nested, Row
from mexchange.domain.commands import AmendOrder, CancelOrder, Command, PlaceOrder
from mexchange.domain.events import Event, EventKind
from mexchange.domain.market import AccountSetting, MarketStatus
from mexchange.domain.order import DoneReason, OrderFlag, OrderType, SelfTradePrevention, Side, TimeInForce
from mexchange.domain.rejects import RejectReason

T = TypeVar("T")

MESSAGES: tuple[type[Any], ...] = get_args(Message)
SINGLE_COMMANDS = tuple(cls for cls in get_args(Command) if cls not in (PlaceOrder, CancelOrder, AmendOrder))
EVENTS: tuple[type[Any], ...] = get_args(Event)

ROWS = {f"{cls.__name__}S": cls for cls in get_args(Row)}
NESTED = {cls.__name__: cls for cls in get_args(Nested)}
RANGES = {
    "b": (-(2**7), 2**7 - 1),
    "B": (0, 2**8 - 1),
    "H": (0, 2**16 - 1),
    "I": (0, 2**32 - 1),
    "Q": (0, 2**64 - 1),
    "q": (-(2**63), 2**63 - 1),
}
ENUMS = {
    "setting": AccountSetting,
    ("CreateMarket", "status"): MarketStatus,
    ("SetMarketStatus", "status"): MarketStatus,
}

client_ids = st.binary(min_size=16, max_size=16)
u8, u16, u32, u64, i64 = (st.integers(*RANGES[code]) for code in "BHIQq")


def sample(cls: type[T], *values: Any, **named: Any) -> T:
    """An object of plain numbers and bytes: the wire does not know the domain's names for them."""
    return cls(*values, **named)


def messages(cls: type[Any]) -> SearchStrategy[Any]:
    """Messages or single commands of a class, from the layout of its table."""
    fields = [field for field in TABLES[cls.__name__].fields if field.name != "unused"]
    return st.builds(cls, **{field.name: field_values(cls.__name__, field) for field in fields})


def field_values(table: str, field: Field) -> SearchStrategy[Any]:
    enum = ENUMS.get((table, field.name)) or ENUMS.get(field.name)
    if enum is not None:
        return st.sampled_from(enum)
    match field.kind:
        case Kind.SCALAR:
            return st.booleans() if field.of == "?" else st.integers(*RANGES[field.of])
        case Kind.STRUCT:
            return client_ids
        case Kind.STRING:
            return st.text(max_size=40)
        case Kind.BYTES:
            return st.binary(max_size=80)
        case Kind.STRUCTS:
            return rows(field.of)
        case Kind.TABLES:
            return st.lists(messages(NESTED[field.of]), max_size=4)


def rows(name: str) -> SearchStrategy[Any]:
    """A vector of structs: a list of objects, or bytes where the struct has no class."""
    layout = STRUCTS[name]
    cls = ROWS.get(name)
    if cls is None:
        return st.integers(0, 5).flatmap(lambda n: st.binary(min_size=n * layout.size, max_size=n * layout.size))
    codes = re.findall(r"16s|[bBHIQq](?!x)", layout.format)
    parts = [client_ids if code == "16s" else st.integers(*RANGES[code]) for code in codes]
    return st.lists(st.builds(cls, *parts), max_size=5)


@st.composite
def batches(draw: st.DrawFn, cls: type[Any], max_size: int = 24) -> list[Any]:
    """Orders, cancels or amends of one account, actor and deadline."""
    head = {"account": draw(u64), "actor": draw(u64), "deadline_ns": draw(i64)}
    one: dict[type[Any], SearchStrategy[Any]] = {
        PlaceOrder: st.builds(
            PlaceOrder,
            **{name: st.just(value) for name, value in head.items()},
            client_order_id=client_ids,
            market=u32,
            side=st.sampled_from(Side),
            quantity=i64,
            price=i64,
            order_type=st.sampled_from(OrderType),
            time_in_force=st.sampled_from(TimeInForce),
            self_trade_prevention=st.sampled_from(SelfTradePrevention),
            flags=st.integers(0, 15).map(OrderFlag),
            expiry_ns=i64,
        ),
        CancelOrder: st.builds(
            CancelOrder,
            **{name: st.just(value) for name, value in head.items()},
            client_order_id=client_ids,
            order_id=u64,
            target=client_ids,
        ),
        AmendOrder: st.builds(
            AmendOrder,
            **{name: st.just(value) for name, value in head.items()},
            client_order_id=client_ids,
            order_id=u64,
            price=i64,
            quantity=i64,
            expected_filled=i64,
        ),
    }
    return draw(st.lists(one[cls], min_size=1, max_size=max_size))


def events(cls: type[Any]) -> SearchStrategy[Any]:
    """Events of a class."""
    special: dict[str, SearchStrategy[Any]] = {
        "account": u64,
        "account_sequence": u64,
        "sequence": u64,
        "market": u32,
        "asset": u32,
        "number": u32,
        "order_id": u64,
        "other_order_id": u64,
        "trade_id": u64,
        "withdrawal_id": u64,
        "other_account": u64,
        "owner": u64,
        "client_order_id": client_ids,
        "side": st.integers(0, 2) if cls.__name__ == "MassCancelled" else st.sampled_from(Side),
        "order_type": st.sampled_from(OrderType),
        "time_in_force": st.sampled_from(TimeInForce),
        "flags": st.integers(0, 15).map(OrderFlag),
        "is_maker": st.booleans(),
        "keeps_place": st.booleans(),
        "mode": st.sampled_from(SelfTradePrevention),
        "kind": st.sampled_from(EventKind),
        "setting": st.sampled_from(AccountSetting),
        "status": st.sampled_from(MarketStatus),
        "tier": u16,
        "reason": {
            "Done": st.sampled_from(DoneReason),
            "Rejected": st.sampled_from(RejectReason),
            "Repeated": st.none() | st.sampled_from(RejectReason),
        }.get(cls.__name__, st.nothing()),
    }
    if cls.__name__ in ("AssetChanged", "MarketChanged", "FeesChanged", "LevelChanged"):
        special |= {"account": st.just(0), "account_sequence": st.just(0)}
    names = [field.name for field in msgspec.structs.fields(cls)]
    return st.builds(cls, **{name: special.get(name, i64) for name in names})
