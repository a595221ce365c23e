"""What the daemon shows: books, tickers, orders and balances over a real session, before and after a restart."""

from collections.abc import Callable
from typing import TypeVar

import msgspec
import pytest

from mexchange.codec import decode, encode
from mexchange.codec.messages import (
    Balances,
    BookDelta,
    BookSnapshot,
    Channel,
    OrdersPage,
    OrdersQuery,
    OrderState,
    Subscribe,
    Subscribed,
    Ticker,
    TickerQuery,
    Trades,
    TradesQuery,
)
from mexchange.domain.client_id import parse
from mexchange.domain.commands import CancelOrder, PlaceOrder
from mexchange.domain.events import Accepted, Done
from mexchange.domain.order import Side
from mexchange.domain.units import AccountId, Lots, MarketId, OrderId, Sequence, Ticks, TimeNs
from mexchange.protocol.login import AnonymousLogin
from tests.integration.daemon.market import Market, Visitor

KCN_EUR = MarketId(1)
MINE = AccountId(0)
T = TypeVar("T")


def received(visitor: Visitor, kind: type[T]) -> list[T]:
    """All messages of a kind so far."""
    decoded = [decode(number, payload) for number, _, payload in visitor.inbox]
    return [message for message in decoded if isinstance(message, kind)]


def place(visitor: Visitor, name: str, *, quantity: int, price: int) -> Accepted:
    """A resting buy order in KCN/EUR."""
    visitor.tell(encode(PlaceOrder(MINE, parse(name), KCN_EUR, Side.BUY, Lots(quantity), Ticks(price))))
    event = visitor.wait_event(lambda event: isinstance(event, Accepted) and event.client_order_id == parse(name))
    assert isinstance(event, Accepted)
    return event


def shown(visitor: Visitor) -> tuple[Ticker, Trades]:
    """Ticker, without the sequence that it stands at, and tape."""
    ticker, *_ = visitor.ask(TickerQuery(KCN_EUR))
    trades, *_ = visitor.ask(TradesQuery(KCN_EUR, 20))
    assert isinstance(ticker, Ticker)
    assert isinstance(trades, Trades)
    return msgspec.structs.replace(ticker, sequence=Sequence(0), time_ns=TimeNs(0)), trades


def test_a_subscriber_sees_an_order_come_and_go_and_its_owner_the_balances(market: Market) -> None:
    market.start()
    ann, anybody = market.visit(), market.visit(AnonymousLogin())
    (subscribed, *_) = anybody.ask(Subscribe(Channel.BOOK, KCN_EUR, 10))
    assert isinstance(subscribed, Subscribed)
    anybody.wait(lambda: received(anybody, BookSnapshot))
    order = place(ann, "first", quantity=2_000, price=90_000)
    anybody.wait(lambda: received(anybody, BookDelta))
    (snapshot,), (delta,) = received(anybody, BookSnapshot), received(anybody, BookDelta)
    assert delta.previous_sequence == snapshot.sequence
    assert [(level.price, level.quantity, level.side) for level in delta.levels] == [(90_000, 2_000, Side.BUY)]
    ann.wait(lambda: received(ann, Balances))
    assert received(ann, Balances)[-1].sequence >= order.sequence
    ann.tell(encode(CancelOrder(MINE, parse("second"), OrderId(order.order_id))))
    ann.wait_event(lambda event: isinstance(event, Done))
    anybody.wait(lambda: len(received(anybody, BookDelta)) == 2)
    assert [level.quantity for level in received(anybody, BookDelta)[1].levels] == [0]


@pytest.mark.parametrize("end", [Market.stop, Market.kill], ids=["stop", "kill -9"])
def test_ticker_tape_and_orders_are_the_same_after_a_restart(market: Market, end: Callable[[Market], object]) -> None:
    market.start()
    ann = market.visit()
    kept, gone = place(ann, "kept", quantity=2_000, price=90_000), place(ann, "gone", quantity=3_000, price=80_000)
    ann.tell(encode(CancelOrder(MINE, parse("end"), OrderId(gone.order_id))))
    ann.wait_event(lambda event: isinstance(event, Done))
    ticker, trades = shown(ann)
    orders, *_ = ann.ask(OrdersQuery(MINE))
    assert ticker.trades_24h > 100, "the past of a demo"
    assert ticker.bid == 90_000
    assert all(trade.flags == 1 for trade in trades.trades)
    end(market)
    market.start()
    again = market.visit(ann.login)
    assert shown(again) == (ticker, trades)
    restored, *_ = again.ask(OrdersQuery(MINE))
    assert isinstance(restored, OrdersPage)
    assert isinstance(orders, OrdersPage)
    assert restored.orders == orders.orders
    states = {row.order_id: row.state for row in restored.orders}
    assert states == {kept.order_id: OrderState.OPEN, gone.order_id: OrderState.CANCELLED}
