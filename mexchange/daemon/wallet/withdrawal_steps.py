"""The daemon's turns in the life of a withdrawal: what is asked of the engine and of the world outside, and what the
answers mean.

Each is written down, as a state, before it is taken, and carries an id that follows from what was written: so it is
taken once, whatever dies. What the engine has forgotten is asked under another id where that is safe: a hold ends once.
"""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import msgspec

from mexchange.codec.messages import WithdrawalState
from mexchange.daemon.own_commands import OwnCommands
from mexchange.daemon.wallet.answers import WalletRefused
from mexchange.daemon.wallet.chain import Chain, Payment, PaymentState
from mexchange.daemon.wallet.withdrawal_states import NEXT, OURS, Step
from mexchange.domain.client_id import ClientOrderId, mint
from mexchange.domain.commands import ConfirmWithdrawal, Deposit, ReleaseWithdrawal, Withdraw
from mexchange.domain.events import (
    Deposited,
    Event,
    Rejected,
    Repeated,
    WithdrawalConfirmed,
    WithdrawalHeld,
    WithdrawalReleased,
)
from mexchange.domain.rejects import REJECTS, RejectReason
from mexchange.domain.units import AccountId, AssetId, Atoms
from mexchange.store.withdrawals import Withdrawal, WithdrawalStore
from mexchange.telemetry import logs
from mexchange.world.clock import Clock

_NS_PER_MS: Final = 1_000_000
_FORGOTTEN: Final = (RejectReason.STALE_CLIENT_ID, RejectReason.CLIENT_ID_REUSED)


class WithdrawalSteps:
    """Takes withdrawals further. Whoever calls sees to it that a row is in one pair of hands."""

    def __init__(self, *, store: WithdrawalStore, chain: Chain, commands: OwnCommands, clock: Clock) -> None:
        self._store = store
        self._chain = chain
        self._commands = commands
        self._clock = clock
        self._log = logs.get("wallet.withdrawals")
        self._turns: Final[Mapping[WithdrawalState, Callable[[Withdrawal], Awaitable[Withdrawal]]]] = {
            WithdrawalState.HOLDING: self._hold,
            WithdrawalState.CONFIRMING: self._let_go,
            WithdrawalState.PAYING: self._pay,
            WithdrawalState.RETURNING: self._bring_back,
            WithdrawalState.RELEASING: self._release,
        }
        assert set(self._turns) == OURS

    async def advance(self, row: Withdrawal) -> Withdrawal:
        """As far as it goes without a person, or without waiting for the world outside.

        StoreError, ChainDown, Unwritten: some of it is done and written down, the rest is for the next time.
        """
        while row.state in OURS:
            before = row.state
            row = await self._turns[row.state](row)
            if row.state is before:
                break
        return row

    async def take(self, row: Withdrawal, step: Step, **changes: object) -> Withdrawal:
        """The row after that step. WalletRefused if the table does not know it."""
        state = NEXT.get((row.state, step))
        if state is None:
            raise WalletRefused(RejectReason.WITHDRAWAL_STATE)
        return await self._store.change(row, state=state, updated_ns=self._clock.time_ns(), **changes)

    async def _hold(self, row: Withdrawal) -> Withdrawal:
        name = ClientOrderId(row.request_id)
        event = await self._commands.ask(Withdraw(AccountId(row.account), name, AssetId(row.asset), Atoms(row.amount)))
        match event:
            case WithdrawalHeld():
                return await self.take(row, Step.HELD, withdrawal_id=event.withdrawal_id)
            case Repeated(reason=None):
                return await self.take(row, Step.HELD, withdrawal_id=event.order_id)
        return await self.take(row, Step.NOT_HELD, reason=_why(event))

    async def _let_go(self, row: Withdrawal) -> Withdrawal:
        command = ConfirmWithdrawal(AccountId(row.account), _step_id(row), row.withdrawal_id)
        event = await self._commands.ask(command)
        if isinstance(event, WithdrawalConfirmed) or _was_done(event):
            return await self.take(row, Step.LEFT)
        if _reason(event) is RejectReason.ACCOUNT_FROZEN:
            return await self.take(row, Step.STOPPED, attempt=row.attempt + 1, reason=_why(event))
        return await self._another_id(row, event)

    async def _release(self, row: Withdrawal) -> Withdrawal:
        command = ReleaseWithdrawal(AccountId(row.account), _step_id(row), row.withdrawal_id)
        event = await self._commands.ask(command)
        if isinstance(event, WithdrawalReleased) or _was_done(event):
            return await self.take(row, Step.RELEASED)
        return await self._another_id(row, event)

    async def _pay(self, row: Withdrawal) -> Withdrawal:
        payment = Payment(payment_reference(row), row.address, AssetId(row.asset), Atoms(row.amount))
        status = await self._chain.payment(payment.reference)
        if status.state is PaymentState.UNKNOWN:
            await self._chain.pay(payment)
            status = await self._chain.payment(payment.reference)
        if status.state is PaymentState.PAID:
            return await self.take(row, Step.PAID, reference=status.reference)
        if status.state is PaymentState.REFUSED:
            return await self.take(row, Step.NOT_PAID, reason=status.reason)
        return row

    async def _bring_back(self, row: Withdrawal) -> Withdrawal:
        event = await self._commands.ask(
            Deposit(AccountId(row.account), _step_id(row), AssetId(row.asset), Atoms(row.amount))
        )
        if isinstance(event, Deposited) or (isinstance(event, Repeated) and event.reason is None):
            return await self.take(row, Step.RETURNED)
        self._log.error("an unpaid withdrawal was not credited back", account=row.account, reason=_why(event))
        return await self.take(row, Step.RETURNED, reason=f"{row.reason}; not credited back: {_why(event)}")

    async def _another_id(self, row: Withdrawal, event: Event) -> Withdrawal:
        """The engine has forgotten this id. Another one is safe: what is confirmed or released is so once."""
        assert _reason(event) in _FORGOTTEN, event
        return await self._store.change(row, attempt=row.attempt + 1, updated_ns=self._clock.time_ns())


def payment_reference(row: Withdrawal) -> str:
    """Our name of the payment, the same whenever it is asked for."""
    return f"w{row.account}-{row.request_id.hex()}"


def _step_id(row: Withdrawal) -> ClientOrderId:
    """The client order id of the command that this state stands for: it follows from the row."""
    content = msgspec.msgpack.encode((row.account, row.request_id, int(row.state), row.attempt))
    digest = hashlib.blake2b(content, digest_size=10).digest()
    return mint(row.updated_ns // _NS_PER_MS, int.from_bytes(digest, "big"))


def _reason(event: Event) -> RejectReason | None:
    return event.reason if isinstance(event, Rejected | Repeated) else None


def _why(event: Event) -> str:
    reason = _reason(event)
    assert reason is not None, event
    return f"{REJECTS[reason].code}: {REJECTS[reason].text}"


def refusal_of(row: Withdrawal) -> RejectReason:
    """Why the engine did not hold the amount, read from the row."""
    code = row.reason.partition(":")[0]
    return next(reason for reason, reject in REJECTS.items() if reject.code == code)


def _was_done(event: Event) -> bool:
    """The hold is gone already: nobody but the daemon ends one, and it does so in one way, written down before."""
    if isinstance(event, Repeated) and event.reason is None:
        return True
    return _reason(event) is RejectReason.WITHDRAWAL_NOT_FOUND
