"""A small language for engine tests: a market as a table, one command a row, and what came of it behind an arrow.

    ann sell 3 @ 101               -> 3 rests
    bob buy 5 @ 101 ioc            -> 3 @ 101 from ann, 2 cancelled
    cat buy 4 @ 99 as x            -> 4 rests
    cat amend x to 2 @ 98          -> 2 @ 98 amended, 2 rests
    cat cancel x                   -> 2 cancelled
    dan has 500 EUR                                  opens dan with so many atoms and no more
    dan buy 9 @ 100                -> refused INSUFFICIENT_FUNDS (500)

Orders: `NAME buy|sell LOTS @ PRICE` or `market`, `market 105` (protected), `ATOMS quote market`; then any of ioc, fok,
gtd 10s, post, slide, stp=none|taker|maker|both|decrement, id=TEXT, as LABEL. Other rows: see `_ROWS`. Who was not named
before is opened and rich. Every row is previewed first, and audited afterwards.
"""

import re
from collections.abc import Callable
from typing import Final

from mexchange.codec import encode
from mexchange.codec.events import decode_records
from mexchange.daemon.engine_choice import Engine
from mexchange.domain.client_id import NO_ID, ClientOrderId, parse
from mexchange.domain.commands import (
    AdvanceTime,
    AmendOrder,
    CancelOrder,
    ChangeAccount,
    Command,
    ConfirmWithdrawal,
    CreateAsset,
    CreateMarket,
    Deposit,
    MassCancel,
    OpenAccount,
    PlaceOrder,
    ReleaseWithdrawal,
    SetFees,
    SetMarketStatus,
    Transfer,
    Withdraw,
)
from mexchange.domain.events import Accepted, AccountOpened, Event, WithdrawalHeld
from mexchange.domain.market import AccountSetting, AccountStatus, MarketStatus
from mexchange.domain.order import OrderFlag, OrderType, SelfTradePrevention, Side, TimeInForce
from mexchange.domain.units import AccountId, AssetId, Atoms, Lots, MarketId, OrderId, OwnerId, Ppm, Ticks, TimeNs
from tests.engine.audit import audit
from tests.engine.engines import state_of
from tests.engine.telling import tell

KCN: Final = AssetId(1)
EUR: Final = AssetId(2)
ASSETS: Final = {"KCN": KCN, "EUR": EUR}
MARKET: Final = MarketId(1)
REFERENCE: Final = Ticks(100)
LOT: Final = Atoms(100_000)
TICK: Final = 10_000_000
UNIT: Final = 1_000
"""Quote atoms of one lot at one tick."""
RICH: Final = {KCN: Atoms(10**15), EUR: Atoms(10**15)}
SECOND: Final = 10**9


class Table:
    """An engine with one market, KCN/EUR, and people by name."""

    def __init__(self, engine: Engine, *, maker_ppm: int = 0, taker_ppm: int = 0, notional_min: int = 0) -> None:
        self.engine = engine
        self.sequence = 0
        self.time_ns = SECOND
        self.names: dict[int, str] = {0: "operator"}
        self.accounts: dict[str, AccountId] = {}
        self.labels: dict[str, OrderId] = {}
        self.withdrawals: dict[str, int] = {}
        self.is_audited = True
        self._ids = 0
        self.apply(CreateAsset("KCN"))
        self.apply(CreateAsset("EUR"))
        self.apply(
            CreateMarket(
                KCN,
                EUR,
                TICK,
                LOT,
                REFERENCE,
                notional_min=Atoms(notional_min),
                maker_ppm=Ppm(maker_ppm),
                taker_ppm=Ppm(taker_ppm),
            )
        )

    def apply(self, command: Command) -> list[Event]:
        """One command, one millisecond later; what a preview promised is what came, and all is in order after it."""
        self.sequence += 1
        self.time_ns += 10**6
        block, before = encode(command), self.engine.snapshot()
        promised = self.engine.preview(block, self.time_ns)
        assert self.engine.snapshot() == before, "a preview changes nothing"
        records = self.engine.apply_batch(block, self.sequence, self.time_ns)
        assert records == promised
        if self.is_audited:
            audit(self.engine)
        return decode_records(records)

    def apply_many(self, commands: list[Command]) -> list[Event]:
        """All in one frame, without looking closely."""
        self.time_ns += 10**6
        blocks = b"".join([encode(command) for command in commands])
        records = self.engine.apply_batch(blocks, self.sequence + 1, self.time_ns)
        self.sequence += len(commands)
        return decode_records(records)

    def account(self, name: str) -> AccountId:
        """Of a person, who is opened and made rich when first named."""
        return self.accounts[name] if name in self.accounts else self.open(name, RICH)

    def open(self, name: str, funds: dict[AssetId, Atoms], owner: str = "", number: int = 0) -> AccountId:
        """A new account; `owner` names whose sub-account it is."""
        owner_id = OwnerId(sum(ord(letter) * 131**place for place, letter in enumerate(owner or name)))
        (opened,) = self.apply(OpenAccount(owner_id, number))
        assert isinstance(opened, AccountOpened)
        self.accounts[name] = opened.account
        self.names[opened.account] = name
        for asset, amount in funds.items():
            self.apply(Deposit(opened.account, self.new_id(), asset, amount))
        return opened.account

    def new_id(self) -> ClientOrderId:
        """A text id that was not used yet."""
        self._ids += 1
        return parse(f"t{self._ids}")

    def run(self, row: str) -> str:
        """What came of one row, in the words of the table."""
        for pattern, make in _ROWS:
            match = re.fullmatch(pattern, row)
            if match is not None:
                made = make(self, match)
                if isinstance(made, str):
                    return made
                command, label = made
                events = self.apply(command)
                self._bind(events, label)
                return tell(events, command, self.names, {number: name for name, number in self.labels.items()})
        raise AssertionError(f"not a row: {row!r}")

    def _bind(self, events: list[Event], label: str) -> None:
        for event in events:
            if label and isinstance(event, Accepted):
                self.labels[label] = event.order_id
            if label and isinstance(event, WithdrawalHeld):
                self.withdrawals[label] = event.withdrawal_id


def check(table: Table, rows: str) -> None:
    """Run the rows; fails with the whole table as it came out if it is not as written."""
    wanted, got = [], []
    for line in filter(None, map(str.strip, rows.strip().splitlines())):
        row, _, outcome = (part.strip() for part in line.partition("->"))
        row = " ".join(row.split())
        wanted.append(f"{row} -> {' '.join(outcome.split())}")
        got.append(f"{row} -> {table.run(row)}")
    assert got == wanted, "as it came out:\n" + "\n".join(got)


Made = tuple[Command, str] | str


def _order(table: Table, match: re.Match[str]) -> Made:
    name, side, amount, quote, price, protection, rest = match.groups()
    words = rest.split()
    options = dict(word.split("=") for word in words if "=" in word)
    label = words[words.index("as") + 1] if "as" in words else ""
    flags = OrderFlag.POST_ONLY if "post" in words else OrderFlag(0)
    flags |= OrderFlag.SLIDE if "slide" in words else 0
    flags |= OrderFlag.QUOTE_AMOUNT if quote else 0
    life = TimeInForce.IOC if price is None else TimeInForce.GTC
    life = next((TimeInForce[word.upper()] for word in words if word in ("gtc", "ioc", "fok", "gtd")), life)
    expiry = table.time_ns + int(words[words.index("gtd") + 1].removesuffix("s")) * SECOND if "gtd" in words else 0
    mode = options.get("stp", "default")
    order = PlaceOrder(
        account=table.account(name),
        client_order_id=parse(options["id"]) if "id" in options else table.new_id(),
        market=MARKET,
        side=Side[side.upper()],
        quantity=Lots(int(amount)),
        price=Ticks(int(price or protection or 0)),
        order_type=OrderType.MARKET if price is None else OrderType.LIMIT,
        time_in_force=life,
        self_trade_prevention=_MODES[mode],
        flags=flags,
        expiry_ns=TimeNs(expiry),
    )
    return order, label


_MODES: Final = {
    "default": SelfTradePrevention.DEFAULT,
    "none": SelfTradePrevention.NONE,
    "taker": SelfTradePrevention.CANCEL_TAKER,
    "maker": SelfTradePrevention.CANCEL_MAKER,
    "both": SelfTradePrevention.CANCEL_BOTH,
    "decrement": SelfTradePrevention.DECREMENT,
}


def _amend(table: Table, match: re.Match[str]) -> Made:
    name, label, quantity, price, filled = match.groups()
    return AmendOrder(
        table.account(name),
        table.new_id(),
        table.labels.get(label, OrderId(999)),
        Ticks(int(price or 0)),
        Lots(int(quantity or 0)),
        Lots(int(filled) if filled else -1),
    ), ""


def _cancel(table: Table, match: re.Match[str]) -> Made:
    name, label = match.groups()
    account = table.account(name)
    if label.startswith("id="):
        return CancelOrder(account, table.new_id(), target=parse(label.removeprefix("id="))), ""
    return CancelOrder(account, table.new_id(), table.labels.get(label, OrderId(999))), ""


def _cancel_all(table: Table, match: re.Match[str]) -> Made:
    side = {None: 0, "buys": Side.BUY, "sells": Side.SELL}[match[2]]
    return MassCancel(table.account(match[1]), table.new_id(), MARKET if match[3] else MarketId(0), side), ""


def _has(table: Table, match: re.Match[str]) -> Made:
    funds = {ASSETS[asset]: Atoms(int(amount)) for amount, asset in re.findall(r"(\d+) (\w+)", match[2])}
    table.open(match[1], funds)
    return ""


def _sub(table: Table, match: re.Match[str]) -> Made:
    table.open(match[1], RICH, owner=match[2], number=len(table.accounts))
    return ""


def _balance(table: Table, match: re.Match[str]) -> Made:
    balance = state_of(table.engine).accounts[table.account(match[1])].balances[ASSETS[match[2]]]
    return f"{balance.available} available, {balance.held} held"


def _wait(table: Table, match: re.Match[str]) -> Made:
    table.time_ns += int(match[1]) * SECOND
    return AdvanceTime(), ""


def _money(table: Table, match: re.Match[str]) -> Made:
    name, act, amount, asset_id = match[1], match[2], Atoms(int(match[3])), ASSETS[match[4]]
    account, client_order_id = table.account(name), table.new_id()
    if act == "transfer":
        return Transfer(account, client_order_id, table.account(match[5]), asset_id, amount), ""
    if act == "withdraw":
        return Withdraw(account, client_order_id, asset_id, amount), match[6] or ""
    return Deposit(account, client_order_id, asset_id, amount), ""


def _withdrawal(table: Table, match: re.Match[str]) -> Made:
    account, number = table.account(match[1]), table.withdrawals.get(match[3], 999)
    if match[2] == "confirm":
        return ConfirmWithdrawal(account, table.new_id(), number), ""
    return ReleaseWithdrawal(account, table.new_id(), number), ""


def _is(table: Table, match: re.Match[str]) -> Made:
    status = AccountStatus[match[2].upper().replace("-", "_")]
    return ChangeAccount(table.account(match[1]), AccountSetting.STATUS, status), ""


def _setting(table: Table, match: re.Match[str]) -> Made:
    setting = AccountSetting[match[2].upper().replace(" ", "_")]
    return ChangeAccount(table.account(match[1]), setting, int(match[3])), ""


def _market(_table: Table, match: re.Match[str]) -> Made:
    return SetMarketStatus(MARKET, MarketStatus[match[1].upper().replace("-", "_")]), ""


def _fees(_table: Table, match: re.Match[str]) -> Made:
    tier, maker, taker = map(int, match.groups())
    return SetFees(MARKET, tier, Ppm(maker), Ppm(taker), client_order_id=NO_ID), ""


_ROWS: Final[list[tuple[str, Callable[[Table, re.Match[str]], Made]]]] = [
    (r"(\w+) (buy|sell) (-?\d+)( quote)? (?:@ (-?\d+)|market(?: (-?\d+))?)(.*)", _order),
    (r"(\w+) amend (\w+) to(?: (-?\d+))?(?: @ (-?\d+))?(?: if filled (-?\d+))?", _amend),
    (r"(\w+) cancel all(?: (buys|sells))?( here)?", _cancel_all),
    (r"(\w+) cancel (\S+)", _cancel),
    (r"(\w+) has (.+)", _has),
    (r"(\w+) belongs to (\w+)", _sub),
    (r"(\w+) balance (\w+)", _balance),
    (r"wait (\d+)s", _wait),
    (r"(\w+) (deposit|withdraw|transfer) (-?\d+) (\w+)(?: to (\w+))?(?: as (\w+))?", _money),
    (r"(\w+) (confirm|release) (\w+)", _withdrawal),
    (r"(\w+) is (active|reduce-only|frozen|closed)", _is),
    (r"(\w+) set (fee tier|self trade prevention|open orders max|order notional max) (-?\d+)", _setting),
    (r"market (open|cancel-only|halted|closed)", _market),
    (r"fees (-?\d+): (-?\d+) (-?\d+)", _fees),
]
