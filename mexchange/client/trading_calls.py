"""What one can make an exchange do."""

from collections import deque
from collections.abc import Sequence
from typing import Final, TypeVar

import msgspec

from mexchange.client.answer import Answer, Outcome
from mexchange.client.caller import Caller
from mexchange.client.errors import OutcomeUnknown, Rejected
from mexchange.client.pending import Pending
from mexchange.client.results import Preview
from mexchange.codec import encode
from mexchange.codec.events import decode_records
from mexchange.codec.messages import (
    Preview as PreviewMessage,
)
from mexchange.codec.messages import (
    PreviewAnswer,
)
from mexchange.domain.client_id import NO_ID, ClientOrderId
from mexchange.domain.commands import AmendOrder, CancelOrder, Command, Deposit, MassCancel, PlaceOrder, SetMarketStatus
from mexchange.domain.market import MarketStatus
from mexchange.domain.order import OrderFlag, OrderType, SelfTradePrevention, Side, TimeInForce
from mexchange.domain.units import AccountId, AssetId, Atoms, Lots, MarketId, OrderId, Ticks, TimeNs

T = TypeVar("T")

COMMANDS_IN_FLIGHT_MAX: Final = 1_024
"""Of one `*_many` call: the rest waits here, so that no deadline runs while a command only queues."""
_NS_PER_S: Final = 1_000_000_000
_NO_FLAGS: Final = OrderFlag(0)


class TradingCalls(Caller):
    """Commands. Each raises Rejected, OutcomeUnknown or NotLive, or returns the first two among `Outcome`s."""

    async def submit(self, command: Command, *, timeout_s: float | None = None) -> Answer:
        """Any command. Account 0 is our own, NO_ID is minted."""
        (outcome,) = await self.submit_many([command], timeout_s=timeout_s)
        if isinstance(outcome, Answer):
            return outcome
        raise outcome

    async def submit_many(self, commands: Sequence[Command], *, timeout_s: float | None = None) -> list[Outcome]:
        """Outcomes in the order of the commands; sixteen share a block, at most 1,024 are in flight."""
        timeout_ns = self._timeout_ns(timeout_s)
        outcomes: list[Outcome] = []
        flying: deque[Pending[Answer]] = deque()
        for start in range(0, len(commands), 16):
            flying.extend(self.exchange.command(commands[start : start + 16], timeout_ns=timeout_ns))
            while len(flying) > COMMANDS_IN_FLIGHT_MAX:
                outcomes.append(await self._outcome(flying.popleft()))
        while flying:
            outcomes.append(await self._outcome(flying.popleft()))
        return outcomes

    async def resolve(self, client_order_id: ClientOrderId, *, timeout_s: float | None = None) -> Outcome | None:
        """The outcome of a command of this connection that ended in OutcomeUnknown; None: it is not open any more."""
        pending = self.exchange.desk.resolution(client_order_id)
        if pending is None:
            return None
        if not await self._waiter.wait_until(pending, self._timeout_ns(timeout_s)):
            return OutcomeUnknown(client_order_id)
        return await self._outcome(pending)

    async def place(
        self,
        market: int,
        side: Side,
        quantity: int,
        price: int = 0,
        *,
        order_type: OrderType = OrderType.LIMIT,
        time_in_force: TimeInForce = TimeInForce.GTC,
        flags: OrderFlag = _NO_FLAGS,
        self_trade_prevention: SelfTradePrevention = SelfTradePrevention.DEFAULT,
        expiry_ns: int = 0,
        client_order_id: ClientOrderId | None = None,
        account: int | None = None,
        timeout_s: float | None = None,
    ) -> Answer:
        """A new order, in lots and ticks. It is durable on return; what it filled at once is in `answer.order`."""
        order = PlaceOrder(
            account=AccountId(account or 0),
            client_order_id=client_order_id or NO_ID,
            market=MarketId(market),
            side=side,
            quantity=Lots(quantity),
            price=Ticks(price),
            order_type=order_type,
            time_in_force=time_in_force,
            self_trade_prevention=self_trade_prevention,
            flags=flags,
            expiry_ns=TimeNs(expiry_ns),
        )
        return await self.submit(order, timeout_s=timeout_s)

    async def place_many(self, orders: Sequence[PlaceOrder], *, timeout_s: float | None = None) -> list[Outcome]:
        """As `submit_many`."""
        return await self.submit_many(orders, timeout_s=timeout_s)

    async def cancel(
        self,
        order_id: int = 0,
        *,
        target: ClientOrderId = NO_ID,
        client_order_id: ClientOrderId | None = None,
        account: int | None = None,
        timeout_s: float | None = None,
    ) -> Answer:
        """Take an order off the book, by order id or (`target`) by its client order id."""
        command = CancelOrder(AccountId(account or 0), client_order_id or NO_ID, OrderId(order_id), target)
        return await self.submit(command, timeout_s=timeout_s)

    async def cancel_many(self, order_ids: Sequence[int], *, timeout_s: float | None = None) -> list[Outcome]:
        """Several orders by order id."""
        commands = [CancelOrder(AccountId(0), NO_ID, OrderId(order_id)) for order_id in order_ids]
        return await self.submit_many(commands, timeout_s=timeout_s)

    async def amend(
        self,
        order_id: int,
        *,
        price: int = 0,
        quantity: int = 0,
        expected_filled: int = -1,
        client_order_id: ClientOrderId | None = None,
        account: int | None = None,
        timeout_s: float | None = None,
    ) -> Answer:
        """New price and/or new total quantity; 0 leaves a value as it is."""
        command = AmendOrder(
            AccountId(account or 0),
            client_order_id or NO_ID,
            OrderId(order_id),
            Ticks(price),
            Lots(quantity),
            Lots(expected_filled),
        )
        return await self.submit(command, timeout_s=timeout_s)

    async def mass_cancel(
        self, market: int = 0, side: int = 0, *, account: int | None = None, timeout_s: float | None = None
    ) -> Answer:
        """All our orders of a market (0: all) and a side (0: both); `answer.event.orders` says how many."""
        command = MassCancel(AccountId(account or 0), NO_ID, MarketId(market), side)
        return await self.submit(command, timeout_s=timeout_s)

    async def deposit(self, account: int, asset: int, amount: int, *, timeout_s: float | None = None) -> Answer:
        """Credit an account, as an operator. Atoms."""
        command = Deposit(AccountId(account), NO_ID, AssetId(asset), Atoms(amount))
        return await self.submit(command, timeout_s=timeout_s)

    async def set_market_status(self, market: int, status: MarketStatus, *, timeout_s: float | None = None) -> Answer:
        """Open, restrict, halt or close, as an operator."""
        return await self.submit(SetMarketStatus(MarketId(market), status), timeout_s=timeout_s)

    async def preview(self, *commands: Command, timeout_s: float | None = None) -> Preview:
        """What these commands, 1 to 4, would do now, one after the other. Nothing changes."""
        block = b"".join(encode(self._completed(command)) for command in commands)
        answer = await self._ask(PreviewMessage(block), PreviewAnswer, timeout_s)
        return Preview(
            sequence=answer.sequence,
            events=decode_records(answer.records),
            state_hash=answer.state_hash,
            journal_bytes=answer.journal_bytes,
            truncated=answer.truncated,
        )

    def _completed(self, command: Command) -> Command:
        changes: dict[str, object] = {}
        if getattr(command, "account", -1) == 0:
            changes["account"] = self.exchange.account
        if getattr(command, "client_order_id", None) == NO_ID:
            changes["client_order_id"] = self.mint()
        return msgspec.structs.replace(command, **changes) if changes else command

    async def _outcome(self, pending: Pending[Answer]) -> Outcome:
        try:
            return await self._waiter.wait(pending)
        except (Rejected, OutcomeUnknown) as outcome:
            return outcome
