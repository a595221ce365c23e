"""Who is here, for operators: people by number, found by number, address or name, and how their main accounts stand.

PeopleQuery ─> clerk: rows of the identity database ─> loop: the engine's word on each account ─> PeoplePage
"""

from collections.abc import Mapping, Sequence
from typing import Final

from mexchange.codec import MessageType, decode, encode
from mexchange.codec.blocks import BLOCK_HEADER
from mexchange.codec.messages import AccountPage, AccountQuery, PeoplePage, PeopleQuery, PersonInfo
from mexchange.daemon.accounts import Accounts
from mexchange.daemon.identity_answers import IdentityAnswers
from mexchange.daemon.identity_wire import page_of, read
from mexchange.daemon.views import Engine, Handler
from mexchange.domain.units import U64_MAX, AccountId, OrderId, OwnerId, TimeNs
from mexchange.identity.identity import Identity
from mexchange.protocol.server_session import ServerSession
from mexchange.store.identity import Owner

ROWS_MAX: Final = 40
"""More than a datagram holds."""


class PeopleDesk:
    """The handler of PeopleQuery; whoever asks has the admin scope."""

    def __init__(self, *, identity: Identity, answers: IdentityAnswers, accounts: Accounts, engine: Engine) -> None:
        self._identity = identity
        self._answers = answers
        self._accounts = accounts
        self._engine = engine

    def handlers(self) -> Mapping[MessageType, Handler]:
        """Of this."""
        return {MessageType.PEOPLE_QUERY: self._people}

    def _people(self, session: ServerSession, correlation: int, block: bytes) -> None:
        query = read(PeopleQuery, MessageType.PEOPLE_QUERY, block)

        def finish(owners: Sequence[Owner]) -> None:
            rows = [self._row(owner) for owner in owners]
            page, following = page_of(rows, lambda rows: PeoplePage(rows), lambda row: str(row.owner))
            is_more = following or len(owners) == ROWS_MAX
            after = page[-1].owner if is_more else OwnerId(0)
            self._answers.answer(session, correlation, PeoplePage(page, after), of_engine=True)

        search, after = self._meant(query.search), query.after or -1
        self._answers.start(
            session, correlation, lambda: self._identity.search(search, after=after, limit=ROWS_MAX), finish
        )

    def _meant(self, search: str) -> str:
        """The number of an account means whose it is."""
        text = search.strip()
        owner = self._accounts.owner_of(int(text)) if text.isascii() and text.isdecimal() else None
        return text if owner is None else str(owner)

    def _row(self, owner: Owner) -> PersonInfo:
        account = self._accounts.main_account(owner.owner) or 0
        state = self._state(account) if account else AccountPage()
        return PersonInfo(
            owner=OwnerId(owner.owner),
            label=owner.label,
            email=self._identity.email_of(owner),
            role=owner.role,
            totp=owner.totp_sealed is not None,
            is_disabled=bool(owner.disabled_ns),
            is_erased=bool(owner.erased_ns),
            created_ns=TimeNs(owner.created_ns),
            account=AccountId(account),
            status=state.status,
            fee_tier=state.fee_tier,
            accounts=len(self._accounts.accounts_of(owner.owner)),
        )

    def _state(self, account: int) -> AccountPage:
        """Without its orders."""
        (block,) = self._engine.query(encode(AccountQuery(AccountId(account), OrderId(U64_MAX))))
        page = decode(int.from_bytes(block[2:4], "little"), block[BLOCK_HEADER:])
        assert isinstance(page, AccountPage)
        return page
