"""`mx order batch`: a line in, a line out, in the same order.

Commands that stand together go out together, up to `--max-inflight` of them; `sleep`, `cancel_all` and lines that name
`@last` wait for what is before them. `--stop-on-error` sends one line at a time: nothing behind the failed one is sent.
With `--id-prefix RUN1` line 7 has the client order id RUN1-7, so that running a file again repeats the first answers
and changes nothing.
"""

import io
import os
import re
import select
import sys
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from mexchange.cli import show
from mexchange.cli.batch_line import CancelAll, Line, LineReader, Sleep, cli_error, looks_back
from mexchange.cli.errors import BATCH_PARTLY_FAILED, USAGE, CliError
from mexchange.cli.invocation import NS_PER_S, Invocation
from mexchange.domain import client_id, order_id
from mexchange.domain.client_id import NO_ID

if TYPE_CHECKING:
    from mexchange.client.calls import Answer

ID_PREFIX_MAX: Final = 9
LINES_MAX: Final = 999_999
IN_FLIGHT_MAX: Final = 10_000
READ_BYTES: Final = 65_536
IDLE_S: Final = 0.01
_RATE: Final = re.compile(r"(\d{1,6})(?:/s)?")


def run_batch(
    mx: Invocation, file: str, *, id_prefix: str | None, max_inflight: int, rate: str | None, stop_on_error: bool
) -> None:
    """Read, send, print; exit code 11 if a line failed. Raises CliError for bad options or files."""
    if id_prefix is not None and not re.fullmatch(rf"[A-Za-z0-9._:-]{{1,{ID_PREFIX_MAX}}}", id_prefix):
        raise CliError("E_USAGE", f"--id-prefix takes 1 to {ID_PREFIX_MAX} of A-Z a-z 0-9 . _ : -", exit_code=USAGE)
    if not 1 <= max_inflight <= IN_FLIGHT_MAX:
        raise CliError("E_USAGE", f"--max-inflight is from 1 to {IN_FLIGHT_MAX}", exit_code=USAGE)
    interval_ns = _interval_ns(rate)
    size = 1 if interval_ns or stop_on_error else max_inflight
    batch = Batch(mx, id_prefix=id_prefix, size=size, interval_ns=interval_ns)
    with _open(file) as source:
        for group in batch.groups(_lines(source)):
            batch.send(group)
            if stop_on_error and batch.failed:
                break
    if batch.failed:
        import typer

        raise typer.Exit(BATCH_PARTLY_FAILED)


class Batch:
    """The state of one run: what was sent, what failed."""

    def __init__(self, mx: Invocation, *, id_prefix: str | None, size: int, interval_ns: int) -> None:
        self.mx = mx
        self._reader = LineReader(mx, id_prefix=id_prefix)
        self.size = size
        self.interval_ns = interval_ns
        self.failed = 0
        self._next_ns = 0

    def groups(self, lines: Iterator[str | None]) -> Iterator[list[Line]]:
        """Lines that may be under way together. None among the lines says that no more is there yet."""
        group: list[Line] = []
        number = 0
        for text in lines:
            if text is not None and text.strip():
                number += 1
                if number > LINES_MAX:
                    raise CliError("E_USAGE", f"a batch has at most {LINES_MAX} lines", exit_code=USAGE)
                if group and looks_back(text):
                    yield group
                    group = []
                group.append(self._reader.read(number, text))
            elif text is not None:
                number += 1
            if group and (text is None or len(group) >= self.size or group[-1].action is not None):
                yield group
                group = []
        if group:
            yield group

    def send(self, group: Sequence[Line]) -> None:
        """Send a group's commands, print a result for each of its lines in order."""
        self._pace()
        commands = [line.command for line in group if line.command is not None]
        answers = iter(self.mx.client.submit_many(commands) if commands else [])
        for line in group:
            if line.command is not None:
                self._print(line, next(answers))
            elif line.error is not None:
                self._print(line, line.error)
            else:
                self._act(line)

    def _print(self, line: Line, result: "Answer | Exception") -> None:
        row: dict[str, object] = {"line": line.number}
        if isinstance(result, Exception):
            self.failed += 1
            told = cli_error(self.mx, result, line.command)
            row |= {"ok": False, "code": told.code, "message": told.message}
            if told.retryable:
                row["retryable"] = True
        else:
            order = result.order
            row |= {"ok": True, "id": order_id.show(result.order_id)}
        if line.identifier != NO_ID:
            row["client_order_id"] = client_id.show(line.identifier)
        if not isinstance(result, Exception):
            row["status"] = show.status_word(order) if order is not None else "unknown"
            if result.duplicate:
                row["duplicate"] = True
        self.mx.output.line(row)

    def _act(self, line: Line) -> None:
        match line.action:
            case Sleep(duration_ns):
                time.sleep(duration_ns / NS_PER_S)
                self.mx.output.line({"line": line.number, "ok": True})
            case CancelAll(market, side):
                try:
                    answer = self.mx.client.mass_cancel(market, side, account=self.mx.account())
                except Exception as error:
                    self._print(line, error)
                    return
                self.mx.output.line({"line": line.number, "ok": True, "cancelled": getattr(answer.event, "orders", 0)})

    def _pace(self) -> None:
        if not self.interval_ns:
            return
        now = time.monotonic_ns()
        if now < self._next_ns:
            time.sleep((self._next_ns - now) / NS_PER_S)
        self._next_ns = max(now, self._next_ns) + self.interval_ns


def _lines(source: io.FileIO) -> Iterator[str | None]:
    """Lines as they come; None whenever the source pauses, so that nobody waits for a group to fill."""
    rest = b""
    while True:
        if not select.select([source], [], [], IDLE_S)[0]:
            yield None
            select.select([source], [], [])
        data = os.read(source.fileno(), READ_BYTES)
        if not data:
            break
        *whole, rest = (rest + data).split(b"\n")
        for line in whole:
            yield line.decode("utf-8", "replace")
    if rest:
        yield rest.decode("utf-8", "replace")


def _open(file: str) -> io.FileIO:
    if file == "-":
        return io.FileIO(sys.stdin.fileno(), closefd=False)
    try:
        return io.FileIO(file)
    except OSError as error:
        raise CliError("E_FILE", f"{file}: {error.strerror}", exit_code=USAGE) from None


def _interval_ns(rate: str | None) -> int:
    if rate is None:
        return 0
    match = _RATE.fullmatch(rate)
    if match is None or int(match.group(1)) == 0:
        raise CliError("E_USAGE", f"--rate is a number a second such as 500/s, not {rate!r}", exit_code=USAGE)
    return NS_PER_S // int(match.group(1))
