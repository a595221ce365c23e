"""One set of rows, five forms: a table for a terminal, JSON lines, one JSON object, CSV, TSV.

Data goes to stdout and nothing else does. Rows hold decimal text without separators; only tables show them. Lists are
NDJSON under `-o json` too: one value a line, so that a reader never waits for the end.
"""

import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, TextIO

import msgspec

from mexchange.cli.errors import USAGE, CliError

Row = Mapping[str, object]


class Palette(msgspec.Struct, frozen=True):
    """SGR codes of what goes up and what goes down. The marks say the same without colours."""

    up: str
    down: str

    def paint(self, text: str) -> str:
        """The text with its marks in colour."""
        for mark, code in (("▲", self.up), ("▼", self.down), ("✓", self.up)):
            text = text.replace(mark, f"\x1b[{code}m{mark}\x1b[0m")
        return text


PALETTES: Final = {"mx": Palette("32", "31"), "mx-cb": Palette("34", "33")}
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""How a formula begins."""
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_BOLD: Final = "\x1b[1m{}\x1b[0m"


class Column(msgspec.Struct, frozen=True):
    """One field of a row and how a table shows it."""

    key: str
    header: str = ""
    right: bool = False
    """Numbers: aligned right, thousands separated."""
    show: Callable[[Row], str] | None = None
    """The cell of a table, where it is not just the value."""

    @property
    def title(self) -> str:
        """What stands above the column."""
        return self.header or self.key.upper()


class Output:
    """Where results go. `mode` None asks the stream: a terminal gets a table."""

    def __init__(
        self,
        *,
        mode: str | None,
        fields: Sequence[str] = (),
        header: bool = True,
        raw_decimals: bool = False,
        palette: Palette | None = None,
        stream: TextIO | None = None,
    ) -> None:
        self.stream = stream or sys.stdout
        self.mode = mode or ("table" if self.stream.isatty() else "ndjson")
        self.fields = list(fields)
        self.header = header
        self.raw_decimals = raw_decimals
        self.palette = palette

    @property
    def is_table(self) -> bool:
        """Does a person read this."""
        return self.mode == "table"

    def rows(self, columns: Sequence[Column], rows: Iterable[Row]) -> None:
        """Print a list. Without `--fields` machine forms get every key of a row, tables the columns."""
        if self.mode == "table":
            self._table(self._chosen(columns), rows)
        elif self.mode in ("csv", "tsv"):
            self._separated(self._chosen(columns), rows)
        else:
            for row in rows:
                self.line(row)

    def one(self, columns: Sequence[Column], row: Row) -> None:
        """Print a single thing."""
        self.rows(columns, [row])

    def line(self, row: Row) -> None:
        """One JSON object on a line, flushed, for streams and machine forms."""
        if self.fields:
            row = {key: row.get(key) for key in self.fields}
        self.stream.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
        self.stream.flush()

    def say(self, text: str) -> None:
        """A sentence for people, on stdout in table mode only."""
        if self.is_table:
            self.stream.write(self._painted(text) + "\n")
            self.stream.flush()

    def _chosen(self, columns: Sequence[Column]) -> list[Column]:
        if not self.fields:
            return list(columns)
        known = {column.key: column for column in columns}
        unknown = [field for field in self.fields if field not in known]
        if unknown:
            raise CliError(
                "E_FIELD",
                f"there is no field {unknown[0]!r} here",
                hint="fields: " + ", ".join(known),
                exit_code=USAGE,
            )
        return [known[field] for field in self.fields]

    def _table(self, columns: Sequence[Column], rows: Iterable[Row]) -> None:
        cells = [[self._cell(column, row) for column in columns] for row in rows]
        if self.header:
            cells.insert(0, [column.title for column in columns])
        widths = [max((len(line[i]) for line in cells), default=0) for i in range(len(columns))]
        for line in cells:
            shown = (
                text.rjust(width) if column.right else text.ljust(width)
                for text, width, column in zip(line, widths, columns, strict=True)
            )
            text = self._painted("  ".join(shown).rstrip())
            is_title = self.header and self.palette is not None and line is cells[0]
            self.stream.write((_BOLD.format(text) if is_title else text) + "\n")
        self.stream.flush()

    def _painted(self, text: str) -> str:
        return text if self.palette is None else self.palette.paint(text)

    def _separated(self, columns: Sequence[Column], rows: Iterable[Row]) -> None:
        import csv

        dialect = "excel" if self.mode == "csv" else "excel-tab"
        writer = csv.writer(self.stream, dialect, lineterminator="\n")
        if self.header:
            writer.writerow([column.key for column in columns])
        for row in rows:
            writer.writerow([_plain(row.get(column.key)) for column in columns])
            self.stream.flush()

    def _cell(self, column: Column, row: Row) -> str:
        text = column.show(row) if column.show else _plain(row.get(column.key))
        return separate(text) if column.right and not self.raw_decimals else text


def separate(text: str) -> str:
    """Thousands separated by commas, if the text begins with a decimal number; the rest stays."""
    number, space, rest = text.partition(" ")
    whole, point, fraction = number.partition(".")
    digits = whole.lstrip("+-")
    if not digits.isdecimal() or (point and not fraction.isdecimal()):
        return text
    return whole[: len(whole) - len(digits)] + f"{int(digits):,}" + point + fraction + space + rest


def wants_color(environ: Mapping[str, str], stream: TextIO) -> bool:
    """NO_COLOR, CLICOLOR_FORCE, FORCE_COLOR and TERM=dumb, as everybody understands them."""
    if environ.get("NO_COLOR") or environ.get("TERM") == "dumb" or environ.get("CLICOLOR") == "0":
        return False
    return bool(environ.get("CLICOLOR_FORCE") or environ.get("FORCE_COLOR")) or stream.isatty()


def silence_broken_pipe() -> None:
    """Let the interpreter's own flush at exit go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def guarded(value: object) -> str:
    """For a cell of a file: what a spreadsheet would take for a formula is made text. Numbers stay."""
    text = _plain(value)
    return f"'{text}" if text.startswith(_FORMULA) and _NUMBER.fullmatch(text) is None else text


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
