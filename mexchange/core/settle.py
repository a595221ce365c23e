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

BUY = int(Side.BUY)
QUOTE_AMOUNT = int(OrderFlag.QUOTE_AMOUNT)


def settle(
    state: State, market: MarketState, taker: Order, taker_account: Account, maker_account: Account, trade: Trade
) -> tuple[int, int]:
    """Returns (taker's fee, maker's fee) in atoms of what each receives."""
    price, lots = trade.price, trade.quantity
    notional = price * lots * market.atoms_per_tick_lot
    base = lots * market.lot_size
    taker_ppm = market.fees[taker_account.fee_tier].taker_ppm
    maker_ppm = market.fees[maker_account.fee_tier].maker_ppm
    if taker.side == BUY:
        buyer, buyer_ppm, seller, seller_ppm = taker_account, taker_ppm, maker_account, maker_ppm
    else:
        buyer, buyer_ppm, seller, seller_ppm = maker_account, maker_ppm, taker_account, taker_ppm
    base_fee = -(-base * buyer_ppm // PPM_ONE)  # ceil, as is the next
    quote_fee = -(-notional * seller_ppm // PPM_ONE)
    if base_fee < 0:
        base_fee = _rebate(state, market.base, base_fee)
    if quote_fee < 0:
        quote_fee = _rebate(state, market.quote, quote_fee)
    fees = state.system[FEES]

    paying = buyer.balances[market.quote]
    if taker.side == BUY and taker.price != price and not taker.flags & QUOTE_AMOUNT:
        improvement = (taker.price - price) * lots * market.atoms_per_tick_lot
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
    return (base_fee, quote_fee) if taker.side == BUY else (quote_fee, base_fee)


def _rebate(state: State, asset_id: AssetId, fee: int) -> int:
    """A negative fee, rounded toward zero already, cut to what the fees account may still owe."""
    return max(fee, -rebate_allowed(state, asset_id))
