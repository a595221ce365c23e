"""The accounts of an owner: which there are, what they are called, how one opens another. To the engine each is one."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from mexchange.codec import MessageType, decode
from mexchange.codec.messages import AccountsPage, AccountsQuery, NameAccount, OpenSubAccount, OwnedAccount
from mexchange.daemon.accounts import Accounts
from mexchange.daemon.own_commands import OwnCommands
from mexchange.daemon.peer import peer_of
from mexchange.daemon.views import Handler
from mexchange.daemon.wallet.answers import Answers, WalletRefused
from mexchange.domain.commands import OpenAccount
from mexchange.domain.events import AccountOpened, Rejected
from mexchange.domain.market import ACCOUNT_NUMBER_MAX
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import AccountId, OwnerId
from mexchange.protocol.server_session import ServerSession
from mexchange.store.account_names import AccountNames
from mexchange.store.errors import StoreError

ACCOUNTS_PER_PAGE: Final = 6
"""So that a page fits into a datagram, with names of four bytes a character."""
NAME_LENGTH_MAX: Final = 32


class SubAccounts:
    """Answers what owners ask about their accounts."""

    def __init__(self, *, accounts: Accounts, names: AccountNames, commands: OwnCommands, answers: Answers) -> None:
        self._accounts = accounts
        self._names = names
        self._commands = commands
        self._answers = answers

    def handlers(self) -> Mapping[MessageType, Handler]:
        """AccountsQuery, OpenSubAccount, NameAccount."""
        return {
            MessageType.ACCOUNTS_QUERY: self._on_query,
            MessageType.OPEN_SUB_ACCOUNT: self._on_open,
            MessageType.NAME_ACCOUNT: self._on_name,
        }

    def _on_query(self, session: ServerSession, correlation: int, block: bytes) -> None:
        asked = decode(MessageType.ACCOUNTS_QUERY, block[8:])
        assert isinstance(asked, AccountsQuery)
        self._answers.start(session, correlation, self._page(asked))

    async def _page(self, asked: AccountsQuery) -> AccountsPage:
        owner = self._accounts.owner_of(asked.account)
        owned = {} if owner is None else self._accounts.accounts_of(owner)
        numbers = [number for number in sorted(owned) if number >= asked.first]
        shown, following = numbers[:ACCOUNTS_PER_PAGE], numbers[ACCOUNTS_PER_PAGE:]
        called: dict[int, str] = {}
        with suppress(StoreError):  # the accounts are there, whatever they are called
            called = await self._names.of([owned[number] for number in shown])
        rows = [OwnedAccount(AccountId(owned[n]), n, called.get(owned[n], "")) for n in shown]
        return AccountsPage(rows, following[0] if following else 0)

    def _on_name(self, session: ServerSession, correlation: int, block: bytes) -> None:
        asked = decode(MessageType.NAME_ACCOUNT, block[8:])
        assert isinstance(asked, NameAccount)
        self._answers.start(session, correlation, self._name(asked))

    async def _name(self, asked: NameAccount) -> AccountsPage:
        owner, number = self._accounts.owner_of(asked.account), self._accounts.number_of(asked.account)
        if owner is None:
            raise WalletRefused(RejectReason.ACCOUNT_NOT_FOUND)
        is_name = asked.name.isprintable() and asked.name == asked.name.strip() and not asked.name.isdecimal()
        if not is_name or len(asked.name) > NAME_LENGTH_MAX:
            raise WalletRefused(RejectReason.ACCOUNT_NAME_INVALID)
        if not await self._names.give(owner, asked.account, asked.name):
            raise WalletRefused(RejectReason.ACCOUNT_NAME_INVALID)
        return AccountsPage([OwnedAccount(asked.account, number, asked.name)])

    def _on_open(self, session: ServerSession, correlation: int, block: bytes) -> None:
        asked = decode(MessageType.OPEN_SUB_ACCOUNT, block[8:])
        assert isinstance(asked, OpenSubAccount)
        self._answers.start(session, correlation, self._open(peer_of(session).owner, asked.number))

    async def _open(self, owner: int, number: int) -> AccountsPage:
        if self._accounts.main_account(owner) is None or not 1 <= number <= ACCOUNT_NUMBER_MAX:
            raise WalletRefused(RejectReason.OWNER_INVALID)
        known = self._accounts.accounts_of(owner).get(number)
        if known is not None:
            return AccountsPage([OwnedAccount(AccountId(known), number)])
        event = await self._commands.ask(OpenAccount(OwnerId(owner), number, self._commands.mint()))
        if isinstance(event, Rejected):
            raise WalletRefused(event.reason)
        assert isinstance(event, AccountOpened)
        return AccountsPage([OwnedAccount(AccountId(event.account), number)])
