"""The replay window against the plainest model: a set and a maximum."""

from hypothesis import given
from hypothesis import strategies as st

from mexchange.protocol.replay import WINDOW, ReplayWindow

steps = st.one_of(
    st.integers(-3, 3), st.integers(-WINDOW - 2, WINDOW + 2), st.sampled_from([2**40, -WINDOW, -WINDOW + 1])
)


@given(st.lists(steps, max_size=60))
def test_the_window_accepts_what_the_model_accepts(moves: list[int]) -> None:
    window = ReplayWindow()
    seen: set[int] = set()
    position = 0
    for move in moves:
        position = max(0, position + move)
        top = max(seen, default=-1)
        expected = position not in seen and position > top - WINDOW
        assert window.fresh(position) is expected
        if expected:
            window.commit(position)
            seen.add(position)
            assert window.top == max(seen)


def test_asking_changes_nothing() -> None:
    window = ReplayWindow()
    window.commit(10)
    assert window.fresh(5)
    assert window.fresh(5)
    window.commit(5)
    assert not window.fresh(5)
    assert not window.fresh(10)
