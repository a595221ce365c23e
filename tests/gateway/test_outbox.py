"""What waits for a slow reader: channels give way to one snapshot, answers do not."""

import asyncio

import pytest

from mexchange.gateway.channel_names import Name
from mexchange.gateway.channels import Channel
from mexchange.gateway.decimals import Form
from mexchange.gateway.outbox import NEWS_WAITING_MAX, Outbox


class Counting(Channel):
    """A channel whose snapshot says how often it was taken."""

    def __init__(self, *, is_state: bool = False) -> None:
        super().__init__(Name("counting", "counting"))
        self.is_state = is_state
        self.taken = 0

    def build_snapshot(self, form: Form) -> dict[str, object]:
        """One more."""
        self.taken += 1
        return {"taken": self.taken, "form": form.value}


@pytest.fixture
def outbox() -> Outbox:
    return Outbox(Form.STRING, waiting_max=3)


async def everything(outbox: Outbox) -> list[str | bytes]:
    found: list[str | bytes] = []
    while True:
        try:
            found.append(await asyncio.wait_for(outbox.take(), 0.05))
        except TimeoutError:
            return found


async def test_everything_comes_in_order_to_a_fast_reader(outbox: Outbox) -> None:
    channel = Counting()
    outbox.put("a")
    outbox.put_news(channel, "n1")
    outbox.put("b")
    outbox.put_news(channel, "n2")
    assert await everything(outbox) == ["a", "n1", "b", "n2"]
    assert (outbox.conflated, outbox.is_over) == (0, False)


async def test_news_give_way_to_one_snapshot_taken_late(outbox: Outbox) -> None:
    channel, other = Counting(), Counting()
    for number in range(5 * NEWS_WAITING_MAX):
        outbox.put_news(channel, f"n{number}")
    outbox.put_news(other, "o")
    assert channel.taken == 0
    found = await everything(outbox)
    assert found == ['{"channel_name":"counting","notification":{"taken":1,"form":"string"}}', "o"]
    assert outbox.conflated == 5 * NEWS_WAITING_MAX - 1
    outbox.put_news(channel, "after")
    assert await everything(outbox) == ["after"]


async def test_of_a_state_the_latest_is_enough(outbox: Outbox) -> None:
    channel = Counting(is_state=True)
    for number in range(4):
        outbox.put_news(channel, f"s{number}")
    assert await everything(outbox) == ["s3"]


async def test_what_was_dropped_does_not_come(outbox: Outbox) -> None:
    channel = Counting()
    outbox.put_news(channel, "n")
    outbox.drop(channel)
    outbox.put("a")
    assert await everything(outbox) == ["a"]


async def test_answers_are_never_left_out_so_too_many_are_the_end(outbox: Outbox) -> None:
    for number in range(3):
        outbox.put(str(number))
    assert not outbox.is_over
    outbox.put("3")
    assert outbox.is_over
