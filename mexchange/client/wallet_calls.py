"""Money that comes, goes and moves, and the accounts of an owner."""

import msgspec

from mexchange.client.answer import Answer
from mexchange.client.question import any_of
from mexchange.client.trading_calls import TradingCalls
from mexchange.codec import encode
from mexchange.codec.messages import (
    AccountsPage,
    AccountsQuery,
    AddressAnswer,
    AddressRequest,
    Confirm,
    ConfirmationSent,
    Confirmed,
    DepositInfo,
    DepositsPage,
    DepositsQuery,
    FaucetAnswer,
    FaucetRequest,
    NameAccount,
    OpenSubAccount,
    OwnedAccount,
    SimulateDeposit,
    WithdrawalCancel,
    WithdrawalDecision,
    WithdrawalInfo,
    WithdrawalRequest,
    WithdrawalsPage,
    WithdrawalsQuery,
)
from mexchange.domain.client_id import NO_ID, ClientOrderId
from mexchange.domain.commands import Transfer
from mexchange.domain.units import AccountId, AssetId, Atoms, TimeNs


class WalletCalls(TradingCalls):
    """Each raises QueryRefused or TimedOut, a command what commands raise. Asking again does nothing twice."""

    async def faucet(self, *, claim: bool, timeout_s: float | None = None) -> FaucetAnswer:
        """The demo's free money: take it if there is some today, or only look."""
        return await self._ask(FaucetRequest(claim), FaucetAnswer, timeout_s)

    async def accounts(self, account: int | None = None, *, timeout_s: float | None = None) -> list[OwnedAccount]:
        """All accounts of whoever owns `account` (ours), in the order of their numbers; the main one first."""
        found: list[OwnedAccount] = []
        first = 0
        while True:
            page = await self._ask(AccountsQuery(AccountId(account or 0), first), AccountsPage, timeout_s)
            found += page.accounts
            first = page.next
            if not first:
                return found

    async def open_sub_account(self, number: int, *, timeout_s: float | None = None) -> OwnedAccount:
        """Our account of that number, 1 to 255; opened now if it was not."""
        page = await self._ask(OpenSubAccount(number), AccountsPage, timeout_s)
        return page.accounts[0]

    async def name_account(
        self, name: str, *, account: int | None = None, timeout_s: float | None = None
    ) -> OwnedAccount:
        """Call an account of ours that; empty takes its name away."""
        page = await self._ask(NameAccount(AccountId(account or 0), name), AccountsPage, timeout_s)
        return page.accounts[0]

    async def deposit_address(
        self, asset: int, *, account: int | None = None, timeout_s: float | None = None
    ) -> AddressAnswer:
        """Where to send an asset so that it arrives at `account` (ours)."""
        return await self._ask(AddressRequest(AccountId(account or 0), AssetId(asset)), AddressAnswer, timeout_s)

    async def deposits(
        self, *, limit: int = 100, account: int | None = None, timeout_s: float | None = None
    ) -> DepositsPage:
        """Deposits from outside, the newest first, `more` if there are more than `limit`."""
        found: list[DepositInfo] = []
        before_ns, before_reference = TimeNs(0), ""
        while True:
            query = DepositsQuery(AccountId(account or 0), before_ns, before_reference)
            page = await self._ask(query, DepositsPage, timeout_s)
            found += page.deposits
            if not page.more or len(found) >= limit:
                more = page.more or len(found) > limit
                return DepositsPage(page.account, found[:limit], more, page.needed)
            before_ns, before_reference = found[-1].seen_ns, found[-1].reference

    async def simulate_deposit(
        self,
        asset: int,
        amount: int,
        *,
        request_id: ClientOrderId | None = None,
        account: int | None = None,
        timeout_s: float | None = None,
    ) -> AddressAnswer:
        """In a demo: somebody outside sends this much to our address; it is credited a few blocks later."""
        asked = SimulateDeposit(AccountId(account or 0), request_id or self.mint(), AssetId(asset), Atoms(amount))
        return await self._ask(asked, AddressAnswer, timeout_s)

    async def withdraw(
        self,
        asset: int,
        amount: int,
        address: str,
        *,
        request_id: ClientOrderId | None = None,
        account: int | None = None,
        timeout_s: float | None = None,
    ) -> ConfirmationSent | WithdrawalInfo:
        """Ask for a withdrawal, in atoms. The amount is held, and a code mailed that `confirm_withdrawal` wants.

        Under the `request_id` of one that waits for its code another code is mailed; of one that went further, the
        withdrawal as it stands is returned.
        """
        asked = WithdrawalRequest(
            AccountId(account or 0), request_id or self.mint(), AssetId(asset), Atoms(amount), address
        )
        answer = await self._waiter.wait(
            self.exchange.ask_block(
                encode(asked),
                any_of(ConfirmationSent, WithdrawalsPage),
                timeout_ns=self._timeout_ns(timeout_s),
                paged=False,
            )
        )
        if isinstance(answer, WithdrawalsPage):
            return answer.withdrawals[0]
        assert isinstance(answer, ConfirmationSent)
        return answer

    async def confirm_withdrawal(
        self, confirmation: bytes, code: str, *, second_factor: str = "", timeout_s: float | None = None
    ) -> WithdrawalInfo:
        """The code that was mailed; `confirmation` is ConfirmationSent.request_id."""
        page = await self._ask(Confirm(confirmation, code, second_factor), WithdrawalsPage, timeout_s)
        return page.withdrawals[0]

    async def confirm_any(
        self, confirmation: bytes, code: str, *, second_factor: str = "", timeout_s: float | None = None
    ) -> Confirmed | ConfirmationSent | WithdrawalsPage:
        """The code of whatever was asked for: a withdrawal, a key, another address."""
        answer = await self._waiter.wait(
            self.exchange.ask_block(
                encode(Confirm(confirmation, code, second_factor)),
                any_of(Confirmed, ConfirmationSent, WithdrawalsPage),
                timeout_ns=self._timeout_ns(timeout_s),
                paged=False,
            )
        )
        assert isinstance(answer, Confirmed | ConfirmationSent | WithdrawalsPage)
        return answer

    async def cancel_withdrawal(
        self, request_id: ClientOrderId, *, account: int | None = None, timeout_s: float | None = None
    ) -> WithdrawalInfo:
        """Never mind; as long as it is not let go."""
        asked = WithdrawalCancel(AccountId(account or 0), request_id)
        return (await self._ask(asked, WithdrawalsPage, timeout_s)).withdrawals[0]

    async def withdrawals(
        self, *, limit: int = 100, account: int | None = None, timeout_s: float | None = None
    ) -> list[WithdrawalInfo]:
        """Withdrawals of an account (ours), the newest first."""
        return await self._withdrawals(WithdrawalsQuery(AccountId(account or 0)), limit, timeout_s)

    async def waiting_withdrawals(self, *, limit: int = 100, timeout_s: float | None = None) -> list[WithdrawalInfo]:
        """As an operator: what waits for one, of everybody, the oldest first."""
        return await self._withdrawals(WithdrawalsQuery(waiting=True), limit, timeout_s)

    async def decide_withdrawal(
        self, account: int, request_id: ClientOrderId, *, approve: bool, timeout_s: float | None = None
    ) -> WithdrawalInfo:
        """As an operator: let it go, or release its hold."""
        asked = WithdrawalDecision(AccountId(account), request_id, approve)
        return (await self._ask(asked, WithdrawalsPage, timeout_s)).withdrawals[0]

    async def _withdrawals(self, query: WithdrawalsQuery, limit: int, timeout_s: float | None) -> list[WithdrawalInfo]:
        found: list[WithdrawalInfo] = []
        while True:
            page = await self._ask(query, WithdrawalsPage, timeout_s)
            found += page.withdrawals
            if not page.more or len(found) >= limit:
                return found[:limit]
            last = found[-1]
            query = msgspec.structs.replace(query, before_ns=last.created_ns, before_id=last.request_id)

    async def transfer(
        self,
        to_account: int,
        asset: int,
        amount: int,
        *,
        client_order_id: ClientOrderId | None = None,
        account: int | None = None,
        timeout_s: float | None = None,
    ) -> Answer:
        """Move an available amount, in atoms, from `account` (ours) to another account of the same owner."""
        command = Transfer(
            AccountId(account or 0), client_order_id or NO_ID, AccountId(to_account), AssetId(asset), Atoms(amount)
        )
        return await self.submit(command, timeout_s=timeout_s)
