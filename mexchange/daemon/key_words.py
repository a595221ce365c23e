"""The limits of a key in words of people, for the mail that confirms it: symbols and amounts, not ids and atoms."""

from collections.abc import Iterator
from typing import TypeVar

from mexchange.codec import decode, encode
from mexchange.codec.blocks import BLOCK_HEADER
from mexchange.codec.messages import (
    AssetsPage,
    AssetsQuery,
    KeyRequest,
    MarketsPage,
    MarketsQuery,
    Message,
)
from mexchange.daemon.views import Engine
from mexchange.domain.text import format_decimal
from mexchange.domain.units import U32_MAX, AssetId, MarketId

T = TypeVar("T", AssetsPage, MarketsPage)


def limits_in_words(engine: Engine, request: KeyRequest) -> str:
    """`in KCN/EUR, at most 50 EUR an hour, selling only`; empty without limits. On the trading loop."""
    words = []
    numbers = [int(word) for word in request.markets.replace(",", " ").split() if word.isascii() and word.isdecimal()]
    if numbers:
        words.append("in " + " ".join(_symbol(engine, number) for number in numbers))
    if request.notional_per_hour:
        words.append(f"at most {_amount(engine, request.notional_asset, request.notional_per_hour)} an hour")
    if request.reduce_only:
        words.append("selling only")
    return ", ".join(words)


def _symbol(engine: Engine, number: int) -> str:
    if 0 < number <= U32_MAX:
        for page in _pages(engine, MarketsQuery(MarketId(number)), MarketsPage):
            for market in page.markets:
                if market.market == number:
                    return market.symbol
    return f"market {number}"


def _amount(engine: Engine, asset: AssetId, atoms: int) -> str:
    for page in _pages(engine, AssetsQuery(asset), AssetsPage):
        for found in page.assets:
            if found.asset == asset:
                text = format_decimal(atoms, found.scale)
                return f"{text.rstrip('0').rstrip('.') if '.' in text else text} {found.symbol}"
    return f"{atoms} atoms of asset {asset}"


def _pages(engine: Engine, question: Message, kind: type[T]) -> Iterator[T]:
    for block in engine.query(encode(question)):
        page = decode(int.from_bytes(block[2:4], "little"), block[BLOCK_HEADER:])
        if isinstance(page, kind):
            yield page
