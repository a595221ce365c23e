"""Withdrawals: money is held when it is asked for, leaves the ledger when everybody agreed, and is then paid outside.

    request ─► limits ─► HOLDING ─► Withdraw ─► code ─► (operator) ─► CONFIRMING ─► ConfirmWithdrawal ─► PAYING ─► pay

It leaves the ledger before it leaves the house: a payment that is refused comes back as a Deposit, while money that
left the house first could be spent here once more. daemon/wallet/withdrawal_steps.py takes the steps.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final

from mexchange.codec.messages import WithdrawalState
from mexchange.daemon.own_commands import OwnCommands
from mexchange.daemon.wallet.answers import WalletRefused
from mexchange.daemon.wallet.chain import Chain, ChainDown
from mexchange.daemon.wallet.limits import Limits
from mexchange.daemon.wallet.withdrawal_states import OURS, UNSPENT, Step
from mexchange.daemon.wallet.withdrawal_steps import WithdrawalSteps, refusal_of
from mexchange.domain.client_id import is_uuid
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import AssetId
from mexchange.store.withdrawals import Withdrawal, WithdrawalStore
from mexchange.world.clock import Clock

DAY_NS: Final = 24 * 3_600 * 10**9
CODE_NS: Final = 30 * 60 * 10**9
"""A request that nobody confirmed by then is given up, and its hold released."""
UNFINISHED_MAX: Final = 1_000
"""Withdrawals that are looked after in one turn, the oldest first."""


class Withdrawals:
    """All withdrawals. `limits_of` gives those of an asset."""

    def __init__(
        self,
        *,
        store: WithdrawalStore,
        chain: Chain,
        commands: OwnCommands,
        clock: Clock,
        limits_of: Callable[[int], Limits],
    ) -> None:
        self._store = store
        self._chain = chain
        self._clock = clock
        self._limits_of = limits_of
        self._entrance = asyncio.Lock()
        """One request at a time is measured against the limits."""
        self._busy: dict[tuple[int, bytes], tuple[asyncio.Lock, int]] = {}
        self._steps = WithdrawalSteps(store=store, chain=chain, commands=commands, clock=clock)

    async def turn(self) -> None:
        """Take up what the daemon has to do, and give up what nobody confirmed. StoreError, ChainDown, Unwritten."""
        too_old_ns = self._clock.time_ns() - CODE_NS
        waiting = {WithdrawalState.PENDING_CODE}
        for row in await self._store.in_states(waiting, UNFINISHED_MAX, before_ns=too_old_ns):
            with suppress(WalletRefused):  # somebody was faster
                await self._give_up(row.account, row.request_id, "nobody confirmed it in time", {row.state})
        trouble: Exception | None = None
        for row in await self._store.in_states(OURS, UNFINISHED_MAX):
            try:
                async with self._alone(row.account, row.request_id) as fresh:
                    await self._steps.advance(fresh)
            except ChainDown as error:  # one line may be dead and another not
                trouble = error
        if trouble is not None:
            raise trouble

    async def request(
        self, *, owner: int, account: int, request_id: bytes, asset: int, amount: int, address: str
    ) -> Withdrawal:
        """The withdrawal of that name, made now unless it is known; its amount is held. WalletRefused."""
        if not is_uuid(request_id) or not any(request_id):
            raise WalletRefused(RejectReason.CLIENT_ID_INVALID, "a withdrawal is named by a UUIDv7")
        wanted = (account, request_id, owner, asset, amount, address)
        known = await self._store.find(account, request_id)
        if known is None:
            if not self._chain.is_address(AssetId(asset), address):
                raise WalletRefused(RejectReason.ADDRESS_INVALID)
            async with self._entrance:
                known = await self._store.find(account, request_id) or await self._enter(*wanted)
        if wanted != (known.account, known.request_id, known.owner, known.asset, known.amount, known.address):
            raise WalletRefused(RejectReason.CLIENT_ID_REUSED)
        async with self._alone(account, request_id) as row:
            row = await self._steps.advance(row)
        if row.state is WithdrawalState.FAILED and not row.withdrawal_id:
            raise WalletRefused(refusal_of(row))
        return row

    async def agree(self, account: int, request_id: bytes) -> Withdrawal:
        """The owner has confirmed it by the mailed code. WalletRefused."""
        async with self._alone(account, request_id) as row:
            is_large = row.amount > self._limits_of(row.asset).alone
            step = Step.AGREED_LARGE if is_large else Step.AGREED
            return await self._steps.advance(await self._steps.take(row, step))

    async def cancel(self, account: int, request_id: bytes) -> Withdrawal:
        """The owner does not want it any more. WalletRefused once it was let go."""
        return await self._give_up(account, request_id, "cancelled by its owner", None)

    async def decide(self, account: int, request_id: bytes, *, approve: bool, owner: int, key_id: str) -> Withdrawal:
        """An operator's yes or no; `owner` and `key_id` are the operator's. WalletRefused."""
        if not approve:
            return await self._give_up(account, request_id, "rejected by an operator", {WithdrawalState.PENDING_ADMIN})
        async with self._alone(account, request_id) as row:
            if row.owner == owner:
                raise WalletRefused(RejectReason.SAME_PERSON)
            return await self._steps.advance(await self._steps.take(row, Step.APPROVED, approved_by=key_id, reason=""))

    # What people start.

    async def _enter(
        self, account: int, request_id: bytes, owner: int, asset: int, amount: int, address: str
    ) -> Withdrawal:
        now_ns, limits = self._clock.time_ns(), self._limits_of(asset)
        if amount < limits.least:
            raise WalletRefused(RejectReason.WITHDRAWAL_BELOW_MIN)
        if limits.daily is not None:
            spent = await self._store.spent(owner, asset, now_ns - DAY_NS, UNSPENT)
            if spent + amount > limits.daily:
                raise WalletRefused(RejectReason.WITHDRAWAL_ABOVE_LIMIT)
        row = Withdrawal(
            account=account,
            request_id=request_id,
            owner=owner,
            asset=asset,
            amount=amount,
            address=address,
            state=WithdrawalState.HOLDING,
            withdrawal_id=0,
            attempt=0,
            created_ns=now_ns,
            updated_ns=now_ns,
        )
        await self._store.add(row)
        return row

    async def _give_up(
        self, account: int, request_id: bytes, reason: str, only_in: set[WithdrawalState] | None
    ) -> Withdrawal:
        async with self._alone(account, request_id) as row:
            if only_in is not None and row.state not in only_in:
                raise WalletRefused(RejectReason.WITHDRAWAL_STATE)
            return await self._steps.advance(await self._steps.take(row, Step.GIVEN_UP, reason=reason))

    @asynccontextmanager
    async def _alone(self, account: int, request_id: bytes) -> AsyncIterator[Withdrawal]:
        """The request as it stands, and nobody else changes it meanwhile. WalletRefused if there is none."""
        key = (account, request_id)
        lock, users = self._busy.get(key, (asyncio.Lock(), 0))
        self._busy[key] = (lock, users + 1)
        try:
            async with lock:
                row = await self._store.find(account, request_id)
                if row is None:
                    raise WalletRefused(RejectReason.WITHDRAWAL_NOT_FOUND)
                yield row
        finally:
            lock, users = self._busy.pop(key)
            if users > 1:
                self._busy[key] = (lock, users - 1)
