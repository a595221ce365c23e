"""What `y` copies, read back by the command line's own parser, is the same order."""

import shlex

import pytest
from typer.testing import CliRunner

from mexchange.cli import order, order_entry, order_sending
from mexchange.cli.order_entry import Wish
from mexchange.client.orders import OwnOrder
from mexchange.domain.client_id import NO_ID
from mexchange.domain.order import OrderFlag, OrderType, Side, TimeInForce
from mexchange.tui.trading import yank
from mexchange.tui.trading.cancelling import CancelScope
from mexchange.tui.trading.draft import OrderDraft
from tests.unit.cli.test_order_entry import NOW_NS, REGISTRY

S = 1_000_000_000
MARKET = OrderType.MARKET
DRAFTS = (
    OrderDraft(market=1, side=Side.BUY, quantity=5_000, price=99_955),
    OrderDraft(market=1, side=Side.SELL, quantity=1, price=1),
    OrderDraft(market=1, side=Side.BUY, quantity=123_456, price=99_955, post_only=True),
    OrderDraft(market=1, side=Side.BUY, quantity=5_000, price=99_955, time_in_force=TimeInForce.IOC),
    OrderDraft(market=1, side=Side.SELL, quantity=5_000, price=99_955, time_in_force=TimeInForce.FOK),
    OrderDraft(
        market=1, side=Side.BUY, quantity=5, price=99_955, time_in_force=TimeInForce.GTD, expiry_ns=NOW_NS + 600 * S
    ),
    OrderDraft(market=1, side=Side.BUY, quantity=5_000, order_type=MARKET, time_in_force=TimeInForce.IOC),
    OrderDraft(market=1, side=Side.SELL, quantity=5_000, order_type=MARKET, time_in_force=TimeInForce.FOK),
    OrderDraft(market=1, side=Side.SELL, quantity=5, price=99_000, order_type=MARKET, time_in_force=TimeInForce.IOC),
)


def understood(line: str, monkeypatch: pytest.MonkeyPatch) -> Wish:
    """What the command line takes these words for."""
    wishes: list[Wish] = []
    monkeypatch.setattr(order_sending, "enter", lambda _mx, wish, **_how: wishes.append(wish))
    words = shlex.split(line)
    assert words[:2] == ["mx", "order"]
    result = CliRunner().invoke(order.app, [*words[2:], "--dry-run"])
    assert result.exit_code == 0, result.output
    (wish,) = wishes
    return wish


@pytest.mark.parametrize("draft", DRAFTS)
def test_the_copied_words_are_the_same_order(draft: OrderDraft, monkeypatch: pytest.MonkeyPatch) -> None:
    line = yank.place(draft, REGISTRY)
    read = order_entry.place_order(understood(line, monkeypatch), REGISTRY, account=0, now_ns=NOW_NS)
    assert read == draft.command(), line


def test_an_order_in_the_list_is_copied_as_what_would_place_it_again() -> None:
    resting = OwnOrder(
        order_id=0x7F3A21, client_order_id=NO_ID, market=1, side=Side.SELL, price=99_955, quantity=5_000, leaves=2_000,
        flags=OrderFlag.POST_ONLY,
    )  # fmt: skip
    assert yank.again(resting, REGISTRY) == "mx order sell KCN/EUR 5 -p 999.55 --post-only"
    assert yank.amend(resting, REGISTRY, price=99_960, quantity=6_000) == "mx order amend 7f3a21 -p 999.60 -q 6"
    assert yank.cancel(resting) == "mx order cancel 7f3a21"
    assert yank.cancel_all(CancelScope(), REGISTRY) == "mx order cancel-all"
    scope = CancelScope(market=1, side=Side.BUY)
    assert yank.cancel_all(scope, REGISTRY) == "mx order cancel-all -m KCN/EUR --side buy"
