"""Admin, for sessions with the admin scope: markets opened and halted, withdrawals decided, one account looked at.

Everything that changes something is asked about first. People are managed beside the daemon: mx admin user.
"""

from collections.abc import Awaitable, Callable
from typing import ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from mexchange.client.api import Client
from mexchange.client.errors import ClientError
from mexchange.client.markets import Markets
from mexchange.client.results import AccountState
from mexchange.codec.messages import Ticker, WithdrawalInfo
from mexchange.domain import client_id
from mexchange.domain.commands import ChangeAccount
from mexchange.domain.market import AccountSetting, AccountStatus, MarketStatus
from mexchange.domain.scopes import Scope
from mexchange.domain.units import AccountId
from mexchange.tui.edges.hints import Hints
from mexchange.tui.keymap import bindings, of_scope
from mexchange.tui.notices import Kind, Notice
from mexchange.tui.panels.sheet import Cell, Column, Row
from mexchange.tui.panels.table import Listing
from mexchange.tui.plain import harmless
from mexchange.tui.trading.dealer import Dealer
from mexchange.tui.trading.question import Question
from mexchange.tui.trading.ticket_parts import NumberField

PERIOD_S: Final = 3.0
_WORDS: Final = {
    MarketStatus.OPEN: ("open", "bid"),
    MarketStatus.CANCEL_ONLY: ("cancel-only", "warn"),
    MarketStatus.HALTED: ("HALTED", "ask"),
    MarketStatus.CLOSED: ("CLOSED", "ask"),
}


class MarketsList(Listing):
    """Every market and its status."""

    NAME: ClassVar[str] = "markets"
    EMPTY: ClassVar[str] = "no markets"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("admin")]
    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column("market", 11),
        Column("status", 11),
        Column("last", 14, right=True),
        Column("trades 24h", 10, right=True, rank=1),
    )


class Waiting(Listing):
    """Withdrawals that wait for an operator, the oldest first."""

    NAME: ClassVar[str] = "withdrawals"
    EMPTY: ClassVar[str] = "no withdrawal waits"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("admin")]
    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column("account", 8),
        Column("asset", 6),
        Column("amount", 18, right=True),
        Column("address", 26, rank=1),
        Column("reason", 24, rank=2),
    )


class AdminScreen(Screen[None]):
    """Asked anew every three seconds while it is shown."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("admin")]
    DEFAULT_CSS = """
    AdminScreen { layout: vertical; background: $background; }
    AdminScreen > #admin-note { height: auto; padding: 0 1; color: $warn; }
    AdminScreen > Container { layout: horizontal; height: 1fr; }
    AdminScreen Vertical { border: round $border-blurred; border-title-color: $foreground; }
    AdminScreen Vertical:focus-within { border: heavy $primary; border-title-color: $primary; }
    AdminScreen #admin-account { height: 9; }
    AdminScreen NumberField { width: 24; margin: 0 1; }
    AdminScreen #admin-facts { padding: 0 1; }
    AdminScreen.-narrow > Container { layout: vertical; }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-roomy")]  # noqa: RUF012  # as the base class has it

    def __init__(self, dealer: Dealer, ask: Callable[[Question], Awaitable[bool]]) -> None:
        super().__init__()
        self.dealer = dealer
        self._ask = ask
        self._waiting: list[WithdrawalInfo] = []
        self._account: AccountState | None = None

    def compose(self) -> ComposeResult:
        """Markets beside withdrawals, an account below."""
        yield Static(id="admin-note", markup=False)
        with Container():
            with Vertical() as box:
                box.border_title = "Markets · h halt · o open · n cancel-only"
                yield MarketsList(self.dealer)
            with Vertical() as box:
                box.border_title = "Withdrawals that wait · v let go · w release"
                yield Waiting(self.dealer)
        with Vertical(id="admin-account") as box:
            box.border_title = "Account · number, enter · z freeze or unfreeze · people: mx admin user"
            yield NumberField("account", characters="0123456789", placeholder="number of an account")
            yield Static(id="admin-facts", markup=False)
        yield Hints()

    def on_mount(self) -> None:
        """Look now and then."""
        self.set_interval(PERIOD_S, self._look)

    def on_screen_resume(self) -> None:
        """Look at once."""
        keys = self.dealer.shell.user_keys
        self.query_one(Hints).show([key for key in (*of_scope("admin", keys), *of_scope("app", keys)) if key.hint])
        self._look()

    @property
    def client(self) -> Client | None:
        """An operator's; None after having said why not."""
        client = self.dealer.shell.client
        note = self.query_one("#admin-note", Static)
        if client is None or not client.session.scopes & Scope.ADMIN:
            note.update(
                Content("this session has no admin scope: MX_API_KEY of an operator, or mx admin on the machine")
            )
            return None
        note.update("")
        return client

    @work(exclusive=True, group="admin look")
    async def _look(self) -> None:
        client = self.client if self.is_current else None
        if client is None:
            return
        try:
            markets = await client.markets()
            tickers = await client.tickers()
            self.query_one(MarketsList).give([_market_row(ticker, markets) for ticker in tickers])
            self._waiting = await client.waiting_withdrawals()
            self.query_one(Waiting).give([_withdrawal_row(each, markets) for each in self._waiting])
        except ClientError as error:
            self.query_one("#admin-note", Static).update(Content(harmless(f"{error} · {error.hint}")))

    def action_set_status(self, name: str) -> None:
        """Of the chosen market."""
        chosen = self.query_one(MarketsList).chosen
        if chosen is not None:
            self._set_status(int(chosen), MarketStatus[name])

    @work(group="admin act")
    async def _set_status(self, market: int, status: MarketStatus) -> None:
        client = self.client
        if client is None:
            return
        symbol = (await client.markets())[market].symbol
        notes = ["every open order is cancelled"] if status is MarketStatus.CLOSED else []
        question = Question(
            title=f"{symbol}: {status.name.lower().replace('_', '-')}?", notes=notes, affirm="Set it", is_grave=True
        )
        if await self._ask(question):
            await self._do(client.set_market_status(market, status), f"{symbol} is {_WORDS[status][0]}")

    def action_decide(self, word: str) -> None:
        """Let the chosen withdrawal go, or release it."""
        chosen = self.query_one(Waiting).chosen
        found = next((each for each in self._waiting if each.request_id == chosen), None)
        if found is not None:
            self._decide(found, approve=word == "approve")

    @work(group="admin act")
    async def _decide(self, each: WithdrawalInfo, *, approve: bool) -> None:
        client = self.client
        if client is None:
            return
        markets = await client.markets()
        amount = f"{markets.show_money(each.asset, each.amount)} {markets.asset(each.asset).symbol}"
        question = Question(
            title=f"{'Let go' if approve else 'Release'} {amount}?",
            lines=[("Account", str(each.account)), ("To", each.address), ("Why it waits", each.reason)],
            affirm="Let it go" if approve else "Release it",
            is_grave=True,
        )
        if await self._ask(question):
            job = client.decide_withdrawal(each.account, client_id.parse(each.request_id), approve=approve)
            await self._do(job, f"withdrawal of {amount}: {'let go' if approve else 'released'}")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Look at that account."""
        event.stop()
        if event.value:
            self._show_account(int(event.value))

    @work(exclusive=True, group="admin account")
    async def _show_account(self, number: int) -> None:
        client = self.client
        if client is None:
            return
        facts = self.query_one("#admin-facts", Static)
        try:
            self._account = await client.account(number)
            facts.update(Content(_facts(self._account, await client.markets())))
        except ClientError as error:
            self._account = None
            facts.update(Content(harmless(f"{error} · {error.hint}")))

    def action_freeze(self) -> None:
        """Freeze the account that is shown, or let it trade again."""
        if self._account is not None:
            self._freeze(self._account)

    @work(group="admin act")
    async def _freeze(self, account: AccountState) -> None:
        client = self.client
        if client is None:
            return
        status = AccountStatus.ACTIVE if account.status == AccountStatus.FROZEN else AccountStatus.FROZEN
        word = "freeze" if status is AccountStatus.FROZEN else "unfreeze"
        if await self._ask(
            Question(title=f"{word.capitalize()} account {account.account}?", affirm=word, is_grave=True)
        ):
            command = ChangeAccount(
                AccountId(account.account), AccountSetting.STATUS, int(status), client_order_id=client.mint()
            )
            await self._do(client.submit(command), f"account {account.account}: {status.name.lower()}")
            self._show_account(account.account)

    async def _do(self, job: Awaitable[object], done: str) -> None:
        try:
            await job
        except ClientError as error:
            self.dealer.shell.notices.tell(Notice(Kind.REJECT, f"{error.code}: {error}", error.hint, "error"))
            return
        self.dealer.shell.notices.tell(Notice(Kind.INFO, done))
        self._look()


def _market_row(ticker: Ticker, markets: Markets) -> Row:
    info = markets[ticker.market]
    word, ink = _WORDS.get(MarketStatus(ticker.status or info.status), ("", ""))
    cells = (
        Cell(info.symbol, info.symbol),
        Cell(word, word, ink),
        Cell(markets.show_price(ticker.market, ticker.last, thousands=True) if ticker.last else "", ticker.last),
        Cell(f"{ticker.trades_24h:,}", ticker.trades_24h),
    )
    return Row(str(ticker.market), cells)


def _withdrawal_row(each: WithdrawalInfo, markets: Markets) -> Row:
    cells = (
        Cell(str(each.account), each.account),
        Cell(markets.asset(each.asset).symbol, markets.asset(each.asset).symbol),
        Cell(markets.show_money(each.asset, each.amount), each.amount),
        Cell(each.address, each.address),
        Cell(each.reason, each.reason),
    )
    return Row(each.request_id, cells)


def _facts(state: AccountState, markets: Markets) -> str:
    status = AccountStatus(state.status).name.lower().replace("_", "-")
    lines = [f"account {state.account}   {status}   fee tier {state.fee_tier}   {len(state.orders)} open orders"]
    for each in state.balances:
        symbol = markets.asset(each.asset).symbol
        free, held = markets.show_money(each.asset, each.available), markets.show_money(each.asset, each.held)
        lines.append(f"{symbol:6} {free:>24} free {held:>24} held")
    return "\n".join(harmless(line) for line in lines)
