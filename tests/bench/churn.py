"""A market maker who never rests: a process that changes so many levels a second of a scripted market, and trades some.

    python -m tests.bench.churn HOST PORT SERVER_KEY SECONDS EVENTS_PER_S

Half of the events are new orders among thirty levels on either side of the middle, one in sixteen of these crosses it;
the other half cancels older ones.
"""

import random
import sys
import time
from typing import Final

from mexchange.client.answer import Answer
from mexchange.client.blocking import BlockingClient
from mexchange.client.connection import Connection
from mexchange.domain.commands import PlaceOrder
from mexchange.domain.order import Side
from mexchange.protocol.login import EnrollLogin
from tests.tui.stage import BEST_ASK, BEST_BID, LEVELS, MAKER_SEED, TAKER_SEED, order

BATCH: Final = 8
OPEN_MAX: Final = 200


def main(host: str, port: str, server_key: str, seconds: str, events_per_s: str) -> None:
    """Until the time is over."""
    key, chance = bytes.fromhex(server_key), random.Random(1)
    pause_s = 2 * BATCH / float(events_per_s)
    due = time.monotonic()
    end = due + float(seconds)
    with (
        BlockingClient.connect(_connection(host, port, key, MAKER_SEED, "maker")) as maker,
        BlockingClient.connect(_connection(host, port, key, TAKER_SEED, "taker")) as taker,
    ):
        resting: list[int] = []
        while due < end:
            placed = maker.place_many([_order(chance) for _ in range(BATCH)])
            resting += [answer.order_id for answer in placed if isinstance(answer, Answer)]
            chance.shuffle(resting)
            if len(resting) > OPEN_MAX:
                maker.cancel_many([resting.pop() for _ in range(BATCH)])
            if chance.random() < BATCH / 16:
                side = chance.choice((Side.BUY, Side.SELL))
                taker.place_many([order(side, BEST_ASK + 3 if side is Side.BUY else BEST_BID - 3, 500)])
            due += pause_s
            time.sleep(max(0.0, due - time.monotonic()))


def _connection(host: str, port: str, key: bytes, seed: bytes, name: str) -> Connection:
    return Connection(host=host, port=int(port), login=EnrollLogin(seed, f"the script's {name}"), expected_key=key)


def _order(chance: random.Random) -> PlaceOrder:
    away = chance.randrange(LEVELS)
    side = chance.choice((Side.BUY, Side.SELL))
    return order(side, BEST_BID - away if side is Side.BUY else BEST_ASK + away, chance.randint(1, 90) * 1000)


if __name__ == "__main__":
    main(*sys.argv[1:])
