"""The wallet put together: its database, the world outside, what watches it, and the desks where people ask.

Nothing here is needed for trading. While the database or the world outside is away, requests are refused and what is on
its way waits; orders know nothing of it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from mexchange.codec import CodecError, MessageType, decode, encode
from mexchange.codec.messages import AssetInfo, AssetsPage, AssetsQuery
from mexchange.config.daemon import Wallet as WalletSettings
from mexchange.config.daemon import WithdrawalRule
from mexchange.daemon.accounts import Accounts
from mexchange.daemon.background import Background
from mexchange.daemon.own_commands import OwnCommands
from mexchange.daemon.views import Commit, Engine, Handler, Outbox
from mexchange.daemon.wallet.answers import Answers, WalletRefused
from mexchange.daemon.wallet.deposit_desk import DepositDesk
from mexchange.daemon.wallet.deposits import Deposits
from mexchange.daemon.wallet.faucet import Faucet, Gift
from mexchange.daemon.wallet.limits import Limits, limits_by
from mexchange.daemon.wallet.simulated_chain import CHAIN_FILE, SimulatedChain
from mexchange.daemon.wallet.sub_accounts import SubAccounts
from mexchange.daemon.wallet.watch import watch
from mexchange.daemon.wallet.withdrawal_desk import Confirmations, Note, WithdrawalDesk
from mexchange.daemon.wallet.withdrawals import Withdrawals
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import AssetId
from mexchange.protocol.server_session import ServerSession
from mexchange.store import migration
from mexchange.store.account_names import AccountNames
from mexchange.store.database import Database, DatabaseName, place_of
from mexchange.store.deposits import DepositStore
from mexchange.store.errors import DatabaseDown, DiskFull
from mexchange.store.withdrawals import WithdrawalStore
from mexchange.telemetry import logs
from mexchange.world.clock import Clock

OPEN_AGAIN_S: Final = 1.0
OPENING_S: Final = 3.0
"""So long a request waits for the database of a daemon that has just started."""
_NS_PER_MS: Final = 1_000_000


OUTSIDE: Final = (
    MessageType.ADDRESS_REQUEST,
    MessageType.DEPOSITS_QUERY,
    MessageType.SIMULATE_DEPOSIT,
    MessageType.WITHDRAWAL_REQUEST,
    MessageType.WITHDRAWALS_QUERY,
    MessageType.WITHDRAWAL_CANCEL,
    MessageType.WITHDRAWAL_DECISION,
)
"""Requests that need the world outside and the database."""


class Wallet:
    """Everything about money that is not the engine's. `gift` is what the faucet of a demo gives, None without one."""

    def __init__(
        self,
        settings: WalletSettings,
        *,
        database: str,
        data: Path,
        gift: Gift | None,
        rules: Mapping[str, WithdrawalRule],
        engine: Engine,
        accounts: Accounts,
        commands: OwnCommands,
        background: Background,
        outbox: Outbox,
        clock: Clock,
    ) -> None:
        """`database` is the daemon's setting; `rules` hold where the settings have none. StoreError."""
        self._settings = settings
        self._background = background
        self._log = logs.get("wallet")
        self._opened = asyncio.Event()
        self._database = Database(place_of(DatabaseName.WALLET, database, data))
        self._answers = answers = Answers(background=background, outbox=outbox)
        self.faucet = Faucet(gift=gift, accounts=accounts, commands=commands, answers=answers, clock=clock)
        self._sub_accounts = SubAccounts(
            accounts=accounts, names=AccountNames(self._database), commands=commands, answers=answers
        )
        self._chain: SimulatedChain | None = None
        self._deposits: Deposits | None = None
        self._turns: dict[str, Callable[[], Awaitable[None]]] = {}
        self._withdrawal_desk: WithdrawalDesk | None = None
        self._handlers: dict[MessageType, Handler] = {}
        if settings.chain == "simulated" or gift is not None:
            block_ns = settings.block_ms * _NS_PER_MS
            self._chain = SimulatedChain(data / CHAIN_FILE, clock=clock, block_ns=block_ns)
            self._build_deposits(self._chain, commands, clock, is_demo=gift is not None)
            self._build_withdrawals(self._chain, commands, clock, accounts, _limits(settings, rules, engine), engine)

    def _build_deposits(self, chain: SimulatedChain, commands: OwnCommands, clock: Clock, *, is_demo: bool) -> None:
        store, needed = DepositStore(self._database), self._settings.confirmations
        deposits = Deposits(store=store, chain=chain, commands=commands, clock=clock, confirmations=needed)
        desk = DepositDesk(
            deposits=deposits,
            store=store,
            answers=self._answers,
            simulated=chain if is_demo else None,
            confirmations=needed,
        )
        self._deposits = deposits
        self._turns["deposits"] = deposits.turn
        self._handlers |= desk.handlers()

    def _build_withdrawals(
        self,
        chain: SimulatedChain,
        commands: OwnCommands,
        clock: Clock,
        accounts: Accounts,
        limits_of: Callable[[int], Limits],
        engine: Engine,
    ) -> None:
        store = WithdrawalStore(self._database)
        withdrawals = Withdrawals(store=store, chain=chain, commands=commands, clock=clock, limits_of=limits_of)
        self._withdrawal_desk = desk = WithdrawalDesk(
            withdrawals=withdrawals,
            store=store,
            accounts=accounts,
            answers=self._answers,
            background=self._background,
            asset_of=partial(asset_of, engine),
        )
        self._turns["withdrawals"] = withdrawals.turn
        self._handlers |= desk.handlers()

    def on_replayed(self, commit: Commit) -> None:
        """A frame of the past."""
        if self._deposits is not None:
            self._deposits.on_replayed(commit)

    def confirm_by(self, confirmations: Confirmations, note: Note) -> None:
        """Whose mailed codes withdrawals need, and where it is noted what operators decide."""
        if self._withdrawal_desk is not None:
            self._withdrawal_desk.confirm_by(confirmations, note)

    def handlers(self) -> Mapping[MessageType, Handler]:
        """What people may ask; the faucet is a view and brings its own."""
        guarded = {message_type: self._guarded(self._handlers.get(message_type)) for message_type in OUTSIDE}
        accounts = self._sub_accounts.handlers()
        return {**guarded, **{message_type: self._guarded(handler) for message_type, handler in accounts.items()}}

    def start(self) -> None:
        """On the running loop: open the database, then watch the world outside."""
        self._background.start(self._run())

    async def close(self) -> None:
        """After the background has stopped."""
        await self._database.close()
        if self._chain is not None:
            self._chain.close()

    async def _run(self) -> None:
        await self._open()
        for what, turn in self._turns.items():
            self._background.start(watch(what, turn, self._settings.poll_ms / 1_000))

    async def _open(self) -> None:
        while not self._opened.is_set():
            try:
                await migration.upgrade(self._database)
                self._opened.set()
            except (DatabaseDown, DiskFull) as error:
                self._log.warning("the wallet waits for its database", reason=str(error))
                await asyncio.sleep(OPEN_AGAIN_S)

    def _guarded(self, handler: Handler | None) -> Handler:
        """The handler, as long as there is a world outside and a database to remember it."""

        def guarded(session: ServerSession, correlation: int, block: bytes) -> None:
            if handler is None:
                self._answers.refuse(session, correlation, WalletRefused(RejectReason.WALLET_OFF))
            elif self._opened.is_set():
                handler(session, correlation, block)
            else:
                self._background.start(self._later(handler, session, correlation, block))

        return guarded

    async def _later(self, handler: Handler, session: ServerSession, correlation: int, block: bytes) -> None:
        """The daemon has just started, and does not wait for its database before it trades."""
        try:
            await asyncio.wait_for(self._opened.wait(), OPENING_S)
            handler(session, correlation, block)
        except TimeoutError:
            self._answers.refuse(session, correlation, WalletRefused(RejectReason.WALLET_UNAVAILABLE))
        except CodecError:
            self._answers.refuse(session, correlation, WalletRefused(RejectReason.MALFORMED))


def asset_of(engine: Engine, asset: int) -> AssetInfo | None:
    """The definition of an asset, as the engine has it."""
    for block in engine.query(encode(AssetsQuery(AssetId(asset)))):
        page = decode(MessageType.ASSETS_PAGE, block[8:])
        assert isinstance(page, AssetsPage)
        return next((info for info in page.assets if info.asset == asset), None)
    return None


def _limits(settings: WalletSettings, rules: Mapping[str, WithdrawalRule], engine: Engine) -> Callable[[int], Limits]:
    return limits_by({**rules, **settings.withdrawals}, partial(asset_of, engine))
