"""How long candles are kept. Longer ones are made of shorter ones before those go; ledger and journal never do."""

from typing import Final

from mexchange.config.daemon import Candles
from mexchange.domain.candles import Interval

_FIELDS: Final = {
    Interval.S1: "days_1s",
    Interval.M1: "days_1m",
    Interval.M5: "days_5m",
    Interval.M15: "days_15m",
    Interval.H1: "days_1h",
    Interval.H4: "days_4h",
    Interval.D1: "days_1d",
    Interval.W1: "days_1w",
}


def days_of(settings: Candles) -> dict[Interval, int]:
    """interval → days, of those that are not kept for ever."""
    days = {interval: int(getattr(settings, name)) for interval, name in _FIELDS.items()}
    return {interval: number for interval, number in days.items() if number}
