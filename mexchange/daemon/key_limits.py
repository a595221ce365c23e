"""What a key for a program may trade: in which markets, how much within an hour, selling only.

Judged before the journal, for sessions whose key has limits; others pay nothing for it. What an order may come to
counts when it is sent on, whatever the engine says to it, and once, however often it is repeated. The hour is of this
process: a restart begins it anew.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

import msgspec

from mexchange.codec import MessageType, decode, decode_commands, encode
from mexchange.codec.messages import MarketInfo, MarketsPage, MarketsQuery
from mexchange.daemon.recent_orders import OrderRow
from mexchange.daemon.views import Engine
from mexchange.domain.commands import AmendOrder, Command, PlaceOrder
from mexchange.domain.order import OrderFlag, OrderType, Side
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import PPM_ONE, MarketId, div_ceil
from mexchange.store.identity import Key

HOUR_NS: Final = 3_600 * 10**9
ORDERS_MAX: Final = 65_536
"""Of one key within the hour that are remembered; at the limit further ones are refused."""

Charge = tuple[bytes, int]
"""Client order id, and what the order may come to in quote atoms."""


class KeyLimit(msgspec.Struct, frozen=True):
    """The limits of one key. `notional_per_hour`: atoms of `notional_asset`, 0: none."""

    key_id: str
    markets: frozenset[int]
    notional_asset: int
    notional_per_hour: int
    reduce_only: bool


def limit_of(key: Key) -> KeyLimit | None:
    """Of a key, None if it has none."""
    if not (key.markets or key.notional_per_hour or key.reduce_only):
        return None
    markets = frozenset(map(int, key.markets.split()))
    return KeyLimit(key.key_id, markets, key.notional_asset, key.notional_per_hour, key.reduce_only)


class KeyLimited(Exception):
    """The key may not do that."""

    def __init__(self, reason: RejectReason) -> None:
        super().__init__(reason.name)
        self.reason = reason


class _Hour:
    """What one key has sent on within the last hour."""

    def __init__(self) -> None:
        self._orders: OrderedDict[bytes, tuple[int, int]] = OrderedDict()
        self._total = 0

    def total(self, now_ns: int) -> int:
        """Quote atoms."""
        while self._orders:
            name, (then_ns, atoms) = next(iter(self._orders.items()))
            if now_ns - then_ns < HOUR_NS:
                break
            del self._orders[name]
            self._total -= atoms
        return self._total

    def has(self, name: bytes) -> bool:
        return name in self._orders

    def add(self, name: bytes, atoms: int, now_ns: int) -> None:
        if name not in self._orders:
            self._orders[name] = (now_ns, atoms)
            self._total += atoms

    @property
    def is_full(self) -> bool:
        return len(self._orders) >= ORDERS_MAX


class KeyLimits:
    """Judges commands. `order_of(account, order id)` is a known order of an account."""

    def __init__(self, *, engine: Engine, order_of: Callable[[int, int], OrderRow | None]) -> None:
        self._engine = engine
        self._order_of = order_of
        self._hours: dict[str, _Hour] = {}

    def check(self, limit: KeyLimit, message_type: int, payload: bytes, *, account: int, now_ns: int) -> list[Charge]:
        """What the commands of a block will count. Raises KeyLimited, Malformed."""
        if message_type not in (MessageType.NEW_ORDERS, MessageType.AMENDS):
            return []
        charges = [self._judge(limit, command, account) for command in decode_commands(message_type, payload)]
        if limit.notional_per_hour:
            hour = self._hours.setdefault(limit.key_id, _Hour())
            new = sum(atoms for name, atoms in charges if not hour.has(name))
            if hour.total(now_ns) + new > limit.notional_per_hour or hour.is_full:
                raise KeyLimited(RejectReason.KEY_NOTIONAL)
        return charges

    def charge(self, limit: KeyLimit, charges: list[Charge], now_ns: int) -> None:
        """They are sent on."""
        hour = self._hours.setdefault(limit.key_id, _Hour())
        for name, atoms in charges:
            hour.add(name, atoms, now_ns)

    def _judge(self, limit: KeyLimit, command: Command, account: int) -> Charge:
        match command:
            case PlaceOrder():
                return command.client_order_id, self._new(limit, command)
            case AmendOrder():
                return command.client_order_id, self._amended(limit, command, account)
            case _:
                raise AssertionError(command)

    def _new(self, limit: KeyLimit, order: PlaceOrder) -> int:
        market = self._market(limit, order.market, order.side)
        if not limit.notional_per_hour:
            return 0
        if order.flags & OrderFlag.QUOTE_AMOUNT:
            return max(0, order.quantity)
        price = int(order.price)
        if order.order_type is OrderType.MARKET and not price:
            price = div_ceil(market.reference_price * (PPM_ONE + market.band_ppm), PPM_ONE)
        return max(0, price * order.quantity * market.atoms_per_tick_lot)

    def _amended(self, limit: KeyLimit, amend: AmendOrder, account: int) -> int:
        """What an amended order may come to beyond what it could before."""
        row = self._order_of(account, amend.order_id)
        if row is None:  # not durable yet, or not there: to be asked again
            raise KeyLimited(RejectReason.KEY_NOTIONAL)
        market = self._market(limit, row.market, row.side)
        price, quantity = amend.price or row.price, amend.quantity or row.quantity
        more = price * max(0, quantity - row.filled) - row.price * row.leaves
        return max(0, more) * market.atoms_per_tick_lot

    def _market(self, limit: KeyLimit, number: int, side: int) -> MarketInfo:
        if limit.markets and number not in limit.markets:
            raise KeyLimited(RejectReason.KEY_MARKET)
        if limit.reduce_only and side != Side.SELL:
            raise KeyLimited(RejectReason.KEY_REDUCE_ONLY)
        market = self._definition(number)
        if limit.notional_per_hour and market.quote != limit.notional_asset:
            raise KeyLimited(RejectReason.KEY_MARKET)
        return market

    def _definition(self, number: int) -> MarketInfo:
        for block in self._engine.query(encode(MarketsQuery(MarketId(number)))):
            page = decode(MessageType.MARKETS_PAGE, block[8:])
            assert isinstance(page, MarketsPage)
            for market in page.markets:
                if market.market == number:
                    return market
        raise KeyLimited(RejectReason.KEY_MARKET)
