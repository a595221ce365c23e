"""Nobody reaches another's account, whatever field of whatever message names it.

The table is made from the messages themselves: a new field that holds an account or an owner fails the first test until
somebody has said what becomes of it.
"""

from collections.abc import Callable
from typing import Any, Final, get_args, get_type_hints

import pytest

from mexchange.codec import MessageType, encode
from mexchange.codec._generated import MESSAGES
from mexchange.codec.messages import KeyRevoke, KeysPage, KeysQuery, Message, QueryRefused, SessionRevoke, SessionsQuery
from mexchange.domain.client_id import parse
from mexchange.domain.commands import Command
from mexchange.domain.events import Rejected
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import AccountId, OwnerId
from tests.integration.daemon.market import Market, Visitor

ID: Final = parse("foreign")
CLASSES: Final = {cls.__name__: cls for cls in (*get_args(Message), *get_args(Command))}
BATCHES: Final = {"PlaceOrder": "NewOrders", "CancelOrder": "Cancels", "AmendOrder": "Amends"}

ANSWERS: Final = frozenset(
    (
        *("LoginAccepted", "Reports", "Balances", "AccountPage", "DeviceSignedIn", "WebTokens", "Profile"),
        *("FaucetAnswer", "AccountsPage", "GapUnavailable"),
    )
)
"""Only servers send these; from a client they are no message at all. Balances is a question as well."""
OVERWRITTEN: Final = frozenset({"actor"})
"""What a client says is not read."""


def naming_fields() -> list[tuple[str, str]]:
    """Every field of every message that holds an account or an owner: class and field."""
    return sorted(
        (name, field)
        for name, cls in CLASSES.items()
        for field, kind in get_type_hints(cls).items()
        if kind in (AccountId, OwnerId) or field in ("account", "owner", "to_account")
    )


SENT: Final = [
    (name, field)
    for name, field in naming_fields()
    if (name not in ANSWERS or name == "Balances") and field not in OVERWRITTEN
]


def filled(name: str, field: str, foreign: int) -> bytes:
    """A block that names the foreign account in that field, and is right for the rest of it."""
    cls: Any = CLASSES[name]
    values: dict[str, Any] = {}
    hints = get_type_hints(cls)
    for each in cls.__struct_fields__:
        kind = hints[each]
        if each == field:
            values[each] = foreign
        elif each == "client_order_id":
            values[each] = ID
        elif each in ("market", "asset", "quantity", "price", "amount", "order_id", "first", "last", "side", "number"):
            values[each] = 1 if not callable(getattr(kind, "__members__", None)) else kind(1)
        elif each in cls.__struct_defaults__:
            continue
    required = cls.__struct_fields__[: len(cls.__struct_fields__) - len(cls.__struct_defaults__)]
    for each in required:
        values.setdefault(each, _least(hints[each]))
    return encode(cls(**values))


def _least(kind: Any) -> Any:
    try:
        return kind(1)
    except (TypeError, ValueError):
        return kind()


def test_every_field_that_names_somebody_is_in_the_table() -> None:
    wire = {BATCHES.get(name, name) for name, _ in SENT}
    assert wire <= set(MESSAGES.values()), "each of them is a message"
    assert len(SENT) >= 15, SENT
    unknown = {name for name in ANSWERS if name not in CLASSES}
    assert not unknown, unknown


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Any:
    data = tmp_path_factory.mktemp("foreign") / "data"
    data.mkdir(mode=0o700)
    market = Market(data, MX_DAEMON_SEGMENT_BYTES=str(4 << 20), MX_DAEMON_FREE_BYTES_MIN="1")
    market.start()
    yield market, market.visit(), market.visit()
    market.end()


Two = tuple[Market, Visitor, Visitor]


@pytest.mark.parametrize(("name", "field"), SENT, ids=lambda value: str(value))
def test_a_foreign_account_is_refused_wherever_it_stands(two: Two, name: str, field: str) -> None:
    _, ann, bob = two
    assert ann.accepted is not None
    foreign = ann.account if field != "owner" else int(ann.accepted.owner)
    block = filled(name, field, foreign)
    events, hers, inbox = len(bob.events), len(ann.events), len(bob.inbox)
    correlation = bob.tell(block)

    def answered() -> bool:
        said_no = any(isinstance(event, Rejected) for event in bob.events[events:])
        return said_no or any(echoed == correlation for _, echoed, _ in bob.inbox[inbox:])

    bob.wait(answered)
    bob.session.settle(correlation)
    rejected = [event for event in bob.events[events:] if isinstance(event, Rejected)]
    kinds = {kind for kind, echoed, _ in bob.inbox[inbox:] if echoed == correlation}
    if rejected:
        assert {event.reason for event in rejected} <= {RejectReason.FOREIGN_ACCOUNT, RejectReason.SCOPE_MISSING}
    else:
        assert kinds <= {MessageType.QUERY_REFUSED, MessageType.UNSUPPORTED, MessageType.REPORTS}, kinds
        assert kinds
    ann.turn()
    assert len(ann.events) == hers, "nothing happened to her"


@pytest.mark.parametrize(
    "message",
    [lambda key, session: KeyRevoke(key), lambda key, session: SessionRevoke(session)],
    ids=["KeyRevoke", "SessionRevoke"],
)
def test_keys_and_sessions_of_others_are_not_there(two: Two, message: Callable[[str, str], Message]) -> None:
    _, ann, bob = two
    page, *_ = ann.ask(KeysQuery())
    sessions, *_ = ann.ask(SessionsQuery())
    assert isinstance(page, KeysPage)
    answer, *_ = bob.ask(message(page.keys[0].key_id, sessions.sessions[0].session_id))  # type: ignore[union-attr]
    assert isinstance(answer, QueryRefused)
    assert answer.code in ("E_KEY_NOT_FOUND", "E_SESSION_NOT_FOUND")
