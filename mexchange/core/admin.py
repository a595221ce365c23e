"""What operators do to assets and markets: rules, fees, statuses. Each is a command in the journal like any other."""

import re
from typing import Final, TypeVar

from mexchange.codec.events import (
    pack_asset_changed,
    pack_fees_changed,
    pack_market_changed,
)
from mexchange.core import ledger
from mexchange.core.answer import admit_operator, conclude, refuse
from mexchange.core.digest import Content
from mexchange.core.execute import end_all, tell_levels
from mexchange.core.state import Book, Fee, MarketState, State, orders_of
from mexchange.domain.commands import (
    ChangeAsset,
    ChangeMarket,
    CreateAsset,
    CreateMarket,
    SetFees,
    SetMarketStatus,
)
from mexchange.domain.events import EventKind
from mexchange.domain.market import (
    ASSETS_MAX,
    ATOMS_PER_LOT_MIN,
    FEE_PPM_MAX,
    FEE_TIER_MAX,
    MARKETS_MAX,
    Asset,
    MarketStatus,
    atoms_per_tick_lot,
    nearest_lot_size,
)
from mexchange.domain.order import DoneReason
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import (
    NOTIONAL_MAX,
    PPM_ONE,
    PRICE_MAX,
    QUANTITY_MAX,
    SCALE_MAX,
    SUPPLY_MAX,
    AssetId,
    Atoms,
    MarketId,
    OrderId,
)

Number = TypeVar("Number", bound=int)
_SYMBOL: Final = re.compile(r"[A-Z0-9]{1,10}")


def create_asset(state: State, out: list[bytes], command: CreateAsset, content: Content) -> None:
    """The next asset id."""
    operator, client_order_id = state.operator, command.client_order_id
    if not admit_operator(state, out, operator, client_order_id, content):
        return None
    taken = state.asset_ids.get(command.symbol, 0)
    reason = _check_asset(state, command, taken)
    if reason is not None:
        detail = taken if reason is RejectReason.SYMBOL_TAKEN else 0
        return refuse(state, out, operator, client_order_id, content, reason, detail)
    asset_id = AssetId(len(state.assets) + 1)
    state.assets[asset_id] = Asset(
        asset_id, command.symbol, command.scale, command.display_decimals, command.supply_max
    )
    state.asset_ids[command.symbol] = asset_id
    return _asset_changed(state, out, asset_id, client_order_id, content)


def _check_asset(state: State, command: CreateAsset, taken: int) -> RejectReason | None:
    if _SYMBOL.fullmatch(command.symbol) is None:
        return RejectReason.ASSET_INVALID
    if not 0 <= command.display_decimals <= command.scale <= SCALE_MAX:
        return RejectReason.ASSET_INVALID
    if not 1 <= command.supply_max <= SUPPLY_MAX:
        return RejectReason.ASSET_INVALID
    if taken:
        return RejectReason.SYMBOL_TAKEN
    if len(state.assets) >= ASSETS_MAX:
        return RejectReason.TOO_MANY_ASSETS
    return None


def change_asset(state: State, out: list[bytes], command: ChangeAsset, content: Content) -> None:
    """How it is shown, and how much of it there may be: never less than there is."""
    operator, client_order_id = state.operator, command.client_order_id
    if not admit_operator(state, out, operator, client_order_id, content):
        return None
    asset = state.assets.get(command.asset)
    if asset is None:
        return refuse(state, out, operator, client_order_id, content, RejectReason.ASSET_NOT_FOUND)
    decimals = asset.display_decimals if command.display_decimals == -1 else command.display_decimals
    supply_max = command.supply_max or asset.supply_max
    if not 0 <= decimals <= asset.scale or not max(1, ledger.supply(state, command.asset)) <= supply_max <= SUPPLY_MAX:
        return refuse(state, out, operator, client_order_id, content, RejectReason.ASSET_INVALID)
    state.assets[command.asset] = Asset(asset.asset_id, asset.symbol, asset.scale, decimals, Atoms(supply_max))
    return _asset_changed(state, out, asset.asset_id, client_order_id, content)


def _asset_changed(state: State, out: list[bytes], asset_id: AssetId, client_order_id: bytes, content: Content) -> None:
    out.append(pack_asset_changed(state.sequence, asset_id, client_order_id))
    conclude(state, state.operator, client_order_id, content, EventKind.ASSET_CHANGED, order_id=OrderId(asset_id))


def create_market(state: State, out: list[bytes], command: CreateMarket, content: Content) -> None:
    """The next market id. Its tick and lot must make whole atoms of the quote asset."""
    operator, client_order_id = state.operator, command.client_order_id
    if not admit_operator(state, out, operator, client_order_id, content):
        return None
    refused = _check_market(state, command)
    if refused is not None:
        reason, detail = refused
        return refuse(state, out, operator, client_order_id, content, reason, detail)
    base, quote = state.assets[command.base], state.assets[command.quote]
    unit = _unit(state, command)
    assert unit is not None
    market_id = MarketId(len(state.markets) + 1)
    market = MarketState(
        market_id=market_id,
        symbol=f"{base.symbol}/{quote.symbol}",
        base=command.base,
        quote=command.quote,
        tick_size=command.tick_size,
        lot_size=command.lot_size,
        atoms_per_tick_lot=unit,
        quantity_min=command.quantity_min,
        quantity_max=command.quantity_max,
        notional_min=command.notional_min,
        band_ppm=command.band_ppm,
        status=MarketStatus(command.status),
        reference_price=command.reference_price,
    )
    market.set_fee(0, Fee(command.maker_ppm, command.taker_ppm))
    state.markets[market_id] = market
    state.market_ids[command.base, command.quote] = market_id
    state.books[market_id] = Book(market_id)
    return _market_changed(state, out, market, client_order_id, content)


def _unit(state: State, command: CreateMarket) -> Atoms | None:
    return atoms_per_tick_lot(
        tick_size=command.tick_size,
        lot_size=command.lot_size,
        base_scale=state.assets[command.base].scale,
        quote_scale=state.assets[command.quote].scale,
    )


def _check_market(state: State, command: CreateMarket) -> tuple[RejectReason, int] | None:
    """(reason, detail), or None."""
    if command.base not in state.assets or command.quote not in state.assets:
        return RejectReason.ASSET_NOT_FOUND, 0
    taken = state.market_ids.get((command.base, command.quote), 0)
    if taken:
        return RejectReason.SYMBOL_TAKEN, taken
    if command.base == command.quote or command.status not in list(MarketStatus):
        return RejectReason.MARKET_INVALID, 0
    if not (1 <= command.tick_size <= NOTIONAL_MAX and 1 <= command.lot_size <= NOTIONAL_MAX):
        return RejectReason.MARKET_INVALID, 0
    if not 1 <= command.reference_price <= PRICE_MAX:
        return RejectReason.MARKET_INVALID, 0
    if not _are_limits(command.quantity_min, command.quantity_max, command.notional_min, command.band_ppm):
        return RejectReason.MARKET_INVALID, 0
    unit = _unit(state, command)
    if unit is None or command.lot_size < ATOMS_PER_LOT_MIN:
        return RejectReason.MARKET_INEXACT, _nearest_lot(state, command)
    if unit > NOTIONAL_MAX:
        return RejectReason.MARKET_INVALID, 0
    if len(state.markets) >= MARKETS_MAX:
        return RejectReason.TOO_MANY_MARKETS, 0
    if not _are_fees([Fee(command.maker_ppm, command.taker_ppm)]):
        return RejectReason.FEES_INVALID, 0
    return None


def _nearest_lot(state: State, command: CreateMarket) -> int:
    lot_size = nearest_lot_size(
        tick_size=command.tick_size,
        lot_size=command.lot_size,
        base_scale=state.assets[command.base].scale,
        quote_scale=state.assets[command.quote].scale,
    )
    return lot_size or 0


def _are_limits(quantity_min: int, quantity_max: int, notional_min: int, band_ppm: int) -> bool:
    return (
        1 <= quantity_min <= quantity_max <= QUANTITY_MAX
        and 0 <= notional_min <= NOTIONAL_MAX
        and 1 <= band_ppm <= PPM_ONE
    )


def _are_fees(fees: list[Fee]) -> bool:
    """Each within bounds, and every pair of a maker's and a taker's at least zero, whatever their tiers."""
    rates = [rate for fee in fees for rate in (fee.maker_ppm, fee.taker_ppm)]
    lowest_pair = min(fee.maker_ppm for fee in fees) + min(fee.taker_ppm for fee in fees)
    return lowest_pair >= 0 and all(-FEE_PPM_MAX <= rate <= FEE_PPM_MAX for rate in rates)


def change_market(state: State, out: list[bytes], command: ChangeMarket, content: Content) -> None:
    """Limits and band. Resting orders stay as they are."""
    market = _admit_market(state, out, command, content)
    if market is None:
        return None
    quantity_min = _or(command.quantity_min, market.quantity_min)
    quantity_max = _or(command.quantity_max, market.quantity_max)
    notional_min = _or(command.notional_min, market.notional_min)
    band_ppm = _or(command.band_ppm, market.band_ppm)
    if not _are_limits(quantity_min, quantity_max, notional_min, band_ppm):
        return _refuse_market(state, out, command, content, RejectReason.MARKET_INVALID)
    market.quantity_min, market.quantity_max = quantity_min, quantity_max
    market.notional_min, market.band_ppm = notional_min, band_ppm
    return _market_changed(state, out, market, command.client_order_id, content)


def _or(value: Number, current: Number) -> Number:
    return current if value == -1 else value


def _admit_market(
    state: State, out: list[bytes], command: ChangeMarket | SetMarketStatus | SetFees, content: Content
) -> MarketState | None:
    if not admit_operator(state, out, state.operator, command.client_order_id, content):
        return None
    market = state.markets.get(command.market)
    if market is None:
        _refuse_market(state, out, command, content, RejectReason.MARKET_NOT_FOUND)
    return market


def _refuse_market(
    state: State,
    out: list[bytes],
    command: ChangeMarket | SetMarketStatus | SetFees,
    content: Content,
    reason: RejectReason,
) -> None:
    refuse(state, out, state.operator, command.client_order_id, content, reason, market_id=command.market)


def _market_changed(
    state: State, out: list[bytes], market: MarketState, client_order_id: bytes, content: Content
) -> None:
    out.append(pack_market_changed(state.sequence, market.market_id, client_order_id, market.status))
    kind = EventKind.MARKET_CHANGED
    conclude(state, state.operator, client_order_id, content, kind, market_id=market.market_id)


def set_market_status(state: State, out: list[bytes], command: SetMarketStatus, content: Content) -> None:
    """From any status to any other. Entering CLOSED ends every order, bids first, best first."""
    market = _admit_market(state, out, command, content)
    if market is None:
        return None
    if command.status not in list(MarketStatus):
        return _refuse_market(state, out, command, content, RejectReason.MARKET_INVALID)
    market.status = MarketStatus(command.status)
    _market_changed(state, out, market, command.client_order_id, content)
    if market.status == MarketStatus.CLOSED:
        book = state.books[market.market_id]
        orders = [*orders_of(book.bids), *orders_of(book.asks)]
        end_all(state, out, orders, DoneReason.MARKET_CLOSED)
        tell_levels(state, out, orders)
    return None


def set_fees(state: State, out: list[bytes], command: SetFees, content: Content) -> None:
    """Of one tier, from the next fill on. Tiers that were never set pay as tier 0."""
    market = _admit_market(state, out, command, content)
    if market is None:
        return None
    fee = Fee(command.maker_ppm, command.taker_ppm)
    tier = command.tier
    others = [other for number, other in market.fees_set.items() if number != tier]
    if not 0 <= tier <= FEE_TIER_MAX or not _are_fees([fee, *others]):
        return _refuse_market(state, out, command, content, RejectReason.FEES_INVALID)
    market.set_fee(tier, fee)
    out.append(
        pack_fees_changed(state.sequence, market.market_id, command.client_order_id, tier, fee.maker_ppm, fee.taker_ppm)
    )
    kind = EventKind.FEES_CHANGED
    return conclude(state, state.operator, command.client_order_id, content, kind, market_id=market.market_id)
