"""Of the native engine itself: it is there, its defects are told, and it lets other threads run."""

import sys
import threading
from collections.abc import Iterator

import pytest

from mexchange.codec import encode_orders
from mexchange.daemon.engine_choice import NATIVE, Engine
from mexchange.domain.client_id import mint
from mexchange.domain.commands import AdvanceTime, PlaceOrder
from mexchange.domain.order import Side
from mexchange.domain.units import AccountId, Lots, MarketId, Ticks
from tests.engine.engines import ENGINES


@pytest.fixture
def native() -> Engine:
    if NATIVE not in ENGINES:
        pytest.skip("the native engine is not built")
    return ENGINES[NATIVE]()


def test_the_native_engine_is_here_so_that_every_test_of_an_engine_runs_on_both() -> None:
    if NATIVE not in ENGINES:
        pytest.skip("the native engine is not built: every test of an engine ran on the one in Python alone")


def test_a_defect_in_rust_is_an_assertion_error_with_its_place_and_ends_the_engine(native: Engine) -> None:
    native.apply(AdvanceTime(), 5, 5)
    with pytest.raises(AssertionError, match=r"engine\.rs:\d+:\d+:\nsequences ascend"):
        native.apply(AdvanceTime(), 5, 5)
    for call in (native.snapshot, native.state_hash, lambda: native.apply(AdvanceTime(), 6, 6)):
        with pytest.raises(AssertionError, match="sequences ascend"):
            call()
    assert native.sequence == 5, "where it stood is still told: the operator wants to know"


@pytest.mark.parametrize("number", [-1, 2**64])
def test_numbers_that_no_sequence_can_be_are_refused(native: Engine, number: int) -> None:
    with pytest.raises(OverflowError):
        native.apply(AdvanceTime(), number, 1)


@pytest.fixture
def no_switching() -> Iterator[None]:
    """The interpreter is passed on only by those who let it go."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(100)
    yield
    sys.setswitchinterval(interval)


def test_other_threads_run_while_a_large_batch_is_applied(native: Engine, no_switching: None) -> None:
    orders = [
        PlaceOrder(AccountId(16), mint(number + 1, 0), MarketId(1), Side.BUY, Lots(1), Ticks(1)) for number in range(16)
    ]
    batch = encode_orders(orders) * 20_000
    begun, ended = threading.Event(), threading.Event()

    def apply() -> None:
        begun.set()
        native.apply_batch(batch, 1, 1)
        ended.set()

    thread = threading.Thread(target=apply)
    thread.start()
    begun.wait()
    ran_beside = not ended.is_set()
    thread.join()
    assert ran_beside
    assert native.sequence == 320_000
