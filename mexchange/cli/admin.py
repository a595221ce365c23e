"""`mx admin`: what operators do. Speaks with the operator's key of the local market, or with MX_API_KEY."""

from typing import TYPE_CHECKING, Annotated, Final, NamedTuple

import msgspec
import typer

from mexchange.cli import admin_account, admin_keys, admin_people, admin_withdrawal
from mexchange.cli.admin_acts import done, operator
from mexchange.cli.completion import market_names
from mexchange.cli.errors import USAGE, CliError
from mexchange.cli.invocation import Invocation, translate
from mexchange.domain import text
from mexchange.domain.commands import CreateAsset, CreateMarket, Deposit, SetFees, SetMarketStatus
from mexchange.domain.events import Rejected as RejectedEvent
from mexchange.domain.market import TICK_SCALE, MarketStatus
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import AccountId, AssetId, Atoms, MarketId, Ppm, Ticks

if TYPE_CHECKING:
    from mexchange.client.errors import Rejected
    from mexchange.client.markets import Markets
    from mexchange.codec.messages import AssetInfo

app = typer.Typer(no_args_is_help=True, add_completion=False)
market_app = typer.Typer(no_args_is_help=True, add_completion=False)
asset_app = typer.Typer(no_args_is_help=True, add_completion=False)
app.add_typer(market_app, name="market", help="Create, open, restrict, halt and close markets; set fees.")
app.add_typer(asset_app, name="asset", help="Create assets.")
app.add_typer(admin_keys.app, name="key", help="Further keys for an owner, such as one that may only look.")
app.add_typer(admin_withdrawal.app, name="withdrawal", help="Large withdrawals: list, confirm, release.")
app.add_typer(admin_people.user_app, name="user", help="List people, shut them out, give roles, erase.")
app.add_typer(admin_people.audit_app, name="audit", help="What people and operators did; is the log whole.")
app.add_typer(
    admin_account.app, name="account", help="Show, freeze, restrict, close and reopen accounts; fee tiers, limits."
)

PPM_DECIMALS: Final = 6
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Market = Annotated[str, typer.Argument(autocompletion=market_names)]


@app.command()
def deposit(ctx: typer.Context, account: int, asset: str, amount: str, yes: Yes = False) -> None:
    """Credit an account."""
    mx = operator(ctx)
    registry = mx.client.markets()
    found = registry.asset_by_symbol(asset.upper())
    atoms = registry.amount(found.asset, amount)
    if not mx.confirm(f"Deposit {amount} {found.symbol} to account {account}?", "deposits money", yes=yes):
        return
    command = Deposit(AccountId(account), mx.client.mint(), AssetId(found.asset), atoms)
    done(mx, mx.client.submit(command), account=account, asset=found.symbol, amount=amount)


@asset_app.command("create")
def create_asset(
    ctx: typer.Context,
    symbol: str,
    scale: Annotated[int, typer.Option(help="Decimals that are kept.")] = 8,
    display: Annotated[int | None, typer.Option(help="Decimals that are shown.")] = None,
    yes: Yes = False,
) -> None:
    """Add an asset."""
    mx = operator(ctx)
    if not mx.confirm(f"Create asset {symbol.upper()}?", "creates an asset", yes=yes):
        return
    command = CreateAsset(
        symbol.upper(), scale, scale if display is None else display, client_order_id=mx.client.mint()
    )
    done(mx, mx.client.submit(command), asset=symbol.upper())


@market_app.command("create")
def create_market(
    ctx: typer.Context,
    symbol: Annotated[str, typer.Argument(help="BASE/QUOTE; both assets must exist, unless --create-assets.")],
    tick: Annotated[str, typer.Option(help="Smallest step of a price.")],
    lot: Annotated[str, typer.Option(help="Smallest step of a quantity.")],
    price: Annotated[str | None, typer.Option(help="Reference price until the first trade; default 100 ticks.")] = None,
    min_notional: Annotated[str, typer.Option("--min-notional")] = "0",
    maker: Annotated[str, typer.Option(help="Fee as a fraction, 0.001 is 0.1 %; negative is a rebate.")] = "0",
    taker: Annotated[str, typer.Option(help="Fee as a fraction.")] = "0",
    create_assets: Annotated[bool, typer.Option("--create-assets", help="Create missing assets with scale 8.")] = True,
    yes: Yes = False,
) -> None:
    """Add a market."""
    from mexchange.client.errors import Rejected

    mx = operator(ctx)
    base_symbol, slash, quote_symbol = symbol.upper().partition("/")
    if not slash or not base_symbol or not quote_symbol:
        raise CliError("E_USAGE", f"{symbol!r} is not BASE/QUOTE", exit_code=USAGE)
    if not mx.confirm(f"Create market {symbol.upper()}?", "creates a market", yes=yes):
        return
    registry = mx.client.markets()
    missing = _missing(registry, base_symbol, quote_symbol) if create_assets else []
    terms = Terms(base_symbol, quote_symbol, tick, lot, price, min_notional, maker, taker)
    if missing:
        _try_out(mx, missing, terms)
        for name in missing:
            mx.client.submit(CreateAsset(name, client_order_id=mx.client.mint()))
        registry = mx.client.markets(refresh=True)
    command = msgspec.structs.replace(_market(terms, registry), client_order_id=mx.client.mint())
    try:
        answer = mx.client.submit(command)
    except Rejected as error:
        raise _refused_market(error, registry.asset_by_symbol(base_symbol)) from None
    done(mx, answer, market=symbol.upper(), status="open")


@market_app.command("halt")
def halt(ctx: typer.Context, market: Market, yes: Yes = False) -> None:
    """Cancels and expiry only."""
    _set_status(ctx, market, MarketStatus.HALTED, yes)


@market_app.command("cancel-only")
def cancel_only(ctx: typer.Context, market: Market, yes: Yes = False) -> None:
    """Cancels and smaller amends only."""
    _set_status(ctx, market, MarketStatus.CANCEL_ONLY, yes)


@market_app.command("resume")
def resume(ctx: typer.Context, market: Market, yes: Yes = False) -> None:
    """Open for trading."""
    _set_status(ctx, market, MarketStatus.OPEN, yes)


@market_app.command("close")
def close(ctx: typer.Context, market: Market, yes: Yes = False) -> None:
    """Cancel every order and take no more."""
    _set_status(ctx, market, MarketStatus.CLOSED, yes)


@market_app.command("fees")
def fees(
    ctx: typer.Context,
    market: Market,
    maker: Annotated[str, typer.Option(help="Fraction, 0.001 is 0.1 %.")],
    taker: Annotated[str, typer.Option(help="Fraction.")],
    tier: Annotated[int, typer.Option(help="0 is everybody's.")] = 0,
    yes: Yes = False,
) -> None:
    """Fees of a tier, from the next fill on."""
    mx = operator(ctx)
    found = mx.client.markets().by_symbol(market.upper())
    if not mx.confirm(f"Set fees of {found.symbol}, tier {tier}?", "changes fees", yes=yes):
        return
    command = SetFees(MarketId(found.market), tier, _ppm(maker), _ppm(taker), mx.client.mint())
    done(mx, mx.client.submit(command), market=found.symbol, tier=tier, maker=maker, taker=taker)


def _refused_market(error: "Rejected", base: "AssetInfo") -> Exception:
    """With the lot that would work, where the engine names one."""
    known = translate(error)
    if error.reason is not RejectReason.MARKET_INEXACT or not error.detail or known is None:
        return error
    lot = text.format_decimal(error.detail, base.scale).rstrip("0").rstrip(".")
    return CliError(
        known.code, f"{known.message}; the nearest lot that works is {lot}", hint=known.hint, exit_code=known.exit_code
    )


def _set_status(ctx: typer.Context, market: str, status: MarketStatus, yes: bool) -> None:
    mx = operator(ctx)
    found = mx.client.markets().by_symbol(market.upper())
    word = status.name.lower()
    if not mx.confirm(f"Set {found.symbol} to {word}?", f"sets a market to {word}", yes=yes):
        return
    command = SetMarketStatus(MarketId(found.market), status, mx.client.mint())
    done(mx, mx.client.submit(command), market=found.symbol, status=word)


class Terms(NamedTuple):
    """A new market, as it was typed."""

    base: str
    quote: str
    tick: str
    lot: str
    price: str | None
    min_notional: str
    maker: str
    taker: str


def _market(terms: Terms, registry: "Markets") -> CreateMarket:
    base, quote = registry.asset_by_symbol(terms.base), registry.asset_by_symbol(terms.quote)
    tick_size = text.parse_decimal(terms.tick, TICK_SCALE)
    return CreateMarket(
        base=AssetId(base.asset),
        quote=AssetId(quote.asset),
        tick_size=tick_size,
        lot_size=Atoms(text.parse_decimal(terms.lot, base.scale)),
        reference_price=_reference(terms.price, tick_size),
        notional_min=Atoms(text.parse_decimal(terms.min_notional, quote.scale)),
        maker_ppm=_ppm(terms.maker),
        taker_ppm=_ppm(terms.taker),
    )


def _try_out(mx: Invocation, missing: list[str], terms: Terms) -> None:
    """Raise if the market would be refused, before its assets are made: nobody can take an asset away again."""
    from mexchange.client.errors import Rejected

    planned = _with(mx.client.markets(), missing)
    trial = mx.client.preview(*(CreateAsset(name) for name in missing), _market(terms, planned))
    refused = next((event for event in trial.events if isinstance(event, RejectedEvent)), None)
    if refused is not None:
        raise _refused_market(Rejected(refused.reason, refused.detail), planned.asset_by_symbol(terms.base))


def _missing(registry: "Markets", *symbols: str) -> list[str]:
    known = {asset.symbol for asset in registry.assets}
    return [symbol for symbol in dict.fromkeys(symbols) if symbol not in known]


def _with(registry: "Markets", missing: list[str]) -> "Markets":
    """The registry as it will be once the missing assets exist: ids are given in order."""
    from mexchange.client.markets import Markets
    from mexchange.codec.messages import AssetInfo

    first = max((asset.asset for asset in registry.assets), default=0) + 1
    scale = CreateAsset("").scale
    new = [AssetInfo(AssetId(first + number), symbol, scale, scale) for number, symbol in enumerate(missing)]
    return Markets(registry, [*registry.assets, *new])


def _reference(price: str | None, tick_size: int) -> Ticks:
    if price is None:
        return Ticks(100)
    atoms = text.parse_decimal(price, TICK_SCALE)
    if atoms % tick_size:
        raise CliError("E_TICK", f"price {price} is not a multiple of the tick", exit_code=5)
    return Ticks(atoms // tick_size)


def _ppm(fraction: str) -> Ppm:
    sign = -1 if fraction.startswith("-") else 1
    return Ppm(sign * text.parse_decimal(fraction.removeprefix("-"), PPM_DECIMALS))
