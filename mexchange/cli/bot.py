"""`mx bot`: the market maker and the taker of the demo, one process each."""

from typing import Annotated, Final

import typer

from mexchange.cli.errors import USAGE, CliError
from mexchange.cli.invocation import Invocation
from mexchange.cli.output import Column

app = typer.Typer(no_args_is_help=True, add_completion=False)
KINDS: Final = {
    "maker": "quotes both sides of each market on several levels, leaning against its inventory",
    "taker": "trades at random, seeded, back toward the inventory that it began with",
}


@app.command("list")
def list_bots(ctx: typer.Context) -> None:
    """The kinds of bots."""
    mx: Invocation = ctx.obj
    mx.output.rows((Column("kind"), Column("does")), [{"kind": kind, "does": does} for kind, does in KINDS.items()])


@app.command()
def start(
    ctx: typer.Context,
    kind: Annotated[str, typer.Argument(help=" ".join(KINDS))],
    markets: Annotated[list[str] | None, typer.Option("-m", "--market")] = None,
    seed: Annotated[int, typer.Option(help="Same seed, same decisions.", min=0)] = 1,
) -> None:
    """Run a bot until stopped; in the demo it has an account of its own."""
    mx: Invocation = ctx.obj
    if kind not in KINDS:
        raise CliError("E_USAGE", f"there is no bot {kind!r}", hint=" ".join(KINDS), exit_code=USAGE)
    from mexchange.bots.app import BotSettings, run_bot

    raise typer.Exit(run_bot(BotSettings(kind=kind, markets=tuple(markets or ()), seed=seed, settings=mx.settings)))
