"""Questions that the engine's state answers: account, open order, book, markets, assets, balances. Changes nothing.

A question gets one page and asks for the next by its cursor; a book comes in all its pages at once. What does not exist
is refused by name, except that an order may be unknown.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from msgspec.structs import replace

from mexchange.codec import Malformed, decode, encode
from mexchange.codec.blocks import DATAGRAM_BLOCKS_MAX, split
from mexchange.codec.messages import (
    AccountPage,
    AccountQuery,
    AssetInfo,
    AssetsPage,
    AssetsQuery,
    Balance,
    Balances,
    BookQuery,
    MarketInfo,
    MarketsPage,
    MarketsQuery,
    Message,
    OpenOrder,
    OrderAnswer,
    OrderQuery,
    OrderState,
    OrderSummary,
    QueryRefused,
)
from mexchange.core import risk
from mexchange.core.book_query import book_pages
from mexchange.core.execute import open_orders
from mexchange.core.page import refused, room
from mexchange.core.state import Account, Answer, MarketState, Order, State
from mexchange.domain.client_id import NO_ID
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import AssetId, Atoms, Lots, MarketId, OrderId, Ppm, Sequence, Ticks, TimeNs

_BALANCE_SIZE: Final = 24
_OPEN_ORDER_SIZE: Final = 88
_BALANCES_CURSOR: Final = 1 << 63
"""Cursors of AccountQuery with this bit are asset ids: more balances than one page takes. Others are order ids."""


def answer(state: State, block: bytes) -> list[bytes]:
    """Reply blocks for one question block. Raises Malformed for bytes that are none, and UnknownMessage."""
    blocks = split(block)
    if len(blocks) != 1:
        raise Malformed("a question is one block")
    message_type, correlation, payload = blocks[0]
    question = decode(message_type, payload)
    return [encode(reply, correlation) for reply in _replies(state, question)]


def _replies(state: State, question: Message) -> Iterable[Message]:
    match question:
        case AccountQuery():
            return [_account_page(state, question)]
        case Balances():
            return _balances(state, question)
        case OrderQuery():
            return [_order(state, question)]
        case BookQuery():
            return book_pages(state, question)
        case MarketsQuery():
            return [_markets_page(state, question)]
        case AssetsQuery():
            return [_assets_page(state, question)]
        case _:
            return [QueryRefused("E_UNSUPPORTED", "the engine does not answer this question")]


def _account_page(state: State, question: AccountQuery) -> Message:
    """Balances by asset, then open orders by order id. The cursor says where the page before it stopped."""
    account = state.accounts.get(question.account)
    if account is None:
        return refused(RejectReason.ACCOUNT_NOT_FOUND)
    cursor = question.first_order
    fee = state.markets[MarketId(1)].fees[account.fee_tier] if state.markets else None
    head = AccountPage(
        account=question.account,
        account_sequence=account.sequence,
        sequence=state.sequence,
        status=account.status,
        fee_tier=account.fee_tier,
        stp=account.self_trade_prevention,
        maker_ppm=fee.maker_ppm if fee else Ppm(0),
        taker_ppm=fee.taker_ppm if fee else Ppm(0),
        time_ns=state.time_ns,
    )
    fit = room(head, _BALANCE_SIZE)
    balances = []
    if cursor == 0 or cursor & _BALANCES_CURSOR:
        balances = [row for row in _balance_rows(account) if row.asset >= cursor & ~_BALANCES_CURSOR]
    if len(balances) > fit:
        return replace(head, balances=balances[:fit], next_order=_BALANCES_CURSOR | balances[fit].asset)
    first_order = 0 if cursor & _BALANCES_CURSOR else cursor
    fit = room(replace(head, balances=balances), _OPEN_ORDER_SIZE)
    following = (order for order in open_orders(state, account) if order.order_id >= first_order)
    orders = list(islice(following, fit + 1))
    return replace(
        head,
        balances=balances,
        orders=[_open_order(state.markets[order.market_id], order) for order in orders[:fit]],
        next_order=orders[fit].order_id if len(orders) > fit else 0,
    )


def _balance_rows(account: Account) -> list[Balance]:
    return [
        Balance(asset_id, Atoms(balance.available), Atoms(balance.held))
        for asset_id, balance in sorted(account.balances.items())
        if balance.available or balance.held
    ]


def _open_order(market: MarketState, order: Order) -> OpenOrder:
    return OpenOrder(
        order.order_id,
        order.client_order_id,
        order.price,
        order.quantity,
        Lots(order.leaves),
        Lots(order.filled),
        order.expiry_ns,
        order.placed_sequence,
        Atoms(risk.needs(market, order)),
        order.market_id,
        order.side,
        order.order_type | order.time_in_force << 4,
        order.self_trade_prevention,
        order.flags,
    )


def _balances(state: State, question: Balances) -> Iterator[Message]:
    """A Balances block that names an account and says no more asks for the rest of it: zeros too, once touched."""
    account = state.accounts.get(question.account)
    if account is None:
        yield refused(RejectReason.ACCOUNT_NOT_FOUND)
        return
    head = Balances(question.account, account.sequence, state.sequence, state.time_ns, [])
    rows = [Balance(asset, Atoms(each.available), Atoms(each.held)) for asset, each in sorted(account.balances.items())]
    fit = room(head, _BALANCE_SIZE)
    for start in range(0, max(len(rows), 1), fit):
        yield replace(head, balances=rows[start : start + fit])


def _order(state: State, question: OrderQuery) -> Message:
    """An open order as it stands; else what the memory of client order ids still says of it."""
    account = state.accounts.get(question.account)
    if account is None:
        return refused(RejectReason.ACCOUNT_NOT_FOUND)
    known = account.memory.answers.get(question.client_order_id)
    order_id = question.order_id or (known.order_id if known is not None else OrderId(0))
    market_id = account.orders.get(order_id)
    if market_id is not None:
        return OrderAnswer(True, [_open_summary(state.books[market_id].orders[order_id])], state.sequence)
    if known is not None and not question.order_id:
        return OrderAnswer(True, [_remembered(question.client_order_id, known)], state.sequence)
    return OrderAnswer(False, [], state.sequence)


_NOTHING: Final = OrderSummary(
    order_id=OrderId(0),
    client_order_id=NO_ID,
    price=Ticks(0),
    quantity=Lots(0),
    leaves=Lots(0),
    filled=Lots(0),
    expiry_ns=TimeNs(0),
    placed_sequence=Sequence(0),
    last_sequence=Sequence(0),
    placed_ns=TimeNs(0),
    last_ns=TimeNs(0),
    notional=Atoms(0),
    market=MarketId(0),
    side=0,
    type_tif=0,
    stp=0,
    flags=0,
)


def _open_summary(order: Order) -> OrderSummary:
    return replace(
        _NOTHING,
        order_id=order.order_id,
        client_order_id=order.client_order_id,
        price=order.price,
        quantity=order.quantity,
        leaves=order.leaves,
        filled=order.filled,
        expiry_ns=order.expiry_ns,
        placed_sequence=order.placed_sequence,
        last_sequence=order.placed_sequence,
        market=order.market_id,
        side=order.side,
        type_tif=order.order_type | order.time_in_force << 4,
        stp=order.self_trade_prevention,
        flags=order.flags,
        state=OrderState.PARTIALLY_FILLED if order.filled else OrderState.OPEN,
    )


def _remembered(client_order_id: bytes, first: Answer) -> OrderSummary:
    """What is left of it here: the first answer. The rest is history's."""
    return replace(
        _NOTHING,
        order_id=first.order_id,
        client_order_id=client_order_id,
        placed_sequence=first.sequence,
        last_sequence=first.sequence,
        market=first.market_id,
        state=OrderState.REJECTED if first.reason else OrderState.FORGOTTEN,
        reject_reason=first.reason,
    )


def _markets_page(state: State, question: MarketsQuery) -> Message:
    rows = (_market_info(market) for number, market in sorted(state.markets.items()) if number >= question.first)
    taken: list[MarketInfo] = []
    for row in rows:
        if len(encode(MarketsPage([*taken, row], row.market, state.sequence))) > DATAGRAM_BLOCKS_MAX:
            return MarketsPage(taken, row.market, state.sequence)
        taken.append(row)
    return MarketsPage(taken, MarketId(0), state.sequence)


def _market_info(market: MarketState) -> MarketInfo:
    fee = market.fees[0]
    return MarketInfo(
        market=market.market_id,
        symbol=market.symbol,
        base=market.base,
        quote=market.quote,
        tick_size=market.tick_size,
        lot_size=market.lot_size,
        atoms_per_tick_lot=market.atoms_per_tick_lot,
        quantity_min=market.quantity_min,
        quantity_max=market.quantity_max,
        notional_min=market.notional_min,
        band_ppm=market.band_ppm,
        maker_ppm=fee.maker_ppm,
        taker_ppm=fee.taker_ppm,
        status=market.status,
        reference_price=market.reference_price,
    )


def _assets_page(state: State, question: AssetsQuery) -> Message:
    rows = (
        AssetInfo(asset.asset_id, asset.symbol, asset.scale, asset.display_decimals, asset.supply_max)
        for number, asset in sorted(state.assets.items())
        if number >= question.first
    )
    taken: list[AssetInfo] = []
    for row in rows:
        if len(encode(AssetsPage([*taken, row], row.asset, state.sequence))) > DATAGRAM_BLOCKS_MAX:
            return AssetsPage(taken, row.asset, state.sequence)
        taken.append(row)
    return AssetsPage(taken, AssetId(0), state.sequence)
