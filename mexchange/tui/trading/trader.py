"""The one way from the screens to the exchange: every key, click and drag ends here.

    may anything be sent ──> guard ──> is it asked about ──> once more: may it be sent ──> send ──> tell
             └ no: why          └ no: why        └ no: nothing

An order's row is there at once, as `sending`, and goes when the exchange has answered; an unanswered one stays as `?`
until its client order id has been found out about.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from mexchange.client.answer import Answer
from mexchange.client.errors import BeyondOwnLimit, ClientError
from mexchange.client.guard import guard, guard_amend
from mexchange.client.orders import OwnOrder
from mexchange.client.sizing import stepped_price
from mexchange.domain import order_id as order_ids
from mexchange.domain.client_id import NO_ID, ClientOrderId
from mexchange.domain.commands import AmendOrder
from mexchange.domain.market import MarketStatus
from mexchange.domain.order import Side
from mexchange.domain.text import TextError
from mexchange.domain.units import AccountId, Lots, OrderId, Ticks
from mexchange.tui.notices import Kind, Notice, Notices
from mexchange.tui.trading import flatten, questions, telling
from mexchange.tui.trading.cancelling import CancelScope, count
from mexchange.tui.trading.dealing import Floor, Sight
from mexchange.tui.trading.draft import OrderDraft
from mexchange.tui.trading.question import Question, is_asked
from mexchange.tui.trading.rows import Rows
from mexchange.tui.trading.sender import Sender

AGAIN_NS: Final = 2_000_000_000
"""A second "cancel all" within this time means every market."""

Ask = Callable[[Question], Awaitable[bool]]


class Trader:
    """On the running loop. Judges; what it lets through goes to the sender."""

    def __init__(self, floor: Floor, notices: Notices, ask: Ask, *, monotonic_ns: Callable[[], int]) -> None:
        self._floor = floor
        self._sender = Sender(floor, notices)
        self._notices, self._ask = notices, ask
        self._monotonic_ns = monotonic_ns
        self._cancelled_all_ns: int | None = None

    @property
    def rows(self) -> Rows:
        """What is under way."""
        return self._sender.rows

    def locked(self) -> str:
        """Why nothing at all can be sent, not even a cancel; empty: it can."""
        return self._floor.locked()

    def obstacle(self, market: int) -> str:
        """Why no new order can be sent; empty: it can."""
        if why := self.locked():
            return why
        if not self._sender.dealing.may_trade:
            return "the connection is not live; cancels still go"
        return self._floor.sight_of(market).closed_because

    def why_asked(self, draft: OrderDraft, sight: Sight) -> str:
        """Why an order is shown once more before it is sent; empty: it goes at once."""
        return is_asked(
            self._floor.terms().thresholds, sight,
            order_type=draft.order_type, price=draft.price, quantity=draft.quantity,
        )  # fmt: skip

    # Orders.

    async def place(self, draft: OrderDraft) -> Answer | None:
        """A new order. None: nothing was sent, or nothing is known; either way the user was told."""
        sight = self._floor.sight_of(draft.market)
        if self._is_refused(self.obstacle(draft.market)) or self._is_beyond(draft, sight):
            return None
        why = self.why_asked(draft, sight)
        if why and not await self._ask(questions.of_order(draft, sight, self._floor.balances, why)):
            return None
        if self._is_refused(self.obstacle(draft.market)):  # the question may have stood for a while
            return None
        return await self._sender.order(draft, sight)

    async def amend(self, order_id: int, *, price: int = 0, quantity: int = 0) -> None:
        """New price in ticks and/or total quantity in lots."""
        order = self._open(order_id)
        if order is None or self._is_refused(self._amend_obstacle(order, price, quantity)):
            return
        sight = self._floor.sight_of(order.market)
        becomes, total = price or order.price, quantity or order.quantity
        if (becomes, total) == (order.price, order.quantity) or self._is_amend_beyond(order, price, quantity, sight):
            return
        why = is_asked(
            self._floor.terms().thresholds, sight, order_type=order.order_type, price=becomes, quantity=total
        )  # fmt: skip
        if why and not await self._ask(questions.of_amend(order, sight, price=becomes, quantity=total, why=why)):
            return
        await self._send_amends(order, price, quantity, sight)

    async def nudge(self, order_id: int, steps: int) -> None:
        """So many ticks up, from where it is or is about to be."""
        order, mark = self._open(order_id), self.rows.marks.get(order_id)
        if order is not None:
            base = mark.price if mark is not None and mark.price else order.price
            await self.amend(order_id, price=stepped_price(base, steps))

    async def cancel(self, order_id: int) -> None:
        """Take one order back."""
        order = self._open(order_id)
        if order is None or self._is_refused(self.locked()):
            return
        sight = self._floor.sight_of(order.market)
        if self._floor.terms().thresholds.level == "always" and not await self._ask(questions.of_cancel(order, sight)):
            return
        await self._sender.cancel(order, sight)

    async def cancel_pending(self, identifier: ClientOrderId) -> None:
        """Take back an order that is not confirmed yet, by its client order id."""
        row = self.rows.pending.get(identifier)
        if row is not None and not self._is_refused(self.locked()):
            await self._sender.cancel_pending(row, self._floor.sight_of(row.draft.market))

    async def press_cancel_all(self, market: int) -> None:
        """The key: this market; pressed again within two seconds: all of them."""
        now, before = self._monotonic_ns(), self._cancelled_all_ns
        is_again = before is not None and now - before <= AGAIN_NS
        self._cancelled_all_ns = None if is_again else now
        await self.cancel_all(CancelScope(market=0 if is_again else market), at=market)

    async def cancel_all(self, scope: CancelScope, *, at: int = 0) -> None:
        """Every open order of the scope. All markets are asked about at every level. `at`: a market that is shown."""
        if self._is_refused(self.locked()):
            return
        sight = self._floor.sight_of(scope.market or at)
        chosen, shown = scope.chosen(self._floor.orders.open.values(), self._sender.sent), scope.shown(sight.registry)
        if not chosen:
            self._notices.tell(Notice(Kind.INFO, f"no open orders: {shown}"))
            return
        is_asked_about = not scope.market or self._floor.terms().thresholds.level == "always"
        if is_asked_about and not await self._ask(questions.of_cancel_all(chosen, shown, sight.registry)):
            return
        cancelled = await self._sender.cancel_chosen(scope, chosen, sight)
        if cancelled is not None:
            self._notices.tell(Notice(Kind.INFO, f"cancelled {count(cancelled)}: {shown}"))

    async def flatten(self, market: int) -> None:
        """Take back the market's orders and sell all of its base at the market. Always asked about."""
        if self._is_refused(self.obstacle(market)):
            return
        sight, scope = self._floor.sight_of(market), CancelScope(market=market)
        orders = scope.chosen(self._floor.orders.open.values(), self._sender.sent)
        plan = flatten.plan(sight, self._floor.balances, orders)
        if plan.refusal:
            self._notices.tell(telling.refused(plan.refusal, plan.hint))
            return
        if self._is_beyond(plan.draft, sight) or not await self._ask(questions.of_flatten(plan, sight, orders)):
            return
        if orders and await self._sender.cancel_chosen(scope, orders, sight) is None:
            return
        draft = await self._planned_anew(sight)
        if draft is not None and not self._is_refused(self.obstacle(market)) and not self._is_beyond(draft, sight):
            await self._sender.order(draft, sight)

    async def reverse(self, market: int) -> None:
        """Only a position can be reversed, and a spot market has none."""
        symbol = self._floor.sight_of(market).market.symbol
        why = f"{symbol} is a spot market: there is no position to reverse"
        self._notices.tell(telling.refused(why, "f sells what you hold"))

    async def close(self) -> None:
        """Search for nothing any more."""
        await self._sender.close()

    # Judging.

    def _open(self, order_id: int) -> OwnOrder | None:
        order = self._floor.orders.open.get(order_id)
        if order is None:
            self._is_refused(f"order {order_ids.show(order_id)} is not open any more")
        return order

    def _is_refused(self, why: str) -> bool:
        if why:
            self._notices.tell(telling.refused(why))
        return bool(why)

    def _is_beyond(self, draft: OrderDraft, sight: Sight) -> bool:
        try:
            guard(draft.command(), sight.registry, self._floor.terms().limits, sight.reference)
        except (BeyondOwnLimit, TextError) as error:
            self._notices.tell(telling.refusal(error, sight.registry, draft.market, draft.side))
            return True
        return False

    def _is_amend_beyond(self, order: OwnOrder, price: int, quantity: int, sight: Sight) -> bool:
        command = AmendOrder(AccountId(0), NO_ID, OrderId(order.order_id), Ticks(price), Lots(quantity))
        try:
            guard_amend(command, order, sight.registry, self._floor.terms().limits, sight.reference)
        except (BeyondOwnLimit, TextError) as error:
            self._notices.tell(telling.refusal(error, sight.registry, order.market, order.side))
            return True
        return False

    def _amend_obstacle(self, order: OwnOrder, price: int, quantity: int) -> str:
        """A market that takes cancels alone also takes an amend that makes an order smaller."""
        is_smaller = price in (0, order.price) and 0 < quantity < order.quantity
        is_cancel_only = self._floor.sight_of(order.market).status == MarketStatus.CANCEL_ONLY
        return "" if is_smaller and is_cancel_only and not self.locked() else self.obstacle(order.market)

    async def _send_amends(self, order: OwnOrder, price: int, quantity: int, sight: Sight) -> None:
        """This one, and then the last of those that were asked for meanwhile."""
        wish: tuple[int, int] | None = (price, quantity)
        while wish is not None and order.is_open:
            if self._is_refused(self._amend_obstacle(order, *wish)):
                return
            mark = await self._sender.amend(order, price=wish[0], quantity=wish[1], sight=sight)
            wish = (mark.price, mark.quantity) if mark is not None and mark.is_next else None

    async def _planned_anew(self, sight: Sight) -> OrderDraft | None:
        """What there is to sell now that no order holds anything."""
        try:
            balances = await self._sender.dealing.balances()
        except ClientError as error:
            self._notices.tell(telling.refusal(error, sight.registry, sight.market.market, Side.SELL))
            return None
        plan = flatten.plan_of(sight, next((each for each in balances if each.asset == sight.market.base), None))
        return None if self._is_refused(plan.refusal) else plan.draft
