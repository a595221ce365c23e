"""Which accounts an owner has. Made of AccountOpened events, so that a login need not ask the journal."""

from struct import Struct
from typing import Final

from mexchange.codec.events import decode_records
from mexchange.codec.records import records_of_kind
from mexchange.daemon.views import Commit
from mexchange.domain.events import AccountOpened, EventKind

_VERSION: Final = 1
_SAVED: Final = Struct("<Q")
_ROW: Final = Struct("<QQI")


class Accounts:
    """account → owner and number, owner → accounts."""

    name = "accounts"

    def __init__(self) -> None:
        self._rows: dict[int, tuple[int, int]] = {}
        self._by_owner: dict[int, list[int]] = {}
        self._main: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def main_account(self, owner: int) -> int | None:
        """Account number 0 of an owner, None before it is opened."""
        return self._main.get(owner)

    def owner_of(self, account: int) -> int | None:
        """Who stands behind an account."""
        row = self._rows.get(account)
        return None if row is None else row[0]

    def owns(self, owner: int, account: int) -> bool:
        """Is `account` one of the owner's."""
        return account in self._by_owner.get(owner, ())

    def number_of(self, account: int) -> int:
        """Which of its owner's accounts it is; it exists."""
        return self._rows[account][1]

    def accounts_of(self, owner: int) -> dict[int, int]:
        """Number → account, of all that the owner has."""
        return {self._rows[account][1]: account for account in self._by_owner.get(owner, ())}

    def on_commit(self, commit: Commit) -> None:
        """Note the accounts that were opened."""
        for record in records_of_kind(commit.records, commit.kinds, EventKind.ACCOUNT_OPENED):
            (opened,) = decode_records(record)
            assert isinstance(opened, AccountOpened)
            self._note(int(opened.account), int(opened.owner), opened.number)

    def save(self) -> bytes:
        """Version, then rows of account, owner, number."""
        rows = (_ROW.pack(account, *row) for account, row in sorted(self._rows.items()))
        return _SAVED.pack(_VERSION) + b"".join(rows)

    def load(self, data: bytes) -> None:
        """What `save` gave. Without it, each owner's next login asks the engine again, by OpenAccount."""
        (version,) = _SAVED.unpack_from(data)
        if version != _VERSION:
            return
        for account, owner, number in _ROW.iter_unpack(data[_SAVED.size :]):
            self._note(account, owner, number)

    def _note(self, account: int, owner: int, number: int) -> None:
        if account in self._rows:
            return
        self._rows[account] = (owner, number)
        self._by_owner.setdefault(owner, []).append(account)
        if number == 0:
            self._main[owner] = account
