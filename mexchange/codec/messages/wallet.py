"""Money that comes and goes, and the accounts of an owner: schemas/wallet.fbs, which has fields and units."""

import msgspec

from mexchange.domain.units import AccountId, AssetId, Atoms, TimeNs


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


class AccountsPage(msgspec.Struct, frozen=True):
    """In the order of their numbers; `next` 0: the last page."""

    accounts: list[OwnedAccount] = []
    next: int = 0


class OpenSubAccount(msgspec.Struct, frozen=True):
    """Open an account of that number, 1 to 255, or name it again."""

    number: int = 0
