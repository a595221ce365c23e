"""The demo's bots and the real engine in one process: simulated seconds instead of datagrams.

The three markets of the demo, each bot with an account of its own. Every simulated second each maker decides, then each
taker; what they decide is one frame. `watch` sees every market after every frame.
"""

from collections.abc import Callable, Sequence
from itertools import count
from typing import Final

import msgspec

from mexchange.bots.maker import Maker
from mexchange.bots.market_view import MarketView, OwnQuote
from mexchange.bots.reference import fair_price
from mexchange.bots.shapes import home_price, maker_settings, taker_settings
from mexchange.bots.taker import Taker
from mexchange.codec import MessageType, decode, encode
from mexchange.codec.blocks import BLOCK_HEADER
from mexchange.codec.events import decode_records
from mexchange.codec.messages import MarketInfo, MarketsPage, MarketsQuery
from mexchange.core.engine import Engine
from mexchange.daemon import demo
from mexchange.domain.client_id import parse
from mexchange.domain.commands import Command, CreateAsset, CreateMarket, OpenAccount
from mexchange.domain.events import Filled, Rejected
from mexchange.domain.order import Side
from mexchange.domain.units import AccountId, AssetId, Atoms, OwnerId, Ticks

MAKER: Final = AccountId(16)
TAKER: Final = AccountId(17)
START_NS: Final = 1_800_000_000 * 10**9
S_NS: Final = 10**9
QUOTE: Final = AssetId(1)


class BotMarket:
    """Three markets, two bots. `grants` gives each of them what it begins with."""

    def __init__(self, seed: int, grants: Callable[[int], Sequence[Command]]) -> None:
        self.engine = Engine()
        self.now_ns = 0
        self.commands = 0
        self.rejected = 0
        self.maker_took = 0
        self._seed = seed
        self._names = count(1)
        self.apply(_genesis(), [*grants(MAKER), *grants(TAKER)])
        ((page),) = self.engine.query(encode(MarketsQuery()))
        markets = decode(MessageType.MARKETS_PAGE, page[BLOCK_HEADER:])
        assert isinstance(markets, MarketsPage)
        self.infos: list[MarketInfo] = markets.markets
        self.homes = {info.market: home_price(info) for info in self.infos}
        self._makers = {info.market: self._maker(info) for info in self.infos}
        self._takers = {info.market: Taker(taker_settings(8), seed + info.market) for info in self.infos}

    def _maker(self, info: MarketInfo) -> Maker:
        return Maker(maker_settings(8), self._seed + info.market)

    def restart_bots(self) -> None:
        """New processes: nothing is remembered but what the exchange knows. Leftovers are cancelled."""
        for info in self.infos:
            self._makers[info.market] = self._maker(info)

    def step(self, seconds: int = 1) -> None:
        """Let time pass, and the bots decide."""
        self.now_ns += seconds * S_NS
        for info in self.infos:
            for command in self._makers[info.market].decide(self.view(info, MAKER)):
                self.apply([self._signed(command, MAKER)])
        for info in self.infos:
            for command in self._takers[info.market].decide(self.view(info, TAKER), self.now_ns):
                self.apply([self._signed(command, TAKER)])

    def apply(self, *frames: list[Command]) -> None:
        """One frame each."""
        for commands in frames:
            self.now_ns += 1
            blocks = b"".join(encode(command) for command in commands)
            records = self.engine.apply_batch(blocks, self.engine.sequence + 1, START_NS + self.now_ns)
            self.commands += len(commands)
            for event in decode_records(records):
                self.rejected += isinstance(event, Rejected)
                self.maker_took += isinstance(event, Filled) and event.account == MAKER and not event.is_maker

    def view(self, info: MarketInfo, account: AccountId) -> MarketView:
        """What a bot's driver would show it."""
        best_bid, best_ask = self.best(info, without=account)
        book = self.engine.state.books[info.market].orders.values()
        lots = {side: sum(o.leaves for o in book if o.side == side and o.account_id != account) for side in Side}
        return MarketView(
            info=info,
            fair=self.fair(info),
            best_bid=best_bid,
            best_ask=best_ask,
            bid_lots=lots[Side.BUY],
            ask_lots=lots[Side.SELL],
            base=self.funds(account, info.base),
            quote=self.funds(account, info.quote) // len(self.infos),
            orders=tuple(
                OwnQuote(order.order_id, Side(order.side), order.price, order.leaves, order.filled)
                for order in self.engine.state.books[info.market].orders.values()
                if order.account_id == account
            ),
        )

    def fair(self, info: MarketInfo) -> int:
        """The synthetic price now."""
        home, time_ns = self.homes[info.market], START_NS + self.now_ns
        return fair_price(seed=self._seed, market=info.market, home=home, time_ns=time_ns)

    def best(self, info: MarketInfo, without: int = 0) -> tuple[int, int]:
        """Best bid and ask, 0 for none, of all accounts but one."""
        orders = [o for o in self.engine.state.books[info.market].orders.values() if o.account_id != without]
        bids = [order.price for order in orders if order.side == Side.BUY]
        asks = [order.price for order in orders if order.side == Side.SELL]
        return max(bids, default=0), min(asks, default=0)

    def trades(self) -> dict[int, int]:
        """Trades so far, by market."""
        return {market: book.trade_id for market, book in self.engine.state.books.items()}

    def funds(self, account: AccountId, asset: AssetId) -> int:
        """All that an account has of an asset."""
        balance = self.engine.state.accounts[account].balances[asset]
        return balance.available + balance.held

    def _signed(self, command: Command, account: AccountId) -> Command:
        """As the client completes it: whose it is, and under which id."""
        return msgspec.structs.replace(
            command, account=account, actor=account, client_order_id=parse(f"b{next(self._names)}")
        )


def _genesis() -> list[Command]:
    commands: list[Command] = [CreateAsset(asset.symbol, 8, asset.display_decimals) for asset in demo.ASSETS]
    commands += [
        CreateMarket(
            AssetId(market.base),
            QUOTE,
            market.tick_size,
            Atoms(market.lot_size),
            Ticks(market.reference_price),
            notional_min=demo.NOTIONAL_MIN,
            maker_ppm=demo.FEE_PPM,
            taker_ppm=demo.FEE_PPM,
        )
        for market in demo.MARKETS
    ]
    return [*commands, OpenAccount(OwnerId(1001)), OpenAccount(OwnerId(1002))]
