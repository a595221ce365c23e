"""Free money of the demo: once in 24 hours for each owner, to the main account.

A claim is a Deposit whose client order id names the day, so that a claim that is repeated, by a client, by a second
session or after a crash, is given once. When an owner last had something is read from those very deposits, also during
recovery: the journal is the only record of it.
"""

from collections.abc import Mapping, Sequence
from struct import Struct
from typing import Final, NamedTuple

from mexchange.codec import MessageType, decode
from mexchange.codec.events import KIND_AT, RECORD_SIZE, decode_records
from mexchange.codec.messages import FaucetAnswer, FaucetRequest
from mexchange.daemon.accounts import Accounts
from mexchange.daemon.own_commands import OwnCommands
from mexchange.daemon.peer import peer_of
from mexchange.daemon.views import Commit, Handler
from mexchange.daemon.wallet.answers import Answers, WalletRefused
from mexchange.domain import client_id
from mexchange.domain.client_id import ClientOrderId
from mexchange.domain.commands import Deposit
from mexchange.domain.events import Deposited, EventKind, Rejected
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import AccountId, AssetId, Atoms, TimeNs
from mexchange.protocol.server_session import ServerSession
from mexchange.world.clock import Clock

PERIOD_NS: Final = 24 * 60 * 60 * 10**9
PREFIX: Final = b"faucet-"
_DEPOSITED: Final = int(EventKind.DEPOSITED)
_ROW: Final = Struct("<QQ")
_VERSION: Final = Struct("<Q")
_SAVED_AS: Final = 1


class Gift(NamedTuple):
    """What one claim brings."""

    asset: AssetId
    amount: Atoms


class Faucet:
    """The view of claims. `gift` None: this exchange gives nothing away."""

    name = "faucet"

    def __init__(
        self,
        *,
        gift: Gift | None,
        accounts: Accounts,
        commands: OwnCommands,
        answers: Answers,
        clock: Clock,
    ) -> None:
        self._gift = gift
        self._accounts = accounts
        self._commands = commands
        self._answers = answers
        self._clock = clock
        self._claimed_ns: dict[int, int] = {}
        """owner → the last claim."""

    def handlers(self) -> Mapping[MessageType, Handler]:
        """FaucetRequest."""
        return {MessageType.FAUCET_REQUEST: self._on_request}

    def on_commit(self, commit: Commit) -> None:
        """Note the claims of a frame."""
        records = commit.records
        if _DEPOSITED not in records[KIND_AT::RECORD_SIZE] or PREFIX not in records:
            return
        for event in decode_records(records):
            if isinstance(event, Deposited) and event.client_order_id.startswith(PREFIX):
                owner = self._accounts.owner_of(event.account)
                if owner is not None:
                    self._claimed_ns[owner] = commit.time_ns

    def _on_request(self, session: ServerSession, correlation: int, block: bytes) -> None:
        asked = decode(MessageType.FAUCET_REQUEST, block[8:])
        assert isinstance(asked, FaucetRequest)
        self._answers.start(session, correlation, self.ask(peer_of(session).owner, claim=asked.claim))

    async def ask(self, owner: int, *, claim: bool) -> FaucetAnswer:
        """When this owner last had something; after giving it, if that is asked and due. WalletRefused, Unwritten."""
        account = self._accounts.main_account(owner)
        if self._gift is None or account is None:
            raise WalletRefused(RejectReason.FAUCET_OFF)
        if claim and self._next_ns(owner) <= self._clock.time_ns():
            await self._give(self._gift, owner, account)
        return FaucetAnswer(
            account=AccountId(account),
            asset=self._gift.asset,
            amount=self._gift.amount,
            claimed_ns=TimeNs(self._claimed_ns.get(owner, 0)),
            next_ns=TimeNs(self._next_ns(owner)),
        )

    async def _give(self, gift: Gift, owner: int, account: int) -> None:
        now_ns = self._clock.time_ns()
        event = await self._commands.ask(Deposit(AccountId(account), claim_id(now_ns), gift.asset, gift.amount))
        if isinstance(event, Rejected):
            raise WalletRefused(event.reason)
        if self._next_ns(owner) <= now_ns:  # given earlier today, but that is not known here
            self._claimed_ns[owner] = now_ns

    def _next_ns(self, owner: int) -> int:
        claimed_ns = self._claimed_ns.get(owner)
        return 0 if claimed_ns is None else claimed_ns + PERIOD_NS

    def on_tick(self, now_ns: int, time_ns: int) -> None:
        """Nothing is said unasked."""

    def on_session_gone(self, session: ServerSession) -> None:
        """Nothing is kept for a session."""

    def heads(self, session: ServerSession) -> Sequence[tuple[int, int]]:
        """No streams."""
        return ()

    def save(self) -> bytes:
        """Version, then rows of owner and time."""
        rows = (_ROW.pack(*row) for row in sorted(self._claimed_ns.items()))
        return _VERSION.pack(_SAVED_AS) + b"".join(rows)

    def load(self, data: bytes) -> None:
        """What `save` gave. Without it the engine's memory of the day's id still stands against a second claim."""
        (version,) = _VERSION.unpack_from(data)
        if version == _SAVED_AS:
            self._claimed_ns = dict(_ROW.iter_unpack(data[_VERSION.size :]))

    def ready(self) -> None:
        """Nothing is to be read."""


def claim_id(time_ns: int) -> ClientOrderId:
    """The client order id of a claim at that time: one a day (UTC) and account."""
    return client_id.parse(f"{PREFIX.decode()}{time_ns // PERIOD_NS}")
