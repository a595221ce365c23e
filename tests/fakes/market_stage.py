"""The daemon's views on the real engine, without journal, session or socket: commands in, blocks out.

stage = Stage()                       asset 1 KCN, asset 2 EUR, market 1 KCN/EUR; accounts 16, 17, 18 with funds
stage.apply(limit(16, BUY, 5, 1000))  one frame, durable at once
stage.tick()                          20 ms later
stage.take("tui")                     what the session "tui" received since, decoded
"""

from collections import defaultdict
from itertools import count
from typing import Any, Final

from mexchange.codec import MessageType, decode, encode
from mexchange.codec.blocks import BLOCK_HEADER, DATAGRAM_BLOCKS_MAX, split
from mexchange.codec.messages import Message
from mexchange.core.engine import Engine
from mexchange.daemon.balances import Balances
from mexchange.daemon.market_data import MarketData
from mexchange.daemon.orders import RecentOrders
from mexchange.daemon.queries import Queries
from mexchange.daemon.views import Commit, Handler, View
from mexchange.domain.client_id import ClientOrderId, parse
from mexchange.domain.commands import CancelOrder, Command, CreateAsset, CreateMarket, Deposit, OpenAccount, PlaceOrder
from mexchange.domain.order import OrderType, Side, TimeInForce
from mexchange.domain.units import AccountId, AssetId, Atoms, Lots, MarketId, OrderId, OwnerId, Ticks, TimeNs

ANN: Final = AccountId(16)
BOB: Final = AccountId(17)
CAT: Final = AccountId(18)
KCN: Final = AssetId(1)
EUR: Final = AssetId(2)
MARKET: Final = MarketId(1)
TICK_NS: Final = 20_000_000
START_NS: Final = 1_800_000_000 * 10**9

_names = count(1)


def name() -> ClientOrderId:
    """A client order id that nobody used before."""
    return parse(f"t{next(_names)}")


def limit(
    account: int,
    side: Side,
    quantity: int,
    price: int,
    *,
    time_in_force: TimeInForce = TimeInForce.GTC,
    market: int = MARKET,
    expiry_ns: int = 0,
) -> PlaceOrder:
    """A limit order."""
    return PlaceOrder(
        AccountId(account),
        name(),
        MarketId(market),
        side,
        Lots(quantity),
        Ticks(price),
        OrderType.LIMIT,
        time_in_force,
        expiry_ns=TimeNs(expiry_ns),
    )


def cancel(account: int, order_id: int) -> CancelOrder:
    """A cancel by order id."""
    return CancelOrder(AccountId(account), name(), OrderId(order_id))


def opening() -> list[Command]:
    """Two assets, one market, three accounts with more than they will need."""
    commands: list[Command] = [
        CreateAsset("KCN"),
        CreateAsset("EUR"),
        CreateMarket(KCN, EUR, 10_000_000, Atoms(100_000), Ticks(1000)),
    ]
    for index, account in enumerate((ANN, BOB, CAT)):
        commands.append(OpenAccount(OwnerId(70 + index)))
        commands.extend(Deposit(account, name(), asset, Atoms(10**15)) for asset in (KCN, EUR))
    return commands


class Stage:
    """One engine, all views, and the blocks that they sent."""

    def __init__(self, engine: Engine | None = None) -> None:
        self.engine = engine or Engine()
        self.logged_in: dict[int, list[str]] = defaultdict(list)
        self.frames: list[Commit] = []
        self.market_data = MarketData(outbox=self, engine=self.engine)
        self.orders = RecentOrders(outbox=self, engine=self.engine, archive=None)
        self.balances = Balances(outbox=self, engine=self.engine, sessions_of=self._sessions_of)
        self.queries = Queries(outbox=self, engine=self.engine)
        self.views: list[View] = [self.market_data, self.orders, self.balances, self.queries]
        self._handlers: dict[MessageType, Handler] = {}
        for view in self.views:
            assert not self._handlers.keys() & view.handlers().keys()
            self._handlers.update(view.handlers())
        self._sent: dict[str, list[bytes]] = defaultdict(list)
        self.now_ns = self.engine.time_ns - START_NS if engine else 0
        if engine is None:
            for view in self.views:
                view.ready()
            self.apply(*opening())

    @property
    def time_ns(self) -> int:
        """Wall time."""
        return START_NS + self.now_ns

    def apply(self, *commands: Command) -> None:
        """One durable frame."""
        self.now_ns += 1
        first = self.engine.sequence + 1
        records = self.engine.apply_batch(b"".join(encode(command) for command in commands), first, self.time_ns)
        self.commit(Commit(records, first, len(commands), self.time_ns, replayed=False))

    def commit(self, commit: Commit) -> None:
        """Show a frame to the views."""
        self.frames.append(commit)
        for view in self.views:
            view.on_commit(commit)

    def tick(self, elapsed_ns: int = TICK_NS) -> None:
        """Let time pass."""
        self.now_ns += elapsed_ns
        for view in self.views:
            view.on_tick(self.now_ns, self.time_ns)

    def ask(self, session: str, question: Message, correlation: int = 7) -> list[Any]:
        """Ask as a session; what it received from then on."""
        block = encode(question, correlation)
        ((message_type, _, _),) = split(block)
        self._sent[session].clear()
        self._handlers[MessageType(message_type)](session, correlation, block)  # type: ignore[arg-type]
        return self.take(session)

    def leave(self, session: Any) -> None:
        """The session is gone."""
        for view in self.views:
            view.on_session_gone(session)

    def heads(self, session: Any) -> list[tuple[int, int]]:
        """What a heartbeat would tell a session."""
        return [head for view in self.views for head in view.heads(session)]

    def send(self, session: Any, block: bytes) -> None:
        """Implements Outbox."""
        assert len(block) <= DATAGRAM_BLOCKS_MAX
        self._sent[session].append(block)

    def answer(self, session: Any, block: bytes) -> None:
        """Implements Outbox: every frame here is durable at once."""
        self.send(session, block)

    def take_blocks(self, session: str) -> list[bytes]:
        """The blocks that a session received since it was asked last."""
        return self._sent.pop(session, [])

    def take(self, session: str) -> list[Any]:
        """The same, decoded."""
        return [decode(int.from_bytes(b[2:4], "little"), b[BLOCK_HEADER:]) for b in self.take_blocks(session)]

    def _sessions_of(self, account: int) -> Any:
        return self.logged_in.get(account, [])
