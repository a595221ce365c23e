"""What is done again and again, however often the outside fails."""

import asyncio
from collections.abc import Awaitable, Callable

from mexchange.daemon.own_commands import Unwritten
from mexchange.daemon.wallet.chain import ChainDown
from mexchange.store.errors import StoreError
from mexchange.telemetry import logs


async def watch(what: str, turn: Callable[[], Awaitable[None]], pause_s: float) -> None:
    """Turn after turn, until cancelled. Trouble outside is logged when it begins and when it ends."""
    log, trouble = logs.get(f"wallet.{what}"), False
    while True:
        try:
            await turn()
        except (StoreError, ChainDown, Unwritten) as error:
            if not trouble:
                log.warning(f"{what} wait", reason=str(error))
            trouble = True
        else:
            if trouble:
                log.info(f"{what} go on")
            trouble = False
        await asyncio.sleep(pause_s)
