"""`mx help`: any command's help, and every error that there is."""

from typing import Annotated, Final

import typer

from mexchange.cli.errors import NOT_FOUND, CliError
from mexchange.cli.invocation import Invocation
from mexchange.cli.output import Column
from mexchange.domain.rejects import REJECTS

app = typer.Typer(invoke_without_command=True, no_args_is_help=False, add_completion=False)
COLUMNS: Final = (Column("code"), Column("exit_code", "EXIT", right=True), Column("retryable"), Column("message"))


@app.callback()
def overview(ctx: typer.Context) -> None:
    """`mx --help` lists the commands; `mx help errors [CODE]` explains errors."""
    if ctx.invoked_subcommand is None:
        assert ctx.parent is not None
        ctx.obj.output.stream.write(ctx.parent.get_help() + "\n")


@app.command()
def errors(ctx: typer.Context, code: Annotated[str | None, typer.Argument(help="Such as E_TICK.")] = None) -> None:
    """What each error means, what to do, and the exit code."""
    mx: Invocation = ctx.obj
    rows = [
        {
            "code": reject.code,
            "number": int(reason),
            "exit_code": reject.exit_code,
            "retryable": reject.retryable,
            "message": reject.text,
            "hint": reject.hint,
            "detail": reject.detail,
            "given_by": reject.given_by,
        }
        for reason, reject in REJECTS.items()
        if code is None or reject.code == code.upper()
    ]
    if not rows:
        raise CliError(
            "E_NOT_FOUND", f"there is no error {code}", hint="mx help errors lists them", exit_code=NOT_FOUND
        )
    if code is None or not mx.output.is_table:
        mx.output.rows(COLUMNS, rows)
        return
    for name, value in rows[0].items():
        if value != "":
            mx.output.say(f"{name:10} {value}")
