"""Sends what the trader has decided, keeps the rows of what is under way, and tells what became of it.

Nothing is judged here: `Trader` alone calls it, after guard and question.
"""

from collections.abc import Callable

from mexchange.client.answer import Answer
from mexchange.client.errors import ClientError
from mexchange.client.orders import OwnOrder
from mexchange.domain import order_id as order_ids
from mexchange.domain.client_id import ClientOrderId
from mexchange.domain.commands import AmendOrder, CancelOrder, Command, MassCancel
from mexchange.domain.events import MassCancelled
from mexchange.domain.order import Side
from mexchange.domain.units import AccountId, Lots, MarketId, OrderId, Ticks
from mexchange.tui.notices import Kind, Notice, Notices
from mexchange.tui.trading import telling
from mexchange.tui.trading.cancelling import CancelScope, count
from mexchange.tui.trading.dealing import Dealing, Floor, Sight
from mexchange.tui.trading.draft import OrderDraft
from mexchange.tui.trading.errands import Errands
from mexchange.tui.trading.rows import Mark, PendingOrder, Rows, Stage


class Sender:
    """On the running loop."""

    def __init__(self, floor: Floor, notices: Notices) -> None:
        self.rows = Rows()
        self.sent: set[ClientOrderId] = set()
        """Of this session."""
        self._floor = floor
        self._errands = Errands(lambda: floor.dealing, notices)
        self._notices = notices
        self._changed = floor.changed

    @property
    def dealing(self) -> Dealing:
        """Only where nothing is locked."""
        dealing = self._floor.dealing
        assert dealing is not None, "whoever sends has looked"
        return dealing

    async def order(self, draft: OrderDraft, sight: Sight) -> Answer | None:
        """A new order; None: it was refused or nothing is known."""
        identifier = self.dealing.mint()
        self.rows.pending[identifier] = row = PendingOrder(identifier, draft, self.dealing.server_time_ns())
        self.sent.add(identifier)
        self._changed()
        shown = draft.shown(sight.registry)

        def settle() -> None:
            self.rows.pending.pop(identifier, None)
            self._changed()

        answer = await self.submit(draft.command(identifier), sight, draft.side, shown, settle)
        if answer is None:
            if identifier in self.rows.pending:
                row.stage = Stage.UNKNOWN
                self._changed()
            return None
        self._notices.note(telling.accepted(answer, shown))
        if (ended := telling.ended_at_once(answer)) is not None:
            self._notices.tell(ended)
        return answer

    async def amend(self, order: OwnOrder, *, price: int, quantity: int, sight: Sight) -> Mark | None:
        """The mark of this amend once it is done: `is_next` if another was asked for meanwhile.

        None: it did not happen, or one of the order is under way, and the wish is kept in the mark of that one.
        """
        known = self.rows.marks.get(order.order_id)
        if known is not None:
            known.is_next = not known.is_cancel
            known.price, known.quantity = price or known.price, quantity or known.quantity
            self._changed()
            return None
        mark = self.rows.marks[order.order_id] = Mark(price=price, quantity=quantity)
        self._changed()
        command = AmendOrder(
            AccountId(0), self.dealing.mint(), OrderId(order.order_id), Ticks(price), Lots(quantity),
            expected_filled=Lots(order.filled if quantity else -1),
        )  # fmt: skip
        what = f"amend of {order_ids.show(order.order_id)}"
        answer = await self.submit(command, sight, order.side, what, lambda: self._unmark(order.order_id, mark))
        if answer is not None:
            return mark
        mark.is_unknown = order.order_id in self.rows.marks
        self._changed()
        return None

    async def cancel(self, order: OwnOrder, sight: Sight) -> None:
        """One order, struck through until it is gone."""
        mark = self.rows.marks[order.order_id] = Mark(is_cancel=True)
        self._changed()
        command = CancelOrder(AccountId(0), self.dealing.mint(), OrderId(order.order_id))
        what = f"cancel of {order_ids.show(order.order_id)}"
        answer = await self.submit(command, sight, order.side, what, lambda: self._unmark(order.order_id, mark))
        if answer is not None:
            self._notices.note(Notice(Kind.INFO, f"order {order_ids.show(order.order_id)} cancelled"))
        elif order.order_id in self.rows.marks:
            mark.is_unknown = True
            self._changed()

    async def cancel_pending(self, row: PendingOrder, sight: Sight) -> None:
        """An order without an order id yet, by its client order id."""
        command = CancelOrder(AccountId(0), self.dealing.mint(), target=row.client_order_id)
        await self.submit(command, sight, row.draft.side, f"cancel of {row.draft.shown(sight.registry)}", _nothing)

    async def cancel_chosen(self, scope: CancelScope, chosen: list[OwnOrder], sight: Sight) -> int | None:
        """How many were cancelled; None: it was refused or is not known, and the user was told."""
        marks = {order.order_id: Mark(is_cancel=True) for order in chosen}
        self.rows.marks |= marks
        self._changed()

        def settle() -> None:
            for order_id, mark in marks.items():
                self._unmark(order_id, mark)

        if scope.is_session:
            return await self._cancel_each(chosen, sight, settle)
        side = scope.side.value if scope.side else 0
        command = MassCancel(AccountId(0), self.dealing.mint(), MarketId(scope.market), side)
        answer = await self.submit(command, sight, Side.BUY, f"cancel of {count(len(chosen))}", settle)
        if answer is None:
            return None
        return answer.event.orders if isinstance(answer.event, MassCancelled) else len(chosen)

    async def submit(
        self, command: Command, sight: Sight, side: Side, what: str, settle: Callable[[], None]
    ) -> Answer | None:
        """One command; `settle` once its outcome is known, which may be later than this returns."""
        return await self._errands.submit(
            command, sight.registry, market=sight.market.market, side=side, what=what, settle=settle
        )

    async def close(self) -> None:
        """Search for nothing any more."""
        await self._errands.close()

    async def _cancel_each(self, chosen: list[OwnOrder], sight: Sight, settle: Callable[[], None]) -> int | None:
        commands = [CancelOrder(AccountId(0), self.dealing.mint(), OrderId(order.order_id)) for order in chosen]
        market = sight.market.market
        try:
            outcomes = await self.dealing.submit_many(commands)
        except ClientError as error:
            self._notices.tell(telling.refusal(error, sight.registry, market, Side.BUY))
            return None
        finally:
            settle()
        failed = [outcome for outcome in outcomes if not isinstance(outcome, Answer)]
        for outcome in failed[:1]:
            self._notices.tell(telling.refusal(outcome, sight.registry, market, Side.BUY))
        return len(outcomes) - len(failed)

    def _unmark(self, order_id: int, mark: Mark) -> None:
        if self.rows.marks.get(order_id) is mark:
            del self.rows.marks[order_id]
            self._changed()


def _nothing() -> None:
    """There is no row to take away."""
