"""A page of a long table: one walk through one index, whatever the filters and however long the past.

A walk begins behind the row that the page before ended with, so nothing is skipped or told twice while rows are added.
Filters without an index of their own are applied to the next `SCANNED_MAX` rows of the walk: a page may then be short,
even empty, and still have a next one. What a page costs is thereby bounded.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import BigInteger, Column, ColumnElement, FromClause, Row, Select, SmallInteger, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from mexchange.domain.units import I64_MAX

I16_MAX: Final = 2**15 - 1
I32_MAX: Final = 2**31 - 1
SCANNED_MAX: Final = 500
"""Rows of the walk that one page looks at."""

Rows = Sequence[Row[*tuple[Any, ...]]]
Position = tuple[int, ...]
"""The key of the last row of a page, without its owner."""


class Span(NamedTuple):
    """Which part of the past, and in which direction."""

    since_ns: int = 0
    until_ns: int = 0
    """Exclusive; 0: no bound."""
    oldest_first: bool = False
    after: Position | None = None
    """Where the page before ended; None: at the beginning."""
    limit: int = 50
    """Rows of a page, one at least."""


class Page(NamedTuple):
    """Rows, and where the next page goes on; None: there is none."""

    rows: Rows
    next: Position | None


class Walk(NamedTuple):
    """One table along one index: rows of an owner by `key`, whose first part is a time."""

    table: FromClause
    key: tuple[Column[Any], ...]
    owner: list[ColumnElement[bool]]

    async def page(self, connection: AsyncConnection, span: Span, filters: dict[str, Any]) -> Page:
        """The next page. `filters`: column name → value, or a tuple of values."""
        walk = self._ordered(select(self.table).where(*self.owner, *self._bounds(span)), self.table, span)
        if not filters:
            rows = (await connection.execute(walk.limit(span.limit + 1))).all()
            return self._page(rows, span)
        scanned = walk.limit(SCANNED_MAX).subquery()
        wanted = select(scanned).where(*_conditions(scanned, filters))
        rows = (await connection.execute(self._ordered(wanted, scanned, span).limit(span.limit + 1))).all()
        page = self._page(rows, span)
        return page if page.next is not None else page._replace(next=await self._end_of_scan(connection, walk))

    async def _end_of_scan(self, connection: AsyncConnection, walk: "Select[Any]") -> Position | None:
        """The last row that was looked at, if there may be more behind it."""
        last = walk.with_only_columns(*self.key).offset(SCANNED_MAX - 1).limit(1)
        row = (await connection.execute(last)).first()
        return None if row is None else tuple(row)

    def _ordered(self, query: "Select[Any]", rows: FromClause, span: Span) -> "Select[Any]":
        columns = [rows.c[column.name] for column in self.key]
        return query.order_by(*(column.asc() if span.oldest_first else column.desc() for column in columns))

    def _bounds(self, span: Span) -> list[ColumnElement[bool]]:
        time = self.key[0]
        bounds = [time >= span.since_ns] if span.since_ns else []
        if span.until_ns:
            bounds.append(time < span.until_ns)
        if span.after is not None:
            here, there = tuple_(*self.key), tuple_(*span.after)
            bounds.append(here > there if span.oldest_first else here < there)
        return bounds

    def _page(self, rows: Rows, span: Span) -> Page:
        if len(rows) <= span.limit:
            return Page(rows, None)
        last = rows[span.limit - 1]
        return Page(rows[: span.limit], tuple(getattr(last, column.name) for column in self.key))


def is_number(column: Any, number: int) -> ColumnElement[bool]:
    """Numbers that the column cannot hold are nobody's, like the greatest that it can."""
    found: ColumnElement[bool] = column == min(number, _greatest(column))
    return found


def _greatest(column: Any) -> int:
    if isinstance(column.type, BigInteger):
        return I64_MAX
    return I16_MAX if isinstance(column.type, SmallInteger) else I32_MAX


def equal(**wanted: int) -> dict[str, Any]:
    """0 filters nothing."""
    return {name: value for name, value in wanted.items() if value}


def _conditions(rows: FromClause, filters: dict[str, Any]) -> list[ColumnElement[bool]]:
    return [
        rows.c[name].in_(value) if isinstance(value, tuple) else is_number(rows.c[name], value)
        for name, value in filters.items()
    ]
