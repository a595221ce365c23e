"""`mx wallet withdraw|confirm`: money leaves for an address, once its owner gives the code that was mailed for it.

Without a terminal the request waits, beside the key of this device, for `mx wallet confirm CODE`.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from mexchange.cli import mailed_code
from mexchange.cli.auth_place import CodeStdin, Totp
from mexchange.cli.errors import NOT_FOUND, CliError
from mexchange.cli.invocation import Invocation
from mexchange.cli.wallet_rows import told
from mexchange.config import enrolment, private_file, server
from mexchange.domain import client_id

if TYPE_CHECKING:
    from mexchange.codec.messages import ConfirmationSent


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A withdrawal whose code is on its way."""

    confirmation: str
    withdrawal: str


def withdraw(
    ctx: typer.Context,
    asset: str,
    amount: str,
    address: Annotated[str, typer.Argument(help="Outside; read it again in the mail before you give the code.")],
    name: Annotated[
        str | None, typer.Option("--id", help="A UUIDv7 of yours; with that of a known request: mail its code again.")
    ] = None,
    totp: Totp = "",
    code_stdin: CodeStdin = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Send money to an address outside; confirmed by a mailed code, large amounts by an operator too."""
    from mexchange.codec.messages import WithdrawalInfo

    mx: Invocation = ctx.obj
    registry = mx.client.markets()
    found = registry.asset_by_symbol(asset)
    atoms = registry.amount(found.asset, amount)
    request_id = client_id.parse(name) if name is not None else mx.client.mint()
    if not mx.confirm(f"Withdraw {amount} {found.symbol} to {address}?", "withdraws money", yes=yes):
        return
    answer = mx.client.withdraw(found.asset, atoms, address, request_id=request_id, account=mx.account())
    if isinstance(answer, WithdrawalInfo):
        told(mx, answer)
        return
    _wait(mx, answer, client_id.show(request_id), totp=totp, code_stdin=code_stdin)


def confirm(
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(help="From the mail about the last withdrawal that was asked for.")],
    totp: Totp = "",
) -> None:
    """Confirm a withdrawal by its mailed code."""
    mx: Invocation = ctx.obj
    path = _file(mx)
    content = private_file.read(path)
    if content is None:
        raise CliError(
            "E_NOT_FOUND",
            "no withdrawal waits for a code here",
            hint="mx wallet withdraw ASSET AMOUNT ADDRESS",
            exit_code=NOT_FOUND,
        )
    _finish(mx, path, msgspec.json.decode(content, type=Waiting), code, totp)


def _wait(mx: Invocation, sent: "ConfirmationSent", withdrawal: str, *, totp: str, code_stdin: bool) -> None:
    path = _file(mx)
    waiting = Waiting(confirmation=sent.request_id.hex(), withdrawal=withdrawal)
    private_file.write(path, msgspec.json.encode(waiting))
    mx.note(f"{sent.text}\nIt is held. A code for exactly this was mailed to you (valid 10 min).")
    if code_stdin:
        _finish(mx, path, waiting, sys.stdin.readline().strip(), totp)
    elif mailed_code.can_ask(mx):
        _finish(mx, path, waiting, None, totp)
    elif mx.output.is_table:
        mx.output.say(f"withdrawal {withdrawal} waits: mx wallet confirm CODE")
    else:
        mx.output.line({"id": withdrawal, "state": "pending_code", "text": sent.text})


def _finish(mx: Invocation, path: Path, waiting: Waiting, code: str | None, totp: str) -> None:
    confirmation = bytes.fromhex(waiting.confirmation)
    withdrawal = mailed_code.enter(
        mx, code, totp, lambda code, factor: mx.client.confirm_withdrawal(confirmation, code, second_factor=factor)
    )
    path.unlink(missing_ok=True)
    told(mx, withdrawal)


def _file(mx: Invocation) -> Path:
    key = enrolment.key_path(mx.settings, server.find_server(mx.settings))
    return key.with_name(key.name + ".withdrawal")
