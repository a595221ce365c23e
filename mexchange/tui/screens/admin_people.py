"""People and their accounts, for operators: a page at a time, found by number, address or name; balances on demand."""

from collections.abc import Awaitable, Callable
from typing import Final

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from mexchange.client.api import Client
from mexchange.client.errors import ClientError
from mexchange.client.results import AccountState
from mexchange.domain.commands import ChangeAccount
from mexchange.domain.market import AccountSetting, AccountStatus
from mexchange.domain.units import AccountId
from mexchange.tui.panels.admin_lists import People, account_facts, person_row
from mexchange.tui.plain import harmless
from mexchange.tui.trading.dealer import Dealer
from mexchange.tui.trading.question import Question
from mexchange.tui.trading.ticket_parts import NumberField

TIER_MAX: Final = 15


class PeopleBox(Vertical):
    """The lower half of the admin screen."""

    DEFAULT_CSS = """
    PeopleBox { height: 2fr; }
    PeopleBox Horizontal { height: 1; padding: 0 1; }
    PeopleBox Input { width: 1fr; }
    PeopleBox #search { border: none; height: 1; padding: 0; background: $panel; }
    PeopleBox NumberField { width: 24; margin: 0 0 0 2; }
    PeopleBox People { height: 1fr; }
    PeopleBox #admin-facts { height: auto; max-height: 7; padding: 0 1; }
    """

    def __init__(
        self,
        dealer: Dealer,
        client: Callable[[], Client | None],
        ask: Callable[[Question], Awaitable[bool]],
        do: Callable[[Awaitable[object], str], Awaitable[None]],
    ) -> None:
        """`client`: an operator's, None after having said why not; `do` tells how an act went."""
        super().__init__(id="admin-people")
        self._dealer = dealer
        self._client = client
        self._ask = ask
        self._do = do
        self._pages = [0]
        """Behind which owner each page begins, up to the one that is shown."""
        self._next = 0
        self._account: AccountState | None = None
        self.border_title = "People · s search · ⏎ balances · [ ] page · z freeze · f reduce-only · X close"

    def compose(self) -> ComposeResult:
        """A line to type in, the list, and what is known of one account."""
        with Horizontal():
            yield Input(
                placeholder="number, whole e-mail address, part of a name; empty: all", compact=True, id="search"
            )
            yield NumberField("tier", characters="0123456789", placeholder=f"fee tier 0-{TIER_MAX}, enter")
        yield People(self._dealer)
        yield Static(id="admin-facts", markup=False)

    @work(exclusive=True, group="admin people")
    async def look(self) -> None:
        """At this page again, and at the account that is shown."""
        await self._look(shows_first=False)

    async def _look(self, *, shows_first: bool) -> None:
        client = self._client()
        if client is None:
            return
        try:
            page = await client.people(self.query_one("#search", Input).value, after=self._pages[-1])
        except ClientError as error:
            self._say(f"{error} · {error.hint}")
            return
        self._next = page.next
        self.query_one(People).give([person_row(person) for person in page.people])
        more = " · more: ]" if page.next else ""
        self.border_subtitle = f"page {len(self._pages)}{more}"
        first = next((person.account for person in page.people if person.account), 0)
        if shows_first and first:
            await self._show(client, first)
        elif self._account is not None:
            await self._show(client, self._account.account)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Find somebody, or set the tier of whoever is shown."""
        event.stop()
        if event.input.id == "search":
            self._pages = [0]
            self._search()
        elif event.value and int(event.value) <= TIER_MAX:
            self._change(AccountSetting.FEE_TIER, int(event.value), f"fee tier {int(event.value)}")

    @work(exclusive=True, group="admin people")
    async def _search(self) -> None:
        self._account = None
        self._say("")
        await self._look(shows_first=bool(self.query_one("#search", Input).value))
        self.query_one(People).table.focus()

    def search(self) -> None:
        """Type whom to find."""
        self.query_one("#search", Input).focus()

    def page(self, step: int) -> None:
        """The next people, or those before."""
        if step > 0 and self._next:
            self._pages.append(self._next)
        elif step < 0 and len(self._pages) > 1:
            self._pages.pop()
        else:
            return
        self.look()

    def balances(self) -> None:
        """Of the chosen account."""
        chosen = self.query_one(People).chosen
        if chosen is not None and chosen.isdecimal():
            self._show_account(int(chosen))

    @work(exclusive=True, group="admin account")
    async def _show_account(self, number: int) -> None:
        client = self._client()
        if client is not None:
            await self._show(client, number)

    async def _show(self, client: Client, number: int) -> None:
        try:
            self._account = await client.account(number)
            self._say(account_facts(self._account, await client.markets()))
        except ClientError as error:
            self._account = None
            self._say(f"{error} · {error.hint}")

    def _say(self, text: str) -> None:
        self.query_one("#admin-facts", Static).update(Content("\n".join(map(harmless, text.split("\n")))))

    def set_account(self, name: str) -> None:
        """Give the account that is shown this status, or make it active again."""
        if self._account is not None:
            wanted = AccountStatus[name]
            status = AccountStatus.ACTIVE if self._account.status == wanted else wanted
            self._change(AccountSetting.STATUS, int(status), status.name.lower().replace("_", "-"))

    @work(group="admin act")
    async def _change(self, setting: AccountSetting, value: int, word: str) -> None:
        client, account = self._client(), self._account
        if client is None or account is None:
            self._say("no account is shown: choose one and press Enter")
            return
        is_final = setting is AccountSetting.STATUS and value == AccountStatus.CLOSED
        notes = ["its orders are cancelled, and it is closed for good"] if is_final else []
        if await self._ask(
            Question(title=f"Account {account.account}: {word}?", notes=notes, affirm="Set it", is_grave=True)
        ):
            command = ChangeAccount(AccountId(account.account), setting, value, client_order_id=client.mint())
            await self._do(client.submit(command), f"account {account.account}: {word}")
