"""What the daemon asked of the system, in order, as `strace` saw it: writes of frames, syncs, datagrams."""

import re
import struct
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from mexchange.store.frame import FRAME_MAGIC_BYTES, FrameType

STRACE: Final = (
    "strace",
    "-D",
    "-f",
    "-q",
    "-xx",
    "-s",
    "1300",
    "-e",
    "trace=pwrite64,fdatasync,sendto,sendmsg,sendmmsg",
)
END_S: Final = 60
_WHOLE: Final = re.compile(r"(\d+) +(\w+)\((.*)\) += (-?\d+)")
_BEGUN: Final = re.compile(r"(\d+) +(\w+)\((.*) <unfinished \.\.\.>")
_ENDED: Final = re.compile(r"(\d+) +<\.\.\. (\w+) resumed>.*\) += (-?\d+)")
_TEXT: Final = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_FRAME: Final = struct.Struct("<IHHIIQQ")


class Step(NamedTuple):
    """The beginning or the end of a call."""

    thread: int
    call: str
    arguments: str
    result: int | None
    """None: it begins."""


class Verdict(NamedTuple):
    """What a trace shows."""

    frames: int
    syncs: int
    datagrams: int
    """That name a sequence and were found in the trace."""
    early: list[int]
    """Sequences that left before they were durable."""


def steps(path: Path) -> Iterator[Step]:
    """In the order in which the calls were begun and ended."""
    begun: dict[tuple[int, str], str] = {}
    for line in path.read_text().splitlines():
        if match := _BEGUN.fullmatch(line):
            thread, call, arguments = int(match[1]), match[2], match[3]
            begun[thread, call] = arguments
            yield Step(thread, call, arguments, None)
        elif match := _ENDED.match(line):
            thread, call = int(match[1]), match[2]
            yield Step(thread, call, begun.pop((thread, call)), int(match[3]))
        elif match := _WHOLE.match(line):
            thread, call, arguments = int(match[1]), match[2], match[3]
            yield Step(thread, call, arguments, None)
            yield Step(thread, call, arguments, int(match[4]))


def wait_for_end(path: Path, process: int) -> None:
    """The tracer runs beside the traced process (-D), and writes a little longer."""
    deadline = time.monotonic() + END_S
    while not re.search(rf"^{process} +\+\+\+ ", path.read_text(), re.MULTILINE):
        assert time.monotonic() < deadline, "strace did not see the end of the daemon"
        time.sleep(0.02)


def judge(path: Path, named: Mapping[bytes, int]) -> Verdict:
    """Did every datagram of `named` (bytes → the greatest sequence that it tells of) leave after the sync of that.

    A sequence is durable when an fdatasync has returned that began after the write of its frame had returned.
    """
    written: dict[str, int] = {}
    covered: dict[int, int] = {}
    durable = frames = syncs = datagrams = 0
    early: list[int] = []
    for step in steps(path):
        file = step.arguments.partition(",")[0]
        match step.call, step.result:
            case "pwrite64", int(result) if result > 0:
                last = _last_sequence(_text(step.arguments))
                frames += last > 0
                written[file] = max(written.get(file, 0), last)
            case "fdatasync", None:
                covered[step.thread] = written.get(file, 0)
            case "fdatasync", 0:
                syncs += 1
                durable = max(durable, covered[step.thread])
            case (("sendto" | "sendmsg" | "sendmmsg"), None):
                sequence = named.get(_text(step.arguments))
                if sequence is not None:
                    datagrams += 1
                    if sequence > durable:
                        early.append(sequence)
            case _:
                pass
    return Verdict(frames, syncs, datagrams, early)


def _text(arguments: str) -> bytes:
    match = _TEXT.search(arguments)
    return bytes.fromhex(match[1].replace("\\x", "")) if match else b""


def _last_sequence(written: bytes) -> int:
    """Of a frame of commands, 0 if it is anything else."""
    if len(written) < _FRAME.size or not written.startswith(FRAME_MAGIC_BYTES):
        return 0
    _, _, kind, _, count, _, first_sequence = _FRAME.unpack_from(written)
    return int(first_sequence) + int(count) - 1 if kind == FrameType.COMMANDS else 0
