"""Candles on the wire: their sums may exceed 64 bits and travel in two halves."""

from typing import Final

from mexchange.codec.messages import CandleRow
from mexchange.domain.candles import Candle
from mexchange.domain.units import U64_MAX

_HALF_BITS: Final = 64


def row_of(candle: Candle) -> CandleRow:
    """For a message. Unencodable when a sum exceeds 128 bits: 2^64 trades of the greatest notional do not."""
    return CandleRow(
        candle.open_ns,
        candle.open,
        candle.high,
        candle.low,
        candle.close,
        candle.volume & U64_MAX,
        candle.volume >> _HALF_BITS,
        candle.turnover & U64_MAX,
        candle.turnover >> _HALF_BITS,
        candle.trades,
        candle.first_trade_id,
        candle.last_trade_id,
    )


def candle_of(row: CandleRow) -> Candle:
    """Inverse of `row_of`."""
    return Candle(
        row.open_ns,
        row.open,
        row.high,
        row.low,
        row.close,
        row.volume_high << _HALF_BITS | row.volume_low,
        row.turnover_high << _HALF_BITS | row.turnover_low,
        row.trades,
        row.first_trade_id,
        row.last_trade_id,
    )
