"""Commands of every kind from a seed: mostly sensible, so that much happens, and some nonsense."""

import random
from typing import Final

from mexchange.domain.client_id import NO_ID, ClientOrderId, mint, parse
from mexchange.domain.commands import (
    AdvanceTime,
    AmendOrder,
    CancelOrder,
    ChangeAccount,
    ChangeAsset,
    ChangeMarket,
    Command,
    ConfirmWithdrawal,
    CreateAsset,
    CreateMarket,
    Deposit,
    MassCancel,
    OpenAccount,
    PlaceOrder,
    ReleaseWithdrawal,
    SetFees,
    SetMarketStatus,
    Transfer,
    Withdraw,
)
from mexchange.domain.market import AccountSetting, AccountStatus, MarketStatus
from mexchange.domain.order import OrderFlag, OrderType, SelfTradePrevention, Side, TimeInForce
from mexchange.domain.units import AccountId, AssetId, Atoms, Lots, MarketId, OrderId, OwnerId, Ppm, Ticks, TimeNs

ACCOUNTS: Final = tuple(AccountId(number) for number in (16, 17, 18, 19))
"""The last is a sub-account of the first."""
SECOND: Final = 10**9


def setup() -> list[Command]:
    """Three assets, two markets with fees and rebates, four accounts with money."""
    commands: list[Command] = [CreateAsset("KCN"), CreateAsset("EUR"), CreateAsset("BTC", 8, 4)]
    for base in (AssetId(1), AssetId(3)):
        commands.append(
            CreateMarket(
                base,
                AssetId(2),
                10_000_000,
                Atoms(100_000),
                Ticks(100),
                notional_min=Atoms(50_000),
                maker_ppm=Ppm(-300),
                taker_ppm=Ppm(1_100),
            )
        )
    commands += [OpenAccount(OwnerId(number)) for number in (1, 2, 3)] + [OpenAccount(OwnerId(1), 1)]
    for account in ACCOUNTS:
        for asset in (1, 2, 3):
            commands.append(Deposit(account, parse(f"seed{asset}"), AssetId(asset), Atoms(10**8)))
    return commands


def commands_at_random(rng: random.Random, count: int) -> list[Command]:
    """So many, after `setup`, one a second from 1 s on. Order ids are guessed from what may have been given."""
    return [command_at_random(rng, number) for number in range(count)]


def id_at_random(rng: random.Random, number: int) -> ClientOrderId:
    """A new UUID, or one of a few texts."""
    if rng.random() < 0.05:
        return parse(f"t{rng.randrange(20)}")
    return mint(number + 1, rng.getrandbits(74))


def _order_id(rng: random.Random, number: int) -> OrderId:
    return OrderId(max(1, int(number * 0.5) - rng.randrange(12)))


def command_at_random(rng: random.Random, number: int) -> Command:
    """Command number `number`."""
    account, client_order_id = rng.choice(ACCOUNTS), id_at_random(rng, number)
    market = MarketId(rng.choice((1, 1, 2)))
    dice = rng.random()
    if dice < 0.62:
        return order_at_random(rng, number, account, client_order_id, market)
    if dice < 0.74:
        return CancelOrder(account, client_order_id, _order_id(rng, number))
    if dice < 0.84:
        price, quantity = rng.choice((0, rng.randint(95, 105))), rng.choice((0, rng.randint(1, 30)))
        return AmendOrder(account, client_order_id, _order_id(rng, number), Ticks(price), Lots(quantity))
    if dice < 0.86:
        return MassCancel(account, client_order_id, MarketId(rng.choice((0, 1, 2))), rng.choice((0, 1, 2)))
    if dice < 0.93:
        return _money(rng, account, client_order_id)
    return _operator(rng, account, market)


def order_at_random(
    rng: random.Random, number: int, account: AccountId, client_order_id: ClientOrderId, market: MarketId
) -> PlaceOrder:
    """A limit or market order around the reference price."""
    kind = rng.choice((OrderType.LIMIT,) * 5 + (OrderType.MARKET,))
    life = rng.choice((TimeInForce.GTC,) * 6 + (TimeInForce.GTD, TimeInForce.IOC, TimeInForce.FOK))
    flags = rng.choice((OrderFlag(0),) * 6 + (OrderFlag.POST_ONLY, OrderFlag.POST_ONLY | OrderFlag.SLIDE))
    if kind is OrderType.MARKET:
        life = rng.choice((TimeInForce.IOC, TimeInForce.FOK))
        flags = rng.choice((OrderFlag(0), OrderFlag.QUOTE_AMOUNT))
    quantity = rng.randint(10**5, 3 * 10**6) if flags & OrderFlag.QUOTE_AMOUNT else rng.randint(1, 30)
    expiry = (number + rng.randint(1, 200)) * SECOND if life is TimeInForce.GTD else 0
    side = Side.BUY if flags & OrderFlag.QUOTE_AMOUNT else rng.choice(list(Side))
    price = rng.choice((0, 100)) if kind is OrderType.MARKET else rng.randint(95, 105)
    return PlaceOrder(
        account,
        client_order_id,
        market,
        side,
        Lots(quantity),
        Ticks(price),
        kind,
        life,
        rng.choice(list(SelfTradePrevention)),
        flags,
        TimeNs(expiry),
    )


def _money(rng: random.Random, account: AccountId, client_order_id: ClientOrderId) -> Command:
    asset, amount = AssetId(rng.randint(1, 3)), Atoms(rng.randint(1, 10**6))
    match rng.randrange(5):
        case 0:
            return Deposit(account, client_order_id, asset, amount)
        case 1:
            return Withdraw(account, client_order_id, asset, amount)
        case 2:
            return ConfirmWithdrawal(account, client_order_id, rng.randint(1, 9))
        case 3:
            return ReleaseWithdrawal(account, client_order_id, rng.randint(1, 9))
        case _:
            return Transfer(account, client_order_id, rng.choice(ACCOUNTS), asset, amount)


def _operator(rng: random.Random, account: AccountId, market: MarketId) -> Command:
    match rng.randrange(9):
        case 0:
            statuses = (AccountStatus.ACTIVE,) * 6 + (AccountStatus.REDUCE_ONLY, AccountStatus.FROZEN)
            return ChangeAccount(account, AccountSetting.STATUS, rng.choice(statuses))
        case 1:
            return ChangeAccount(account, AccountSetting.FEE_TIER, rng.randrange(3))
        case 2:
            return SetMarketStatus(market, rng.choice((MarketStatus.OPEN,) * 7 + tuple(MarketStatus)))
        case 3:
            return SetFees(market, rng.randrange(3), Ppm(rng.randint(-300, 900)), Ppm(rng.randint(300, 2_000)))
        case 4:
            return ChangeMarket(market, notional_min=Atoms(rng.choice((0, 50_000))))
        case 5:
            return ChangeAsset(AssetId(rng.randint(1, 4)), rng.randrange(10))
        case 6:
            return ChangeAccount(account, AccountSetting.STATUS, AccountStatus.ACTIVE)
        case 7:
            return SetMarketStatus(market, MarketStatus.OPEN, NO_ID)
        case _:
            return AdvanceTime()
