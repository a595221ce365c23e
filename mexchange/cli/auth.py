"""`mx auth`: this device's key, and who it makes you."""

import secrets
import sys
from pathlib import Path
from typing import Annotated, Final

import msgspec
import typer

from mexchange.cli import auth_keys, auth_person, mailed_code
from mexchange.cli.auth_place import CodeStdin, Totp, finish_confirmation
from mexchange.cli.errors import AUTH, USAGE, CliError
from mexchange.cli.invocation import Invocation
from mexchange.cli.output import Column
from mexchange.config import enrolment, keys, server

app = typer.Typer(no_args_is_help=True, add_completion=False)
app.add_typer(auth_keys.app, name="keys", help="Keys for your programs: make, list, revoke.")
app.add_typer(auth_person.totp_app, name="totp", help="The second factor: an authenticator.")
app.add_typer(auth_person.email_app, name="email", help="Your address.")
app.command("sessions")(auth_person.sessions)
app.command("revoke")(auth_person.revoke)
COLUMNS: Final = (Column("name"), Column("value"))
SCOPES: Final = ("public", "read", "trade", "withdraw", "admin", "delegate")
SIGN_UP: Final = 2


@app.command()
def login(
    ctx: typer.Context,
    email: Annotated[
        str | None, typer.Argument(help="Your address: a code is mailed to it. Without one: demo markets only.")
    ] = None,
    label: Annotated[str, typer.Option(help="A name for this device.")] = "this device",
    totp: Totp = "",
    code_stdin: CodeStdin = False,
) -> None:
    """Sign in and put a key of this device on record. Who comes for the first time gets an account."""
    if email is None:
        _enroll(ctx.obj, label)
    else:
        _sign_in(ctx.obj, email, label=label, intent=0, totp=totp, code_stdin=code_stdin)


@app.command()
def signup(
    ctx: typer.Context,
    email: Annotated[str, typer.Argument(help="Your address: a code is mailed to it.")],
    label: Annotated[str, typer.Option(help="A name for this device.")] = "this device",
    code_stdin: CodeStdin = False,
) -> None:
    """Open an account. Refused, like a wrong code, for an address that has one."""
    _sign_in(ctx.obj, email, label=label, intent=SIGN_UP, totp="", code_stdin=code_stdin)


@app.command()
def verify(
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(help="The code that was mailed.")],
    totp: Totp = "",
) -> None:
    """Enter the code for what was asked for last: a sign-in, a key, another address."""
    mx: Invocation = ctx.obj
    found = server.find_server(mx.settings)
    path = enrolment.key_path(mx.settings, found)
    waiting = mailed_code.kept(mailed_code.waiting_file(path))
    if waiting.what == "sign-in":
        _finish_sign_in(mx, found, path, waiting, code, totp)
    else:
        finish_confirmation(mx, path, waiting, code, totp)


def _sign_in(mx: Invocation, email: str, *, label: str, intent: int, totp: str, code_stdin: bool) -> None:
    from mexchange.client.blocking import BlockingClient
    from mexchange.protocol.login import AnonymousLogin

    found = server.find_server(mx.settings)
    path = enrolment.key_path(mx.settings, found)
    _check_no_key(path)
    with BlockingClient.connect(msgspec.structs.replace(mx.connection(), login=AnonymousLogin())) as client:
        sent = client.request_code(email)
    waiting = mailed_code.Waiting(
        what="sign-in",
        request_id=sent.request_id.hex(),
        seed=secrets.token_bytes(keys.SEED_BYTES).hex(),
        label=label,
        intent=intent,
    )
    mailed_code.keep(mailed_code.waiting_file(path), waiting)
    mx.note(f"Code sent to {email} (valid 10 min).")
    if code_stdin:
        _finish_sign_in(mx, found, path, waiting, sys.stdin.readline().strip(), totp)
    elif mailed_code.can_ask(mx):
        _finish_sign_in(mx, found, path, waiting, None, totp)
    else:
        mx.note("mx auth verify CODE")


def _finish_sign_in(
    mx: Invocation, found: server.Server, path: Path, waiting: mailed_code.Waiting, code: str | None, totp: str
) -> None:
    from mexchange.client.blocking import BlockingClient
    from mexchange.protocol.login import AnonymousLogin, KeyLogin

    seed, request_id = mailed_code.seed_of(waiting), bytes.fromhex(waiting.request_id)
    with BlockingClient.connect(msgspec.structs.replace(mx.connection(), login=AnonymousLogin())) as client:
        signed_in = mailed_code.enter(
            mx,
            code,
            totp,
            lambda code, factor: client.sign_in(
                request_id, code, seed, label=waiting.label, second_factor=factor, intent=waiting.intent
            ),
        )
    keys.write(path, seed)
    mailed_code.waiting_file(path).unlink(missing_ok=True)
    login_as = KeyLogin(key_id=signed_in.key_id, seed=seed)
    with BlockingClient.connect(msgspec.structs.replace(mx.connection(), login=login_as)) as client:
        account = client.session.account
        enrolment.remember(mx.settings, found, key_id=signed_in.key_id, account=account)
    what = "a new account" if signed_in.is_new else "logged in"
    mx.output.say(f"✓ {what}: {account} on {found.address} (device key {path})")
    if not mx.output.is_table:
        mx.output.line({"account": account, "key_id": signed_in.key_id, "new": signed_in.is_new})


def _enroll(mx: Invocation, label: str) -> None:
    """Where the server lets devices in without a code."""
    from mexchange.client.blocking import BlockingClient
    from mexchange.protocol.login import EnrollLogin

    found = server.find_server(mx.settings)
    path = enrolment.key_path(mx.settings, found)
    _check_no_key(path)
    seed = secrets.token_bytes(keys.SEED_BYTES)
    connection = msgspec.structs.replace(mx.connection(), login=EnrollLogin(seed=seed, label=label))
    with BlockingClient.connect(connection) as client:
        keys.write(path, seed)
        session = client.session
        enrolment.remember(mx.settings, found, key_id=session.key_id, account=session.account)
        mx.output.say(f"✓ enrolled as account {client.session.account} on {found.address} (device key {path})")
        if not mx.output.is_table:
            mx.output.line({"account": client.session.account, "key_id": client.session.key_id})


def _check_no_key(path: Path) -> None:
    if keys.read(path) is not None:
        raise CliError(
            "E_AUTH", f"there is a key already: {path}", hint="mx auth status; mx auth logout", exit_code=USAGE
        )


@app.command()
def trust(
    ctx: typer.Context,
    fingerprint: Annotated[
        str | None, typer.Argument(help="SHA256:…, as the daemon printed it; without it you are asked.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Accept whatever key the server shows.")] = False,
) -> None:
    """Accept the key of a server that is met for the first time."""
    mx: Invocation = ctx.obj
    found = server.find_server(mx.settings)
    from mexchange.client.blocking import BlockingClient
    from mexchange.protocol.login import AnonymousLogin
    from mexchange.protocol.server_key import fingerprint as fingerprint_of

    seen: list[bytes] = []
    connection = msgspec.structs.replace(
        mx.connection(), login=AnonymousLogin(), accept_new=True, on_new_key=seen.append
    )
    with BlockingClient.connect(connection):
        pass
    key = seen[0] if seen else found.key
    assert key is not None, "a server without a pinned key showed one"
    shown = fingerprint_of(key)
    if fingerprint is not None and fingerprint != shown:
        raise CliError("E_SERVER_KEY", f"the server's key is {shown}, not {fingerprint}", exit_code=AUTH)
    asked = f"Is {shown} the key of {found.address}?"
    if fingerprint is None and seen and not mx.confirm(asked, f"trusts {shown}", yes=yes):
        return
    if seen:
        mx.remember_key(found, key)
    mx.note(f"✓ {found.address} is known by {shown}")


@app.command()
def status(ctx: typer.Context) -> None:
    """Account, key and scopes of this session."""
    mx: Invocation = ctx.obj
    session = mx.client.session
    row = {
        "account": session.account or None,
        "key_id": session.key_id or None,
        "scopes": ",".join(name for bit, name in enumerate(SCOPES) if session.scopes >> bit & 1),
    }
    if session.owner:
        profile = mx.client.profile()
        row |= {
            "email": profile.email or None,
            "second_factor": f"on, {profile.backup_codes} backup codes left" if profile.totp else "off",
        }
    if mx.output.is_table:
        mx.output.rows(COLUMNS, [{"name": name, "value": value or "none"} for name, value in row.items()])
    else:
        mx.output.line(row)
    if not session.account:
        raise typer.Exit(AUTH)


@app.command()
def logout(
    ctx: typer.Context,
    keep: Annotated[bool, typer.Option("--keep", help="Delete the file only; the key stays on record.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Revoke this device's key and forget it. The account stays."""
    from mexchange.client.errors import ClientError

    mx: Invocation = ctx.obj
    path = enrolment.key_path(mx.settings, server.find_server(mx.settings))
    if keys.read(path) is None:
        raise CliError("E_AUTH", f"there is no key at {path}", exit_code=AUTH)
    asked = "Without an e-mail address or another key the account cannot be reached any more. " if not keep else ""
    if not mx.confirm(f"{asked}Delete {path}?", f"deletes the key {path}", yes=yes):
        return
    if not keep:
        try:
            mx.client.revoke_key(mx.client.session.key_id)
        except ClientError as error:
            mx.note(f"the key could not be revoked ({error}); it is forgotten here")
    path.unlink()
    mx.note(f"✓ {path} deleted")
