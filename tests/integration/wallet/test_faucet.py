"""Free money is given once in 24 hours, however often and by however many sessions it is asked for."""

import pytest

from mexchange.client.blocking import BlockingClient
from mexchange.client.connection import Connection
from mexchange.client.errors import QueryRefused
from mexchange.codec import encode
from mexchange.codec.messages import FaucetAnswer, FaucetRequest
from mexchange.protocol.login import AnonymousLogin, EnrollLogin, KeyLogin
from tests.integration.daemon.market import Market, key_login, own_seed

KCN = 2
DAY_NS = 24 * 60 * 60 * 10**9
GIFT = 100 * 10**8
GRANT = 100 * 10**8
"""What a new account of the demo has of it."""


def connect(market: Market, login: AnonymousLogin | EnrollLogin | KeyLogin) -> BlockingClient:
    run = market.run()
    return BlockingClient.connect(
        Connection(host=run.host, port=run.port, login=login, expected_key=bytes.fromhex(run.server_key))
    )


def coins(client: BlockingClient) -> int:
    return next(row.available for row in client.balances() if row.asset == KCN)


def test_a_claim_is_given_once_in_24_hours_also_across_a_crash(market: Market) -> None:
    market.start()
    seed = own_seed()
    with connect(market, EnrollLogin(seed, "ann")) as ann:
        assert ann.faucet(claim=False).claimed_ns == 0
        first = ann.faucet(claim=True)
        assert (first.account, first.asset, first.amount) == (ann.session.account, KCN, GIFT)
        assert first.next_ns == first.claimed_ns + DAY_NS
        assert abs(first.claimed_ns - ann.server_time_ns()) < 60 * 10**9
        assert ann.faucet(claim=True) == first
        assert coins(ann) == GRANT + GIFT
    market.kill()
    market.start()
    with connect(market, key_login(seed)) as ann:
        assert ann.faucet(claim=True) == first
        assert coins(ann) == GRANT + GIFT
    assert market.stop() == 0
    market.start()
    with connect(market, key_login(seed)) as ann:
        assert ann.faucet(claim=True) == first, "from the snapshot this time"
        assert coins(ann) == GRANT + GIFT


def test_many_sessions_of_one_owner_that_claim_at_once_get_it_once(market: Market) -> None:
    market.start()
    seed = own_seed()
    sessions = [market.visit(EnrollLogin(seed, "ann"))] + [market.visit(key_login(seed)) for _ in range(7)]
    asked = [session.tell(encode(FaucetRequest(claim=True))) for session in sessions for _ in range(4)]
    for session in sessions:
        (answer, *_) = session.ask(FaucetRequest(claim=True))
        assert isinstance(answer, FaucetAnswer)
        assert answer.claimed_ns > 0
    assert len(asked) == 32
    with connect(market, key_login(seed)) as ann:
        assert coins(ann) == GRANT + GIFT


def test_nobody_claims_without_an_account_or_outside_the_demo(market: Market) -> None:
    market.start()
    seed = own_seed()
    with connect(market, EnrollLogin(seed, "ann")):
        pass
    with connect(market, AnonymousLogin()) as nobody, pytest.raises(QueryRefused) as refused:
        nobody.faucet(claim=True)
    assert refused.value.code == "E_AUTH"
    assert market.stop() == 0
    market.start(demo=False)
    with connect(market, key_login(seed)) as ann:
        for claim in (True, False):
            with pytest.raises(QueryRefused) as refused:
                ann.faucet(claim=claim)
            assert refused.value.code == "E_FAUCET_OFF"
        assert coins(ann) == GRANT
