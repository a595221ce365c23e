"""All parts of a running daemon and the three things that move it: datagrams, finished syncs, the clock.

    _receive   datagrams ─► sessions ─► ingress ─► sequencer      then send what is to be sent, then start a frame
    _synced    frame ─► reports, views, answers ─► send           then perhaps a snapshot, then the next frame
    _tick      every 20 ms: heartbeats, conflated channels, expiry, room on the disk

A failure anywhere ends in `_fail`: the daemon goes mute at once and `serve` returns.
"""

import asyncio
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from mexchange import __version__
from mexchange.codec import encode
from mexchange.config.daemon import DaemonSettings
from mexchange.daemon import data_folder
from mexchange.daemon import demo as bootstrap
from mexchange.daemon.accounts import Accounts
from mexchange.daemon.background import Background
from mexchange.daemon.balances import Balances
from mexchange.daemon.clerk import Clerk
from mexchange.daemon.commit_feed import CommitFeed
from mexchange.daemon.engine_choice import EngineChoice
from mexchange.daemon.facts import FactSources, file_system_of
from mexchange.daemon.frame import Frame, Request
from mexchange.daemon.history import open_history
from mexchange.daemon.identity_office import open_identity
from mexchange.daemon.ingress import Ingress
from mexchange.daemon.journal_writer import JournalWriter
from mexchange.daemon.key_limits import KeyLimits
from mexchange.daemon.market_data import MarketData
from mexchange.daemon.orders import RecentOrders
from mexchange.daemon.own_commands import OwnCommands
from mexchange.daemon.pipeline import Pipeline, PoisonCommand
from mexchange.daemon.previews import Previews
from mexchange.daemon.queries import Queries
from mexchange.daemon.reading.desk import HistoryDesk
from mexchange.daemon.reading.reader import HistoryReader
from mexchange.daemon.reception import Reception
from mexchange.daemon.recovery import Restart
from mexchange.daemon.reports import AccountStreams
from mexchange.daemon.room import Room
from mexchange.daemon.sequencer import Sequencer
from mexchange.daemon.snapshotter import Snapshotter
from mexchange.daemon.status import Status
from mexchange.daemon.wallet.wallet import Wallet
from mexchange.domain.commands import AdvanceTime, Command
from mexchange.domain.rejects import RejectReason
from mexchange.protocol.limits import HandshakeLimit
from mexchange.protocol.packet import Address
from mexchange.protocol.server_events import Blocks, LoginAsked, ServerEvent, SessionGone
from mexchange.protocol.server_key import fingerprint
from mexchange.protocol.server_session import ServerSession
from mexchange.protocol.session_table import Heads, ServerSettings, SessionTable
from mexchange.store.disk import RealDisk
from mexchange.store.errors import StoreError
from mexchange.store.journal import Journal
from mexchange.telemetry import logs
from mexchange.telemetry.metrics import Registry
from mexchange.transport.udp_server import UdpServer
from mexchange.world.clock import Clock
from mexchange.world.disk import Disk

MS_NS: Final = 1_000_000
TICK_S: Final = 0.02
TABLE_TICKS: Final = 4
"""Heartbeats and dead sessions are looked after every so many ticks, the disk's room every `ROOM_TICKS`."""
ROOM_TICKS: Final = 10
KEYS_TICKS: Final = 25
"""Half a second: so long a revoked key still works."""
HISTOGRAM_TICKS: Final = 1_500


class _Outbox:
    """Implements views.Outbox. Exists before what it leads to, so that the parts can be built in one pass."""

    def __init__(self) -> None:
        self.send: Callable[[ServerSession, bytes], object]
        self.answer: Callable[[ServerSession, bytes], object]


class Daemon:
    """One exchange on one data directory, whose lock the caller holds. Nothing runs before `serve`."""

    def __init__(
        self,
        settings: DaemonSettings,
        *,
        data: Path,
        disk: Disk,
        clock: Clock,
        udp: UdpServer,
        engine: EngineChoice,
        demo: bool,
        let_go: Callable[[], None] = lambda: None,
    ) -> None:
        """Recover, and build everything. `let_go`: what a forked child closes first.

        Raises StoreError, ConfigError, PoisonCommand.
        """
        self._settings = settings
        self._data = data
        self._disk = disk
        self._clock = clock
        self._udp = udp
        self._choice = engine
        self._log = logs.get("daemon")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = asyncio.Event()
        self._rested = asyncio.Event()
        self._ticks = 0
        self.failure: BaseException | None = None
        """Why `serve` returned, if it was not asked to."""
        self.started_time_ns: Final = clock.time_ns()
        self._metrics = Registry()
        self._sync_ns = self._metrics.histogram("sync_ns")
        self._clerk = Clerk("clerk")
        try:
            self._identity = self._clerk.run(open_identity(data, settings, demo=demo))
        except BaseException:
            self._clerk.stop()
            raise
        try:
            self._build(demo=demo, let_go=let_go)
        except BaseException:
            self._clerk.stop(self._identity.database.close)
            raise

    def _build(self, *, demo: bool, let_go: Callable[[], None]) -> None:
        self._journal = Journal(self._disk, segment_bytes=self._settings.segment_bytes)
        self._room = Room(self._journal, self._disk, self._settings.free_bytes_min)
        self._outbox = _Outbox()
        self._build_sessions()
        self._recover(demo=demo, let_go=let_go)
        self._build_pipeline()
        self._build_ingress(demo=demo)

    # Building, in the order of the way up.

    def _build_sessions(self) -> None:
        static_key = data_folder.server_key(self._data)
        self.server_key = static_key.public
        self.boot_id = int.from_bytes(os.urandom(8), "little")
        self._table = SessionTable(
            static_key=static_key,
            boot_id=self.boot_id,
            random=os.urandom,
            now_ns=self._clock.monotonic_ns(),
            time_ns=self.started_time_ns,
            heads=self._heads,
            settings=_session_settings(self._settings),
        )
        self._outbox.send = self._table.send

    def _recover(self, *, demo: bool, let_go: Callable[[], None]) -> None:
        begin_ns = self._clock.monotonic_ns()
        restart = Restart(self._disk, self._clock, self._choice.kind)
        self._engine = restart.engine
        self._build_feed(demo=demo)
        restart.replay(self._feed.parts, self._feed.replay, next_sequence=self._journal.next_sequence)
        restart.switch_on(self._journal)
        if demo:
            bootstrap.prepare_market(self._engine, self._journal, self._clock, self._feed.replay)
        self._feed.ready()
        self._snapshotter = Snapshotter(
            engine=self._engine,
            disk=self._disk,
            parts=self._feed.parts,
            clock=self._clock,
            replay_ns_max=self._settings.snapshot_replay_ms * MS_NS,
            last_sequence=restart.snapshot_sequence,
            in_child=isinstance(self._disk, RealDisk),
            let_go=let_go,
        )
        self._snapshotter.measured(restart.commands, restart.replay_ns)
        restart.say(self._journal, self._clock.monotonic_ns() - begin_ns)

    def _build_feed(self, *, demo: bool) -> None:
        engine, outbox, limits = self._engine, self._outbox, self._settings.limits
        self._accounts = Accounts()
        self._streams = AccountStreams(
            ring_events=limits.event_ring_events,
            gap_events_max=limits.gap_events_max,
            outbox=outbox,
            sessions_of=self._table.sessions_of,
        )
        self._background = Background(on_failure=self._fail, on_done=self._flush)
        commands = OwnCommands(self._submit, clock=self._clock, random=os.urandom)
        self._wallet = Wallet(
            self._settings.wallet,
            database=self._settings.database,
            data=self._data,
            gift=bootstrap.FAUCET if demo else None,
            rules=bootstrap.WITHDRAWALS if demo else {},
            engine=engine,
            accounts=self._accounts,
            commands=commands,
            background=self._background,
            outbox=outbox,
            clock=self._clock,
        )
        self._history = open_history(self._settings, data=self._data, disk=self._disk, engine=engine)
        market_data = MarketData(outbox=outbox, engine=engine)
        self._history_desk = HistoryDesk(
            reader=None if self._history is None else HistoryReader(self._history.place, self._post_and_flush),
            outbox=outbox,
            durable_sequence=lambda: self._pipeline.durable_sequence,
            market_data=market_data,
        )
        archive = None if self._history is None else self._history_desk
        self._orders = RecentOrders(outbox=outbox, engine=engine, archive=archive)
        self._feed = CommitFeed(
            streams=self._streams,
            accounts=self._accounts,
            commands=commands,
            views=(
                market_data,
                self._orders,
                Balances(outbox=outbox, engine=engine, sessions_of=self._table.sessions_of),
                Queries(outbox=outbox, engine=engine),
                self._wallet.faucet,
            ),
            wallet=self._wallet,
            history=self._history,
        )

    def _build_pipeline(self) -> None:
        settings = self._settings
        self._sequencer = Sequencer(
            next_sequence=self._journal.next_sequence,  # the engine has not heard of a skipped one at the end
            last_time_ns=max(self._journal.time_ns, self._engine.time_ns),
            clock=self._clock.time_ns,
            commands_max=settings.frame_commands_max,
            bytes_max=settings.frame_bytes_max,
        )
        self._writer = JournalWriter(
            self._journal, clock=self._clock, post=self._post, on_synced=self._synced, on_failure=self._fail
        )
        self._pipeline = Pipeline(
            engine=self._engine,
            sequencer=self._sequencer,
            writer=self._writer,
            has_room=self._journal.has_room,
            publish=self._publish,
            refuse=self._refuse_unwritten,
            send=self._table.send,
            clock=self._clock,
        )
        self._outbox.answer = self._pipeline.answer

    def _build_ingress(self, *, demo: bool) -> None:
        self._reception = Reception(
            self._identity,
            data=self._data,
            clerk=self._clerk,
            post=self._post_and_flush,
            table=self._table,
            close=self._close_session,
            accounts=self._accounts,
            submit=self._submit,
            head_of=self._streams.head,
            durable_sequence=lambda: self._pipeline.durable_sequence,
            engine=self._engine,
            outbox=self._outbox,
            clock=self._clock,
            limits=self._settings.limits,
            server_key=self.server_key,
            demo=demo,
        )
        self._wallet.confirm_by(self._reception.confirmations, self._reception.audit.note)
        self._ingress = Ingress(
            sequencer=self._sequencer,
            accounts=self._accounts,
            outbox=self._outbox,
            clock=self._clock,
            metrics=self._metrics,
            is_read_only=lambda: self._room.is_read_only,
            limits=KeyLimits(engine=self._engine, order_of=self._orders.known),
            on_refused=self._reception.audit.refused,
        )
        previews = Previews(
            engine=self._engine,
            ingress=self._ingress,
            outbox=self._outbox,
            clock=self._clock,
            journal_bytes=self._journal.written_bytes,
        )
        status = Status(outbox=self._outbox, facts=self._fact_sources(demo=demo).gather)
        for handlers in (
            *self._feed.handlers(),
            *self._reception.handlers(),
            self._history_desk.handlers(),
            self._wallet.handlers(),
            previews.handlers(),
            status.handlers(),
        ):
            self._ingress.answer_with(handlers)

    def _fact_sources(self, *, demo: bool) -> FactSources:
        return FactSources(
            texts={
                "version": __version__,
                "engine": self._choice.name,
                "market": "demo" if demo else "real",
                "server_key": fingerprint(self.server_key),
                "boot_id": f"{self.boot_id:016x}",
                "file_system": file_system_of(self._data),
                "sync": "always",
            },
            mode=lambda: "read_only" if self._room.is_read_only else "normal",
            clock=self._clock,
            started_ns=self._clock.monotonic_ns(),
            sequencer=self._sequencer,
            pipeline=self._pipeline,
            journal=self._journal,
            appended_bytes_at_start=self._journal.appended_bytes,
            snapshotter=self._snapshotter,
            table=self._table,
            udp=self._udp,
            ring=self._streams.ring,
            accounts=self._accounts,
            sync_ns=self._sync_ns,
            metrics=self._metrics,
            free_bytes=self._disk.free_bytes,
            history=self._history,
        )

    # Running.

    @property
    def sequence(self) -> int:
        """Of the last durable command."""
        return self._pipeline.durable_sequence

    async def serve(self) -> None:
        """Until `ask_to_stop`, then a clean stop; or until something fails: then `failure` says what."""
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(self._on_loop_error)
        self._writer.start()
        if self._history is not None:
            self._history.start(self.sequence)
        self._history_desk.start()
        self._room.look()
        self._wallet.start()
        self._udp.start(self._loop, self._receive)
        self._clerk.beside(self._reception.deliver_mails)
        self._next_tick = self._loop.time() + TICK_S
        timer = self._loop.call_at(self._next_tick, self._tick)
        self._timer = timer
        await self._stop.wait()
        self._timer.cancel()
        await self._background.stop()
        await self._wallet.close()
        self._history_desk.stop()
        if self.failure is None:
            await self._stop_cleanly()

    def ask_to_stop(self) -> None:
        """A clean stop, soon."""
        self._stop.set()

    def release(self) -> None:
        """Give back what the constructor took. The journal is closed only by a clean stop."""
        self._snapshotter.abandon()
        self._history_desk.stop()
        if self._history is not None:
            self._history.abandon()
        self._writer.stop()
        self._clerk.stop(self._reception.close)

    async def _stop_cleanly(self) -> None:
        self._udp.stop_reading()
        self._sequencer.drop_all()
        if not self._pipeline.is_idle:
            await self._rested.wait()
        if self.failure is not None:
            return
        for session in self._table:
            self._table.close(session)
        self._flush()
        self._writer.stop()
        self._take_last_snapshot()
        self._journal.close()
        if self._history is not None:
            await self._history.stop()

    def _take_last_snapshot(self) -> None:
        try:
            self._snapshotter.take_now()
        except StoreError as error:
            self._log.warning("stopping without a snapshot: the next start replays more", reason=str(error))

    def _receive(self, datagrams: list[tuple[bytes, Address]]) -> None:
        receive, now_ns = self._table.receive, self._clock.monotonic_ns()
        for datagram, address in datagrams:
            for event in receive(datagram, address, now_ns):
                self._on_event(event)
        self._flush()
        self._pump()

    def _on_event(self, event: ServerEvent) -> None:
        match event:
            case Blocks():
                self._ingress.take(event.session, event.blocks)
            case LoginAsked():
                self._reception.ask(event)
            case SessionGone():
                self._reception.forget(event.session)
                self._feed.on_session_gone(event.session)

    def _synced(self, frame: Frame) -> None:
        """On the loop: the writer has made `frame` durable."""
        if self.failure is not None:
            return
        self._pipeline.committed(frame)
        self._flush()
        self._snapshotter.take_if_due()
        self._pump()
        self._pipeline.rest()
        if self._stop.is_set() and self._pipeline.is_idle:
            self._rested.set()

    def _publish(self, frame: Frame) -> None:
        begin_ns = self._clock.monotonic_ns()
        self._sync_ns.observe(frame.sync_ns)
        self._feed.publish(frame)
        self._snapshotter.measured(frame.count, frame.apply_ns + self._clock.monotonic_ns() - begin_ns)

    def _tick(self) -> None:
        assert self._loop is not None
        self._ticks += 1
        self._next_tick = max(self._next_tick + TICK_S, self._loop.time())
        self._timer = self._loop.call_at(self._next_tick, self._tick)
        now_ns, time_ns = self._clock.monotonic_ns(), self._clock.time_ns()
        if self._ticks % TABLE_TICKS == 0:
            for event in self._table.tick(now_ns, time_ns):
                self._on_event(event)
        self._feed.on_tick(now_ns, time_ns)
        self._advance_time(time_ns)
        if self._ticks % ROOM_TICKS == 0:
            self._room.look()
            self._snapshotter.poll()
        if self._ticks % KEYS_TICKS == 0:
            self._reception.look()
        if self._ticks % HISTOGRAM_TICKS == 0:
            self._metrics.turn()
        self._flush()
        self._pump()

    def _advance_time(self, time_ns: int) -> None:
        """Orders expire when their time comes, also when nobody says anything."""
        due_ns = self._engine.next_expiry_ns
        if due_ns is not None and due_ns <= time_ns and self._pipeline.is_idle and not self._sequencer.waiting_commands:
            self._submit([AdvanceTime()], lambda _: None)

    def _submit(self, commands: Sequence[Command], then: Callable[[bool], None]) -> None:
        """Journal commands of our own; `then` hears once whether all of them are durable."""
        for number, command in enumerate(commands, 1):
            block = encode(command)
            message_type = int.from_bytes(block[2:4], "little")
            account = int(getattr(command, "account", 0))
            last = then if number == len(commands) else None
            self._sequencer.offer(Request(None, last, 0, message_type, account, block, 1, yields=False))
        self._pump()

    def _refuse_unwritten(self, request: Request) -> None:
        if request.then is not None:
            request.then(False)
        else:
            self._ingress.refuse(request, RejectReason.READ_ONLY)

    def _heads(self, session: ServerSession) -> Heads:
        return self._pipeline.durable_sequence, self._feed.heads(session)

    def _pump(self) -> None:
        try:
            self._pipeline.pump()
        except PoisonCommand as poison:
            self._fail(poison)

    def _flush(self) -> None:
        if self.failure is None:
            self._udp.send(self._table.datagrams(self._clock.monotonic_ns()))

    # Failing.

    def _post(self, call: Callable[..., object], *arguments: object) -> None:
        assert self._loop is not None
        self._loop.call_soon_threadsafe(call, *arguments)

    def _post_and_flush(self, call: Callable[..., object], *arguments: object) -> None:
        """From another thread; what it leads to leaves at once."""

        def heard() -> None:
            if self.failure is None:
                call(*arguments)
                self._flush()

        if self._loop is not None:
            with suppress(RuntimeError):  # the loop has ended meanwhile: nobody waits any more
                self._loop.call_soon_threadsafe(heard)

    def _close_session(self, session: ServerSession) -> None:
        for event in self._table.close(session):
            self._on_event(event)

    def _fail(self, failure: BaseException) -> None:
        """Go mute at once: nothing that is queued may leave."""
        if self.failure is None:
            self.failure = failure
            self._udp.close()
            self._stop.set()
            self._rested.set()

    def _on_loop_error(self, loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        error = context.get("exception")
        self._fail(error if isinstance(error, BaseException) else RuntimeError(str(context.get("message"))))


def _session_settings(settings: DaemonSettings) -> ServerSettings:
    handshake, limits = settings.handshake, settings.limits
    return ServerSettings(
        handshakes=HandshakeLimit(handshake.per_second_per_address, 2 * handshake.per_second_per_address),
        handshakes_loopback=HandshakeLimit(handshake.per_second_loopback, 2 * handshake.per_second_loopback),
        sessions_max=limits.sessions_max,
        handshaken_max=handshake.pending_max,
        sessions_per_account_max=limits.sessions_per_account_max,
    )
