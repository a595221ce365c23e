"""One order and its cancel, from a sealed datagram to the journal and back."""

from mexchange.codec import encode
from mexchange.domain.client_id import parse
from mexchange.domain.commands import CancelOrder, PlaceOrder
from mexchange.domain.events import Accepted, Done, Repeated
from mexchange.domain.order import DoneReason, Side
from mexchange.domain.units import AccountId, Lots, MarketId, OrderId, Ticks
from tests.integration.daemon.market import Market

KCN_EUR = MarketId(1)
MINE = AccountId(0)


def order(name: str, *, side: Side = Side.BUY, quantity: int = 2_000, price: int = 90_000) -> PlaceOrder:
    """A limit order in KCN/EUR, far from the market."""
    return PlaceOrder(MINE, parse(name), KCN_EUR, side, Lots(quantity), Ticks(price))


def test_an_order_is_accepted_and_cancelled(market: Market) -> None:
    market.start()
    ann = market.visit()
    assert ann.account >= 16
    ann.tell(encode(order("first")))
    accepted = ann.wait_event(lambda event: isinstance(event, Accepted))
    assert isinstance(accepted, Accepted)
    assert (accepted.client_order_id, accepted.quantity) == (parse("first"), 2_000)
    ann.tell(encode(CancelOrder(MINE, parse("second"), OrderId(accepted.order_id))))
    done = ann.wait_event(lambda event: isinstance(event, Done))
    assert isinstance(done, Done)
    assert (done.order_id, done.reason) == (accepted.order_id, DoneReason.CANCELLED_BY_USER)
    assert done.account_sequence == accepted.account_sequence + 1
    ann.close()
    assert market.stop() == 0, market.log()


def test_what_was_acknowledged_survives_kill_9(market: Market) -> None:
    market.start()
    ann = market.visit()
    ann.tell(encode(order("kept")))
    before = ann.wait_event(lambda event: isinstance(event, Accepted))
    market.kill()
    market.start()
    bob = market.visit(ann.login)
    assert bob.account == ann.account
    bob.tell(encode(order("kept")))  # the same command again: the first answer again
    again = bob.wait_event(lambda event: isinstance(event, Repeated))
    assert isinstance(again, Repeated)
    assert (again.client_order_id, again.first_sequence) == (parse("kept"), before.sequence)
