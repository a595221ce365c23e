"""`mx status`: what an operator looks at first."""

from typing import Final

import typer

from mexchange.cli.invocation import Invocation
from mexchange.cli.output import Column

app = typer.Typer(add_completion=False)
MIB: Final = 1 << 20
COLUMNS: Final = (Column("name", "NAME"), Column("value", "VALUE"))


@app.command()
def status(ctx: typer.Context) -> None:
    """Mode, sequence, journal, sync times, sessions, drops, snapshot age, restart time."""
    mx: Invocation = ctx.obj
    found = mx.client.status()
    session = mx.client.session
    values: dict[str, object] = {
        "server": f"udp://{session.address[0]}:{session.address[1]}",
        "account": session.account or "none (public session)",
        "round_trip_us": session.round_trip_ns // 1_000,
        **found.text,
        **found.counters,
    }
    if mx.output.mode in ("table", "csv", "tsv"):
        mx.output.rows(COLUMNS, [{"name": name, "value": readable(name, value)} for name, value in values.items()])
    else:
        mx.output.line(values)


def readable(name: str, value: object) -> str:
    """A counter with its unit: nanoseconds as the fitting multiple, bytes as mebibytes, counts with separators."""
    if not isinstance(value, int):
        return str(value)
    if name.endswith("_ns"):
        return _time(value)
    if name.endswith("_us"):
        return _time(value * 1_000)
    if "_bytes" in name:
        return f"{value // MIB:,} MiB" if value >= MIB else f"{value:,} bytes"
    return f"{value:,}"


def _time(value_ns: int) -> str:
    for unit, size in (("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1_000)):
        if value_ns >= size:
            return f"{value_ns // size:,}.{value_ns % size * 100 // size:02d} {unit}"
    return f"{value_ns} ns"
