"""The queue estimate against queues that are known: never too small, and right as long as nobody ahead cancels."""

from random import Random

import pytest

from mexchange.client.queue_position import QueuePositions
from mexchange.domain.order import Side

BUY = Side.BUY


def test_trades_shorten_the_queue_and_cancels_are_taken_to_be_behind() -> None:
    queue = QueuePositions()
    queue.placed(7, BUY, 100, 5, level=10, is_counted=False)
    assert queue.ahead(7) == 10
    queue.level(BUY, 100, 20)  # five of ours, five more behind
    assert queue.ahead(7) == 10
    queue.traded(BUY, 100, 4)
    queue.level(BUY, 100, 16)
    assert queue.ahead(7) == 6
    queue.level(BUY, 100, 12)  # four left without a trade: behind, as far as we can tell
    assert queue.ahead(7) == 6
    queue.level(BUY, 100, 8)  # now it is plain that three of those ahead are gone
    assert queue.ahead(7) == 3


def test_a_level_that_counts_the_order_already_is_taken_without_it() -> None:
    queue = QueuePositions()
    queue.placed(7, BUY, 100, 5, level=15, is_counted=True)
    assert queue.ahead(7) == 10
    queue.placed(8, Side.SELL, 200, 5, level=3, is_counted=True)
    assert queue.ahead(8) == 0


def test_a_fill_says_that_nothing_is_ahead_any_more() -> None:
    queue = QueuePositions()
    queue.placed(7, BUY, 100, 5, level=10, is_counted=False)
    queue.filled(7, 3)
    assert (queue.ahead(7), queue.first_ahead(BUY, 100)) == (0, 0)
    queue.filled(7, 0)
    assert (queue.ahead(7), queue.first_ahead(BUY, 100), queue.places()) == (None, None, [])


def test_our_own_earlier_order_stands_ahead_of_the_later_one() -> None:
    queue = QueuePositions()
    queue.placed(7, BUY, 100, 5, level=0, is_counted=False)
    queue.placed(8, BUY, 100, 2, level=5, is_counted=False)
    assert (queue.ahead(7), queue.ahead(8)) == (0, 5)
    queue.reduced(7, 1)
    queue.level(BUY, 100, 3)
    assert (queue.ahead(7), queue.ahead(8), queue.first_ahead(BUY, 100)) == (0, 1, 0)
    queue.gone(7)
    assert queue.orders() == [8]
    queue.gone(7)


@pytest.mark.parametrize("seed", range(30))
def test_it_is_never_less_than_what_is_truly_ahead(seed: int) -> None:
    random = Random(seed)
    truth: list[tuple[int, int]] = [(0, random.randint(1, 9)) for _ in range(random.randint(0, 6))]  # (ours?, lots)
    queue, number = QueuePositions(), 0
    for _ in range(120):
        move = random.random()
        if move < 0.25:
            truth.append((0, random.randint(1, 9)))
        elif move < 0.4:
            number += 1
            queue.placed(number, BUY, 100, 3, level=sum(lots for _, lots in truth), is_counted=False)
            truth.append((number, 3))
        elif move < 0.7 and truth:
            gone = truth.pop(random.randrange(len(truth)))
            if gone[0]:
                queue.gone(gone[0])
        elif truth:
            owner, lots = truth[0]
            taken = random.randint(1, lots)
            truth[:1] = [(owner, lots - taken)] if lots > taken else []
            queue.traded(BUY, 100, taken)
            if owner:
                queue.filled(owner, lots - taken)
        queue.level(BUY, 100, sum(lots for _, lots in truth))
        before = 0
        for owner, lots in truth:
            if owner:
                assert (queue.ahead(owner) or 0) >= before, f"seed {seed}"
            before += lots
