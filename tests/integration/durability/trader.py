"""A client in a process of its own that trades without end and writes down each thing that it was told.

    python -m tests.integration.durability.trader HOST PORT SERVER_KEY SEED LEDGER NUMBER

Lines of the ledger: `sent ID…` before, `told ID KIND SEQUENCE ORDER_ID` after, `account N` first. An outcome that is
not known is asked for again until it is. SIGTERM lets it find out what is still open, then it ends.
"""

import random
import signal
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final, TextIO

from mexchange.client.answer import Answer, Outcome
from mexchange.client.blocking import BlockingClient
from mexchange.client.connection import Connection
from mexchange.client.errors import NotLive, OutcomeUnknown, Rejected, Unreachable
from mexchange.domain.client_id import ClientOrderId
from mexchange.domain.commands import CancelOrder, PlaceOrder
from mexchange.domain.order import Side, TimeInForce
from mexchange.domain.units import AccountId, Lots, MarketId, OrderId, Ticks
from mexchange.protocol.login import EnrollLogin

MARKET: Final = MarketId(1)
REFERENCE: Final = 100_000
MINE: Final = AccountId(0)
PATIENCE_S: Final = 60


class Trader:
    """Places, takes and cancels around the reference price."""

    def __init__(self, client: BlockingClient, ledger: TextIO, rng: random.Random) -> None:
        self._client = client
        self._ledger = ledger
        self._rng = rng
        self._open: list[int] = []
        self._unknown: set[ClientOrderId] = set()
        self.is_stopping = False
        self._write(f"account {client.session.account}")

    def work(self) -> None:
        """Until told to stop."""
        while not self.is_stopping:
            if len(self._open) > 40 and self._rng.random() < 0.5:
                self._cancel()
            else:
                self._place()

    def settle(self) -> None:
        """Find out what is still open."""
        deadline = time.monotonic() + PATIENCE_S
        while self._unknown and time.monotonic() < deadline:
            self._ask()
        self._write("end")

    def _place(self) -> None:
        self._send([self._order() for _ in range(self._rng.choice((1, 1, 4, 16)))])

    def _cancel(self) -> None:
        victims = [self._open.pop(self._rng.randrange(len(self._open))) for _ in range(8)]
        self._send([CancelOrder(MINE, self._client.mint(), OrderId(order_id)) for order_id in victims])

    def _order(self) -> PlaceOrder:
        rng = self._rng
        side = rng.choice((Side.BUY, Side.SELL))
        price = REFERENCE + rng.randint(-60, 20) * (1 if side is Side.BUY else -1)
        tif = TimeInForce.IOC if rng.random() < 0.3 else TimeInForce.GTC
        return PlaceOrder(
            MINE, self._client.mint(), MARKET, side, Lots(rng.randint(1, 20)), Ticks(price), time_in_force=tif
        )

    def _send(self, commands: list[PlaceOrder] | list[CancelOrder]) -> None:
        self._write("sent " + " ".join(command.client_order_id.hex() for command in commands))
        try:
            self._note(self._client.submit_many(list(commands)))
        except (NotLive, Unreachable):
            self._ask()
            time.sleep(0.01)

    def _note(self, outcomes: Iterable[Outcome]) -> None:
        for outcome in outcomes:
            match outcome:
                case Answer():
                    self._tell(outcome)
                case Rejected():
                    if outcome.sequence:
                        self._say(outcome.client_order_id, "Rejected", outcome.sequence, 0)
                case OutcomeUnknown():
                    self._unknown.add(outcome.client_order_id)

    def _tell(self, answer: Answer) -> None:
        order = answer.order
        if answer.event is not None:
            kind = type(answer.event).__name__
        else:
            kind = "Accepted" if order is not None and order.client_order_id == answer.client_order_id else "Done"
        self._say(answer.client_order_id, kind, answer.sequence, answer.order_id if kind == "Accepted" else 0)
        if kind == "Accepted" and order is not None and order.is_open:
            self._open.append(answer.order_id)

    def _say(self, client_order_id: ClientOrderId, kind: str, sequence: int, order_id: int) -> None:
        self._unknown.discard(client_order_id)
        self._write(f"told {client_order_id.hex()} {kind} {sequence} {order_id}")

    def _ask(self) -> None:
        for client_order_id in list(self._unknown):
            try:
                outcome = self._client.resolve(client_order_id, timeout_s=1)
            except Unreachable:
                return
            self._unknown.discard(client_order_id)
            if outcome is not None:
                self._note([outcome])

    def _write(self, line: str) -> None:
        self._ledger.write(line + "\n")
        self._ledger.flush()


def main() -> None:
    """Trade until SIGTERM."""
    host, port, server_key, seed, path, number = sys.argv[1:]
    connection = Connection(
        host=host,
        port=int(port),
        login=EnrollLogin(bytes.fromhex(seed), f"trader {number}"),
        expected_key=bytes.fromhex(server_key),
        timeout_s=PATIENCE_S,
    )
    with BlockingClient.connect(connection) as client, Path(path).open("a") as ledger:
        trader = Trader(client, ledger, random.Random(number))

        def stop(number: int, frame: object) -> None:
            trader.is_stopping = True

        signal.signal(signal.SIGTERM, stop)
        trader.work()
        trader.settle()


if __name__ == "__main__":
    main()
