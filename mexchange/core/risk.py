"""May this be done, and what does it hold. Knows accounts and markets, and nothing of books.

Each check is a column: one condition, one return, in the order of RejectReason; nothing changes before the last check
has passed. What an order needs: a buy price × leaves in quote atoms (by quote amount, what is left of it), a sell its
leaves in base atoms. Held equals the needs of open orders plus pending withdrawals, at every sequence.
"""

from typing import Final

from mexchange.core.state import Account, Balance, MarketState, Order, State
from mexchange.domain.market import OPEN_ORDERS_PER_MARKET, AccountStatus, MarketStatus
from mexchange.domain.order import OrderFlag, OrderType, SelfTradePrevention, Side, TimeInForce
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import NOTIONAL_MAX, PPM_ONE, PRICE_MAX, MarketId, div_ceil, div_floor

BUY: Final = int(Side.BUY)
SELL: Final = int(Side.SELL)
LIMIT: Final = int(OrderType.LIMIT)
MARKET: Final = int(OrderType.MARKET)
GTC: Final = int(TimeInForce.GTC)
IOC: Final = int(TimeInForce.IOC)
FOK: Final = int(TimeInForce.FOK)
GTD: Final = int(TimeInForce.GTD)
POST_ONLY: Final = int(OrderFlag.POST_ONLY)
SLIDE: Final = int(OrderFlag.SLIDE)
QUOTE_AMOUNT: Final = int(OrderFlag.QUOTE_AMOUNT)
FLAGS_ALL: Final = int(POST_ONLY | SLIDE | QUOTE_AMOUNT | OrderFlag.CANCEL_ON_DISCONNECT)
DECREMENT: Final = int(SelfTradePrevention.DECREMENT)
REDUCE_ONLY: Final = AccountStatus.REDUCE_ONLY
OPEN: Final = MarketStatus.OPEN

_ACCOUNT_REASONS: Final = {
    AccountStatus.CLOSED: RejectReason.ACCOUNT_CLOSED,
    AccountStatus.FROZEN: RejectReason.ACCOUNT_FROZEN,
}
_MARKET_REASONS: Final = {
    MarketStatus.CLOSED: RejectReason.MARKET_CLOSED,
    MarketStatus.HALTED: RejectReason.MARKET_HALTED,
    MarketStatus.CANCEL_ONLY: RejectReason.MARKET_CANCEL_ONLY,
}


def check_place_order(state: State, account: Account, market: MarketState | None, order: Order) -> RejectReason | None:
    """First failing check in order of precedence, or None. The caller asks last whether the funds suffice."""
    if account.status > REDUCE_ONLY:
        return _ACCOUNT_REASONS[account.status]
    if market is None:
        return RejectReason.MARKET_NOT_FOUND
    if market.status is not OPEN:
        return _MARKET_REASONS[market.status]
    if account.status == REDUCE_ONLY and order.side == BUY:
        return RejectReason.ACCOUNT_REDUCE_ONLY
    if order.side != BUY and order.side != SELL:
        return RejectReason.SIDE_INVALID
    if order.order_type | order.time_in_force << 4 | order.flags << 8 not in _KINDS:
        return RejectReason.ORDER_TYPE_INVALID
    if order.self_trade_prevention > DECREMENT or (order.flags & QUOTE_AMOUNT and order.side != BUY):
        return RejectReason.ORDER_TYPE_INVALID
    if order.expiry_ns <= state.time_ns if order.time_in_force == GTD else order.expiry_ns:
        return RejectReason.EXPIRY_INVALID
    if not 1 <= order.price <= PRICE_MAX:
        return RejectReason.PRICE_INVALID
    if order.quantity <= 0:
        return RejectReason.QUANTITY_INVALID
    reason = _check_size(account, market, order)
    if reason is not None:
        return reason
    if order.time_in_force == GTC or order.time_in_force == GTD:
        return _check_open_orders(account, order.market_id)
    return None


def _is_kind_of_order(order_type: int, time_in_force: int, flags: int) -> bool:
    """Does this combination exist."""
    may_rest = order_type == LIMIT and time_in_force in (GTC, GTD)
    if order_type not in (LIMIT, MARKET) or not (may_rest or time_in_force in (IOC, FOK)):
        return False
    if flags & QUOTE_AMOUNT and order_type != MARKET:
        return False
    if flags & SLIDE and not flags & POST_ONLY:
        return False
    return may_rest or not flags & POST_ONLY


_KINDS: Final = frozenset(
    order_type | time_in_force << 4 | flags << 8
    for order_type in range(16)
    for time_in_force in range(16)
    for flags in range(FLAGS_ALL + 1)
    if _is_kind_of_order(order_type, time_in_force, flags)
)
"""Every combination of order type, time in force and flags that exists, so that the check is one look."""


def _check_size(account: Account, market: MarketState, order: Order) -> RejectReason | None:
    smallest: int
    largest: int
    if order.flags & QUOTE_AMOUNT:
        smallest = largest = order.quantity
    else:
        if order.quantity < market.quantity_min:
            return RejectReason.QUANTITY_BELOW_MIN
        if order.quantity > market.quantity_max:
            return RejectReason.QUANTITY_ABOVE_MAX
        largest = smallest = order.price * order.quantity * market.atoms_per_tick_lot
        if order.order_type == MARKET:  # what it is worth, not what it would bear
            smallest = market.reference_price * order.quantity * market.atoms_per_tick_lot
    if smallest < market.notional_min:
        return RejectReason.NOTIONAL_BELOW_MIN
    if largest > NOTIONAL_MAX:
        return RejectReason.NOTIONAL_ABOVE_MAX
    if account.order_notional_max and largest > account.order_notional_max:
        return RejectReason.NOTIONAL_ABOVE_MAX
    return None


def _check_open_orders(account: Account, market_id: MarketId) -> RejectReason | None:
    if len(account.orders) >= account.open_orders_max:
        return RejectReason.TOO_MANY_ORDERS
    if account.open_in.get(market_id, 0) >= OPEN_ORDERS_PER_MARKET:
        return RejectReason.TOO_MANY_ORDERS
    return None


def check_amend_order(
    account: Account, market: MarketState, order: Order, *, price: int, quantity: int, expected_filled: int
) -> RejectReason | None:
    """As check_place_order, for a resting order; `price` and `quantity` are the values asked for, 0 leaves one."""
    new_price, new_quantity = price or order.price, quantity or order.quantity
    is_only_smaller = new_price == order.price and new_quantity < order.quantity
    if account.status > REDUCE_ONLY:
        return _ACCOUNT_REASONS[account.status]
    if market.status is not OPEN and not (market.status == MarketStatus.CANCEL_ONLY and is_only_smaller):
        return _MARKET_REASONS[market.status]
    if account.status == REDUCE_ONLY and order.side == BUY and not is_only_smaller:
        return RejectReason.ACCOUNT_REDUCE_ONLY
    if expected_filled not in (-1, order.filled):
        return RejectReason.FILLED_MEANWHILE
    if new_price == order.price and new_quantity == order.quantity:
        return RejectReason.AMEND_INVALID
    if not 1 <= new_price <= PRICE_MAX:
        return RejectReason.PRICE_INVALID
    if new_quantity < 0:
        return RejectReason.QUANTITY_INVALID
    if new_quantity <= order.filled:
        return None  # ends the order, whatever its size
    if new_quantity < market.quantity_min:
        return RejectReason.QUANTITY_BELOW_MIN
    if new_quantity > market.quantity_max:
        return RejectReason.QUANTITY_ABOVE_MAX
    notional = new_price * new_quantity * market.atoms_per_tick_lot
    if notional < market.notional_min:
        return RejectReason.NOTIONAL_BELOW_MIN
    if notional > NOTIONAL_MAX or (account.order_notional_max and notional > account.order_notional_max):
        return RejectReason.NOTIONAL_ABOVE_MAX
    return None


def check_account(account: Account) -> RejectReason | None:
    """Why this account may not change anything, or None."""
    return _ACCOUNT_REASONS.get(account.status)


def place_detail(account: Account, market: MarketState, order: Order, reason: RejectReason) -> int:
    """The number that goes with a reject of a new or amended order; its meaning stands in domain/rejects.py."""
    match reason:
        case RejectReason.QUANTITY_BELOW_MIN:
            return market.quantity_min
        case RejectReason.QUANTITY_ABOVE_MAX:
            return market.quantity_max
        case RejectReason.NOTIONAL_BELOW_MIN:
            return market.notional_min
        case RejectReason.NOTIONAL_ABOVE_MAX:
            return min(account.order_notional_max or NOTIONAL_MAX, NOTIONAL_MAX)
        case RejectReason.TOO_MANY_ORDERS:
            return account.open_orders_max if len(account.orders) >= account.open_orders_max else OPEN_ORDERS_PER_MARKET
        case RejectReason.INSUFFICIENT_FUNDS:
            return holding(account, market, order.side).available
        case RejectReason.FILLED_MEANWHILE:
            return order.filled
        case _:
            return 0


def protection_price(market: MarketState, side: int) -> int:
    """Where a market order without a price of its own stops: reference ± band, rounded toward the reference.

    The rounding favours the trader: never a tick worse than the band says.
    """
    if side == BUY:
        return min(div_floor(market.reference_price * (PPM_ONE + market.band_ppm), PPM_ONE), PRICE_MAX)
    return max(div_ceil(market.reference_price * (PPM_ONE - market.band_ppm), PPM_ONE), 1)


def holding(account: Account, market: MarketState, side: int) -> Balance:
    """The balance that an order of this side draws on."""
    return account.balances[market.quote if side == BUY else market.base]


def needs(market: MarketState, order: Order) -> int:
    """Atoms that the order, as it is, has to hold."""
    if order.flags & QUOTE_AMOUNT:
        return order.leaves
    return needs_of(market, order, order.leaves)


def needs_amended(market: MarketState, order: Order, price: int, quantity: int) -> int:
    """Atoms that a resting order would need with this price and total quantity."""
    lots = quantity - order.filled
    if order.side == BUY:
        return price * lots * market.atoms_per_tick_lot
    return lots * market.lot_size


def needs_of(market: MarketState, order: Order, lots: int) -> int:
    """Atoms that this many lots of the order need at its price."""
    if order.side == BUY:
        return order.price * lots * market.atoms_per_tick_lot
    return lots * market.lot_size


def hold(balance: Balance, atoms: int) -> None:
    """From available to held. Asked for and checked before."""
    balance.available -= atoms
    balance.held += atoms
    assert balance.available >= 0


def release(balance: Balance, atoms: int) -> None:
    """From held to available."""
    balance.available += atoms
    balance.held -= atoms
    assert balance.held >= 0
