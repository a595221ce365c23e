"""`mx record`: what a market does, into a file that `mx tui --replay` plays: live, or out of a journal."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, Final, NoReturn

import typer

from mexchange.cli.completion import market_names
from mexchange.cli.data_directory import stored
from mexchange.cli.errors import USAGE, CliError
from mexchange.cli.invocation import NS_PER_S, Invocation
from mexchange.config import values

if TYPE_CHECKING:
    from mexchange.client.recording_writer import RecordingWriter

app = typer.Typer(add_completion=False)
MIB: Final = 1 << 20
MIB_DEFAULT: Final = 1_024
RATES: Final = ("fast", "normal", "slow")


@app.command()
def record(
    ctx: typer.Context,
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="[MARKET...] FILE", help="Markets, none: all; and the new file.", autocompletion=market_names
        ),
    ],
    journal: Annotated[Path | None, typer.Option(help="From the journal of this data directory.")] = None,
    for_time: Annotated[str | None, typer.Option("--for", help="End after, such as 10m.")] = None,
    mib_max: Annotated[int, typer.Option("--max-mib", min=1, help="End when the file has this size.")] = MIB_DEFAULT,
    rate: Annotated[str, typer.Option(help="How often a market speaks: fast normal slow.")] = "fast",
    from_seq: Annotated[int, typer.Option("--from-seq", min=1, help="With --journal: begin here.")] = 1,
    to_seq: Annotated[int | None, typer.Option("--to-seq", min=1, help="With --journal: end here.")] = None,
    account: Annotated[
        int, typer.Option("--account", min=0, help="With --journal: open orders and fills of this account too.")
    ] = 0,
    own: Annotated[bool, typer.Option("--own/--no-own", help="Record your orders and fills too, if signed in.")] = True,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Record books, trades and tickers until Ctrl-C, for `mx tui --replay FILE`. The file can be played at any time."""
    mx: Invocation = ctx.obj
    names, file = [word.upper() for word in words[:-1]], Path(words[-1])
    if rate not in RATES:
        raise CliError("E_USAGE", f"there is no rate {rate!r}", hint=" ".join(RATES), exit_code=USAGE)
    try:
        limit_s = values.duration_ns(for_time) / NS_PER_S if for_time else None
    except ValueError as error:
        raise CliError("E_USAGE", f"--for: {error}", exit_code=USAGE) from None
    data = None if journal is None else stored(journal)
    from mexchange.client.errors import RecordingFull
    from mexchange.client.recording_writer import RecordingWriter

    with _new_file(file, force=force) as out:
        writer = RecordingWriter(out, created_ns=time.time_ns(), size_max=mib_max * MIB)
        try:
            with _ended_by_signals():
                if data is None:
                    asyncio.run(_live(mx, names, writer, rate, limit_s, has_own=own))
                else:
                    _from_journal(data, names, writer, from_seq, to_seq, account)
        except RecordingFull as full:
            mx.note(f"! {full} and ends here; a greater --max-mib makes a longer one")
        except KeyboardInterrupt:
            mx.note("")  # the usual end; the terminal shows ^C
        finally:
            writer.close()
            os.fsync(out.fileno())
    _tell(mx, file, writer)


async def _live(
    mx: Invocation, names: list[str], writer: "RecordingWriter", rate: str, limit_s: float | None, *, has_own: bool
) -> None:
    from mexchange.client.api import Client
    from mexchange.client.recorder import MARKETS_MAX, Recorder
    from mexchange.codec.messages import RateClass

    async with await Client.connect(mx.connection()) as client:
        registry = await client.markets()
        chosen = [registry.by_symbol(name) for name in names] or list(registry)
        if not 0 < len(chosen) <= MARKETS_MAX:
            raise CliError("E_USAGE", f"a recording is of 1 to {MARKETS_MAX} markets: name them", exit_code=USAGE)
        recorder = Recorder(client, writer, has_own=has_own)
        try:
            async with asyncio.timeout(limit_s):
                await recorder.begin([market.market for market in chosen], RateClass[rate.upper()])
                mx.note(f"● recording {' '.join(market.symbol for market in chosen)}; Ctrl-C ends it")
                await recorder.run()
        except TimeoutError:
            return


def _from_journal(
    data: Path, names: list[str], writer: "RecordingWriter", first: int, last: int | None, account: int
) -> None:
    from mexchange.client.recording_format import Moment
    from mexchange.daemon.journal_recording import PublicJournal

    journal = PublicJournal(data, names, account=account)
    opening, charts = journal.begin(first)
    writer.begin(Moment(*opening), charts)
    for moment in journal.moments(last):
        writer.add(*moment)


@contextmanager
def _new_file(path: Path, *, force: bool) -> Iterator[BinaryIO]:
    """A file that was not there, unless --force. Raises CliError."""
    try:
        file = path.open("w+b" if force else "x+b")
    except FileExistsError:
        raise CliError("E_EXISTS", f"{path} is there already", hint="--force replaces it", exit_code=USAGE) from None
    except FileNotFoundError:
        hint = "the last word names the file, after the markets"
        raise CliError("E_USAGE", f"there is no directory for {path}", hint=hint, exit_code=USAGE) from None
    with file:
        yield file


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """SIGTERM ends a recording as Ctrl-C does."""

    def end(number: int, frame: object) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _tell(mx: Invocation, file: Path, writer: "RecordingWriter") -> None:
    row = {
        "file": str(file),
        "bytes": writer.size,
        "moments": writer.moments,
        "trades": writer.trades,
        "last_sequence": writer.sequence,
    }
    if mx.output.is_table:
        mx.output.say(
            f"✓ {file}: {writer.moments:,} moments, {writer.trades:,} trades, {writer.size:,} bytes.  "
            f"Next: mx tui --replay {file}"
        )
    else:
        mx.output.line(row)
