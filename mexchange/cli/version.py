"""`mx version`: what to write into a bug report."""

import platform
from importlib import metadata
from typing import Final

import typer

import mexchange
from mexchange.cli.invocation import Invocation
from mexchange.cli.output import Column

app = typer.Typer(add_completion=False)
LIBRARIES: Final = ("cryptography", "flatbuffers", "msgspec", "sortedcontainers", "typer", "uvloop")
COLUMNS: Final = (Column("name"), Column("version"))


@app.command()
def version(ctx: typer.Context) -> None:
    """Versions of mExchange, Python and the libraries that matter."""
    mx: Invocation = ctx.obj
    found = {"mexchange": mexchange.__version__, "python": platform.python_version(), "protocol": "mx/1"}
    for library in LIBRARIES:
        try:
            found[library] = metadata.version(library)
        except metadata.PackageNotFoundError:
            found[library] = "not installed"
    if mx.output.is_table:
        mx.output.rows(COLUMNS, [{"name": name, "version": text} for name, text in found.items()])
    else:
        mx.output.line(found)
