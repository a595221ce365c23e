"""Deposits and withdrawals in one row, in order of time; each kind has a table of its own."""

from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from mexchange.codec.messages import FundingKind, FundingRow
from mexchange.daemon.reading import rows as rows_of
from mexchange.domain.units import I64_MAX
from mexchange.store.history_pages import deposits_page, withdrawals_page
from mexchange.store.index_walk import Page, Position, Span

_BEFORE_ANY_ID: Final = -1


async def funding_page(
    connection: AsyncConnection, account: int, span: Span, *, asset: int = 0, kind: int = FundingKind.NONE
) -> tuple[list[FundingRow], Position | None]:
    """Rows, and where the next page goes on. `span.after` and that are (time_ns, kind, id)."""
    rows: list[FundingRow] = []
    ends: list[Position] = []
    if kind in (FundingKind.NONE, FundingKind.DEPOSIT):
        page = await deposits_page(connection, account, _of_kind(span, FundingKind.DEPOSIT), asset=asset)
        rows += [rows_of.deposit(row) for row in page.rows]
        ends += _end(page, FundingKind.DEPOSIT)
    if kind in (FundingKind.NONE, FundingKind.WITHDRAWAL):
        page = await withdrawals_page(connection, account, _of_kind(span, FundingKind.WITHDRAWAL), asset=asset)
        rows += [rows_of.withdrawal(row) for row in page.rows]
        ends += _end(page, FundingKind.WITHDRAWAL)
    return _merged(rows, ends, span)


def _of_kind(span: Span, kind: int) -> Span:
    """The same place in the walk of one table."""
    if span.after is None:
        return span
    time_ns, last_kind, last_id = span.after
    if kind == last_kind:
        return span._replace(after=(time_ns, last_id))
    return span._replace(after=(time_ns, I64_MAX if kind < last_kind else _BEFORE_ANY_ID))


def _end(page: Page, kind: int) -> list[Position]:
    return [(page.next[0], kind, page.next[1])] if page.next is not None else []


def _merged(rows: list[FundingRow], ends: list[Position], span: Span) -> tuple[list[FundingRow], Position | None]:
    """Beyond where one of the walks stopped nothing is known to be complete."""
    ordered = sorted(rows, key=_key, reverse=not span.oldest_first)
    stop: Position | None = None
    if ends:
        stop = min(ends) if span.oldest_first else max(ends)
        ordered = [row for row in ordered if (_key(row) <= stop if span.oldest_first else _key(row) >= stop)]
    if len(ordered) > span.limit:
        ordered = ordered[: span.limit]
        stop = _key(ordered[-1])
    return ordered, stop


def _key(row: FundingRow) -> Position:
    return row.time_ns, row.kind, row.id
