"""The arithmetic of a change, in integers."""

import pytest

from mexchange.cli.status import readable
from mexchange.cli.ticker import change_hundredths, hundredths


@pytest.mark.parametrize(
    ("before", "now", "shown"),
    [(100, 101, "1.00"), (99_957, 99_958, "0.00"), (3, 2, "-33.33"), (100_000, 99_999, "0.00"), (1, 3, "200.00")],
)
def test_change_is_rounded_toward_zero(before: int, now: int, shown: str) -> None:
    change = change_hundredths(before, now)
    assert change is not None
    assert hundredths(change) == shown


def test_without_a_price_there_is_no_change() -> None:
    assert change_hundredths(0, 5) is None
    assert change_hundredths(5, 0) is None


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("sync_p50_ns", 491_519, "491.51 us"),
        ("restart_ns", 609_000_000, "609.00 ms"),
        ("snapshot_pause_ns", 0, "0 ns"),
        ("journal_bytes", 134_217_728, "128 MiB"),
        ("sequence", 18_204_377, "18,204,377"),
        ("mode", "normal", "normal"),
    ],
)
def test_status_figures_carry_their_unit(name: str, value: object, shown: str) -> None:
    assert readable(name, value) == shown
