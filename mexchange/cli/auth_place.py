"""What the commands of `mx auth` share: where this device's key lies, and how a mailed code is entered."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from mexchange.cli import mailed_code
from mexchange.cli.invocation import Invocation
from mexchange.cli.mailed_code import Waiting
from mexchange.config import enrolment, server

Totp = Annotated[str, typer.Option("--totp", help="What your authenticator shows, or a backup code.")]
CodeStdin = Annotated[bool, typer.Option("--code-stdin", help="Read the mailed code from standard input.")]


def confirm(mx: Invocation, waiting: Waiting, *, totp: str, code_stdin: bool) -> None:
    """A code was mailed for `waiting`: enter it, now or later."""
    path = enrolment.key_path(mx.settings, server.find_server(mx.settings))
    mailed_code.keep(mailed_code.waiting_file(path), waiting)
    mx.note(f"{waiting.text}\nA code for exactly this was mailed to you (valid 10 min).")
    if code_stdin:
        finish_confirmation(mx, path, waiting, sys.stdin.readline().strip(), totp)
    elif mailed_code.can_ask(mx):
        finish_confirmation(mx, path, waiting, None, totp)
    else:
        mx.note("mx auth verify CODE")


def finish_confirmation(mx: Invocation, path: Path, waiting: Waiting, code: str | None, totp: str) -> None:
    """Enter the code, and say what came of it."""
    from mexchange.codec.messages import ConfirmationSent

    request_id = bytes.fromhex(waiting.request_id)
    answer = mailed_code.enter(
        mx, code, totp, lambda code, factor: mx.client.confirm(request_id, code, second_factor=factor)
    )
    if isinstance(answer, ConfirmationSent):
        further = Waiting(what="email", request_id=answer.request_id.hex(), text=answer.text)
        mx.note("Now the new address:")
        confirm(mx, further, totp="", code_stdin=False)
        return
    mailed_code.waiting_file(path).unlink(missing_ok=True)
    if waiting.what != "key":
        mx.output.say(f"✓ {answer.text}")
    elif mx.output.is_table:
        mx.output.say(f"MX_API_KEY={answer.key_id}\nMX_API_SECRET={waiting.seed}")
    else:
        mx.output.line({"key_id": answer.key_id, "secret": waiting.seed})
