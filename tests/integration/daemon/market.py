"""A real daemon in a process of its own, and blocking visitors that talk to it over loopback."""

import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from mexchange.codec import MessageType, decode, encode
from mexchange.codec.events import decode_reports
from mexchange.codec.messages import LoginAccepted, LoginRefused, Message, Reports
from mexchange.config import daemon_run, keys, paths
from mexchange.config.daemon_run import DaemonRun
from mexchange.domain.events import Event
from mexchange.protocol.client_events import BlockReceived, ClientEvent, LoggedIn, Refused
from mexchange.protocol.client_session import ClientSession
from mexchange.protocol.login import EnrollLogin, KeyLogin, LoginChoice
from mexchange.protocol.server_key import ServerPin

PROGRAM: Final = ("-m", "mexchange.daemon")
READY_S: Final = 60
ANSWER_S: Final = 30
HISTORY_S: Final = 60


class Market:
    """A daemon on a data directory, started and ended as the test wants."""

    def __init__(self, data: Path, **environ: str) -> None:
        self.data = data
        self._log = data.parent / f"{data.name}.log"
        self._environ = environ
        self.process: subprocess.Popen[bytes] | None = None
        self._visitors: list[Visitor] = []

    def start(
        self, *, wrap: Sequence[str] = (), demo: bool = True, port: int = 0, program: Sequence[str] = PROGRAM
    ) -> DaemonRun:
        """Start and wait until it listens. `wrap` stands before Python, `program` behind it."""
        begun_ns = time.time_ns()
        self.launch(wrap=wrap, demo=demo, port=port, program=program)
        return self.wait_ready(begun_ns)

    def launch(
        self, *, wrap: Sequence[str] = (), demo: bool = True, port: int = 0, program: Sequence[str] = PROGRAM
    ) -> None:
        """Start and do not wait."""
        words = [*wrap, sys.executable, *program, "--data-dir", os.fspath(self.data), "--port", str(port)]
        environ = {**os.environ, **self._environ}
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(words + (["--demo"] if demo else []), stdout=log, stderr=log, env=environ)

    def wait_ready(self, begun_ns: int) -> DaemonRun:
        """It was launched at that wall time; returns when it listens."""
        assert self.process is not None
        deadline = time.monotonic() + READY_S
        while time.monotonic() < deadline:
            run = daemon_run.read(self.data)
            if run is not None and run.started_ns >= begun_ns:
                return run
            assert self.process.poll() is None, f"ended with {self.process.returncode}: {self.log()}"
            time.sleep(0.005)
        raise AssertionError(f"not ready: {self.log()}")

    def wait_for_history(self) -> None:
        """Return when the past can be asked for: its tables are made by another process, after the market opened."""
        from mexchange.client.blocking import BlockingClient
        from mexchange.client.connection import Connection

        run, deadline = self.run(), time.monotonic() + HISTORY_S
        where = Connection(host=run.host, port=run.port, expected_key=bytes.fromhex(run.server_key))
        with BlockingClient.connect(where) as client:
            while client.status().counters["history_lag_commands"]:
                assert time.monotonic() < deadline, f"no history: {self.log()}"
                time.sleep(0.1)

    def run(self) -> DaemonRun:
        """Where it listens, or did the last time."""
        run = daemon_run.read(self.data)
        assert run is not None
        return run

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(READY_S)

    def kill(self) -> None:
        """kill -9."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(READY_S)

    def log(self) -> str:
        """What it wrote."""
        return self._log.read_text()

    def visit(self, login: LoginChoice | None = None) -> "Visitor":
        """Somebody who logs in; by default a new device."""
        visitor = Visitor(self.run(), login or EnrollLogin(own_seed(), "a test's device"))
        self._visitors.append(visitor)
        return visitor

    def end(self) -> None:
        """Whatever is left of it."""
        for visitor in self._visitors:
            visitor.close()
        if self.process is not None and self.process.poll() is None:
            self.kill()

    def visit_as_operator(self) -> "Visitor":
        """With the key that the daemon made for its operator."""
        seed = keys.read(paths.local_operator_key_file(self.data))
        assert seed is not None
        return self.visit(key_login(seed))


def own_seed() -> bytes:
    """A device key that nobody else has."""
    return os.urandom(keys.SEED_BYTES)


def key_login(seed: bytes) -> KeyLogin:
    """With a key that is on record."""
    from mexchange.identity.directory import key_id_of
    from mexchange.protocol.login import public_key_of

    return KeyLogin(key_id_of(public_key_of(seed)), seed)


class Visitor:
    """A blocking client: the protocol's own session over a socket."""

    def __init__(self, run: DaemonRun, login: LoginChoice) -> None:
        self.login = login
        self._address = (run.host, run.port)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self.session = ClientSession(
            login=login, pin=ServerPin(expected=bytes.fromhex(run.server_key)), random=os.urandom
        )
        self.inbox: list[tuple[int, int, bytes]] = []
        self.events: list[Event] = []
        """Of the account's stream and of answers, in the order of their arrival."""
        self.accepted: LoginAccepted | None = None
        self.refused: LoginRefused | None = None
        self.session.start(time.monotonic_ns())
        try:
            self.wait(lambda: self.accepted or self.refused)
        except BaseException:  # nobody will ever hold this visitor, so nobody else would close it
            self._socket.close()
            raise

    @property
    def account(self) -> int:
        """Who we are."""
        assert self.accepted is not None, self.refused
        return int(self.accepted.account)

    def ask(self, message: Message | bytes, *, timeout_s: float = ANSWER_S) -> list[Message]:
        """The blocks that come with the question's correlation, until the first turn that brings one.

        A question that was asked again, because its answer took long, is answered twice: what came twice counts once.
        """
        block = message if isinstance(message, bytes) else encode(message)
        correlation = self.session.request(block, time.monotonic_ns())
        begin = len(self.inbox)

        def answers() -> list[Message]:
            return [
                decode(message_type, payload)
                for message_type, echoed, payload in dict.fromkeys(self.inbox[begin:])
                if echoed == correlation
            ]

        self.wait(lambda: bool(answers()), timeout_s=timeout_s)
        return answers()

    def tell(self, block: bytes) -> int:
        """Send a reliable request and do not wait; its correlation."""
        correlation = self.session.request(block, time.monotonic_ns(), settled_by_caller=True)
        self._send()
        return correlation

    def send_raw(self, datagram: bytes) -> None:
        """Past the session."""
        self._socket.sendto(datagram, self._address)

    def wait_event(self, wanted: Callable[[Event], bool], *, timeout_s: float = ANSWER_S) -> Event:
        """The first event, already here or yet to come, that is wanted."""
        self.wait(lambda: any(map(wanted, self.events)), timeout_s=timeout_s)
        return next(event for event in self.events if wanted(event))

    def wait(self, done: Callable[[], object], *, timeout_s: float = ANSWER_S) -> None:
        """Live until something is true. AssertionError after the time."""
        deadline = time.monotonic() + timeout_s
        while not done():
            assert time.monotonic() < deadline, f"waited {timeout_s} s in vain"
            self.turn()

    def turn(self, timeout_s: float = 0.01) -> None:
        """One turn of a client's loop."""
        self._send()
        if select.select([self._socket], [], [], timeout_s)[0]:
            try:
                while True:
                    self._receive(self._socket.recv(2048))
            except BlockingIOError:
                pass
        self.session.tick(time.monotonic_ns())
        self._listen()

    def _receive(self, datagram: bytes) -> None:
        self.session.receive(datagram, time.monotonic_ns())

    def _listen(self) -> None:
        for event in self.session.events():
            self._hear(event)

    def _hear(self, event: ClientEvent) -> None:
        match event:
            case LoggedIn():
                self.accepted = event.accepted
            case Refused():
                self.refused = event.login_refused
            case BlockReceived():
                self._take(event)
            case _:
                pass

    def _send(self) -> None:
        for datagram in self.session.datagrams(time.monotonic_ns()):
            self._socket.sendto(datagram, self._address)

    def _take(self, received: BlockReceived) -> None:
        self.inbox.append((received.type, received.correlation, received.payload))
        if received.type == MessageType.REPORTS:
            reports = decode(received.type, received.payload)
            assert isinstance(reports, Reports)
            self.events += decode_reports(reports)
            if received.correlation:
                self.session.settle(received.correlation)

    def close(self) -> None:
        """Leave. Nothing happens the second time."""
        if self._socket.fileno() < 0:
            return
        self.session.stop(time.monotonic_ns())
        self.turn(0)
        self._socket.close()
