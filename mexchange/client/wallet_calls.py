"""Money that comes, goes and moves, and the accounts of an owner."""

from mexchange.client.answer import Answer
from mexchange.client.trading_calls import TradingCalls
from mexchange.codec.messages import (
    AccountsPage,
    AccountsQuery,
    AddressAnswer,
    AddressRequest,
    DepositInfo,
    DepositsPage,
    DepositsQuery,
    FaucetAnswer,
    FaucetRequest,
    OpenSubAccount,
    OwnedAccount,
    SimulateDeposit,
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
