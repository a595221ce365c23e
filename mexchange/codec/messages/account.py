"""The stream of an account: tables of schemas/events.fbs, which has each field's meaning and unit."""

import msgspec

from mexchange.domain.units import AccountId, AssetId, Atoms, Sequence, TimeNs


class Reports(msgspec.Struct, frozen=True):
    """Events of one account and one frame, or (first_account_sequence 0) an answer to the asker.

    `events` stays bytes, 64 an event: who passes it on need not decode it. `codec.events.decode_reports` does.
    """

    account: AccountId = AccountId(0)
    first_account_sequence: int = 0
    time_ns: TimeNs = TimeNs(0)
    events: bytes = b""


class GapRequest(msgspec.Struct, frozen=True):
    """Send account sequences `first` to `last` again; at most 256."""

    account: AccountId = AccountId(0)
    first: int = 0
    last: int = 0


class GapUnavailable(msgspec.Struct, frozen=True):
    """Too old: ask AccountQuery, and go on from its sequence."""

    account: AccountId = AccountId(0)
    first_available: int = 0
    head: int = 0


class Balance(msgspec.Struct, frozen=True):
    """What an account has of one asset."""

    asset: AssetId
    available: Atoms
    held: Atoms


class Balances(msgspec.Struct, frozen=True):
    """State, not events: the latest of the assets that changed. Conflated."""

    account: AccountId = AccountId(0)
    account_sequence: int = 0
    sequence: Sequence = Sequence(0)
    time_ns: TimeNs = TimeNs(0)
    balances: list[Balance] = []
