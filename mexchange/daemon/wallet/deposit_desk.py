"""What people ask about deposits: where to send money, and what became of it. In a demo also: send some."""

from collections.abc import Mapping
from typing import Final

from mexchange.codec import MessageType, decode
from mexchange.codec.messages import (
    AddressAnswer,
    AddressRequest,
    DepositInfo,
    DepositsPage,
    DepositsQuery,
    SimulateDeposit,
)
from mexchange.daemon.views import Handler
from mexchange.daemon.wallet.answers import Answers, WalletRefused
from mexchange.daemon.wallet.chain import Incoming
from mexchange.daemon.wallet.deposits import Deposits
from mexchange.daemon.wallet.simulated_chain import SimulatedChain
from mexchange.domain import client_id
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import AccountId, AssetId, Atoms, Sequence, TimeNs
from mexchange.protocol.server_session import ServerSession
from mexchange.store.deposits import DepositStore, SeenDeposit

ROWS_PER_PAGE: Final = 7
"""So that a page fits into a datagram, with references of up to 90 characters."""
SIMULATED_MAX: Final = Atoms(10**15)
"""Atoms that the demo's world outside sends at once."""


class DepositDesk:
    """`simulated` None: the world outside is real, or is not to be asked for presents."""

    def __init__(
        self,
        *,
        deposits: Deposits,
        store: DepositStore,
        answers: Answers,
        simulated: SimulatedChain | None,
        confirmations: int,
    ) -> None:
        self._deposits = deposits
        self._store = store
        self._answers = answers
        self._simulated = simulated
        self._confirmations = confirmations

    def handlers(self) -> Mapping[MessageType, Handler]:
        """AddressRequest, DepositsQuery, SimulateDeposit."""
        return {
            MessageType.ADDRESS_REQUEST: self._on_address,
            MessageType.DEPOSITS_QUERY: self._on_query,
            MessageType.SIMULATE_DEPOSIT: self._on_simulate,
        }

    def _on_address(self, session: ServerSession, correlation: int, block: bytes) -> None:
        asked = decode(MessageType.ADDRESS_REQUEST, block[8:])
        assert isinstance(asked, AddressRequest)
        self._answers.start(session, correlation, self._address(asked.account, asked.asset))

    async def _address(self, account: AccountId, asset: AssetId) -> AddressAnswer:
        if account == 0:
            raise WalletRefused(RejectReason.ACCOUNT_NOT_FOUND)
        address = await self._deposits.address(account, asset)
        return AddressAnswer(account, asset, address, self._confirmations)

    def _on_query(self, session: ServerSession, correlation: int, block: bytes) -> None:
        asked = decode(MessageType.DEPOSITS_QUERY, block[8:])
        assert isinstance(asked, DepositsQuery)
        self._answers.start(session, correlation, self._page(asked))

    async def _page(self, asked: DepositsQuery) -> DepositsPage:
        before = (int(asked.before_ns), asked.before_reference) if asked.before_ns else None
        rows = await self._store.page(asked.account, before, ROWS_PER_PAGE + 1)
        found = [_info(row) for row in rows[:ROWS_PER_PAGE]]
        return DepositsPage(asked.account, found, len(rows) > ROWS_PER_PAGE, self._confirmations)

    def _on_simulate(self, session: ServerSession, correlation: int, block: bytes) -> None:
        asked = decode(MessageType.SIMULATE_DEPOSIT, block[8:])
        assert isinstance(asked, SimulateDeposit)
        self._answers.start(session, correlation, self._simulate(asked))

    async def _simulate(self, asked: SimulateDeposit) -> AddressAnswer:
        if self._simulated is None:
            raise WalletRefused(RejectReason.FAUCET_OFF)
        if not 1 <= asked.amount <= SIMULATED_MAX:
            raise WalletRefused(RejectReason.AMOUNT_INVALID)
        if not client_id.is_valid(asked.request_id):
            raise WalletRefused(RejectReason.CLIENT_ID_INVALID)
        answer = await self._address(asked.account, asked.asset)
        reference = f"outside-{asked.account}-{client_id.show(asked.request_id)}"
        await self._simulated.send(Incoming(reference, answer.address, asked.asset, asked.amount))
        return answer


def _info(row: SeenDeposit) -> DepositInfo:
    return DepositInfo(
        reference=row.reference,
        asset=AssetId(row.asset),
        amount=Atoms(row.amount),
        confirmations=row.confirmations,
        state=row.state,
        seen_ns=TimeNs(row.seen_ns),
        credited_ns=TimeNs(row.credited_ns),
        sequence=Sequence(row.sequence),
        reason=row.reason,
    )
