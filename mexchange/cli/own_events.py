"""Your own events as lines: every change of an order with the state that it leaves the order in."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Final

from mexchange.cli import show
from mexchange.cli.show import SIDE_WORDS
from mexchange.domain import client_id
from mexchange.domain import order_id as order_ids
from mexchange.domain.events import Accepted, Amended, Done, Event, Filled, Rejected
from mexchange.domain.order import DoneReason, OrderFlag, Side
from mexchange.domain.rejects import REJECTS
from mexchange.domain.units import MarketId

if TYPE_CHECKING:
    from mexchange.client.api import Client
    from mexchange.client.errors import GapUnavailable
    from mexchange.client.markets import Markets

PAGE: Final = 256
Line = dict[str, object]
ENDS: Final = {DoneReason.EXPIRED: "expired"}


class OrderLines:
    """Turns an account's events into lines. Keeps the last line of every order that is still open."""

    def __init__(
        self, client: "Client", registry: "Markets", markets: set[int], *, fills_only: bool, account: int | None = None
    ) -> None:
        """`account`: one of ours, None: that of the session."""
        self._client = client
        self._account = None if account == client.session.account else account
        self._registry = registry
        self._markets = markets
        self._fills_only = fills_only
        self._open: dict[int, Line] = {}
        self._flags: dict[int, OrderFlag] = {}

    async def lines(self, from_seq: int | None) -> AsyncIterator[Line]:
        """Past events from that journal sequence on, as far back as the exchange keeps them, then live ones."""
        from mexchange.client.errors import GapUnavailable

        head, live = await self._live()
        seen = 0
        if from_seq is not None:
            for past in await self._past(from_seq, head):
                seen = max(seen, past.account_sequence)
                line = self.line(past)
                if line is not None and past.sequence >= from_seq:
                    yield line
        else:
            await self._learn_open_orders()
        async for event in live:
            if isinstance(event, GapUnavailable):
                yield {"gap": True, "first_available": event.first_available, "head": event.head}
            elif event.account_sequence > seen and (line := self.line(event)) is not None:
                yield line

    def line(self, event: Event) -> Line | None:
        """The line of one event, or None if nobody asked for it."""
        match event:
            case Accepted():
                line = self._accepted(event)
            case Filled():
                return self._filled(event)
            case Amended():
                line = self._amended(event)
            case Done(reason=DoneReason.FILLED):
                self._forget(event.order_id)  # the last fill said so
                return None
            case Done():
                line = self._done(event)
            case Rejected() if event.market:
                line = self._rejected(event)
            case _:
                return None
        return None if self._fills_only or line.pop("_market") not in self._markets else line

    async def _live(self) -> "tuple[int, AsyncIterator[Event | GapUnavailable]]":
        """The account's last event so far, and all that follow it."""
        if self._account is None:
            return self._client.session.account_sequence, self._client.own_events()
        head = await self._client.head(self._account)
        return head, self._client.account_events(self._account, after=head)

    async def _past(self, from_seq: int, last: int) -> list[Event]:
        """Events back to the one before `from_seq`, oldest first; fewer if the exchange keeps fewer."""
        from mexchange.client.errors import GapUnavailable

        found: list[Event] = []
        while last > 0 and not (found and found[0].sequence < from_seq):
            first = max(1, last - PAGE + 1)
            try:
                found = await self._client.events(first, last, account=self._account) + found
            except GapUnavailable as error:
                if error.first_available > last:
                    break
                found = await self._client.events(error.first_available, last, account=self._account) + found
                break
            last = first - 1
        return found

    async def _learn_open_orders(self) -> None:
        for order in (await self._client.account(self._account)).orders:
            self._flags[order.order_id] = order.flags
            self._open[order.order_id] = {
                "id": order_ids.show(order.order_id),
                "client_order_id": client_id.show(order.client_order_id),
                **self._terms(order.market, order.order_id, order.side, order.order_type, order.price, order.quantity),
            }

    def _accepted(self, event: Accepted) -> Line:
        self._flags[event.order_id] = event.flags
        terms = self._terms(event.market, event.order_id, event.side, event.order_type, event.price, event.quantity)
        self._open[event.order_id] = {
            "id": order_ids.show(event.order_id),
            "client_order_id": client_id.show(event.client_order_id),
            **terms,
        }
        return self._line(event.sequence, event.order_id, event.market, "open", terms["quantity"])

    def _filled(self, event: Filled) -> Line | None:
        market = self._registry[event.market]
        status = "filled" if event.leaves == 0 else "partially_filled"
        line = self._line(
            event.sequence,
            event.order_id,
            event.market,
            status,
            self._quantity(event.market, event.order_id, event.leaves),
        )
        received = self._registry.received_asset(market.market, event.side)
        line |= {
            "side": SIDE_WORDS[event.side],
            "trade": event.trade_id,
            "fill_price": self._registry.show_price(market.market, event.price),
            "fill_quantity": self._registry.show_quantity(market.market, event.quantity),
            "fee": f"{self._registry.show_amount(received.asset, event.fee)} {received.symbol}",
            "role": "maker" if event.is_maker else "taker",
        }
        return line if line.pop("_market") in self._markets else None

    def _amended(self, event: Amended) -> Line:
        market = self._registry[event.market]
        self._open.setdefault(event.order_id, {"id": order_ids.show(event.order_id)}).update(
            price=self._registry.show_price(market.market, event.price),
            quantity=self._quantity(event.market, event.order_id, event.quantity),
        )
        leaves = self._quantity(event.market, event.order_id, event.leaves)
        return self._line(event.sequence, event.order_id, event.market, "open", leaves)

    def _done(self, event: Done) -> Line:
        status = ENDS.get(event.reason, "cancelled")
        leaves = self._quantity(event.market, event.order_id, event.leaves)
        line = self._line(event.sequence, event.order_id, event.market, status, leaves)
        line["reason"] = event.reason.name.lower()
        line["filled"] = self._registry.show_quantity(event.market, event.filled)
        self._forget(event.order_id)
        return line

    def _rejected(self, event: Rejected) -> Line:
        reject = REJECTS[event.reason]
        return {
            "seq": event.sequence,
            "client_order_id": client_id.show(event.client_order_id),
            "market": self._registry[event.market].symbol,
            "status": "rejected",
            "code": reject.code,
            "message": reject.text,
            "_market": event.market,
        }

    def _forget(self, order_id: int) -> None:
        self._open.pop(order_id, None)
        self._flags.pop(order_id, None)

    def _line(self, sequence: int, order_id: int, market: int, status: str, remaining: object) -> Line:
        known = self._open.get(order_id, {"id": order_ids.show(order_id), "market": self._symbol(market)})
        return {"seq": sequence, **known, "status": status, "remaining": remaining, "_market": market}

    def _terms(self, market_id: int, order_id: int, side: int, order_type: int, price: int, quantity: int) -> Line:
        market = self._registry[MarketId(market_id)]
        return {
            "market": market.symbol,
            "side": SIDE_WORDS[Side(side)],
            **show.price_fields(self._registry, market_id, order_type, price),
            "quantity": self._quantity(market_id, order_id, quantity),
        }

    def _quantity(self, market_id: int, order_id: int, quantity: int) -> str:
        flags = self._flags.get(order_id, OrderFlag(0))
        return show.order_quantity(self._registry, self._registry[MarketId(market_id)], quantity, flags)

    def _symbol(self, market_id: int) -> str:
        return self._registry[MarketId(market_id)].symbol
