"""One binary WebSocket: the exchange's own blocks, as over UDP, one or more whole ones in each message.

    in   Login, Subscribe, questions, commands            out   LoginAccepted, Subscribed, answers under the correlation
                                                                 that was asked with; Reports and Balances unasked

Questions go on to the exchange as they are; commands through the client, which sees to it that each is answered. What
the table does not have is answered by Unsupported.
"""

import asyncio
import time
from contextlib import suppress
from typing import Any, Final

import msgspec

from mexchange.client.api import Client
from mexchange.client.errors import ClientError
from mexchange.codec import MessageType, decode, decode_commands, encode
from mexchange.codec.blocks import BLOCK_HEADER, split_blocks
from mexchange.codec.errors import CodecError
from mexchange.codec.messages import (
    Balance,
    Balances,
    GapRequest,
    Heartbeat,
    Login,
    LoginAccepted,
    LoginMethod,
    LoginRefusal,
    LoginRefused,
    Message,
    QueryRefused,
    StreamHead,
    Subscribe,
    Subscribed,
    SubscribeRefused,
    Throttled,
    Unsubscribe,
    Unsupported,
)
from mexchange.codec.questions import OF_TRADING
from mexchange.config.gateway import GatewayLimits
from mexchange.domain.events import Event
from mexchange.domain.units import AccountId, MarketId, Sequence, TimeNs
from mexchange.gateway import block_commands
from mexchange.gateway.block_channels import BlockChannel, name_of
from mexchange.gateway.block_commands import TIMEOUT_NS, Asker, reports
from mexchange.gateway.decimals import Form
from mexchange.gateway.errors import GatewayError, TooMany, Unauthorized, known
from mexchange.gateway.hub import Hub
from mexchange.gateway.link import Link
from mexchange.gateway.people import People, Person
from mexchange.gateway.sign_in_limits import SignInLimits
from mexchange.gateway.wire import Send, Wire

BLOCKS_PER_MESSAGE_MAX: Final = 64
BEAT_S: Final = 0.5
UNREADABLE: Final = 1007

PUBLIC: Final = frozenset(
    {
        MessageType.MARKETS_QUERY,
        MessageType.ASSETS_QUERY,
        MessageType.BOOK_QUERY,
        MessageType.TRADES_QUERY,
        MessageType.TICKER_QUERY,
        MessageType.TRADE_HISTORY_QUERY,
        MessageType.CANDLES_QUERY,
    }
)
OWN: Final = OF_TRADING | {MessageType.PREVIEW}
COMMANDS: Final = frozenset({MessageType.NEW_ORDERS, MessageType.CANCELS, MessageType.AMENDS, MessageType.MASS_CANCEL})
_TURNS: Final = frozenset({MessageType.LOGIN, MessageType.SUBSCRIBE, MessageType.UNSUBSCRIBE})


class BlockSocket(Wire):
    """One binary socket."""

    def __init__(
        self,
        *,
        send: Send,
        host: str,
        cookie: bytes | None,
        limits: GatewayLimits,
        link: Link,
        people: People,
        hub: Hub,
        sign_ins: SignInLimits,
    ) -> None:
        super().__init__(send=send, form=Form.BLOCKS, host=host, cookie=cookie, limits=limits)
        self._link = link
        self._people = people
        self._hub = hub
        self._sign_ins = sign_ins
        self._balances: dict[int, Balance] = {}
        self._by_subscription: dict[int, BlockChannel] = {}

    async def greet(self) -> None:
        """The first block: who one is here; nobody, if the cookie is worth nothing any more."""
        if self.cookie is not None:
            with suppress(GatewayError):
                await self._sign_in(self.cookie)
        self._tell_who(0)

    def take(self, event: dict[str, Any]) -> None:
        """One message."""
        data: bytes | None = event.get("bytes")
        try:
            blocks = split_blocks(data) if data is not None else None
        except CodecError:
            blocks = None
        if not blocks or len(blocks) > BLOCKS_PER_MESSAGE_MAX:
            self.release()
            self.close(UNREADABLE, "a message holds 1 to 64 whole blocks")
            return
        if not self.frames.take(len(blocks), time.monotonic_ns()):
            self.release()
            for _, correlation, _ in blocks:
                self._say(Throttled(retry_ms=1_000), correlation)
            return
        is_turn = any(message_type in _TURNS for message_type, _, _ in blocks)
        self.start(lambda: self._carry_out_all(blocks), is_turn=is_turn)

    async def beat(self) -> None:
        """Twice a second: time, head, and where the streams stand."""
        while True:
            await asyncio.sleep(BEAT_S)
            heads = [StreamHead(channel.subscription, channel.head) for channel in self._by_subscription.values()]
            if self.person is not None:
                heads.insert(0, StreamHead(0, self.person.client.exchange.stream.next - 1))
            self._say(Heartbeat(time_ns=TimeNs(self._now_ns()), sequence=Sequence(self._link.sequence), heads=heads), 0)

    # Of our person's account.

    def own_events(self, events: list[Event]) -> None:
        """As they come, in order."""
        self._report(events, 0)

    def own_break(self) -> None:
        """A hole in the account sequence says so: AccountQuery tells what stands."""

    def balances_changed(self) -> None:
        """Those that are others than before."""
        assert self.person is not None
        view = self.person.client.exchange.balances
        changed = [row for asset, row in view.balances.items() if self._balances.get(asset) != row]
        if changed:
            self._balances = dict(view.balances)
            account = AccountId(self.person.account)
            head = self.person.client.exchange.stream.next - 1
            message = Balances(account, head, Sequence(view.sequence), TimeNs(self._now_ns()), changed)
            self._say(message, 0)

    # Requests.

    async def _carry_out_all(self, blocks: list[tuple[int, int, bytes]]) -> None:
        for message_type, correlation, block in blocks:
            try:
                await self._carry_out(message_type, correlation, block)
            except CodecError:
                self._say(QueryRefused("E_MALFORMED", "the request cannot be read"), correlation)
            except Exception as error:
                self._refuse(message_type, correlation, error)

    async def _carry_out(self, message_type: int, correlation: int, block: bytes) -> None:
        payload = block[BLOCK_HEADER:]
        if message_type in PUBLIC:
            await self._pass_on(self._link.client, block, correlation)
        elif message_type in OWN:
            await self._pass_on(self._own().client, block, correlation)
        elif message_type in COMMANDS:
            commands = decode_commands(message_type, payload)
            block_commands.send(
                Asker(self._own(), correlation, self._say, self._report, self._refuse_command), commands
            )
        elif message_type == MessageType.SUBSCRIBE:
            await self._subscribe(_decoded(message_type, payload, Subscribe), correlation)
        elif message_type == MessageType.UNSUBSCRIBE:
            await self._unsubscribe(_decoded(message_type, payload, Unsubscribe).subscription)
        elif message_type == MessageType.GAP_REQUEST:
            await self._gap(_decoded(message_type, payload, GapRequest), correlation)
        elif message_type == MessageType.LOGIN:
            await self._login(_decoded(message_type, payload, Login), correlation)
        elif message_type == MessageType.HEARTBEAT:
            self._echo(_decoded(message_type, payload, Heartbeat), correlation)
        else:
            self._say(Unsupported(message_type), correlation)

    def _echo(self, theirs: Heartbeat, correlation: int) -> None:
        """At once, to whoever asks: a round trip can be measured by it."""
        if correlation:
            sequence = Sequence(self._link.sequence)
            self._say(Heartbeat(TimeNs(self._now_ns()), sequence=sequence, echo_ns=theirs.time_ns), correlation)

    def _refuse(self, message_type: int, correlation: int, error: Exception) -> None:
        told = known(error)
        if told is None:
            raise error
        if isinstance(told, TooMany):
            self._say(Throttled(retry_ms=told.retry_after_s * 1_000), correlation)
        elif message_type == MessageType.LOGIN:
            self._say(LoginRefused(LoginRefusal.SESSION_ENDED, str(told)), correlation)
        elif message_type == MessageType.SUBSCRIBE:
            self._say(SubscribeRefused(str(told), told.code), correlation)
        else:
            self._say(QueryRefused(told.code, str(told)), correlation)

    def _refuse_command(self, error: ClientError, correlation: int) -> None:
        self._refuse(MessageType.NEW_ORDERS, correlation, error)

    async def _login(self, login: Login, correlation: int) -> None:
        if login.method == LoginMethod.WEB:
            await self._sign_in(login.token)
        self._tell_who(correlation)

    async def _sign_in(self, token: bytes) -> None:
        person = await self._sign_ins.guard(self.host, lambda: self._people.of_token(token, self.host))
        self.belong_to(person)
        self._balances = dict(person.client.exchange.balances.balances)

    def _tell_who(self, correlation: int) -> None:
        client = self.person.client if self.person is not None else None
        accepted = client.exchange.accepted if client is not None else None
        head = client.exchange.stream.next - 1 if client is not None else 0
        message = msgspec.structs.replace(
            accepted or LoginAccepted(scopes=1),
            account_sequence=head,
            sequence=Sequence(self._link.sequence),
            server_time_ns=TimeNs(self._now_ns()),
            subscriptions_max=self.limits.channels_per_socket_max,
        )
        self._say(message, correlation)

    async def _pass_on(self, client: Client, block: bytes, correlation: int) -> None:
        """Ask the exchange, and give its blocks back."""
        found: dict[int, Message] = {}

        def gather(message: Message) -> list[Message] | None:
            found[int(getattr(message, "page", 0))] = message
            return list(found.values()) if len(found) >= int(getattr(message, "pages", 0)) else None

        pending = client.exchange.ask_block(block, gather, timeout_ns=TIMEOUT_NS, paged=True)
        for message in await client.wait_for(pending):
            self._say(message, correlation)

    async def _gap(self, request: GapRequest, correlation: int) -> None:
        person = self._own()
        events = await person.client.events(request.first, min(request.last, request.first + 255))
        self._report(events, correlation)

    # Channels.

    async def _subscribe(self, asked: Subscribe, correlation: int) -> None:
        meaning = name_of(asked)
        if meaning.text not in self.channels and len(self.channels) >= self.limits.channels_per_socket_max:
            raise GatewayError("too many channels of one socket", code="E_SUBSCRIPTIONS")
        channel = await self._hub.join_channel(meaning, self)
        assert isinstance(channel, BlockChannel)
        self.outbox.drop(channel)
        self.channels[meaning.text] = channel
        self._by_subscription[channel.subscription] = channel
        fields = (asked.channel, MarketId(asked.market), asked.depth, asked.group_ticks, asked.rate, asked.interval)
        self._say(Subscribed(channel.subscription, *fields), correlation)
        text = channel.snapshot(self.form)
        if text is not None:
            self.put_text(text)

    async def _unsubscribe(self, subscription: int) -> None:
        channel = self._by_subscription.pop(subscription, None)
        if channel is not None:
            self.channels.pop(channel.name.text, None)
            await self._hub.leave(channel, self)
            self.outbox.drop(channel)

    # Saying.

    def _report(self, events: list[Event], correlation: int) -> None:
        for block in reports(events, correlation, now_ns=self._now_ns()):
            self.put_text(block)

    def _say(self, message: Message, correlation: int) -> None:
        self.put_text(encode(message, correlation))

    def _own(self) -> Person:
        if self.person is None or self.person.has_ended:
            raise Unauthorized("sign in first")
        return self.person

    def _now_ns(self) -> int:
        try:
            return self._link.now_ns()
        except GatewayError:
            return 0


def _decoded(message_type: int, payload: bytes, kind: type[Any]) -> Any:
    message = decode(message_type, payload)
    assert isinstance(message, kind)
    return message
