"""Watches the last prices of markets for the alerts that were set, and tells when one is reached."""

from collections.abc import Callable

from mexchange.client.markets import Markets
from mexchange.client.price_alerts import PriceAlert, is_reached
from mexchange.domain.text import TextError
from mexchange.tui.desk import Desk
from mexchange.tui.notices import Kind, Notice, Notices
from mexchange.tui.settings import TuiSettings

ALERTS_MAX = 100


class Alarm:
    """Alerts live in the settings; one that was reached is gone. `saved` writes the settings down."""

    def __init__(self, settings: TuiSettings, notices: Notices, saved: Callable[[], None]) -> None:
        self._settings = settings
        self._notices = notices
        self._saved = saved

    @property
    def alerts(self) -> list[PriceAlert]:
        """All of them, in the order in which they were set."""
        return self._settings.alerts

    def toggle(self, desk: Desk, price: int) -> None:
        """Set an alert at this price, or take it back."""
        typed = desk.markets.show_price(desk.market.market, price)
        symbol = desk.market.symbol
        known = [alert for alert in self.alerts if (alert.market, alert.price) == (symbol, typed)]
        if known:
            self.remove(known[0])
            return
        if len(self.alerts) >= ALERTS_MAX:
            self._notices.tell(Notice(Kind.REJECT, f"there are {ALERTS_MAX} alerts already", "take one back", "error"))
            return
        last = desk.ticker.last if desk.ticker is not None else 0
        alert = PriceAlert(symbol, typed, is_above=price > (last or price - 1))
        self._settings.alerts = [*self.alerts, alert]
        self._saved()
        self._notices.tell(Notice(Kind.INFO, f"alert set: {shown(alert)}"))

    def remove(self, alert: PriceAlert) -> None:
        """Take it back."""
        self._settings.alerts = [each for each in self.alerts if each != alert]
        self._saved()
        self._notices.tell(Notice(Kind.INFO, f"alert taken back: {shown(alert)}"))

    def look(self, markets: Markets, last_of: Callable[[str], int]) -> bool:
        """Tell of what was reached; was there something. `last_of`: the last price of a symbol in ticks, 0: none."""
        reached = [alert for alert in self.alerts if self._is_reached(alert, markets, last_of(alert.market))]
        if not reached:
            return False
        self._settings.alerts = [each for each in self.alerts if each not in reached]
        self._saved()
        for alert in reached:
            now = markets.show_price(markets.by_symbol(alert.market).market, last_of(alert.market), thousands=True)
            self._notices.tell(Notice(Kind.ALERT, f"ALERT {shown(alert)} reached: last {now}", severity="warning"))
        return True

    def _is_reached(self, alert: PriceAlert, markets: Markets, last: int) -> bool:
        target = _ticks(alert, markets, markets.by_symbol(alert.market).market) if last else 0
        return bool(target) and is_reached(target=target, is_above=alert.is_above, last=last)

    def prices(self, desk: Desk) -> list[tuple[PriceAlert, int]]:
        """The alerts of the shown market, in ticks; one that is no price of it any more is left out."""
        found = []
        for alert in self.alerts:
            if alert.market == desk.market.symbol and (ticks := _ticks(alert, desk.markets, desk.market.market)):
                found.append((alert, ticks))
        return found


def shown(alert: PriceAlert) -> str:
    """`KCN/EUR >= 1000.00`."""
    return f"{alert.market} {'>=' if alert.is_above else '<='} {alert.price}"


def _ticks(alert: PriceAlert, markets: Markets, market: int) -> int:
    try:
        return markets.price(market, alert.price)
    except TextError:
        return 0
