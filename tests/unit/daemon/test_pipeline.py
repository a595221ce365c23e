"""In which order a frame is written, applied and published, and what follows it."""

from mexchange.codec import encode
from mexchange.core.engine import Engine
from mexchange.daemon.frame import Frame, Request
from mexchange.daemon.pipeline import Pipeline
from mexchange.daemon.sequencer import Sequencer
from mexchange.domain.commands import CreateAsset
from mexchange.protocol.server_session import ServerSession
from tests.fakes.own_journal import ManualClock


class Notebook(Engine):
    """An engine that notes what it is given."""

    notes: list[str]

    def apply_batch(self, blocks: bytes, first_sequence: int, time_ns: int) -> bytes:
        self.notes.append(f"apply {first_sequence}")
        return super().apply_batch(blocks, first_sequence, time_ns)


class Office:
    """A pipeline between a sequencer and a disk that is done when the test says so."""

    def __init__(self) -> None:
        clock = ManualClock(1)
        self.notes: list[str] = []
        self.sent: list[bytes] = []
        self.writing: list[Frame] = []
        self.engine = Notebook()
        self.engine.notes = self.notes
        self.sequencer = Sequencer(
            next_sequence=1, last_time_ns=0, clock=clock.time_ns, commands_max=100, bytes_max=1 << 20
        )
        self.pipeline = Pipeline(
            engine=self.engine,
            sequencer=self.sequencer,
            writer=self,
            has_room=lambda _: True,
            publish=self._publish,
            refuse=lambda _: None,
            send=lambda _, block: self.sent.append(block),
            clock=clock,
        )

    def offer(self, symbol: str) -> None:
        block = encode(CreateAsset(symbol))
        kind = int.from_bytes(block[2:4], "little")
        self.sequencer.offer(Request(None, None, 0, kind, 0, block, 1, yields=False))

    def write(self, frame: Frame) -> None:
        self.notes.append(f"write {frame.first_sequence}")
        self.writing.append(frame)

    def seal(self) -> None:
        self.notes.append("seal")

    def synced(self) -> None:
        """As the daemon does it."""
        self.pipeline.committed(self.writing.pop(0))
        self.notes.append("send")
        self.pipeline.pump()
        self.pipeline.rest()

    def _publish(self, frame: Frame) -> None:
        assert self.engine.sequence == frame.last_sequence, "views may ask the engine about this frame"
        assert frame.records
        self.notes.append(f"publish {frame.first_sequence}")
        self.pipeline.pump()  # a view that has a command of its own


def test_the_next_frame_is_with_the_disk_while_one_is_published_and_with_the_engine_afterwards() -> None:
    office = Office()
    office.offer("A")
    office.pipeline.pump()
    office.offer("B")
    office.offer("C")
    office.pipeline.pump()
    office.synced()
    assert office.notes == ["write 1", "apply 1", "write 2", "publish 1", "send", "apply 2"]
    del office.notes[:]
    office.synced()
    assert office.notes == ["publish 2", "send", "seal"]
    assert office.pipeline.durable_sequence == 3
    assert office.pipeline.is_idle


def test_answers_wait_for_the_frame_in_flight() -> None:
    office = Office()
    session = object.__new__(ServerSession)
    office.pipeline.answer(session, b"1")
    office.offer("A")
    office.pipeline.pump()
    office.pipeline.answer(session, b"2")
    assert office.sent == [b"1"]
    office.synced()
    assert office.sent == [b"1", b"2"]
