"""A daemon whose history can be watched: what `mx status` says of it, and the moment when it has caught up."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from mexchange.client.blocking import BlockingClient
from mexchange.client.connection import AnonymousLogin, Connection
from mexchange.client.errors import ClientError
from mexchange.config.daemon_run import DaemonRun
from tests.integration.daemon.market import Market

CATCH_UP_S: Final = 60


@contextmanager
def watching(run: DaemonRun) -> Iterator[BlockingClient]:
    """A stranger who asks for the status: needs no database to come in, and adds nothing to the journal."""
    connection = Connection(
        host=run.host,
        port=run.port,
        login=AnonymousLogin(),
        expected_key=bytes.fromhex(run.server_key),
        timeout_s=30,
    )
    with BlockingClient.connect(connection) as client:
        yield client


def facts(market: Market) -> dict[str, str | int]:
    """What `mx status` says."""
    with watching(market.run()) as client:
        found = client.status()
    return {**found.text, **found.counters}


def projector_pid(market: Market) -> int:
    """Of the one that runs; waits until there is one."""
    return int(wait_for(market, lambda now: int(now["history_projector_pid"]) > 0)["history_projector_pid"])


def caught_up(market: Market) -> int:
    """Wait until every durable command has its rows; the sequence."""
    return int(
        wait_for(market, lambda now: now["history"] == "following" and now["history_lag_commands"] == 0)["sequence"]
    )


def wait_for(market: Market, wanted: object, timeout_s: float = CATCH_UP_S) -> dict[str, str | int]:
    """The status in which something is true."""
    assert callable(wanted)
    deadline = time.monotonic() + timeout_s
    now: dict[str, str | int] = {}
    while True:
        with suppress(ClientError):
            now = facts(market)
            if wanted(now):
                return now
        assert time.monotonic() < deadline, f"waited in vain: {now}\n{market.log()[-2_000:]}"
        time.sleep(0.1)


def send(pid: int, number: signal.Signals) -> None:
    """A signal, to a process that may be gone."""
    with suppress(ProcessLookupError):
        os.kill(pid, number)
