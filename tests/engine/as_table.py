"""Commands as a test in the table language, with the outcomes of the engine in Python; what has no row stands as code.

The world of commands_at_random is that of a Table with its fees: accounts 16 to 19 are ann, bob, cat, and amy, who
belongs to ann. A test made so can be pasted into a file; ids, and times below a second, are not those of the commands.
"""

from collections import Counter
from typing import Any, Final

import msgspec

from mexchange.codec import CodecError, decode_commands, encode
from mexchange.codec.blocks import split
from mexchange.core.engine import Engine
from mexchange.domain import commands
from mexchange.domain.client_id import NO_ID
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
from mexchange.domain.market import AccountSetting, AccountStatus, MarketStatus
from mexchange.domain.order import OrderFlag, OrderType, SelfTradePrevention, TimeInForce
from tests.engine.commands_at_random import setup
from tests.engine.table import MARKET, SECOND, Table, check

NAMES: Final = {16: "ann", 17: "bob", 18: "cat", 19: "amy"}
ASSETS: Final = {1: "KCN", 2: "EUR"}
FEES: Final = "maker_ppm=-300, taker_ppm=1_100, notional_min=50_000"
_MODES: Final = {
    SelfTradePrevention.DEFAULT: "",
    SelfTradePrevention.NONE: " stp=none",
    SelfTradePrevention.CANCEL_TAKER: " stp=taker",
    SelfTradePrevention.CANCEL_MAKER: " stp=maker",
    SelfTradePrevention.CANCEL_BOTH: " stp=both",
    SelfTradePrevention.DECREMENT: " stp=decrement",
}
_DEPOSITS: Final = {(one.account, one.asset): one for one in setup() if isinstance(one, Deposit)}


class NoRow(Exception):
    """The table language has no words for that."""


def as_test(steps: list[tuple[int, bytes]]) -> str:
    """The source of a test function. A step is the time of its frame and a block of one command."""
    writer = _Writer(steps)
    lines = [f"    table = Table(engine, {FEES})"]
    rows: list[str] = []

    def end_rows() -> None:
        if rows:
            lines.extend(["    check(", "        table,", '        """', *[f"        {row}" for row in rows]])
            lines.extend(['        """,', "    )"])
            rows.clear()

    for step in writer.steps():
        if step.startswith("    "):
            end_rows()
            lines.append(step)
        else:
            rows.append(step)
    end_rows()
    return "\n".join(["def test_both_engines_say_the_same(engine: Engine) -> None:", *lines])


def run_test(source: str, engine: Any) -> None:
    """Run what `as_test` made on an engine."""
    names = {name: getattr(commands, name) for name in dir(commands)}
    exec(source, scope := {**names, "Table": Table, "check": check, "Engine": Engine})
    scope["test_both_engines_say_the_same"](engine)


def in_one_market(steps: list[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
    """The same commands, those of the second market in the first, which the table has."""
    return [(time_ns, _moved(block)) for time_ns, block in steps]


def in_no_time(steps: list[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
    """The same commands, one nanosecond apart."""
    return [(steps[0][0] + number, block) for number, (_, block) in enumerate(steps)]


def _moved(block: bytes) -> bytes:
    command = _command(block)
    if command is None or getattr(command, "market", MARKET) == MARKET:
        return block
    return encode(msgspec.structs.replace(command, market=MARKET))


class _Writer:
    """Writes row after row, and runs each to know its outcome."""

    def __init__(self, steps: list[tuple[int, bytes]]) -> None:
        self._commands = [(time_ns, _command(block), block) for time_ns, block in steps]
        self._ids = Counter(getattr(command, "client_order_id", NO_ID) for _, command, _ in self._commands)
        targets = (getattr(command, "target", NO_ID) for _, command, _ in self._commands)
        self._ids.update(target for target in targets if target != NO_ID)
        self._texts: dict[bytes, str] = {}
        self._now_ns = steps[0][0] if steps else 0
        self._table = Table(Engine(), maker_ppm=-300, taker_ppm=1_100, notional_min=50_000)
        self._table.is_audited = False

    def steps(self) -> list[str]:
        """Rows, and lines of code that begin with blanks."""
        lines = [self._outcome(row) for row in self._funds()]
        for time_ns, command, block in self._commands:
            if isinstance(command, CreateAsset | CreateMarket | OpenAccount | Deposit) and command in setup():
                continue  # the table and the funds above are that
            seconds = (time_ns - self._now_ns) // SECOND
            self._now_ns = time_ns
            if seconds:
                lines.append(self._outcome(f"wait {seconds}s"))
            try:
                if command is None:
                    raise NoRow
                lines.append(self._outcome(self._row(command, time_ns)))
            except (NoRow, KeyError, ValueError):
                lines.append(self._code(command, block))
        return lines

    def _funds(self) -> list[str]:
        rows = []
        given = {(command.account, command.asset) for _, command, _ in self._commands if isinstance(command, Deposit)}
        for account, name in NAMES.items():
            if name == "amy":
                rows.append("amy belongs to ann")
                continue
            has = [each for each in _DEPOSITS if each in given and each[0] == account and each[1] in ASSETS]
            funds = [f"{_DEPOSITS[each].amount} {ASSETS[each[1]]}" for each in has]
            rows.append(f"{name} has {' '.join(funds) or 'nothing'}")
        return rows

    def _outcome(self, row: str) -> str:
        outcome = self._table.run(row)
        return f"{row} -> {outcome}".rstrip()

    def _code(self, command: Command | None, block: bytes) -> str:
        if command is None:
            blocks = f'bytes.fromhex("{block.hex()}")'
            self._table.engine.apply_batch(block, self._table.sequence + 1, self._table.time_ns)
            self._table.sequence = self._table.engine.sequence
            return (
                f"    engine.apply_batch({blocks}, table.sequence + 1, table.time_ns)\n"
                "    table.sequence = engine.sequence"
            )
        self._table.apply(command)
        values = [
            f"{name}={int(value) if isinstance(value, int) else value!r}"
            for name in command.__struct_fields__
            if (value := getattr(command, name)) or name not in command.__struct_fields__[-2:]
        ]
        return f"    table.apply({type(command).__name__}({', '.join(values)}))"

    def _id(self, client_order_id: bytes) -> str:
        """As a text, where it matters."""
        if self._ids[client_order_id] < 2:
            return ""
        return f" id={self._texts.setdefault(client_order_id, f'c{len(self._texts)}')}"

    def _row(self, command: Command, time_ns: int) -> str:
        match command:
            case PlaceOrder():
                return self._order(command, time_ns)
            case CancelOrder():
                label = f"o{command.order_id}" if command.order_id else self._id(command.target).strip()
                return f"{NAMES[command.account]} cancel {label}"
            case AmendOrder():
                quantity = f" {command.quantity}" if command.quantity else ""
                price = f" @ {command.price}" if command.price else ""
                filled = f" if filled {command.expected_filled}" if command.expected_filled >= 0 else ""
                return f"{NAMES[command.account]} amend o{command.order_id} to{quantity}{price}{filled}"
            case MassCancel():
                side = {0: "", 1: " buys", 2: " sells"}[command.side]
                here = {0: "", MARKET: " here"}[command.market]
                return f"{NAMES[command.account]} cancel all{side}{here}"
            case AdvanceTime():
                return "wait 0s"
            case Deposit():
                return f"{NAMES[command.account]} deposit {command.amount} {ASSETS[command.asset]}"
            case Withdraw():
                return f"{NAMES[command.account]} withdraw {command.amount} {ASSETS[command.asset]}"
            case Transfer():
                to = NAMES[command.to_account]
                return f"{NAMES[command.account]} transfer {command.amount} {ASSETS[command.asset]} to {to}"
            case ConfirmWithdrawal() | ReleaseWithdrawal():
                raise NoRow  # they name a number, a row names a label
            case ChangeAccount(setting=AccountSetting.STATUS):
                status = AccountStatus(command.value).name.lower().replace("_", "-")
                return f"{NAMES[command.account]} is {status}"
            case ChangeAccount():
                setting = AccountSetting(command.setting).name.lower().replace("_", " ")
                return f"{NAMES[command.account]} set {setting} {command.value}"
            case SetMarketStatus(market=1):
                return f"market {MarketStatus(command.status).name.lower().replace('_', '-')}"
            case SetFees(market=1):
                return f"fees {command.tier}: {command.maker_ppm} {command.taker_ppm}"
            case _:
                raise NoRow

    def _order(self, order: PlaceOrder, time_ns: int) -> str:
        if order.market != MARKET:
            raise NoRow
        words = f"{NAMES[order.account]} {order.side.name.lower()} {order.quantity}"
        words += " quote" if order.flags & OrderFlag.QUOTE_AMOUNT else ""
        if order.order_type is OrderType.MARKET:
            words += f" market {order.price}" if order.price else " market"
        else:
            words += f" @ {order.price}"
        if order.time_in_force is TimeInForce.GTD:
            words += f" gtd {max(0, (order.expiry_ns - time_ns + SECOND - 1) // SECOND)}s"
        else:
            words += f" {order.time_in_force.name.lower()}"
        words += " post" if order.flags & OrderFlag.POST_ONLY else ""
        words += " slide" if order.flags & OrderFlag.SLIDE else ""
        label = f" as o{self._table_order_id()}"
        return words + _MODES[order.self_trade_prevention] + self._id(order.client_order_id) + label

    def _table_order_id(self) -> int:
        """That the next order is given."""
        engine = self._table.engine
        assert isinstance(engine, Engine)
        return engine.state.order_counter + 1


def _command(block: bytes) -> Command | None:
    """None if the words of the domain do not hold it."""
    ((message_type, _, payload),) = split(block)
    try:
        (command,) = decode_commands(message_type, payload)
    except CodecError:
        return None
    return command
