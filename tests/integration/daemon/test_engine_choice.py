"""A daemon stopped under one engine goes on under the other: journal, snapshot, views, promises."""

from itertools import product
from pathlib import Path

import pytest

from mexchange.codec import encode
from mexchange.codec.messages import AccountPage, AccountQuery, StatusAnswer, StatusQuery
from mexchange.daemon import offline
from mexchange.daemon.errors import EXIT_USAGE
from mexchange.domain.client_id import parse
from mexchange.domain.commands import CancelOrder, PlaceOrder
from mexchange.domain.events import Accepted, Done, Repeated
from mexchange.domain.order import Side
from mexchange.domain.units import AccountId, Lots, MarketId, OrderId, Ticks
from tests.engine.audit import audit
from tests.engine.engines import ENGINES
from tests.integration.daemon.market import READY_S, Market, Visitor
from tests.integration.durability.replica import Replica

NOBODY = AccountId(0)


def order(name: str) -> bytes:
    return encode(PlaceOrder(NOBODY, parse(name), MarketId(1), Side.BUY, Lots(10), Ticks(50_000)))


@pytest.mark.parametrize("is_clean", [True, False], ids=["stopped", "killed"])
@pytest.mark.parametrize(("first", "second"), list(product(ENGINES, repeat=2)))
def test_what_one_engine_left_the_other_goes_on_with(tmp_path: Path, first: str, second: str, is_clean: bool) -> None:
    data = tmp_path / "data"
    before, after = Market(data, MX_ENGINE=first), Market(data, MX_ENGINE=second)
    try:
        before.start()
        ann = before.visit()
        assert engine_of(ann) == first
        ann.tell(order("rests"))
        accepted = ann.wait_event(lambda event: isinstance(event, Accepted))
        assert isinstance(accepted, Accepted)
        page, *_ = ann.ask(AccountQuery())  # asked again after a silence, it may be answered twice
        assert isinstance(page, AccountPage)
        ann.close()
        if is_clean:
            assert before.stop() == 0, before.log()
        else:
            before.kill()
        after.start()
        ann = after.visit(ann.login)
        assert engine_of(ann) == second
        restored, *_ = ann.ask(AccountQuery())
        assert isinstance(restored, AccountPage)
        assert (restored.orders, restored.balances) == (page.orders, page.balances)
        ann.tell(order("rests"))
        repeated = ann.wait_event(lambda event: isinstance(event, Repeated))
        assert isinstance(repeated, Repeated)
        assert repeated.order_id == accepted.order_id, "the promise of the other engine holds"
        ann.tell(encode(CancelOrder(NOBODY, parse("cancel"), OrderId(accepted.order_id))))
        ann.wait_event(lambda event: isinstance(event, Done))
        assert after.stop() == 0, after.log()
    finally:
        before.end()
        after.end()
    for name in ENGINES:
        replayed = offline.replay(data, engine=name)
        assert (replayed["ok"], replayed["engine"]) == (True, name)
        assert replayed["snapshots_equal"]
    replica = Replica(data)
    replica.catch_up()
    audit(replica.engine)


def engine_of(visitor: Visitor) -> str:
    """What `mx status` shows."""
    answer = visitor.ask(StatusQuery())[0]
    assert isinstance(answer, StatusAnswer)
    return dict(line.split("=", 1) for line in answer.text.splitlines())["engine"]


def test_the_daemon_says_which_engine_runs_and_refuses_one_that_there_is_not(tmp_path: Path) -> None:
    market = Market(tmp_path / "data", MX_ENGINE="python")
    wrong = Market(tmp_path / "data", MX_ENGINE="fast")
    try:
        market.start(demo=False)
        assert "engine" in market.log()
        assert "MX_ENGINE=python" in market.log()
        assert market.stop() == 0
        wrong.launch(demo=False)
        assert wrong.process is not None
        assert wrong.process.wait(READY_S) == EXIT_USAGE
        assert "MX_ENGINE=fast: must be auto, python or native" in wrong.log()
    finally:
        market.end()
        wrong.end()
