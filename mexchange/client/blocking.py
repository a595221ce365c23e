"""The client without an event loop, for programs that ask one question and end.

The same calls as everywhere (client/calls.py); each is a coroutine that the driver (blocking_driver.py) steps by hand.
"""

import os
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from types import TracebackType
from typing import Any, Concatenate, Final, Generic, ParamSpec, Self, TypeVar

from mexchange.client.blocking_driver import IDLE_NS, BlockingDriver
from mexchange.client.calls import SessionInfo
from mexchange.client.connection import Connection
from mexchange.client.errors import GapUnavailable, Unreachable
from mexchange.client.exchange import Exchange
from mexchange.client.live_calls import LiveCalls, Reader
from mexchange.client.liveness import Liveness
from mexchange.client.pending import Pending
from mexchange.client.view import View
from mexchange.codec.messages import Ticker, Trade
from mexchange.domain.candles import Candle, Interval
from mexchange.domain.client_id import ClientOrderId
from mexchange.domain.events import Event
from mexchange.transport.clock import SystemClock
from mexchange.transport.errors import NoSuchHost
from mexchange.transport.resolve import resolve
from mexchange.world.clock import Clock

T = TypeVar("T")
P = ParamSpec("P")

__all__ = ["BlockingClient"]

_NS_PER_S: Final = 1_000_000_000
_FOREVER_NS: Final = 10**18


def _blocking(
    call: Callable[Concatenate[LiveCalls, P], Coroutine[Any, Any, T]],
) -> Callable[Concatenate["BlockingClient", P], T]:
    """The call with the same name, arguments and result, that returns when it is done."""

    def method(self: "BlockingClient", /, *args: P.args, **kwargs: P.kwargs) -> T:
        self._wake_up()
        return self._driver.run(call(self._calls, *args, **kwargs))

    method.__name__ = method.__qualname__ = call.__name__
    method.__doc__ = call.__doc__
    return method


class Rows(Generic[T]):
    """`for row in rows`; `rows.walk` says how far the tables were."""

    def __init__(self, driver: BlockingDriver, walk: AsyncIterator[T]) -> None:
        self._driver = driver
        self.walk = walk

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        try:
            return self._driver.run(_next(self.walk))
        except StopAsyncIteration:
            raise StopIteration from None


async def _next(walk: AsyncIterator[T]) -> T:
    return await anext(walk)


def _rows(
    call: Callable[Concatenate[LiveCalls, P], AsyncIterator[T]],
) -> Callable[Concatenate["BlockingClient", P], Rows[T]]:
    """The call with the same name, arguments and rows."""

    def method(self: "BlockingClient", /, *args: P.args, **kwargs: P.kwargs) -> Rows[T]:
        self._wake_up()
        return Rows(self._driver, call(self._calls, *args, **kwargs))

    method.__name__ = method.__qualname__ = call.__name__
    method.__doc__ = call.__doc__
    return method


class BlockingClient:
    """An exchange at the other end of a UDP socket. `with BlockingClient.connect(...) as client: ...`"""

    def __init__(self, exchange: Exchange, driver: BlockingDriver, connection: Connection) -> None:
        self._exchange = exchange
        self._driver = driver
        self._connection = connection
        self._calls = LiveCalls(exchange, driver, connection)

    @classmethod
    def connect(cls, connection: Connection, *, clock: Clock | None = None) -> Self:
        """Connected and logged in. Raises Unreachable (at once if nobody listens), ServerKeyError or LoginRefused."""
        clock = clock or SystemClock()
        try:
            addresses = resolve(connection.host, connection.port)
        except NoSuchHost as error:
            raise Unreachable(str(error)) from None
        exchange = Exchange(
            addresses=addresses,
            login=connection.login,
            pin=connection.pin,
            random=os.urandom,
            monotonic_ns=clock.monotonic_ns,
        )
        driver = BlockingDriver(exchange, clock)
        client = cls(exchange, driver, connection)
        try:
            driver.start()
            driver.serve(exchange.connected, round(connection.timeout_s * _NS_PER_S))
            if not exchange.connected.done:
                raise Unreachable(f"nobody answers at {connection.name}")
            exchange.connected.result()
        except BaseException:
            driver.close()
            raise
        if exchange.first_contact and connection.on_new_key is not None:
            connection.on_new_key(exchange.server_key)
        return client

    def close(self) -> None:
        """Log out. Idempotent."""
        self._driver.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def exchange(self) -> Exchange:
        """The state behind the calls."""
        return self._exchange

    @property
    def session(self) -> SessionInfo:
        """Of the last login."""
        return self._calls.session

    def mint(self) -> ClientOrderId:
        """A fresh client order id, a UUIDv7 by the server's clock."""
        return self._calls.mint()

    def server_time_ns(self) -> int:
        """The server's wall clock."""
        return self._calls.server_time_ns()

    def liveness(self) -> Liveness:
        """How much what we show may be trusted."""
        return self._calls.liveness()

    submit = _blocking(LiveCalls.submit)
    submit_many = _blocking(LiveCalls.submit_many)
    resolve = _blocking(LiveCalls.resolve)
    place = _blocking(LiveCalls.place)
    place_many = _blocking(LiveCalls.place_many)
    cancel = _blocking(LiveCalls.cancel)
    cancel_many = _blocking(LiveCalls.cancel_many)
    amend = _blocking(LiveCalls.amend)
    mass_cancel = _blocking(LiveCalls.mass_cancel)
    deposit = _blocking(LiveCalls.deposit)
    set_market_status = _blocking(LiveCalls.set_market_status)
    preview = _blocking(LiveCalls.preview)
    faucet = _blocking(LiveCalls.faucet)
    accounts = _blocking(LiveCalls.accounts)
    name_account = _blocking(LiveCalls.name_account)
    open_sub_account = _blocking(LiveCalls.open_sub_account)
    deposit_address = _blocking(LiveCalls.deposit_address)
    deposits = _blocking(LiveCalls.deposits)
    simulate_deposit = _blocking(LiveCalls.simulate_deposit)
    withdraw = _blocking(LiveCalls.withdraw)
    confirm_withdrawal = _blocking(LiveCalls.confirm_withdrawal)
    cancel_withdrawal = _blocking(LiveCalls.cancel_withdrawal)
    withdrawals = _blocking(LiveCalls.withdrawals)
    waiting_withdrawals = _blocking(LiveCalls.waiting_withdrawals)
    decide_withdrawal = _blocking(LiveCalls.decide_withdrawal)
    transfer = _blocking(LiveCalls.transfer)
    wait_order = _blocking(LiveCalls.wait_order)
    markets = _blocking(LiveCalls.markets)
    assets = _blocking(LiveCalls.assets)
    account = _blocking(LiveCalls.account)
    balances = _blocking(LiveCalls.balances)
    order = _blocking(LiveCalls.order)
    orders = _blocking(LiveCalls.orders)
    book = _blocking(LiveCalls.book)
    trades = _blocking(LiveCalls.trades)
    ticker = _blocking(LiveCalls.ticker)
    tickers = _blocking(LiveCalls.tickers)
    status = _blocking(LiveCalls.status)
    events = _blocking(LiveCalls.events)
    request_code = _blocking(LiveCalls.request_code)
    sign_in = _blocking(LiveCalls.sign_in)
    web_sign_in = _blocking(LiveCalls.web_sign_in)
    web_sign_in_unproven = _blocking(LiveCalls.web_sign_in_unproven)
    web_refresh = _blocking(LiveCalls.web_refresh)
    web_sign_out = _blocking(LiveCalls.web_sign_out)
    profile = _blocking(LiveCalls.profile)
    own_keys = _blocking(LiveCalls.own_keys)
    people = _blocking(LiveCalls.people)
    request_key = _blocking(LiveCalls.request_key)
    request_signed_key = _blocking(LiveCalls.request_signed_key)
    revoke_key = _blocking(LiveCalls.revoke_key)
    sessions = _blocking(LiveCalls.sessions)
    revoke_session = _blocking(LiveCalls.revoke_session)
    confirm = _blocking(LiveCalls.confirm)
    confirm_any = _blocking(LiveCalls.confirm_any)
    change_email = _blocking(LiveCalls.change_email)
    begin_totp = _blocking(LiveCalls.begin_totp)
    enable_totp = _blocking(LiveCalls.enable_totp)
    disable_totp = _blocking(LiveCalls.disable_totp)
    trade_history = _rows(LiveCalls.trade_history)
    order_history = _rows(LiveCalls.order_history)
    fills = _rows(LiveCalls.fills)
    ledger = _rows(LiveCalls.ledger)
    funding = _rows(LiveCalls.funding)
    candles = _rows(LiveCalls.candles)
    holdings = _blocking(LiveCalls.holdings)
    day_balances = _blocking(LiveCalls.day_balances)
    portfolio = _blocking(LiveCalls.portfolio)
    equity = _blocking(LiveCalls.equity)
    subscribe_book = _blocking(LiveCalls.subscribe_book)
    unsubscribe = _blocking(LiveCalls.unsubscribe)
    orders_view = _blocking(LiveCalls.orders_view)
    balances_view = _blocking(LiveCalls.balances_view)

    def stream_events(self, timeout_s: float | None = None) -> Iterator[Event | GapUnavailable]:
        """Events of our account from now on; ends when none came for `timeout_s`."""
        return self._items(self._calls.own_events(), timeout_s)

    def stream_trades(self, market: int, timeout_s: float | None = None) -> Iterator[Trade]:
        """Public trades from now on; ends when none came for `timeout_s`."""
        return self._items(self._calls.trades_stream(market), timeout_s)

    def stream_ticker(self, market: int, timeout_s: float | None = None) -> Iterator[Ticker]:
        """The ticker whenever it changes; ends when it did not for `timeout_s`."""
        return self._items(self._calls.ticker_stream(market), timeout_s)

    def stream_candles(self, market: int, interval: Interval, timeout_s: float | None = None) -> Iterator[Candle]:
        """The last candles, then each as it grows; ends when none did for `timeout_s`."""
        return self._items(self._calls.candles_stream(market, interval), timeout_s)

    def wait_change(self, view: View, timeout_s: float) -> bool:
        """Serve the socket until a view has changed, or the time is over; has it."""
        changed: Pending[None] = Pending()
        stop = view.on_change(lambda: changed.resolve(None))
        self._driver.serve(changed, round(timeout_s * _NS_PER_S))
        stop()
        return changed.done

    def _items(self, reader: Reader[T], timeout_s: float | None) -> Iterator[T]:
        timeout_ns = _FOREVER_NS if timeout_s is None else round(timeout_s * _NS_PER_S)
        try:
            while (item := self._driver.run(reader.next(timeout_ns))) is not None:
                yield item
        finally:
            reader.close()

    def _wake_up(self) -> None:
        """After a pause (a question to a person, say) the session may be gone: get it back before anything is sent."""
        self._driver.serve(None, 0)
        deadline_ns = self._exchange.now_ns + round(self._connection.timeout_s * _NS_PER_S)
        while not self._exchange.is_logged_in and self._exchange.closed is None:
            if self._exchange.now_ns >= deadline_ns:
                raise Unreachable(f"nobody answers at {self._connection.name}")
            self._driver.serve(None, IDLE_NS // 10)
