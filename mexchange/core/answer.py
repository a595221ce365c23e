"""How every command begins and ends: who is asking, was it answered before; and what is remembered of the answer.

Commands without a client order id (operators may leave it out) are executed each time they come.
"""

from mexchange.codec.events import pack_rejected, pack_repeated
from mexchange.core import idempotence
from mexchange.core.digest import Content
from mexchange.core.state import Account, Answer, State
from mexchange.domain import client_id
from mexchange.domain.events import EventKind
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import AccountId, MarketId, OrderId

REJECTED = EventKind.REJECTED
NO_MARKET = MarketId(0)
NO_ORDER = OrderId(0)


def admit(
    state: State,
    out: list[bytes],
    account_id: AccountId,
    client_order_id: bytes,
    content: Content,
    market_id: MarketId = NO_MARKET,
    order_id: OrderId = NO_ORDER,
) -> Account | None:
    """The user's account that the command is for, or None: then it is answered already.

    Rejects given here are not remembered: there is nothing to remember them under.
    """
    account = state.accounts.get(account_id)
    if account is None:
        is_valid = client_id.is_valid(client_order_id) or client_order_id == client_id.NO_ID
        reason = RejectReason.ACCOUNT_NOT_FOUND if is_valid else RejectReason.CLIENT_ID_INVALID
        out.append(pack_rejected(account_id, 0, state.sequence, market_id, order_id, client_order_id, reason, 0))
        return None
    known = idempotence.recall(account.memory, client_order_id, content)
    if known is None:
        return account
    _answer_again(state, out, account, client_order_id, known, market_id, order_id)
    return None


def admit_target(
    state: State, out: list[bytes], account_id: AccountId, client_order_id: bytes, content: Content
) -> Account | None:
    """As `admit`, for what an operator does to an account: the client order id may be left out."""
    account = state.accounts.get(account_id)
    if account is None:
        return admit(state, out, account_id, client_order_id, content)
    return account if admit_operator(state, out, account, client_order_id, content) else None


def admit_operator(state: State, out: list[bytes], account: Account, client_order_id: bytes, content: Content) -> bool:
    """May a command of the operator go on, in the memory of this account. False: it is answered already."""
    if client_order_id == client_id.NO_ID:
        return True
    known = idempotence.recall(account.memory, client_order_id, content)
    if known is not None:
        _answer_again(state, out, account, client_order_id, known, NO_MARKET, NO_ORDER)
    return known is None


def _answer_again(
    state: State,
    out: list[bytes],
    account: Account,
    client_order_id: bytes,
    known: Answer | RejectReason,
    market_id: MarketId,
    order_id: OrderId,
) -> None:
    if isinstance(known, RejectReason):
        first = account.memory.answers[client_order_id].sequence if known is RejectReason.CLIENT_ID_REUSED else 0
        _rejected(state, out, account, client_order_id, known, first, market_id, order_id)
        return
    out.append(
        pack_repeated(
            account.account_id,
            0,
            state.sequence,
            known.market_id,
            known.order_id,
            client_order_id,
            known.kind,
            known.reason,
            known.sequence,
        )
    )


def refuse(
    state: State,
    out: list[bytes],
    account: Account,
    client_order_id: bytes,
    content: Content,
    reason: RejectReason,
    detail: int = 0,
    *,
    market_id: MarketId = NO_MARKET,
    order_id: OrderId = NO_ORDER,
) -> None:
    """Say no, and remember it under the id."""
    _rejected(state, out, account, client_order_id, reason, detail, market_id, order_id)
    conclude(state, account, client_order_id, content, REJECTED, reason=reason, market_id=market_id, order_id=order_id)


def _rejected(
    state: State,
    out: list[bytes],
    account: Account,
    client_order_id: bytes,
    reason: RejectReason,
    detail: int,
    market_id: MarketId,
    order_id: OrderId,
) -> None:
    out.append(
        pack_rejected(
            account.account_id,
            next_in_stream(account),
            state.sequence,
            market_id,
            order_id,
            client_order_id,
            reason,
            detail,
        )
    )


def next_in_stream(account: Account) -> int:
    """The next account sequence. The operator has no stream: 0."""
    if account.account_id == 0:
        return 0
    account.sequence += 1
    return account.sequence


def conclude(
    state: State,
    account: Account,
    client_order_id: bytes,
    content: Content,
    kind: EventKind,
    reason: int = 0,
    market_id: MarketId = NO_MARKET,
    order_id: OrderId = NO_ORDER,
    *,
    stays_open: bool = False,
) -> None:
    """Remember the first answer to this id. What it started is over, unless it stays open."""
    if client_order_id == client_id.NO_ID:
        return
    memory = account.memory
    memory.answers[client_order_id] = Answer(content.digest, kind, reason, market_id, order_id, state.sequence)
    if not stays_open:
        idempotence.finish(memory, client_order_id, state.time_ns)
