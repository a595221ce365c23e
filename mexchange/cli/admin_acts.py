"""How every act of an operator begins and ends at the command line."""

from typing import TYPE_CHECKING

import typer

from mexchange.cli.invocation import Invocation

if TYPE_CHECKING:
    from mexchange.client.calls import Answer


def operator(ctx: typer.Context) -> Invocation:
    """The run, from now on with the operator's key."""
    mx: Invocation = ctx.obj
    mx.as_operator()
    return mx


def done(mx: Invocation, answer: "Answer", **fields: object) -> None:
    """Say what was done."""
    if mx.output.is_table:
        mx.output.say(
            "✓ " + "  ".join(f"{name} {value}" for name, value in fields.items()) + f"  seq {answer.sequence}"
        )
    else:
        mx.output.line({**fields, "seq": answer.sequence})
