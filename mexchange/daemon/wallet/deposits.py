"""Deposits: what arrives outside at an address of ours is credited here, once, when it lies deep enough.

    chain ──► noted, with how far the chain was read ──► deep enough? ──► intent, with a client order id ──► Deposit

The chain may tell everything twice and take back what is not deep; the daemon may die at any point; the database may be
away for a while. The amount is credited once: the reference of the transaction is a key of the database, and the
client order id that is kept with the intent is one to the engine. Should the database be older than the journal, as it
is for moments in a backup, the ids of the deposits that are replayed say which transactions were credited already.
"""

import hashlib
from collections.abc import Mapping
from typing import Final

from mexchange.codec.events import KIND_AT, RECORD_SIZE, decode_records
from mexchange.codec.messages import DepositState
from mexchange.daemon.own_commands import OwnCommands
from mexchange.daemon.views import Commit
from mexchange.daemon.wallet.chain import Chain, Incoming
from mexchange.domain.client_id import ClientOrderId, is_uuid, mint
from mexchange.domain.commands import Deposit
from mexchange.domain.events import Deposited, Event, EventKind, Rejected, Repeated
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import AccountId, AssetId, Atoms
from mexchange.store.deposits import DepositStore, SeenDeposit
from mexchange.telemetry import logs
from mexchange.world.clock import Clock

UNFINISHED_MAX: Final = 1_000
"""Deposits that are looked after in one turn, the oldest first."""
VANISHED_AFTER_NS: Final = 14 * 24 * 3_600 * 10**9
"""So long a transaction may be missing outside before it is no longer waited for."""
AMOUNT_MAX: Final = 2**62
_NS_PER_MS: Final = 1_000_000
_TIME_BYTES: Final = 6
"""At the beginning of a UUIDv7."""
_DEPOSITED: Final = int(EventKind.DEPOSITED)


class Deposits:
    """Watches one chain. `confirmations` is how deep is deep enough."""

    def __init__(
        self, *, store: DepositStore, chain: Chain, commands: OwnCommands, clock: Clock, confirmations: int
    ) -> None:
        self._store = store
        self._chain = chain
        self._commands = commands
        self._clock = clock
        self._confirmations = confirmations
        self._log = logs.get("wallet.deposits")
        self._replayed: dict[tuple[int, bytes], bytes] = {}
        """account and digest of a transaction → client order id, of the deposits that recovery has seen."""

    def on_replayed(self, commit: Commit) -> None:
        """Note the deposits of a frame of the past."""
        if _DEPOSITED not in commit.records[KIND_AT::RECORD_SIZE]:
            return
        for event in decode_records(commit.records):
            if isinstance(event, Deposited) and is_uuid(event.client_order_id):
                self._replayed[event.account, _digest_in(event.client_order_id)] = event.client_order_id

    async def turn(self) -> None:
        """Note what is new, credit what is deep enough. StoreError, ChainDown, Unwritten: again later."""
        await self._note_new()
        unfinished = await self._store.unfinished(UNFINISHED_MAX)
        depths = await self._chain.confirmations([row.reference for row in unfinished]) if unfinished else {}
        for row in unfinished:
            await self._look_at(row, depths)

    async def address(self, account: AccountId, asset: AssetId) -> str:
        """Where money for this account arrives. StoreError, ChainDown."""
        address = await self._chain.address(account, asset)
        await self._store.put_address(account, asset, address, self._clock.time_ns())
        return address

    async def _note_new(self) -> None:
        position = await self._store.position(self._chain.name)
        incoming, head = await self._chain.incoming(position)
        if head == position and not incoming:
            return
        seen = [row for each in incoming if (row := await self._ours(each)) is not None]
        await self._store.note(seen, self._chain.name, head)

    async def _ours(self, incoming: Incoming) -> SeenDeposit | None:
        account = await self._store.account_of(incoming.address, incoming.asset)
        if account is None or not 0 < incoming.amount <= AMOUNT_MAX:
            self._log.warning("money arrived that is nobody's", reference=incoming.reference)
            return None
        return SeenDeposit(
            reference=incoming.reference,
            account=account,
            asset=incoming.asset,
            amount=incoming.amount,
            confirmations=0,
            state=DepositState.SEEN,
            seen_ns=self._clock.time_ns(),
        )

    async def _look_at(self, row: SeenDeposit, depths: Mapping[str, int]) -> None:
        depth = depths.get(row.reference, 0)
        if row.state is DepositState.CREDITING:
            await self._credit(row)  # the command may be in the journal already
        elif depth >= self._confirmations:
            name = deposit_id(row.reference, self._clock.time_ns())
            name = ClientOrderId(self._replayed.get((row.account, _digest_in(name)), name))
            await self._credit(
                await self._store.change(
                    row, state=DepositState.CREDITING, confirmations=depth, client_order_id=bytes(name)
                )
            )
        elif row.reference not in depths and row.seen_ns + VANISHED_AFTER_NS < self._clock.time_ns():
            await self._store.change(row, state=DepositState.VANISHED, confirmations=0)
        elif depth != row.confirmations:
            await self._store.change(row, confirmations=depth)

    async def _credit(self, row: SeenDeposit) -> None:
        command = Deposit(
            AccountId(row.account), ClientOrderId(row.client_order_id), AssetId(row.asset), Atoms(row.amount)
        )
        event = await self._commands.ask(command)
        await self._store.change(row, **_outcome(event), credited_ns=self._clock.time_ns())
        if not isinstance(event, Deposited | Repeated):
            self._log.error("a deposit was not credited", reference=row.reference, account=row.account)


def _outcome(event: Event) -> dict[str, object]:
    """What the engine's answer means for the row."""
    match event:
        case Deposited():
            return {"state": DepositState.CREDITED, "sequence": event.sequence}
        case Repeated(reason=None):
            return {"state": DepositState.CREDITED, "sequence": event.first_sequence}
        case Rejected(reason=RejectReason.STALE_CLIENT_ID | RejectReason.CLIENT_ID_REUSED):
            return {"state": DepositState.UNCLEAR, "reason": event.reason}
        case Rejected() | Repeated():
            return {"state": DepositState.REFUSED, "reason": event.reason}
    raise AssertionError(f"{type(event).__name__} does not answer a deposit")


def deposit_id(reference: str, time_ns: int) -> ClientOrderId:
    """The client order id of the Deposit for a transaction outside: when it is first asked for, and which one."""
    digest = hashlib.blake2b(reference.encode(), digest_size=10).digest()
    return mint(time_ns // _NS_PER_MS, int.from_bytes(digest, "big"))


def _digest_in(client_order_id: bytes) -> bytes:
    """What such an id says of the transaction: all of it but the time."""
    return client_order_id[_TIME_BYTES:]
