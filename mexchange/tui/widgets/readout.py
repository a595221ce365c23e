"""What the crosshair reads: the candle under it, as much as fits."""

from mexchange.tui.widgets.chart_slots import Slot
from mexchange.tui.widgets.shown import Shown


def readout(slot: Slot, shown: Shown, width: int) -> str:
    """`22:42 O 999.50 H 999.80 L 999.10 C 999.57 V 42.000`; empty if nothing fits."""
    moment = shown.moment(slot.open_ns).strftime("%b %d %H:%M")
    candle = slot.candle
    if candle is None:
        parts = [moment]
    elif not candle.trades:
        parts = [moment, "no trades", f"C {shown.price(candle.close)}"]
    else:
        prices = zip("OHLC", (candle.open, candle.high, candle.low, candle.close), strict=True)
        parts = [moment, *(f"{name} {shown.price(price)}" for name, price in prices), f"V {shown.size(candle.volume)}"]
    text = ""
    for part in parts:
        longer = f"{text}  {part}" if text else f" {part}"
        if len(longer) + 1 > width:
            break
        text = longer
    return f"{text} " if text else ""
