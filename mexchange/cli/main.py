"""The composition root of `mx`: which commands there are, and what holds for all of them.

Command modules are imported when they are called, so that `mx ticker` does not pay for the rest.
"""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from typer import _click
from typer.core import TyperCommand, TyperGroup

from mexchange.cli.arguments import expand_alias, help_first, hoist
from mexchange.cli.errors import INTERRUPTED, PIPE_CLOSED, USAGE, CliError
from mexchange.cli.invocation import configure, translate
from mexchange.cli.output import silence_broken_pipe

COMMANDS: Final = {
    "status": ("mexchange.cli.status", "Is the exchange up, how far is it, how fast is its disk."),
    "markets": ("mexchange.cli.markets", "The markets and their rules."),
    "ticker": ("mexchange.cli.ticker", "Last, best prices and 24 hours of one or more markets."),
    "book": ("mexchange.cli.book", "The order book of a market."),
    "trades": ("mexchange.cli.trades", "The trades of a market, the latest or all."),
    "candles": ("mexchange.cli.candles", "A market by the clock: open, high, low, close, volume."),
    "order": ("mexchange.cli.order", "Buy, sell, amend, cancel, look up, batch."),
    "balance": ("mexchange.cli.balance", "What you have, and what your orders hold."),
    "fills": ("mexchange.cli.fills", "What your orders traded."),
    "ledger": ("mexchange.cli.ledger", "Every change of your balances."),
    "portfolio": ("mexchange.cli.portfolio", "What you have, what it is worth, what it won."),
    "account": ("mexchange.cli.account", "Your accounts: list them, open another."),
    "wallet": ("mexchange.cli.wallet", "Money that comes, goes and moves between your accounts."),
    "stream": ("mexchange.cli.stream", "Books, trades, tickers, candles or your orders, one JSON line each."),
    "record": ("mexchange.cli.record", "What a market does, into a file that can be replayed."),
    "auth": ("mexchange.cli.auth", "Enroll this device, see who you are."),
    "profile": ("mexchange.cli.profile", "Named servers and their settings."),
    "config": ("mexchange.cli.config", "Settings, and where each one comes from."),
    "daemon": ("mexchange.cli.daemon", "Run and look after an exchange."),
    "demo": ("mexchange.cli.demo", "A whole local market: daemon, bots and the web page."),
    "tui": ("mexchange.cli.tui", "The full-screen client: book, charts, order entry."),
    "gateway": ("mexchange.cli.gateway", "REST, WebSocket and the web page of a market."),
    "bot": ("mexchange.cli.bot", "The bots of the demo."),
    "admin": ("mexchange.cli.admin", "What operators do: markets, deposits, accounts."),
    "help": ("mexchange.cli.help", "Help on a command, or on errors."),
    "version": ("mexchange.cli.version", "Versions of this program."),
}


class LazyGroup(TyperGroup):
    """Commands from COMMANDS, imported when they are called; a listing needs their first sentence only."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = {name: TyperCommand(name=name, help=text) for name, (_, text) in COMMANDS.items()}

    def list_commands(self, ctx: Any) -> list[str]:
        """All names, in the order of the table."""
        return list(COMMANDS)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that the first word names, with its module loaded."""
        name, command, rest = super().resolve_command(ctx, args)
        if name in COMMANDS:
            command = typer.main.get_command(import_module(COMMANDS[name][0]).app)
            command.name = name
        return name, command, rest


app = typer.Typer(cls=LazyGroup, name="mx", no_args_is_help=True, add_completion=True, pretty_exceptions_enable=False)


@app.callback()
def _globals(
    ctx: typer.Context,
    profile: Annotated[str | None, typer.Option("-P", "--profile", help="Named settings to use.")] = None,
    server: Annotated[str | None, typer.Option(help="udp://host:port")] = None,
    account: Annotated[str | None, typer.Option(help="Act for this account of yours.")] = None,
    output: Annotated[str | None, typer.Option("-o", "--output", help="table json ndjson csv tsv")] = None,
    fields: Annotated[str, typer.Option(help="Only these, comma separated.")] = "",
    no_header: Annotated[bool, typer.Option("--no-header", help="Tables and CSV without titles.")] = False,
    tz: Annotated[str | None, typer.Option(help="Time zone of tables, such as UTC.")] = None,
    raw_decimals: Annotated[bool, typer.Option("--raw-decimals", help="No thousands separators.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Results only.")] = False,
    verbose: Annotated[int, typer.Option("-v", "--verbose", count=True, help="Say more, on stderr.")] = 0,
    no_color: Annotated[bool, typer.Option("--no-color", help="As NO_COLOR.")] = False,
    no_input: Annotated[bool, typer.Option("--no-input", help="Never ask.")] = False,
    timeout: Annotated[str | None, typer.Option(help="How long to wait, such as 2s.")] = None,
) -> None:
    """Trade from the shell. Results go to stdout, everything else to stderr; -o json for programs."""
    flags = {
        "profile": profile,
        "server": server,
        "account": account,
        "output": output,
        "no_input": True if no_input else None,
        "timeout_ns": timeout,
    }
    ctx.obj = configure(
        flags,
        fields=[field.strip() for field in fields.split(",") if field.strip()],
        header=not no_header,
        raw_decimals=raw_decimals,
        color=not no_color,
        quiet=quiet,
        verbosity=verbose,
        time_zone=tz,
    )
    ctx.call_on_close(ctx.obj.close)


def run(arguments: Sequence[str]) -> int:
    """Do what the words say; the exit code."""
    machine = not sys.stdout.isatty()
    words = hoist(arguments)
    try:
        machine = _is_machine(words, machine)
        words = help_first(_with_aliases(words), COMMANDS)
        result = typer.main.get_command(app).main(words, prog_name="mx", standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except BrokenPipeError:
        silence_broken_pipe()
        return PIPE_CLOSED
    except KeyboardInterrupt:
        return INTERRUPTED
    except SystemExit as end:  # the parser's own answer to a closed pipe
        if not isinstance(end.__context__, BrokenPipeError):
            raise
        silence_broken_pipe()
        return PIPE_CLOSED
    except _click.exceptions.NoArgsIsHelpError:
        return USAGE  # the help was shown
    except Exception as error:
        code = _tell(error, machine)
        if isinstance(error, OSError):
            silence_broken_pipe()  # what could not be written shall not fail once more at exit
        return code


def _tell(error: Exception, machine: bool) -> int:
    """Say what went wrong on stderr; the exit code. Unexpected errors keep their traceback with MX_DEBUG=1."""
    known = _as_cli_error(error)
    if known is None:
        if os.environ.get("MX_DEBUG"):
            raise error
        known = CliError(
            "E_UNEXPECTED", f"{type(error).__name__}: {error}", hint="MX_DEBUG=1 shows where; please report it"
        )
    sys.stderr.write((known.as_json() if machine else known.as_text()) + "\n")
    return known.exit_code


def _as_cli_error(error: Exception) -> CliError | None:
    if isinstance(error, CliError):
        return error
    if isinstance(error, _click.exceptions.ClickException):
        return CliError("E_USAGE", error.format_message(), hint="mx COMMAND --help", exit_code=USAGE)
    if isinstance(error, typer.Abort):
        return CliError("E_ABORTED", "stopped before anything was sent", exit_code=USAGE)
    return translate(error)


def _is_machine(words: Sequence[str], piped: bool) -> bool:
    for word, value in pairwise([*words, ""]):
        if word in ("-o", "--output"):
            return value != "table"
        if word.startswith("--output="):
            return word != "--output=table"
    named = os.environ.get("MX_OUTPUT")
    return named != "table" if named else piped


def _with_aliases(words: list[str]) -> list[str]:
    """Aliases cost a look into the files, so only for words that are no command."""
    at = next((i for i, word in enumerate(words) if not word.startswith("-") and word in COMMANDS), None)
    if at is not None or not words:
        return words
    from mexchange.config import settings

    try:
        aliases = settings.load(flags={}, environ=os.environ, directory=Path.cwd()).aliases
    except Exception:
        return words  # told properly when the command itself reads its settings
    return hoist(expand_alias(words, aliases))
