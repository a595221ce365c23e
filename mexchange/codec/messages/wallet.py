"""Money that comes and goes, and the accounts of an owner: schemas/wallet.fbs, which has fields and units."""

import msgspec

from mexchange.domain.client_id import NO_ID, ClientOrderId
from mexchange.domain.units import AccountId, AssetId, Atoms, Sequence, TimeNs


class FaucetRequest(msgspec.Struct, frozen=True):
    """Free money of the demo, or just when there is some."""

    claim: bool = False


class FaucetAnswer(msgspec.Struct, frozen=True):
    """When it last gave, and when it will again."""

    account: AccountId = AccountId(0)
    asset: AssetId = AssetId(0)
    amount: Atoms = Atoms(0)
    claimed_ns: TimeNs = TimeNs(0)
    next_ns: TimeNs = TimeNs(0)


class AccountsQuery(msgspec.Struct, frozen=True):
    """Accounts with number >= first of whoever owns `account`; 0 is oneself."""

    account: AccountId = AccountId(0)
    first: int = 0


class OwnedAccount(msgspec.Struct, frozen=True):
    """An account among those of its owner; number 0 is the main one."""

    account: AccountId = AccountId(0)
    number: int = 0
    name: str = ""


class AccountsPage(msgspec.Struct, frozen=True):
    """In the order of their numbers; `next` 0: the last page."""

    accounts: list[OwnedAccount] = []
    next: int = 0


class OpenSubAccount(msgspec.Struct, frozen=True):
    """Open an account of that number, 1 to 255, or name it again."""

    number: int = 0


class NameAccount(msgspec.Struct, frozen=True):
    """Call an account that; empty takes its name away."""

    account: AccountId = AccountId(0)
    name: str = ""


class AddressRequest(msgspec.Struct, frozen=True):
    """Where to send an asset so that it arrives at an account."""

    account: AccountId = AccountId(0)
    asset: AssetId = AssetId(0)


class AddressAnswer(msgspec.Struct, frozen=True):
    """There; credited after so many confirmations."""

    account: AccountId = AccountId(0)
    asset: AssetId = AssetId(0)
    address: str = ""
    confirmations: int = 0


class DepositsQuery(msgspec.Struct, frozen=True):
    """Deposits of an account before that one, newest first; without it from the newest."""

    account: AccountId = AccountId(0)
    before_ns: TimeNs = TimeNs(0)
    before_reference: str = ""


class DepositInfo(msgspec.Struct, frozen=True):
    """A transaction outside, and what became of it here. `state` is a DepositState, `reason` a RejectReason."""

    reference: str = ""
    asset: AssetId = AssetId(0)
    amount: Atoms = Atoms(0)
    confirmations: int = 0
    state: int = 0
    seen_ns: TimeNs = TimeNs(0)
    credited_ns: TimeNs = TimeNs(0)
    sequence: Sequence = Sequence(0)
    reason: int = 0


class DepositsPage(msgspec.Struct, frozen=True):
    """Newest first; `needed` confirmations make a deposit count."""

    account: AccountId = AccountId(0)
    deposits: list[DepositInfo] = []
    more: bool = False
    needed: int = 0


class SimulateDeposit(msgspec.Struct, frozen=True):
    """The demo's world outside sends money; once for each request id."""

    account: AccountId = AccountId(0)
    request_id: ClientOrderId = NO_ID
    asset: AssetId = AssetId(0)
    amount: Atoms = Atoms(0)


class WithdrawalRequest(msgspec.Struct, frozen=True):
    """Money is to leave to that address."""

    account: AccountId = AccountId(0)
    request_id: ClientOrderId = NO_ID
    asset: AssetId = AssetId(0)
    amount: Atoms = Atoms(0)
    address: str = ""


class WithdrawalsQuery(msgspec.Struct, frozen=True):
    """Withdrawals of an account before that one; or, for operators, what waits for one of them."""

    account: AccountId = AccountId(0)
    before_ns: TimeNs = TimeNs(0)
    before_id: str = ""
    waiting: bool = False


class WithdrawalInfo(msgspec.Struct, frozen=True):
    """A withdrawal and how far it has come. `state` is a WithdrawalState."""

    account: AccountId = AccountId(0)
    request_id: str = ""
    asset: AssetId = AssetId(0)
    amount: Atoms = Atoms(0)
    address: str = ""
    state: int = 0
    created_ns: TimeNs = TimeNs(0)
    updated_ns: TimeNs = TimeNs(0)
    reference: str = ""
    reason: str = ""


class WithdrawalsPage(msgspec.Struct, frozen=True):
    """Newest first, or the one that was asked about."""

    withdrawals: list[WithdrawalInfo] = []
    more: bool = False


class WithdrawalCancel(msgspec.Struct, frozen=True):
    """Never mind."""

    account: AccountId = AccountId(0)
    request_id: ClientOrderId = NO_ID


class WithdrawalDecision(msgspec.Struct, frozen=True):
    """An operator's yes or no to a large withdrawal."""

    account: AccountId = AccountId(0)
    request_id: ClientOrderId = NO_ID
    approve: bool = False
