"""Admin, for sessions with the admin scope: markets opened and halted, withdrawals decided, people and their accounts.

Everything that changes something is asked about first. Roles, erasure and shutting people out are for the machine
itself: mx admin user.
"""

from collections.abc import Awaitable, Callable
from typing import ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from mexchange.client.api import Client
from mexchange.client.errors import ClientError
from mexchange.codec.messages import WithdrawalInfo
from mexchange.domain import client_id
from mexchange.domain.market import MarketStatus
from mexchange.domain.scopes import Scope
from mexchange.tui.edges.hints import Hints
from mexchange.tui.keymap import bindings, of_scope
from mexchange.tui.notices import Kind, Notice
from mexchange.tui.panels.admin_lists import STATUS_WORDS, MarketsList, Waiting, market_row, withdrawal_row
from mexchange.tui.plain import harmless
from mexchange.tui.screens.admin_people import PeopleBox
from mexchange.tui.trading.dealer import Dealer
from mexchange.tui.trading.question import Question

PERIOD_S: Final = 3.0


class AdminScreen(Screen[None]):
    """Asked anew every three seconds while it is shown."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("admin")]
    DEFAULT_CSS = """
    AdminScreen { layout: vertical; background: $background; }
    AdminScreen > #admin-note { height: auto; padding: 0 1; color: $warn; }
    AdminScreen > Container { layout: horizontal; height: 1fr; }
    AdminScreen Vertical { border: round $border-blurred; border-title-color: $foreground; }
    AdminScreen Vertical:focus-within { border: heavy $primary; border-title-color: $primary; }
    AdminScreen.-narrow > Container { layout: vertical; }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-roomy")]  # noqa: RUF012  # as the base class has it

    def __init__(self, dealer: Dealer, ask: Callable[[Question], Awaitable[bool]]) -> None:
        super().__init__()
        self.dealer = dealer
        self._ask = ask
        self._waiting: list[WithdrawalInfo] = []

    def compose(self) -> ComposeResult:
        """Markets beside withdrawals, people below."""
        yield Static(id="admin-note", markup=False)
        with Container():
            with Vertical() as box:
                box.border_title = "Markets · h halt · o open · n cancel-only"
                yield MarketsList(self.dealer)
            with Vertical() as box:
                box.border_title = "Withdrawals that wait · v let go · w release"
                yield Waiting(self.dealer)
        yield PeopleBox(self.dealer, lambda: self.client, self._ask, self._do)
        yield Hints()

    def on_mount(self) -> None:
        """Look now and then."""
        self.set_interval(PERIOD_S, self._look)

    def on_screen_resume(self) -> None:
        """Look at once."""
        keys = self.dealer.shell.user_keys
        self.query_one(Hints).show([key for key in (*of_scope("admin", keys), *of_scope("app", keys)) if key.hint])
        self._look()
        self.people.look()

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
            self.query_one(MarketsList).give([market_row(ticker, markets) for ticker in tickers])
            self._waiting = await client.waiting_withdrawals()
            self.query_one(Waiting).give([withdrawal_row(each, markets) for each in self._waiting])
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
            await self._do(client.set_market_status(market, status), f"{symbol} is {STATUS_WORDS[status][0]}")

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

    @property
    def people(self) -> PeopleBox:
        """The lower half."""
        return self.query_one(PeopleBox)

    def action_search(self) -> None:
        """Type whom to find."""
        self.people.search()

    def action_page(self, step: int) -> None:
        """The next people, or those before."""
        self.people.page(step)

    def action_balances(self) -> None:
        """Of the chosen account."""
        self.people.balances()

    def action_set_account(self, name: str) -> None:
        """Give the account that is shown this status, or make it active again."""
        self.people.set_account(name)

    async def _do(self, job: Awaitable[object], done: str) -> None:
        """Tell how it went, and look at what it changed."""
        try:
            await job
        except ClientError as error:
            self.dealer.shell.notices.tell(Notice(Kind.REJECT, f"{error.code}: {error}", error.hint, "error"))
            return
        self.dealer.shell.notices.tell(Notice(Kind.INFO, done))
        self._look()
        self.people.look()
