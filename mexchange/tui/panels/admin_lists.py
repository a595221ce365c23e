"""What operators look through: markets, withdrawals that wait, people with their accounts."""

from typing import ClassVar, Final

from textual.binding import BindingType

from mexchange.client.markets import Markets
from mexchange.client.results import AccountState
from mexchange.codec.messages import PersonInfo, Ticker, WithdrawalInfo
from mexchange.domain.market import AccountStatus, MarketStatus
from mexchange.tui.keymap import bindings
from mexchange.tui.panels.sheet import Cell, Column, Row
from mexchange.tui.panels.table import Listing
from mexchange.tui.plain import harmless

STATUS_WORDS: Final = {
    MarketStatus.OPEN: ("open", "bid"),
    MarketStatus.CANCEL_ONLY: ("cancel-only", "warn"),
    MarketStatus.HALTED: ("HALTED", "ask"),
    MarketStatus.CLOSED: ("CLOSED", "ask"),
}
_ACCOUNT_INKS: Final = {AccountStatus.REDUCE_ONLY: "warn", AccountStatus.FROZEN: "ask", AccountStatus.CLOSED: "muted"}
_ROLES: Final = {1: "trader", 2: "read-only", 3: "market-maker", 4: "admin", 5: "service"}


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


class People(Listing):
    """A page of people, by owner."""

    NAME: ClassVar[str] = "people"
    EMPTY: ClassVar[str] = "nobody is found"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("admin")]
    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column("account", 8),
        Column("state", 12),
        Column("name", 20),
        Column("e-mail", 28, rank=1),
        Column("role", 12, rank=2),
        Column("tier", 4, right=True, rank=3),
        Column("2nd factor", 10, rank=4),
    )


def market_row(ticker: Ticker, markets: Markets) -> Row:
    """By its number."""
    info = markets[ticker.market]
    word, ink = STATUS_WORDS.get(MarketStatus(ticker.status or info.status), ("", ""))
    cells = (
        Cell(info.symbol, info.symbol),
        Cell(word, word, ink),
        Cell(markets.show_price(ticker.market, ticker.last, thousands=True) if ticker.last else "", ticker.last),
        Cell(f"{ticker.trades_24h:,}", ticker.trades_24h),
    )
    return Row(str(ticker.market), cells)


def withdrawal_row(each: WithdrawalInfo, markets: Markets) -> Row:
    """By its request."""
    cells = (
        Cell(str(each.account), each.account),
        Cell(markets.asset(each.asset).symbol, markets.asset(each.asset).symbol),
        Cell(markets.show_money(each.asset, each.amount), each.amount),
        Cell(each.address, each.address),
        Cell(each.reason, each.reason),
    )
    return Row(each.request_id, cells)


def person_row(person: PersonInfo) -> Row:
    """Keyed by the account, or by the owner where there is none."""
    word, ink = state_of(person)
    account = str(person.account) if person.account else ""
    cells = (
        Cell(account, person.account),
        Cell(word, word, ink),
        Cell(person.label, person.label),
        Cell(person.email, person.email),
        Cell(_ROLES.get(person.role, str(person.role)), person.role),
        Cell(str(person.fee_tier), person.fee_tier),
        Cell("yes" if person.totp else "", person.totp),
    )
    return Row(account or f"owner {person.owner}", cells)


def state_of(person: PersonInfo) -> tuple[str, str]:
    """In a word, and its colour: of the person where that says more than of the account."""
    if person.is_erased or person.is_disabled:
        return ("erased", "muted") if person.is_erased else ("shut out", "ask")
    if not person.account:
        return "no account", "muted"
    status = AccountStatus(person.status)
    return status.name.lower().replace("_", "-"), _ACCOUNT_INKS.get(status, "bid")


def account_facts(state: AccountState, markets: Markets) -> str:
    """Status, tier, orders and balances, a line each."""
    status = AccountStatus(state.status).name.lower().replace("_", "-")
    lines = [f"account {state.account}   {status}   fee tier {state.fee_tier}   {len(state.orders)} open orders"]
    for each in state.balances:
        symbol = markets.asset(each.asset).symbol
        free, held = markets.show_money(each.asset, each.available), markets.show_money(each.asset, each.held)
        lines.append(f"{symbol:6} {free:>24} free {held:>24} held")
    return "\n".join(harmless(line) for line in lines)
