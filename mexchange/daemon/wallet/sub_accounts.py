"""The accounts of an owner: which there are, and how one opens another. Each is an account of its own to the engine."""

from collections.abc import Mapping
from itertools import islice
from typing import Final

from mexchange.codec import MessageType, decode, encode
from mexchange.codec.messages import AccountsPage, AccountsQuery, OpenSubAccount, OwnedAccount
from mexchange.daemon.accounts import Accounts
from mexchange.daemon.own_commands import OwnCommands
from mexchange.daemon.peer import peer_of
from mexchange.daemon.views import Handler, Outbox
from mexchange.daemon.wallet.answers import Answers, WalletRefused
from mexchange.domain.commands import OpenAccount
from mexchange.domain.events import AccountOpened, Rejected
from mexchange.domain.market import ACCOUNT_NUMBER_MAX
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import AccountId, OwnerId
from mexchange.protocol.server_session import ServerSession

ACCOUNTS_PER_PAGE: Final = 16


class SubAccounts:
    """Answers AccountsQuery and OpenSubAccount."""

    def __init__(self, *, accounts: Accounts, commands: OwnCommands, answers: Answers, outbox: Outbox) -> None:
        self._accounts = accounts
        self._commands = commands
        self._answers = answers
        self._outbox = outbox

    def handlers(self) -> Mapping[MessageType, Handler]:
        """Both."""
        return {
            MessageType.ACCOUNTS_QUERY: self._on_query,
            MessageType.OPEN_SUB_ACCOUNT: self._on_open,
        }

    def _on_query(self, session: ServerSession, correlation: int, block: bytes) -> None:
        asked = decode(MessageType.ACCOUNTS_QUERY, block[8:])
        assert isinstance(asked, AccountsQuery)
        owner = self._accounts.owner_of(asked.account)
        owned = {} if owner is None else self._accounts.accounts_of(owner)
        rows = (OwnedAccount(AccountId(owned[number]), number) for number in sorted(owned) if number >= asked.first)
        page = list(islice(rows, ACCOUNTS_PER_PAGE))
        following = next(rows, None)
        answer = AccountsPage(page, 0 if following is None else following.number)
        self._outbox.send(session, encode(answer, correlation))

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
