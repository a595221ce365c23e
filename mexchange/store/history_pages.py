"""Pages of the history tables: which rows there are to ask for."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    Row,
    func,
    literal_column,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from mexchange.domain.order import DoneReason
from mexchange.store.history_tables import (
    balances_daily,
    candles,
    cursor,
    deposits,
    fills,
    holdings,
    ledger,
    orders,
    rejects,
    trades,
    withdrawals,
)
from mexchange.store.index_walk import I32_MAX, Page, Position, Rows, Span, Walk, equal, is_number


class Progress(NamedTuple):
    """How far the projector is."""

    sequence: int
    time_ns: int


async def progress(connection: AsyncConnection) -> Progress:
    """The rows that this transaction sees are those of the journal up to here."""
    row = (await connection.execute(select(cursor.c.sequence, cursor.c.time_ns))).first()
    return Progress(row.sequence, row.time_ns) if row is not None else Progress(0, 0)


async def trades_page(connection: AsyncConnection, market: int, span: Span, *, side: int = 0) -> Page:
    """Public trades: time_ns, trade_id."""
    walk = Walk(trades, (trades.c.time_ns, trades.c.trade_id), [is_number(trades.c.market, market)])
    return await walk.page(connection, span, equal(side=side))


async def fills_page(
    connection: AsyncConnection, account: int, span: Span, *, market: int = 0, side: int = 0, order_id: int = 0
) -> Page:
    """Our sides of trades: time_ns, account_sequence."""
    walk = Walk(fills, (fills.c.time_ns, fills.c.account_sequence), [is_number(fills.c.account, account)])
    return await walk.page(connection, span, equal(market=market, side=side, order_id=order_id))


async def ledger_page(connection: AsyncConnection, account: int, span: Span, *, asset: int = 0, kind: int = 0) -> Page:
    """Ledger entries: time_ns, entry."""
    walk = Walk(ledger, (ledger.c.time_ns, ledger.c.entry), [is_number(ledger.c.account, account)])
    return await walk.page(connection, span, equal(asset=asset, kind=kind))


async def open_orders_page(
    connection: AsyncConnection, account: int, span: Span, *, market: int = 0, side: int = 0
) -> Page:
    """Orders that are open: created_ns, order_id."""
    # A literal: only so does the planner see that the partial index has them all.
    owner = [is_number(orders.c.account, account), literal_column("reason") == literal_column("0")]
    walk = Walk(orders, (orders.c.created_ns, orders.c.order_id), owner)
    return await walk.page(connection, span, equal(market=market, side=side))


async def orders_page(
    connection: AsyncConnection,
    account: int,
    span: Span,
    *,
    market: int = 0,
    side: int = 0,
    reasons: Sequence[DoneReason] = (),
) -> Page:
    """Orders, or with `reasons` those that ended for one of them: created_ns, order_id."""
    walk = Walk(orders, (orders.c.created_ns, orders.c.order_id), [is_number(orders.c.account, account)])
    filters = equal(market=market, side=side)
    if reasons:
        filters["reason"] = tuple(int(reason) for reason in reasons)
    return await walk.page(connection, span, filters)


async def rejects_page(connection: AsyncConnection, account: int, span: Span, *, market: int = 0) -> Page:
    """Requests that were refused: time_ns, account_sequence."""
    walk = Walk(rejects, (rejects.c.time_ns, rejects.c.account_sequence), [is_number(rejects.c.account, account)])
    return await walk.page(connection, span, equal(market=market))


async def deposits_page(connection: AsyncConnection, account: int, span: Span, *, asset: int = 0) -> Page:
    """Deposits: time_ns, account_sequence."""
    walk = Walk(deposits, (deposits.c.time_ns, deposits.c.account_sequence), [is_number(deposits.c.account, account)])
    return await walk.page(connection, span, equal(asset=asset))


async def withdrawals_page(connection: AsyncConnection, account: int, span: Span, *, asset: int = 0) -> Page:
    """Withdrawals: requested_ns, withdrawal_id."""
    key = (withdrawals.c.requested_ns, withdrawals.c.withdrawal_id)
    return await Walk(withdrawals, key, [is_number(withdrawals.c.account, account)]).page(
        connection, span, equal(asset=asset)
    )


async def candles_page(connection: AsyncConnection, market: int, interval: int, span: Span) -> Page:
    """Candles: open_ns."""
    owner = [is_number(candles.c.market, market), is_number(candles.c.interval, interval)]
    return await Walk(candles, (candles.c.open_ns,), owner).page(connection, span, {})


async def close_before(connection: AsyncConnection, market: int, interval: int, time_ns: int) -> int:
    """The last price before the candle that begins at `time_ns`, 0: there is none."""
    query = (
        select(candles.c.close)
        .where(
            is_number(candles.c.market, market), is_number(candles.c.interval, interval), candles.c.open_ns < time_ns
        )
        .order_by(candles.c.open_ns.desc())
        .limit(1)
    )
    return int((await connection.execute(query)).scalar() or 0)


async def find_order(
    connection: AsyncConnection, account: int, *, order_id: int = 0, client_order_id: bytes = b""
) -> Row[Any] | None:
    """An order of the account by its id, or if that is 0 the last one of this client order id."""
    query = select(orders).where(is_number(orders.c.account, account))
    if order_id:
        query = query.where(is_number(orders.c.order_id, order_id))
    else:
        query = query.where(orders.c.client_order_id == client_order_id).order_by(orders.c.created_ns.desc()).limit(1)
    return (await connection.execute(query)).first()


async def find_reject(connection: AsyncConnection, account: int, client_order_id: bytes) -> Row[Any] | None:
    """The first refusal that this client order id got."""
    query = (
        select(rejects)
        .where(is_number(rejects.c.account, account), rejects.c.client_order_id == client_order_id)
        .order_by(rejects.c.time_ns, rejects.c.account_sequence)
        .limit(1)
    )
    return (await connection.execute(query)).first()


async def holdings_of(connection: AsyncConnection, account: int, after_market: int, limit: int) -> Rows:
    """What the account bought, in markets beyond this one."""
    query = (
        select(holdings)
        .where(is_number(holdings.c.account, account), holdings.c.market > after_market)
        .order_by(holdings.c.market)
        .limit(limit)
    )
    return (await connection.execute(query)).all()


async def daily_balances(
    connection: AsyncConnection, account: int, since_day: int, after: Position | None, limit: int
) -> Rows:
    """(asset, day, balance) at the ends of days from `since_day` on, and the last one before for each asset.

    In order of asset and day, beyond `after`.
    """
    since_day = min(since_day, I32_MAX)
    of_account = is_number(balances_daily.c.account, account)
    # The planner takes one step of the index for each asset that the account ever had.
    first_day = (
        select(balances_daily.c.asset, func.max(balances_daily.c.day).label("day"))
        .where(of_account, balances_daily.c.day <= since_day)
        .group_by(balances_daily.c.asset)
        .subquery()
    )
    joined = balances_daily.outerjoin(first_day, first_day.c.asset == balances_daily.c.asset)
    query = (
        select(balances_daily.c.asset, balances_daily.c.day, balances_daily.c.balance)
        .select_from(joined)
        .where(of_account, balances_daily.c.day >= func.coalesce(first_day.c.day, since_day))
        .order_by(balances_daily.c.asset, balances_daily.c.day)
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(balances_daily.c.asset, balances_daily.c.day) > tuple_(*after))
    return (await connection.execute(query)).all()
