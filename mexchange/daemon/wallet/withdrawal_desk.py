"""What people ask about withdrawals: make one, confirm it by the mailed code, look, cancel; and operators: decide."""

from collections.abc import Callable, Mapping
from typing import Final, Protocol

import msgspec

from mexchange.codec import MessageType, decode
from mexchange.codec.messages import (
    AssetInfo,
    Message,
    WithdrawalCancel,
    WithdrawalDecision,
    WithdrawalInfo,
    WithdrawalRequest,
    WithdrawalsPage,
    WithdrawalsQuery,
    WithdrawalState,
)
from mexchange.daemon.accounts import Accounts
from mexchange.daemon.background import Background
from mexchange.daemon.peer import Peer, peer_of
from mexchange.daemon.views import Handler
from mexchange.daemon.wallet.answers import Answers, WalletRefused, result_of
from mexchange.daemon.wallet.withdrawals import Withdrawals
from mexchange.domain import client_id, text
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import AccountId, AssetId, Atoms, TimeNs
from mexchange.identity.audit import AuditKind
from mexchange.protocol.server_session import ServerSession
from mexchange.store.withdrawals import Withdrawal, WithdrawalStore

KIND: Final = "withdrawal"
"""Of requests that are confirmed by a mailed code."""
ROWS_PER_PAGE: Final = 3
"""So that a page fits into a datagram, with address, reference and reason of up to 90 characters each."""
WAITING_MAX: Final = 64
"""Withdrawals that an operator is shown at once, the oldest."""


class Confirmations(Protocol):
    """Codes that are mailed for one request."""

    def ask(self, session: ServerSession, correlation: int, *, kind: str, text: str, payload: bytes) -> None:
        """Mail one, and answer that it is on its way, or why not. Asked again for a correlation, answer again."""
        ...

    def when_confirmed(self, kind: str, carry: Callable[[ServerSession, int, bytes], None]) -> None:
        """Who is told of a right code, with the payload; once for each request."""
        ...

    def answer(self, session: ServerSession, correlation: int, *messages: Message) -> None:
        """To whoever confirmed."""
        ...


class Note(Protocol):
    """Writes a line into the audit log, soon."""

    def __call__(self, kind: AuditKind, *, owner: int, key_id: str, detail: str, host: str) -> None: ...


class _Named(msgspec.Struct, array_like=True):
    """What a code is bound to."""

    account: int
    request_id: bytes


class WithdrawalDesk:
    """`asset_of` gives an asset's definition, None if there is none of that number."""

    def __init__(
        self,
        *,
        withdrawals: Withdrawals,
        store: WithdrawalStore,
        accounts: Accounts,
        answers: Answers,
        background: Background,
        asset_of: Callable[[int], AssetInfo | None],
    ) -> None:
        self._withdrawals = withdrawals
        self._store = store
        self._accounts = accounts
        self._answers = answers
        self._background = background
        self._asset_of = asset_of
        self._confirmations: Confirmations | None = None
        self._note: Note | None = None

    def confirm_by(self, confirmations: Confirmations, note: Note) -> None:
        """Until then nobody withdraws. `note` hears of what operators decide."""
        self._confirmations = confirmations
        self._note = note
        confirmations.when_confirmed(KIND, self._on_confirmed)

    def handlers(self) -> Mapping[MessageType, Handler]:
        """WithdrawalRequest, WithdrawalsQuery, WithdrawalCancel, WithdrawalDecision."""
        return {
            MessageType.WITHDRAWAL_REQUEST: self._on_request,
            MessageType.WITHDRAWALS_QUERY: self._on_query,
            MessageType.WITHDRAWAL_CANCEL: self._on_cancel,
            MessageType.WITHDRAWAL_DECISION: self._on_decision,
        }

    def _on_request(self, session: ServerSession, correlation: int, block: bytes) -> None:
        asked = decode(MessageType.WITHDRAWAL_REQUEST, block[8:])
        assert isinstance(asked, WithdrawalRequest)
        self._answers.start(session, correlation, self._request(session, correlation, asked))

    async def _request(self, session: ServerSession, correlation: int, asked: WithdrawalRequest) -> Message | None:
        asset = self._asset_of(asked.asset)
        owner = self._accounts.owner_of(asked.account)
        if asset is None:
            raise WalletRefused(RejectReason.ASSET_NOT_FOUND)
        if owner is None or owner != peer_of(session).owner:
            raise WalletRefused(RejectReason.FOREIGN_ACCOUNT)
        if self._confirmations is None:
            raise WalletRefused(RejectReason.WALLET_OFF)
        row = await self._withdrawals.request(
            owner=owner,
            account=asked.account,
            request_id=bytes(asked.request_id),
            asset=asked.asset,
            amount=asked.amount,
            address=asked.address,
        )
        if row.state is not WithdrawalState.PENDING_CODE:
            return _page(row)
        what = f"withdraw {_exact(row.amount, asset)} {asset.symbol} from account {row.account} to {row.address}"
        payload = msgspec.msgpack.encode(_Named(row.account, row.request_id))
        self._confirmations.ask(session, correlation, kind=KIND, text=what, payload=payload)
        return None

    def _on_confirmed(self, session: ServerSession, correlation: int, payload: bytes) -> None:
        self._background.start(self._confirmed(session, correlation, payload))

    async def _confirmed(self, session: ServerSession, correlation: int, payload: bytes) -> None:
        assert self._confirmations is not None
        named = msgspec.msgpack.decode(payload, type=_Named)
        message = await result_of(self._agree(named))
        assert message is not None
        self._confirmations.answer(session, correlation, message)

    async def _agree(self, named: _Named) -> WithdrawalsPage:
        return _page(await self._withdrawals.agree(named.account, named.request_id))

    def _on_query(self, session: ServerSession, correlation: int, block: bytes) -> None:
        asked = decode(MessageType.WITHDRAWALS_QUERY, block[8:])
        assert isinstance(asked, WithdrawalsQuery)
        self._answers.start(session, correlation, self._query(peer_of(session), asked))

    async def _query(self, peer: Peer, asked: WithdrawalsQuery) -> WithdrawalsPage:
        if asked.waiting:
            if not peer.is_operator:
                raise WalletRefused(RejectReason.SCOPE_MISSING)
            waiting = await self._store.in_states({WithdrawalState.PENDING_ADMIN}, WAITING_MAX)
            rows = [row for row in waiting if (row.created_ns, row.request_id) > _cursor(asked)]
        else:
            before = _cursor(asked) if asked.before_ns else None
            rows = await self._store.page(asked.account, before, ROWS_PER_PAGE + 1)
        return _page(*rows[:ROWS_PER_PAGE], more=len(rows) > ROWS_PER_PAGE)

    def _on_cancel(self, session: ServerSession, correlation: int, block: bytes) -> None:
        asked = decode(MessageType.WITHDRAWAL_CANCEL, block[8:])
        assert isinstance(asked, WithdrawalCancel)
        self._answers.start(session, correlation, self._cancel(asked))

    async def _cancel(self, asked: WithdrawalCancel) -> WithdrawalsPage:
        known = await self._store.find(asked.account, asked.request_id)
        if known is not None and known.state is WithdrawalState.CANCELLED:
            return _page(known)  # asked again
        return _page(await self._withdrawals.cancel(asked.account, asked.request_id))

    def _on_decision(self, session: ServerSession, correlation: int, block: bytes) -> None:
        asked = decode(MessageType.WITHDRAWAL_DECISION, block[8:])
        assert isinstance(asked, WithdrawalDecision)
        self._answers.start(session, correlation, self._decide(peer_of(session), asked, str(session.address[0])))

    async def _decide(self, peer: Peer, asked: WithdrawalDecision, host: str) -> WithdrawalsPage:
        known = await self._store.find(asked.account, asked.request_id)
        is_decided = known is not None and known.state is not WithdrawalState.PENDING_ADMIN
        if known is not None and is_decided and asked.approve and known.approved_by == peer.key_id:
            return _page(known)  # asked again
        kind = AuditKind.WITHDRAWAL_APPROVED if asked.approve else AuditKind.WITHDRAWAL_REJECTED
        try:
            row = await self._withdrawals.decide(
                asked.account, asked.request_id, approve=asked.approve, owner=peer.owner, key_id=peer.key_id
            )
        except WalletRefused as refused:
            if refused.reason is RejectReason.SAME_PERSON:
                self._tell(AuditKind.REQUEST_REFUSED, peer, f"four eyes: {_named(asked)}", host)
            raise
        self._tell(kind, peer, _named(asked), host)
        return _page(row)

    def _tell(self, kind: AuditKind, peer: Peer, detail: str, host: str) -> None:
        if self._note is not None:
            self._note(kind, owner=peer.owner, key_id=peer.key_id, detail=detail, host=host)


def _named(asked: WithdrawalDecision) -> str:
    """For the audit log: no address, which is somebody's own affair."""
    return f"{client_id.show(asked.request_id)} of account {asked.account}"


def _exact(amount: int, asset: AssetInfo) -> str:
    """Every decimal that counts, and at least those that people are used to."""
    whole, point, decimals = text.format_amount(Atoms(amount), asset.scale).partition(".")
    return whole + point + decimals.rstrip("0").ljust(asset.display_decimals, "0")


def _cursor(asked: WithdrawalsQuery) -> tuple[int, bytes]:
    try:
        return int(asked.before_ns), bytes(client_id.parse(asked.before_id)) if asked.before_id else b""
    except client_id.BadClientOrderId:
        raise WalletRefused(RejectReason.MALFORMED) from None


def _page(*rows: Withdrawal, more: bool = False) -> WithdrawalsPage:
    return WithdrawalsPage([_info(row) for row in rows], more)


def _info(row: Withdrawal) -> WithdrawalInfo:
    return WithdrawalInfo(
        account=AccountId(row.account),
        request_id=client_id.show(row.request_id),
        asset=AssetId(row.asset),
        amount=Atoms(row.amount),
        address=row.address,
        state=row.state,
        created_ns=TimeNs(row.created_ns),
        updated_ns=TimeNs(row.updated_ns),
        reference=row.reference,
        reason=row.reason,
    )
