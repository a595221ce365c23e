"""A client comes back to an exchange that was away, on either kind of loop."""

import asyncio
import sys
from collections.abc import Callable

import pytest

from mexchange.client.api import Client
from mexchange.client.connection import AnonymousLogin, Connection
from tests.integration.daemon.market import Market

STALE_NS = 2 * 10**9


def _loops() -> list[Callable[[], asyncio.AbstractEventLoop]]:
    if sys.platform == "win32":
        return [asyncio.new_event_loop]
    import uvloop

    return [asyncio.new_event_loop, uvloop.new_event_loop]


@pytest.mark.parametrize("loop", _loops())
def test_a_client_hears_again_after_the_exchange_was_away(
    market: Market, loop: Callable[[], asyncio.AbstractEventLoop]
) -> None:
    run = market.start()

    async def main() -> None:
        connection = Connection(
            host=run.host, port=run.port, login=AnonymousLogin(), expected_key=bytes.fromhex(run.server_key)
        )
        async with await Client.connect(connection) as client:
            logins = client.exchange.logins
            await asyncio.to_thread(market.kill)
            while client.liveness().age_ns < STALE_NS:  # noqa: ASYNC110 - meanwhile heartbeats meet a closed port
                await asyncio.sleep(0.05)
            await asyncio.to_thread(lambda: market.start(port=run.port))
            async with asyncio.timeout(30):
                while client.exchange.logins == logins:  # noqa: ASYNC110 - the exchange has no event for it
                    await asyncio.sleep(0.05)
            assert len(await client.markets()) == 3

    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(main())
