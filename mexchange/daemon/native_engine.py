"""The engine in Rust with the face of the one in Python: the same errors, and single commands for people and tests.

Importing this fails with ImportError where the module was not built.
"""

from mexchange.codec import CodecError, Malformed, UnknownMessage, encode
from mexchange.codec.events import decode_records
from mexchange.core.snapshot import BadSnapshot
from mexchange.domain.commands import Command
from mexchange.domain.events import Event
from mexchange.native import _native


class NativeEngine:
    """Implements engine_choice.Engine. A failed assertion in Rust is an AssertionError here."""

    __slots__ = ("_engine",)

    def __init__(self, engine: _native.Engine | None = None) -> None:
        self._engine = _native.Engine() if engine is None else engine

    @property
    def sequence(self) -> int:
        """Of the last command applied."""
        return self._engine.sequence

    @property
    def time_ns(self) -> int:
        """Of the last frame applied."""
        return self._engine.time_ns

    @property
    def next_expiry_ns(self) -> int | None:
        """When the first of the open orders that expire does; None if there is none."""
        return self._engine.next_expiry_ns

    @property
    def features(self) -> dict[int, int]:
        """Changes of behaviour in force: number → the first sequence that they are in force for."""
        return self._engine.features

    def enable(self, feature: int, sequence: int) -> bool:
        """From `sequence` on, behind the last command, it is in force. False: this version does not know it."""
        return self._engine.enable(feature, sequence)

    def apply(self, command: Command, sequence: int, time_ns: int) -> list[Event]:
        """One command."""
        return decode_records(self.apply_batch(encode(command), sequence, time_ns))

    def apply_batch(self, blocks: bytes, first_sequence: int, time_ns: int) -> bytes:
        """Records of 80 bytes. Malformed and UnknownMessage, with part of the batch applied."""
        try:
            return self._engine.apply_batch(blocks, first_sequence, time_ns)
        except (_native.Malformed, _native.UnknownMessage) as error:
            raise _codec_error(error) from None

    def preview(self, blocks: bytes, time_ns: int) -> bytes:
        """The records that `apply_batch` would return now. Malformed, UnknownMessage."""
        try:
            return self._engine.preview(blocks, time_ns)
        except (_native.Malformed, _native.UnknownMessage) as error:
            raise _codec_error(error) from None

    def query(self, block: bytes) -> list[bytes]:
        """Reply blocks. Malformed, UnknownMessage."""
        try:
            return self._engine.query(block)
        except (_native.Malformed, _native.UnknownMessage) as error:
            raise _codec_error(error) from None

    def snapshot(self) -> bytes:
        """The whole state."""
        return self._engine.snapshot()

    @classmethod
    def restore(cls, data: bytes) -> "NativeEngine":
        """The engine that `snapshot` was taken of. Raises BadSnapshot."""
        try:
            return cls(_native.Engine.restore(data))
        except _native.BadSnapshot as error:
            raise BadSnapshot(str(error)) from None

    def state_hash(self) -> bytes:
        """32 bytes that stand for the whole state."""
        return self._engine.state_hash()


def _codec_error(error: _native.Malformed | _native.UnknownMessage) -> CodecError:
    if isinstance(error, _native.UnknownMessage):
        return UnknownMessage(*error.args)
    return Malformed(*error.args)
