"""Questions and their answers: schemas/queries.fbs, which has each field's meaning and unit."""

import msgspec

from mexchange.codec._generated import OrderState
from mexchange.codec.messages.account import Balance
from mexchange.domain.client_id import NO_ID, ClientOrderId
from mexchange.domain.units import (
    AccountId,
    AssetId,
    Atoms,
    Lots,
    MarketId,
    OrderId,
    Ppm,
    Sequence,
    Ticks,
    TimeNs,
    TradeId,
)


class MarketsQuery(msgspec.Struct, frozen=True):
    """Markets with id >= first."""

    first: MarketId = MarketId(0)


class MarketInfo(msgspec.Struct, frozen=True):
    """A market's rules."""

    market: MarketId = MarketId(0)
    symbol: str = ""
    base: AssetId = AssetId(0)
    quote: AssetId = AssetId(0)
    tick_size: int = 0
    lot_size: Atoms = Atoms(0)
    atoms_per_tick_lot: Atoms = Atoms(0)
    quantity_min: Lots = Lots(0)
    quantity_max: Lots = Lots(0)
    notional_min: Atoms = Atoms(0)
    band_ppm: Ppm = Ppm(0)
    maker_ppm: Ppm = Ppm(0)
    taker_ppm: Ppm = Ppm(0)
    status: int = 0
    reference_price: Ticks = Ticks(0)


class MarketsPage(msgspec.Struct, frozen=True):
    """`next` 0: the last page."""

    markets: list[MarketInfo] = []
    next: MarketId = MarketId(0)
    sequence: Sequence = Sequence(0)


class AssetsQuery(msgspec.Struct, frozen=True):
    """Assets with id >= first."""

    first: AssetId = AssetId(0)


class AssetInfo(msgspec.Struct, frozen=True):
    """An asset's definition."""

    asset: AssetId = AssetId(0)
    symbol: str = ""
    scale: int = 0
    display_decimals: int = 0
    supply_max: Atoms = Atoms(0)


class AssetsPage(msgspec.Struct, frozen=True):
    """`next` 0: the last page."""

    assets: list[AssetInfo] = []
    next: AssetId = AssetId(0)
    sequence: Sequence = Sequence(0)


class OpenOrder(msgspec.Struct, frozen=True):
    """An order that rests. `type_tif` is the order type and, from bit 4, the time in force."""

    order_id: OrderId
    client_order_id: ClientOrderId
    price: Ticks
    quantity: Lots
    leaves: Lots
    filled: Lots
    expiry_ns: TimeNs
    placed_sequence: Sequence
    held: Atoms
    market: MarketId
    side: int
    type_tif: int
    stp: int
    flags: int


class AccountQuery(msgspec.Struct, frozen=True):
    """Balances, and open orders with id >= first_order."""

    account: AccountId = AccountId(0)
    first_order: OrderId = OrderId(0)


class AccountPage(msgspec.Struct, frozen=True):
    """An account at `account_sequence`; balances on the first page, `next_order` 0: the last page."""

    account: AccountId = AccountId(0)
    account_sequence: int = 0
    sequence: Sequence = Sequence(0)
    status: int = 0
    fee_tier: int = 0
    stp: int = 0
    balances: list[Balance] = []
    orders: list[OpenOrder] = []
    next_order: OrderId = OrderId(0)
    maker_ppm: Ppm = Ppm(0)
    taker_ppm: Ppm = Ppm(0)
    time_ns: TimeNs = TimeNs(0)


class OrderQuery(msgspec.Struct, frozen=True):
    """What became of an order, named by order id, or by client order id if that is 0."""

    account: AccountId = AccountId(0)
    order_id: OrderId = OrderId(0)
    client_order_id: ClientOrderId = NO_ID


class OrderSummary(msgspec.Struct, frozen=True):
    """An order, open or finished. `type_tif` is the order type and, from bit 4, the time in force."""

    order_id: OrderId
    client_order_id: ClientOrderId
    price: Ticks
    quantity: Lots
    leaves: Lots
    filled: Lots
    expiry_ns: TimeNs
    placed_sequence: Sequence
    last_sequence: Sequence
    placed_ns: TimeNs
    last_ns: TimeNs
    notional: Atoms
    """Of its fills, in the quote asset."""
    market: MarketId
    side: int
    type_tif: int
    stp: int
    flags: int
    state: int = OrderState.UNKNOWN
    done_reason: int = 0
    reject_reason: int = 0


class OrderAnswer(msgspec.Struct, frozen=True):
    """The order, if it is known."""

    known: bool = False
    orders: list[OrderSummary] = []
    sequence: Sequence = Sequence(0)


class OrdersQuery(msgspec.Struct, frozen=True):
    """Recent orders with id < before (0: from the newest), of one market (0: all)."""

    account: AccountId = AccountId(0)
    before: OrderId = OrderId(0)
    limit: int = 0
    open_only: bool = False
    market: MarketId = MarketId(0)


class OrdersPage(msgspec.Struct, frozen=True):
    """Newest first; `next_before` 0: no more."""

    orders: list[OrderSummary] = []
    next_before: OrderId = OrderId(0)
    sequence: Sequence = Sequence(0)


class BookQuery(msgspec.Struct, frozen=True):
    """One book, once."""

    market: MarketId = MarketId(0)
    depth: int = 0
    group_ticks: int = 1


class TradesQuery(msgspec.Struct, frozen=True):
    """Trades with id < before (0: from the newest)."""

    market: MarketId = MarketId(0)
    limit: int = 0
    before: TradeId = TradeId(0)


class TickerQuery(msgspec.Struct, frozen=True):
    """One market's ticker, or all (0)."""

    market: MarketId = MarketId(0)


class Preview(msgspec.Struct, frozen=True):
    """What would come of this block of commands."""

    block: bytes = b""


class PreviewAnswer(msgspec.Struct, frozen=True):
    """`records` stays bytes, 80 a record; `codec.events.decode_records` reads them."""

    sequence: Sequence = Sequence(0)
    records: bytes = b""
    state_hash: bytes = b""
    journal_bytes: int = 0
    truncated: bool = False


class StatusQuery(msgspec.Struct, frozen=True):
    """How is the daemon."""


class CounterInfo(msgspec.Struct, frozen=True):
    """A number of the daemon's."""

    name: str = ""
    value: int = 0


class StatusAnswer(msgspec.Struct, frozen=True):
    """`text` is `key=value` lines."""

    text: str = ""
    counters: list[CounterInfo] = []


class QueryRefused(msgspec.Struct, frozen=True):
    """Why not, as an `E_` code and for people."""

    code: str = ""
    text: str = ""
