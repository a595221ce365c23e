"""The wallet put together: its database, the world outside, what watches it, and the desks where people ask.

Nothing here is needed for trading. While the database or the world outside is away, requests are refused and what is on
its way waits; orders know nothing of it.
"""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from mexchange.codec import CodecError, MessageType
from mexchange.config.daemon import Wallet as WalletSettings
from mexchange.daemon.accounts import Accounts
from mexchange.daemon.background import Background
from mexchange.daemon.own_commands import OwnCommands
from mexchange.daemon.views import Handler, Outbox
from mexchange.daemon.wallet.answers import Answers, WalletRefused
from mexchange.daemon.wallet.deposit_desk import DepositDesk
from mexchange.daemon.wallet.deposits import Deposits
from mexchange.daemon.wallet.faucet import Faucet, Gift
from mexchange.daemon.wallet.simulated_chain import SimulatedChain
from mexchange.daemon.wallet.sub_accounts import SubAccounts
from mexchange.domain.rejects import RejectReason
from mexchange.protocol.server_session import ServerSession
from mexchange.store import migration
from mexchange.store.database import Database, DatabaseName, place_of
from mexchange.store.deposits import DepositStore
from mexchange.store.errors import DatabaseDown
from mexchange.telemetry import logs
from mexchange.world.clock import Clock

CHAIN_FILE: Final = "chain.db"
OPEN_AGAIN_S: Final = 1.0
OPENING_S: Final = 3.0
"""So long a request waits for the database of a daemon that has just started."""
_NS_PER_MS: Final = 1_000_000


class Wallet:
    """Everything about money that is not the engine's. `gift` is what the faucet of a demo gives, None without one."""

    def __init__(
        self,
        settings: WalletSettings,
        *,
        database: str,
        data: Path,
        gift: Gift | None,
        accounts: Accounts,
        commands: OwnCommands,
        background: Background,
        outbox: Outbox,
        clock: Clock,
    ) -> None:
        """`database` is the daemon's setting. StoreError."""
        self._settings = settings
        self._background = background
        self._log = logs.get("wallet")
        self._opened = asyncio.Event()
        self._database = Database(place_of(DatabaseName.WALLET, database, data))
        self._answers = answers = Answers(background=background, outbox=outbox)
        self.faucet = Faucet(gift=gift, accounts=accounts, commands=commands, answers=answers, clock=clock)
        self._sub_accounts = SubAccounts(accounts=accounts, commands=commands, answers=answers, outbox=outbox)
        self._chain: SimulatedChain | None = None
        self._deposits: Deposits | None = None
        self._desk: DepositDesk | None = None
        if settings.chain == "simulated" or gift is not None:
            block_ns = settings.block_ms * _NS_PER_MS
            self._chain = chain = SimulatedChain(data / CHAIN_FILE, clock=clock, block_ns=block_ns)
            store = DepositStore(self._database)
            needed = settings.confirmations
            self._deposits = Deposits(store=store, chain=chain, commands=commands, clock=clock, confirmations=needed)
            self._desk = DepositDesk(
                deposits=self._deposits,
                store=store,
                answers=answers,
                simulated=chain if gift is not None else None,
                confirmations=needed,
            )

    def handlers(self) -> Mapping[MessageType, Handler]:
        """What people may ask; the faucet is a view and brings its own."""
        guarded: dict[MessageType, Handler] = {}
        for message_type in (MessageType.ADDRESS_REQUEST, MessageType.DEPOSITS_QUERY, MessageType.SIMULATE_DEPOSIT):
            handler = None if self._desk is None else self._desk.handlers()[message_type]
            guarded[message_type] = self._guarded(handler)
        return {**guarded, **self._sub_accounts.handlers()}

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
        if self._deposits is not None:
            await self._deposits.watch(self._settings.poll_ms / 1_000)

    async def _open(self) -> None:
        while not self._opened.is_set():
            try:
                await migration.upgrade(self._database)
                self._opened.set()
            except DatabaseDown as error:
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
