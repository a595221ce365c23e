"""A world outside that changes its mind, says things twice, fails, and takes the daemon down at the worst moments."""

import random
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from mexchange.daemon.wallet.chain import ChainDown, Incoming, Payment, PaymentState, PaymentStatus
from mexchange.domain.units import AccountId, AssetId
from mexchange.store.database import Database, Place


class Crash(BaseException):
    """kill -9 of the daemon: everything that is not durable is gone."""


class Fate:
    """Decides where the daemon dies and what fails. One in `odds`; 0: never."""

    def __init__(self, seed: int, odds: int) -> None:
        self.rng = random.Random(seed)
        self.odds = odds
        self.crashes = 0
        self.failures = 0

    def may_crash(self) -> None:
        if self.odds and self.rng.randrange(self.odds) == 0:
            self.crashes += 1
            raise Crash

    def may_fail(self) -> None:
        self.may_crash()
        if self.odds and self.rng.randrange(self.odds) == 0:
            self.failures += 1
            raise ChainDown("the line is dead")


class FatefulDatabase(Database):
    """The real one; the daemon may die before a transaction, or right after its commit."""

    def __init__(self, place: Place, fate: Fate) -> None:
        super().__init__(place)
        self._fate = fate

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        self._fate.may_crash()
        async with super().writing() as connection:
            yield connection
        self._fate.may_crash()


class Outside:
    """Implements Chain. It lives on while the daemon dies."""

    name = "fickle"

    def __init__(self, fate: Fate, *, closed: Callable[[str], bool] = lambda _: False) -> None:
        self._fate = fate
        self._closed = closed
        self.sent: dict[str, Incoming] = {}
        self._told: list[str] = []
        self.depth: dict[str, int] = {}
        """Of those that are in a block or wait for one."""
        self.paid: dict[str, Payment] = {}

    def is_address(self, asset: AssetId, address: str) -> bool:
        return len(address) >= 8

    async def address(self, account: AccountId, asset: AssetId) -> str:
        self._fate.may_fail()
        return f"ours-{account}-{asset}"

    async def incoming(self, position: int) -> tuple[Sequence[Incoming], int]:
        self._fate.may_fail()
        again = self._fate.rng.randrange(3)
        told = self._told[max(0, position - again) :]
        return [self.sent[reference] for reference in told], len(self._told)

    async def confirmations(self, references: Sequence[str]) -> Mapping[str, int]:
        self._fate.may_fail()
        return {reference: self.depth[reference] for reference in references if reference in self.depth}

    async def pay(self, payment: Payment) -> None:
        self._fate.may_fail()
        known = self.paid.setdefault(payment.reference, payment)
        assert known == payment, "one reference, one payment"
        self._fate.may_fail()

    async def payment(self, reference: str) -> PaymentStatus:
        self._fate.may_fail()
        payment = self.paid.get(reference)
        if payment is None:
            return PaymentStatus(PaymentState.UNKNOWN)
        if self._closed(payment.address):
            return PaymentStatus(PaymentState.REFUSED, reason="closed")
        return PaymentStatus(PaymentState.PAID, f"tx-{reference}")

    # What the world does by itself.

    def send(self, incoming: Incoming) -> None:
        """Somebody pays us."""
        self.sent[incoming.reference] = incoming
        self.depth[incoming.reference] = 0
        self._told.append(incoming.reference)

    def block(self) -> None:
        """One more, and sometimes a few that nobody will remember."""
        for reference in self.depth:
            self.depth[reference] += 1

    def reorganise(self, shallow: int) -> None:
        """Transactions less deep than `shallow` come back later, or not at all; some are announced again."""
        for reference in [each for each, depth in self.depth.items() if depth < shallow]:
            what = self._fate.rng.randrange(3)
            if what == 0:
                del self.depth[reference]
            else:
                self.depth[reference] = 0
            if what == 2:
                self._told.append(reference)

    def include_again(self, reference: str) -> None:
        """It was left out, and is in a block again."""
        self.depth.setdefault(reference, 0)
        self._told.append(reference)
