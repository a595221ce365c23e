"""A trade becomes transfers. Everything it needs is held already, so it cannot fail.

    quote   buyer.held  → seller.available → fees      price × lots × atoms_per_tick_lot, less the seller's fee
    base    seller.held → buyer.available  → fees      lots × lot_size, less the buyer's fee
    quote   buyer.held  → buyer.available              (limit − price) × lots × atoms_per_tick_lot, price improvement

Fees are charged in what is received, per fill, rounded up; rebates are negative fees, rounded toward zero: both in
favour of the house, so it never loses an atom to rounding.
"""

from mexchange.core.ledger import rebate_allowed
from mexchange.core.match import Trade
from mexchange.core.state import FEES, Account, MarketState, Order, State
from mexchange.domain.order import OrderFlag, Side
from mexchange.domain.units import PPM_ONE, AssetId

BUY = Side.BUY
QUOTE_AMOUNT = int(OrderFlag.QUOTE_AMOUNT)


def settle(
    state: State, market: MarketState, taker: Order, taker_account: Account, maker_account: Account, trade: Trade
) -> tuple[int, int]:
    """Returns (taker's fee, maker's fee) in atoms of what each receives."""
    lots, price = trade.quantity, trade.price
    notional = price * lots * market.atoms_per_tick_lot
    base = lots * market.lot_size
    taker_ppm = market.fee(taker_account.fee_tier).taker_ppm
    maker_ppm = market.fee(maker_account.fee_tier).maker_ppm
    if taker.side == BUY:
        buyer, seller, limit = taker_account, maker_account, taker.price
        taker_fee = base_fee = _fee(state, market.base, base, taker_ppm)
        maker_fee = quote_fee = _fee(state, market.quote, notional, maker_ppm)
    else:
        buyer, seller, limit = maker_account, taker_account, price
        taker_fee = quote_fee = _fee(state, market.quote, notional, taker_ppm)
        maker_fee = base_fee = _fee(state, market.base, base, maker_ppm)
    fees = state.system[FEES]

    paying = buyer.balances[market.quote]
    if limit != price and not taker.flags & QUOTE_AMOUNT:
        improvement = (limit - price) * lots * market.atoms_per_tick_lot
        paying.held -= improvement
        paying.available += improvement
    paying.held -= notional
    seller.balances[market.quote].available += notional - quote_fee
    fees[market.quote].available += quote_fee

    delivering = seller.balances[market.base]
    delivering.held -= base
    buyer.balances[market.base].available += base - base_fee
    fees[market.base].available += base_fee
    assert paying.held >= 0
    assert delivering.held >= 0
    market.reference_price = price
    return taker_fee, maker_fee


def _fee(state: State, asset_id: AssetId, amount: int, ppm: int) -> int:
    """Rounded up: ceil of a fee, and a rebate (a negative fee) toward zero."""
    fee = -(-amount * ppm // PPM_ONE)
    if fee < 0:
        return max(fee, -rebate_allowed(state, asset_id))
    return fee
