"""Portfolio: what there is, what it is worth, what it cost and won, and how that went, day by day."""

from typing import ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from mexchange.client.errors import ClientError
from mexchange.client.markets import Markets
from mexchange.domain.portfolio import EquityPoint, Portfolio
from mexchange.tui.edges.hints import Hints
from mexchange.tui.keymap import bindings, of_scope
from mexchange.tui.panels.sheet import Cell, Column, Row
from mexchange.tui.panels.table import Listing
from mexchange.tui.trading.dealer import Dealer
from mexchange.tui.widgets.curve import Curve

PERIOD_S: Final = 10.0
DAYS: Final = 90


class Assets(Listing):
    """What there is."""

    NAME: ClassVar[str] = "portfolio"
    EMPTY: ClassVar[str] = "nothing yet"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("portfolio")]
    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column("asset", 7),
        Column("amount", 18, right=True),
        Column("value", 16, right=True),
        Column("in", 5, rank=1),
    )


class Holdings(Listing):
    """What was bought here, at average cost."""

    NAME: ClassVar[str] = "holdings"
    EMPTY: ClassVar[str] = "nothing was bought here: a deposit has no cost"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("portfolio")]
    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column("market", 9),
        Column("quantity", 14, right=True),
        Column("cost", 13, right=True),
        Column("value", 13, right=True, rank=2),
        Column("unrealised", 12, right=True),
        Column("realised", 12, right=True),
        Column("in", 5, rank=1),
    )


class PortfolioScreen(Screen[None]):
    """Asked anew every ten seconds while it is shown."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("portfolio")]
    DEFAULT_CSS = """
    PortfolioScreen { layout: vertical; background: $background; }
    PortfolioScreen #totals { height: 4; padding: 1 1 0 1; }
    PortfolioScreen #tables { layout: horizontal; height: 1fr; }
    PortfolioScreen #tables > Vertical, PortfolioScreen #equity {
        border: round $border-blurred; border-title-color: $foreground;
    }
    PortfolioScreen #tables > Vertical:focus-within { border: heavy $primary; border-title-color: $primary; }
    PortfolioScreen #assets { width: 2fr; }
    PortfolioScreen #holdings { width: 3fr; }
    PortfolioScreen #equity { height: 1fr; min-height: 3; }
    PortfolioScreen.-narrow #tables { layout: vertical; }
    PortfolioScreen.-narrow #assets, PortfolioScreen.-narrow #holdings { width: 1fr; height: 1fr; }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-roomy")]  # noqa: RUF012  # as the base class has it

    def __init__(self, dealer: Dealer) -> None:
        super().__init__()
        self.dealer = dealer

    def compose(self) -> ComposeResult:
        """Totals, tables, curve, keys."""
        yield Static(id="totals", markup=False)
        with Container(id="tables"):
            with Vertical(id="assets") as box:
                box.border_title = "Assets"
                yield Assets(self.dealer)
            with Vertical(id="holdings") as box:
                box.border_title = "Bought here, at average cost"
                yield Holdings(self.dealer)
        with Vertical(id="equity") as box:
            box.border_title = f"Worth at the end of each day, {DAYS} days"
            yield Curve()
        yield Hints()

    def on_mount(self) -> None:
        """Ask now and then."""
        self.set_interval(PERIOD_S, self._ask)

    def on_screen_resume(self) -> None:
        """Ask at once."""
        self.query_one(Curve).look = self.dealer.shell.look
        keys = self.dealer.shell.user_keys
        self.query_one(Hints).show([key for key in (*of_scope("portfolio", keys), *of_scope("app", keys)) if key.hint])
        self._ask()

    def action_again(self) -> None:
        """Ask now."""
        self._ask()

    def action_export(self) -> None:
        """The table that has the focus as a file."""
        table = self.query_one(Holdings) if self.query_one(Holdings).has_focus_within else self.query_one(Assets)
        table.action_export()

    @work(exclusive=True, group="portfolio")
    async def _ask(self) -> None:
        client, desk = self.dealer.shell.client, self.dealer.shell.desk
        if not self.is_current:
            return
        if client is None or desk is None or not client.session.account:
            self.query_one("#totals", Static).update(Content("sign in to see a portfolio"))
            return
        asset = next(iter(desk.markets)).quote
        try:
            self._show(await client.portfolio(asset), desk.markets)
            self._show_curve(await client.equity(asset, days=DAYS), desk.markets, asset)
        except ClientError as error:
            self.query_one("#totals", Static).update(Content(f"{error} · {error.hint}"))
            self.query_one(Curve).show((), empty=str(error))

    def _show(self, found: Portfolio, markets: Markets) -> None:
        symbol = markets.asset(found.asset).symbol

        def money(atoms: int) -> str:
            return markets.show_amount(found.asset, atoms, thousands=True)

        figures = [("Value", found.value), ("Cost", found.cost), ("Unrealised", found.unrealised),
                   ("Realised", found.realised)]  # fmt: skip
        parts = [
            Content.assemble((f"{name} ", "$muted"), (f"{money(atoms)} {symbol}", _ink(name, atoms)), "   ")
            for name, atoms in figures
        ]
        note = "partial: what no market leads to, or has no price, is left out" if found.is_partial else ""
        line = Content("").join(parts)
        self.query_one("#totals", Static).update(Content("\n").join([line, Content.styled(note, "$warn")]))
        self.query_one(Assets).give(
            [
                Row(
                    str(each.asset),
                    (
                        Cell(markets.asset(each.asset).symbol, markets.asset(each.asset).symbol),
                        Cell(markets.show_money(each.asset, each.amount), each.amount),
                        Cell("" if each.value is None else money(each.value), each.value or 0),
                        Cell(symbol, symbol, "muted"),
                    ),
                )
                for each in found.positions
            ]
        )
        self.query_one(Holdings).give([_holding(each, markets) for each in _valued(found)])

    def _show_curve(self, points: list[EquityPoint], markets: Markets, asset: int) -> None:
        values = [point.value for point in points]

        def money(atoms: int) -> str:
            return markets.show_amount(asset, atoms, thousands=True)

        self.query_one(Curve).show(
            values,
            high=money(max(values)) if values else "",
            low=money(min(values)) if values else "",
            empty="no day has ended yet",
        )


def _valued(found: Portfolio) -> "list[_Valued]":
    return [(lot.lot.market, lot.lot.quantity, lot.lot.cost, lot.value, lot.unrealised, lot.lot.realised)
            for lot in found.lots]  # fmt: skip


_Valued = tuple[int, int, int, int | None, int | None, int]


def _holding(each: _Valued, markets: Markets) -> Row:
    market, quantity, cost, value, unrealised, realised = each
    info = markets[market]

    def shown(atoms: int | None, name: str = "") -> Cell:
        if atoms is None:
            return Cell("", 0)
        return Cell(markets.show_amount(info.quote, atoms, thousands=True), atoms, _side(atoms) if name else "")

    cells = (
        Cell(info.symbol, info.symbol),
        Cell(markets.show_money(info.base, quantity), quantity),
        shown(cost),
        shown(value),
        shown(unrealised, "won"),
        shown(realised, "won"),
        Cell(markets.asset(info.quote).symbol, 0, "muted"),
    )
    return Row(str(market), cells)


def _side(atoms: int) -> str:
    return "bid" if atoms > 0 else "ask" if atoms < 0 else ""


def _ink(name: str, atoms: int) -> str:
    ink = _side(atoms) if name in ("Unrealised", "Realised") else ""
    return f"bold ${ink}" if ink else "bold"
