"""Which address is tried, and when."""

from mexchange.client.route import BACKOFF_FIRST_NS, BACKOFF_MAX_NS, Route
from mexchange.transport.resolve import Address

SIX: Address = ("::1", 9001, 0, 0)
FOUR: Address = ("127.0.0.1", 9001)


def test_all_addresses_are_tried_at_once_before_a_pause() -> None:
    route = Route([SIX, FOUR], lambda: 128)
    assert route.address == SIX
    assert route.failed() == 0
    assert route.address == FOUR
    assert route.failed() == BACKOFF_FIRST_NS
    assert route.address == SIX


def test_pauses_grow_to_a_limit_and_a_login_makes_them_short_again() -> None:
    route = Route([FOUR], lambda: 128)
    pauses = [route.failed() for _ in range(8)]
    assert pauses[:3] == [BACKOFF_FIRST_NS, 2 * BACKOFF_FIRST_NS, 4 * BACKOFF_FIRST_NS]
    assert pauses[-1] == BACKOFF_MAX_NS
    route.worked()
    assert route.failed() == BACKOFF_FIRST_NS


def test_jitter_keeps_clients_apart() -> None:
    assert Route([FOUR], lambda: 0).failed() == 187_500_000
    assert Route([FOUR], lambda: 255).failed() == 311_523_437
