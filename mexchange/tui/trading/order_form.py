"""What has been written into a ticket, and what it comes to: the ticket without its widgets.

    typed, take, step, … ──> Entry ── written ──> the fields      (not for what is typed: it stands there already)
                               └── quote_of ──> TicketQuote ── quoted ──> figures, or why not

Sizes, costs and steps come from the client's pure functions.
"""

from collections.abc import Callable

import msgspec

from mexchange.client.sizing import stepped_price, stepped_size
from mexchange.domain.order import Side
from mexchange.domain.text import trimmed
from mexchange.tui.desk import Desk
from mexchange.tui.trading.dealer import Dealer
from mexchange.tui.trading.draft import POST_ONLY_RESTS, Entry, OrderDraft, Problem
from mexchange.tui.trading.quote import TicketQuote, quote_of
from mexchange.tui.trading.ticket_sizes import next_preset, presets, share_of_free


class OrderForm:
    """One order at a time. What cannot be written is told to the user, and changes nothing."""

    def __init__(self, dealer: Dealer, *, written: Callable[[Entry], object], quoted: Callable[[], object]) -> None:
        """`written`: other words than those that were typed. `quoted`: `quote` is new."""
        self.entry = Entry(market=0, size=dealer.shell.settings.size)
        self.quote = TicketQuote()
        self.desk: Desk | None = None
        self._dealer = dealer
        self._written, self._quoted = written, quoted

    def look_at(self, desk: Desk) -> None:
        """Costs follow the book and the balances; another market forgets the price."""
        if self.desk is not desk:
            is_other = self.desk is None or self.desk.market.market != desk.market.market
            self.desk = desk
            price = "" if is_other else self.entry.price
            self.entry = msgspec.structs.replace(self.entry, market=desk.market.market, price=price)
            self._written(self.entry)
        self.requote()

    def requote(self) -> None:
        """What the order comes to now."""
        desk, sight = self.desk, self._dealer.sight()
        if desk is None or sight is None:
            return
        limits, now_ns = self._dealer.terms().limits, desk.source.server_time_ns()
        self.quote = quote_of(self.entry, sight, desk.balances, limits, now_ns, obstacle=self._dealer.obstacle())
        self._quoted()

    @property
    def sendable(self) -> OrderDraft | None:
        """The order, if nothing stands against it."""
        return self.quote.draft if self.quote.problem is None else None

    @property
    def is_reviewed(self) -> bool:
        """Is the order shown once more before it is sent."""
        draft, sight = self.sendable, self._dealer.sight()
        return draft is not None and sight is not None and bool(self._dealer.trader.why_asked(draft, sight))

    @property
    def lots(self) -> int:
        """The size; 0: what stands there is none."""
        return self.entry.lots(self.desk.markets) if self.desk is not None else 0

    @property
    def ticks(self) -> int:
        """The price; 0: what stands there is none."""
        return self.entry.ticks(self.desk.markets) if self.desk is not None else 0

    # Writing.

    def typed(self, field: str, text: str) -> None:
        """Into a field, by the user."""
        if getattr(self.entry, field) != text:
            self.entry = msgspec.structs.replace(self.entry, **{field: text})
            self.requote()

    def change(self, **fields: object) -> None:
        """As they are called in `Entry`."""
        self.become(msgspec.structs.replace(self.entry, **fields))

    def become(self, entry: Entry) -> None:
        """Other words."""
        self.entry = entry
        self._written(entry)
        self.requote()

    def take(self, *, side: Side | None = None, price: int = 0, size: int = 0) -> None:
        """From the ladder, the tape, a key: what is given replaces what stands there. Ticks and lots."""
        if self.desk is None:
            return
        shown, entry = self.desk.markets, self.entry
        self.change(
            side=entry.side if side is None else side,
            price=shown.show_price(entry.market, price) if price else entry.price,
            size=trimmed(shown.show_quantity(entry.market, size)) if size else entry.size,
        )

    def turn_post_only(self) -> None:
        """On and off, if the order can rest."""
        if self.entry.can_rest:
            self.change(post_only=not self.entry.post_only)
        else:
            self._dealer.tell(POST_ONLY_RESTS)

    def take_price(self, where: str) -> None:
        """Best `bid`, best `ask`, or `mid` between them."""
        sight = self._dealer.sight()
        price = {"bid": sight.bid, "ask": sight.ask, "mid": sight.mid}[where] if sight is not None else 0
        if price:
            self.take(price=price)
        else:
            self._dealer.tell(Problem("price", f"there is no {where} in the book"))

    def take_share(self, percent: int) -> None:
        """The size: so much of what is free."""
        sight, desk = self._dealer.sight(), self.desk
        if sight is None or desk is None or desk.balances is None:
            return
        found = share_of_free(self.entry, sight, desk.balances, percent)
        if isinstance(found, Problem):
            self._dealer.tell(found)
        else:
            self.take(size=found)

    # Steps.

    def step_price(self, steps: int) -> None:
        """So many ticks; from nothing to the best price of the own side."""
        if price := self.ticks:
            self.take(price=stepped_price(price, steps))
        else:
            self.take_price("bid" if self.entry.side is Side.BUY else "ask")

    def step_size(self, steps: int) -> None:
        """So many times the smallest preset."""
        step = min(self._presets(), default=1)
        self.take(size=stepped_size(self.lots or step, steps, step=step))

    def step_preset(self, steps: int) -> None:
        """The next larger or smaller of the preset sizes."""
        if size := next_preset(self._presets(), self.lots, steps):
            self.take(size=size)

    def _presets(self) -> list[int]:
        if self.desk is None:
            return []
        return presets(self.desk.markets, self.entry.market, self._dealer.shell.settings.sizes)
