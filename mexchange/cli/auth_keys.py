"""`mx auth keys`: keys for programs, with the rights and limits that their owner gives them."""

import secrets
import time
from typing import TYPE_CHECKING, Annotated, Final

import typer

from mexchange.cli import auth_place, show
from mexchange.cli.auth_place import CodeStdin, Totp
from mexchange.cli.errors import USAGE, CliError
from mexchange.cli.invocation import Invocation
from mexchange.cli.mailed_code import Waiting
from mexchange.cli.output import Column
from mexchange.config import keys, values
from mexchange.domain import text

if TYPE_CHECKING:
    from mexchange.codec.messages import KeyInfo

app = typer.Typer(no_args_is_help=True, add_completion=False)
BITS: Final = {"read": 2, "trade": 4, "withdraw": 8, "admin": 16}
KINDS: Final = ("", "device", "api", "service")
COLUMNS: Final = (
    Column("key_id", "KEY"),
    Column("kind"),
    Column("label"),
    Column("scopes"),
    Column("limits"),
    Column("used"),
    Column("expires"),
    Column("revoked"),
)


@app.command("create")
def create(
    ctx: typer.Context,
    scope: Annotated[str, typer.Option(help="Comma separated: read trade withdraw.")] = "read",
    label: Annotated[str, typer.Option(help="A name for it.")] = "api",
    ip: Annotated[list[str], typer.Option(help="Only from this address or network; may be repeated.")] = [],  # noqa: B006
    expires: Annotated[str | None, typer.Option(help="How long it is good for, such as 90d or 12h.")] = None,
    market: Annotated[list[str], typer.Option("--market", "-m", help="Only in this market; may be repeated.")] = [],  # noqa: B006
    hourly: Annotated[
        str | None, typer.Option(help="At most so much an hour, such as 5000EUR; only markets quoted in it.")
    ] = None,
    reduce_only: Annotated[bool, typer.Option("--reduce-only", help="Sell and cancel only.")] = False,
    totp: Totp = "",
    code_stdin: CodeStdin = False,
) -> None:
    """Make a key for a program; confirmed by a mailed code, its secret is shown once."""
    mx: Invocation = ctx.obj
    seed = secrets.token_bytes(keys.SEED_BYTES)
    asset, atoms = _hourly(mx, hourly)
    sent = mx.client.request_key(
        seed,
        label=label,
        scopes=_scopes(scope),
        expires_ns=0 if expires is None else time.time_ns() + _duration_ns(expires),
        addresses=ip,
        markets=[mx.client.markets().by_symbol(symbol.upper()).market for symbol in market],
        notional_asset=asset,
        notional_per_hour=atoms,
        reduce_only=reduce_only,
    )
    waiting = Waiting(what="key", request_id=sent.request_id.hex(), seed=seed.hex(), text=sent.text)
    auth_place.confirm(mx, waiting, totp=totp, code_stdin=code_stdin)


@app.command("list")
def list_all(
    ctx: typer.Context, everything: Annotated[bool, typer.Option("--all", help="Revoked ones too.")] = False
) -> None:
    """Your keys: devices and programs."""
    mx: Invocation = ctx.obj
    rows = [
        {
            "key_id": key.key_id,
            "kind": KINDS[key.kind] if key.kind < len(KINDS) else str(key.kind),
            "label": key.label,
            "scopes": " ".join(name for name, bit in BITS.items() if key.scopes & bit),
            "limits": _limits(mx, key) or None,
            "used": show.rfc3339(key.used_ns) if key.used_ns else None,
            "expires": show.rfc3339(key.expires_ns) if key.expires_ns else None,
            "revoked": show.rfc3339(key.revoked_ns) if key.revoked_ns else None,
        }
        for key in mx.client.own_keys()
        if everything or not key.revoked_ns
    ]
    mx.output.rows(COLUMNS, rows)


@app.command("revoke")
def revoke(
    ctx: typer.Context,
    key_id: str,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """No login with that key from now on; its sessions end."""
    mx: Invocation = ctx.obj
    if mx.confirm(f"Revoke {key_id}?", f"revokes {key_id}", yes=yes):
        mx.client.revoke_key(key_id)
        mx.note(f"✓ {key_id} revoked")


def _scopes(names: str) -> int:
    found = 1
    for name in names.replace(" ", ",").split(","):
        if name and name not in BITS:
            raise CliError("E_USAGE", f"there is no scope {name!r}", hint=" ".join(BITS), exit_code=USAGE)
        found |= BITS.get(name, 0)
    return found


def _duration_ns(words: str) -> int:
    if words.endswith("d") and words[:-1].isdecimal():
        return int(words[:-1]) * 86_400 * 10**9
    try:
        return values.duration_ns(words)
    except ValueError as error:
        raise CliError("E_USAGE", f"--expires: {error}", exit_code=USAGE) from None


def _hourly(mx: Invocation, words: str | None) -> tuple[int, int]:
    """Asset and atoms."""
    if words is None:
        return 0, 0
    number = words.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    asset = mx.client.markets().asset_by_symbol(words[len(number) :].upper())
    return asset.asset, text.parse_decimal(number, asset.scale)


def _limits(mx: Invocation, key: "KeyInfo") -> str:
    words = [f"from {key.addresses}"] if key.addresses else []
    if key.markets or key.notional_per_hour:
        registry = mx.client.markets()
        symbols = {str(market.market): market.symbol for market in registry}
        assets = {asset.asset: asset for asset in registry.assets}
        if key.markets:
            words.append("in " + " ".join(symbols.get(each, each) for each in key.markets.split()))
        if key.notional_per_hour:
            asset = assets[key.notional_asset]
            amount = text.format_decimal(key.notional_per_hour, asset.scale)
            words.append(f"{amount.rstrip('0').rstrip('.')} {asset.symbol} an hour")
    return "; ".join([*words, *(["sell only"] if key.reduce_only else [])])
