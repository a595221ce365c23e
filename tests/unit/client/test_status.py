"""A status of many counters comes in several blocks, which may be repeated and overtake one another."""

import random

from mexchange.client.query_calls import collect_status
from mexchange.daemon.status import status_answers

COUNTERS = [(f"drop.cause_{number:03}", number) for number in range(150)]


def test_a_status_is_complete_however_its_blocks_arrive(seed: int) -> None:
    blocks = status_answers({"mode": "normal", "sync": "always"}, COUNTERS)
    assert len(blocks) > 3
    arriving = blocks + random.Random(seed).choices(blocks, k=3)
    random.Random(seed).shuffle(arriving)
    collect = collect_status()
    found = [status for block in arriving if (status := collect(block)) is not None]
    assert found
    assert found[0].counters == dict(COUNTERS)
    assert found[0].text == {"mode": "normal", "sync": "always"}


def test_a_status_without_one_of_its_blocks_is_none() -> None:
    for lost in range(4):
        blocks = status_answers({"mode": "normal"}, COUNTERS)
        collect = collect_status()
        assert [collect(block) for block in blocks[:lost] + blocks[lost + 1 :]] == [None] * (len(blocks) - 1)
