"""A trader at a real terminal: an order by a click in the ladder, its fill, cancels, the daemon killed and back."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from mexchange.client.blocking import BlockingClient
from mexchange.domain.order import Side
from mexchange.domain.units import Lots, Ticks
from mexchange.protocol.login import EnrollLogin
from tests.e2e.tmux import Tmux
from tests.tui.stage import BEST_BID, KCN_EUR, MAKER_SEED, Stage, book, opened

WAIT_S: Final = 60.0
OFFLINE_S: Final = 90.0
"""It takes 30 s by definition."""
TRUSTED: Final = r"(LIVE|SLOW)"
LADDER_WIDTH: Final = 42


@contextmanager
def _at_the_terminal(stage: Stage, folder: Path) -> Iterator[Tmux]:
    environ = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "MX_DATA_DIR": str(stage.market.data),
        "MX_CONFIG_DIR": str(folder / "config"),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
    }
    terminal = Tmux(folder, columns=120, rows=40)
    try:
        terminal.run([sys.executable, "-m", "mexchange", "tui", "KCN/EUR", "--no-wizard"], environ)
        yield terminal
    finally:
        terminal.end()


def test_a_day_at_the_terminal(tmp_path: Path) -> None:
    for stage in opened(tmp_path):
        with _at_the_terminal(stage, tmp_path) as terminal:
            terminal.wait_for(TRUSTED, WAIT_S)
            _place(terminal, "999.57", orders=1)
            _fill(stage)
            terminal.wait_for(r"Bought 1 KCN", WAIT_S)
            terminal.wait_for("no open orders", WAIT_S)

            _place(terminal, "999.55", orders=1)
            _place(terminal, "999.53", orders=2)
            terminal.keys("X")
            terminal.wait_for("no open orders", WAIT_S)
            _place(terminal, "999.50", orders=1)

            stage.market.kill()
            terminal.wait_for("STALE", WAIT_S)
            assert "DOM ARMED" not in terminal.wait_for("OFFLINE", OFFLINE_S)
            assert "999.80" in terminal.screen()
            stage.market.start()
            terminal.wait_for(TRUSTED, WAIT_S)
            terminal.wait_for(r"(?:Orders|4)·1\b", WAIT_S)
            terminal.keys("4")
            terminal.wait_for(r"BUY ▲ +999\.50 +1\.000 +0\.000 +open", WAIT_S)
            terminal.keys("c")
            terminal.wait_for("no open orders", WAIT_S)
            terminal.wait_for(r"EUR 9,000\.43 +KCN 100\.999", WAIT_S)
            terminal.keys("7")
            terminal.wait_for(r"BUY ▲ +999\.57", WAIT_S)
            terminal.keys("q")
            terminal.wait_for("EXIT=0", WAIT_S)


def _place(terminal: Tmux, price: str, *, orders: int) -> None:
    """A buy of 1 KCN by a click in the ladder, on the row of this price."""
    if "DOM ARMED" not in terminal.screen():
        terminal.keys("d")
    lines = terminal.wait_for("DOM ARMED", WAIT_S).splitlines()
    column, row = next(
        (line.index(price), number) for number, line in enumerate(lines) if price in line[:LADDER_WIDTH] and number > 2
    )
    terminal.click(column, row)
    terminal.wait_for(rf"(?:Orders|4)·{orders}\b", WAIT_S)
    own = re.compile(rf"(?:●1|\b1\+[\d,.]+) .*{re.escape(price)}")  # what is ahead stands beside it where known
    terminal.wait_until(lambda screen: any(map(own.search, screen.splitlines())), f"own at {price}", WAIT_S)


def _fill(stage: Stage) -> None:
    """Somebody takes his bids away, sells into ours, and comes back."""
    with BlockingClient.connect(stage.connection(EnrollLogin(MAKER_SEED, "the script's maker"))) as maker:
        maker.mass_cancel()
        maker.place(KCN_EUR, Side.SELL, Lots(1_000), Ticks(BEST_BID))
        assert not [outcome for outcome in maker.place_many(book()) if isinstance(outcome, Exception)]
