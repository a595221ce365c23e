"""`mx auth sessions|revoke|totp|email`: what is open in your name, and what protects it."""

from typing import Annotated, Final

import typer

from mexchange.cli import auth_place, mailed_code, show
from mexchange.cli.auth_place import CodeStdin, Totp
from mexchange.cli.errors import USAGE, CliError
from mexchange.cli.invocation import Invocation
from mexchange.cli.mailed_code import Waiting
from mexchange.cli.output import Column

totp_app = typer.Typer(no_args_is_help=True, add_completion=False)
email_app = typer.Typer(no_args_is_help=True, add_completion=False)
SESSIONS: Final = (
    Column("session_id", "SESSION"),
    Column("kind"),
    Column("key_id", "KEY"),
    Column("label"),
    Column("host"),
    Column("since"),
    Column("seen"),
    Column("this"),
)


def sessions(ctx: typer.Context) -> None:
    """Your open sessions, of programs and browsers."""
    mx: Invocation = ctx.obj
    rows = [
        {
            "session_id": each.session_id,
            "kind": each.kind,
            "key_id": each.key_id or None,
            "label": each.label or None,
            "host": each.host,
            "since": show.rfc3339(each.since_ns),
            "seen": show.rfc3339(each.seen_ns),
            "this": each.is_this,
        }
        for each in mx.client.sessions()
    ]
    mx.output.rows(SESSIONS, rows)


def revoke(
    ctx: typer.Context,
    session: Annotated[str, typer.Argument(help="As `mx auth sessions` names it, or `all` but this one.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """End a session. Its key is good for another one, unless it is revoked too."""
    mx: Invocation = ctx.obj
    if mx.confirm(f"End {session}?", f"ends {session}", yes=yes):
        mx.client.revoke_session(session)
        mx.note(f"✓ {session} ended")


@totp_app.command("on")
def totp_on(
    ctx: typer.Context,
    code: Annotated[
        str | None, typer.Option(help="Six digits that the authenticator shows for the new secret.")
    ] = None,
) -> None:
    """Set up an authenticator: shows its secret, asks for its first code, shows ten backup codes once.

    Without a terminal: once without --code for the secret, then with it.
    """
    mx: Invocation = ctx.obj
    if code is None:
        draft = mx.client.begin_totp()
        if not mx.output.is_table:
            mx.output.line({"uri": draft.uri, "secret": draft.secret})
        else:
            mx.output.say(f"Secret for your authenticator: {draft.secret}\n{draft.uri}")
        if not mailed_code.can_ask(mx):
            mx.note("mx auth totp on --code CODE")
            return
        code = mailed_code.ask("Code that it shows now: ")
    backup = mx.client.enable_totp(code)
    if mx.output.is_table:
        mx.output.say("✓ second factor on. Backup codes, each good once:\n" + "\n".join(backup))
    else:
        mx.output.line({"backup_codes": backup})


@totp_app.command("off")
def totp_off(ctx: typer.Context, totp: Totp = "") -> None:
    """No second factor any more."""
    mx: Invocation = ctx.obj
    if not totp:
        if not mailed_code.can_ask(mx):
            raise CliError("E_TOTP", "which code does your authenticator show", hint="--totp CODE", exit_code=USAGE)
        totp = mailed_code.ask("Authenticator or backup code: ")
    mx.client.disable_totp(totp)
    mx.note("✓ second factor off")


@email_app.command("change")
def email_change(
    ctx: typer.Context,
    email: Annotated[str, typer.Argument(help="The new address.")],
    totp: Totp = "",
    code_stdin: CodeStdin = False,
) -> None:
    """Another address, or the first one: confirmed by a code to the old one, then by one to the new."""
    mx: Invocation = ctx.obj
    sent = mx.client.change_email(email)
    waiting = Waiting(what="email", request_id=sent.request_id.hex(), text=sent.text)
    auth_place.confirm(mx, waiting, totp=totp, code_stdin=code_stdin)
