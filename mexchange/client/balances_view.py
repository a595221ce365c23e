"""What we have. Balances are state: the server sends the latest, conflated and unreliably.

So a lost message is found out: every event that moves money owes us a Balances at least as new; if none has come in
time, the account is asked.
"""

from typing import Final

from mexchange.client.view import View
from mexchange.codec.messages import AccountPage, Balance, Balances
from mexchange.domain.events import Event, Prevented, Rejected

OWED_WAIT_NS: Final = 300_000_000


class BalancesView(View):
    """By asset id, in atoms."""

    def __init__(self) -> None:
        super().__init__()
        self.balances: dict[int, Balance] = {}
        self.sequence = 0
        self.complete = False
        """Has a snapshot been seen: assets that are not here are zero."""
        self._sequences: dict[int, int] = {}
        self._owed = 0
        self._owed_since_ns: int | None = None

    def update(self, message: Balances) -> None:
        """The latest of the assets that changed."""
        self._set(message.balances, message.sequence, message.account_sequence)

    def page(self, page: AccountPage) -> None:
        """The first page of an account: all assets."""
        self.complete = True
        self._set(page.balances, page.sequence, page.account_sequence)

    def events(self, events: list[Event], now_ns: int) -> None:
        """Stream events, which may have moved money."""
        for event in events:
            if isinstance(event, Rejected | Prevented):
                continue
            self._owed = event.account_sequence
            if self._owed_since_ns is None:
                self._owed_since_ns = now_ns

    def wants_page(self, now_ns: int) -> bool:
        """Is a Balances overdue."""
        return self._owed_since_ns is not None and now_ns >= self._owed_since_ns + OWED_WAIT_NS

    def asked(self, now_ns: int) -> None:
        """The account was asked: wait again."""
        self._owed_since_ns = now_ns

    def next_timer_ns(self) -> int | None:
        """When `wants_page` may say yes."""
        return None if self._owed_since_ns is None else self._owed_since_ns + OWED_WAIT_NS

    def _set(self, balances: list[Balance], sequence: int, account_sequence: int) -> None:
        for balance in balances:
            if sequence >= self._sequences.get(balance.asset, 0):
                self._sequences[balance.asset] = sequence
                self.balances[balance.asset] = balance
        self.sequence = max(self.sequence, sequence)
        if account_sequence >= self._owed:
            self._owed_since_ns = None
        self.tell()
