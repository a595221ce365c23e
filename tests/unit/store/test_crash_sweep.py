"""Power is cut in the middle of every write, sync, rename and removal; nothing promised is lost, nothing invented.

Each planted bug must turn the same sweep red: a checker that cannot fail proves nothing.
"""

import random
from collections.abc import Callable
from functools import partial

import pytest

from mexchange.store.errors import StoreError
from mexchange.store.frame import FRAME_HEADER_BYTES, Body, FrameType
from mexchange.store.journal import Journal
from mexchange.store.segment import SegmentHeader
from mexchange.world.disk import File
from tests.fakes.disk import SimulatedDisk, SimulatedFile
from tests.unit.store.crash_run import sweep


@pytest.mark.parametrize("part", range(4))
def test_nothing_promised_is_lost_wherever_the_power_goes(seed: int, part: int) -> None:
    rng = random.Random(seed + part)
    assert sweep(rng.getrandbits(32), steps=40) > 100


@pytest.mark.soak
@pytest.mark.parametrize("part", range(20))
def test_nothing_promised_is_lost_in_long_lives(seed: int, part: int) -> None:
    rng = random.Random(seed + part)
    for steps in (20, 40, 80, 160):
        assert sweep(rng.getrandbits(32), steps=steps) > 40


def forget_to_sync_frames(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Journal, "sync", lambda journal: setattr(journal, "_in_flight", False))


def forget_to_sync_the_header(patch: pytest.MonkeyPatch) -> None:
    begin = Journal._begin_segment

    def begin_segment(journal: Journal, header: SegmentHeader) -> tuple[File, SegmentHeader]:
        with pytest.MonkeyPatch.context() as inner:
            inner.setattr(Journal, "_sync", lambda *_: None)
            return begin(journal, header)

    patch.setattr(Journal, "_begin_segment", begin_segment)


def forget_to_sync_a_new_segment_name(patch: pytest.MonkeyPatch) -> None:
    _forget_folder_syncs(patch, after=".mxj")


def forget_to_sync_a_compressed_segment_name(patch: pytest.MonkeyPatch) -> None:
    _forget_folder_syncs(patch, after=".mxj.z")


def forget_to_sync_a_snapshot_name(patch: pytest.MonkeyPatch) -> None:
    _forget_folder_syncs(patch, after=".mxs")


def _forget_folder_syncs(patch: pytest.MonkeyPatch, *, after: str) -> None:
    sync_folder = SimulatedDisk.sync_folder

    def sync_some(disk: SimulatedDisk, folder: str) -> None:
        disk.check_alive()
        last = disk.operations[-1]
        if not (last.startswith("rename") and last.endswith(after)):
            sync_folder(disk, folder)

    patch.setattr(SimulatedDisk, "sync_folder", sync_some)


def forget_to_sync_a_snapshot(patch: pytest.MonkeyPatch) -> None:
    _forget_syncs(patch, ".mxs.tmp")


def forget_to_sync_a_compressed_segment(patch: pytest.MonkeyPatch) -> None:
    _forget_syncs(patch, ".mxj.z.tmp")


def _forget_syncs(patch: pytest.MonkeyPatch, suffix: str) -> None:
    sync = SimulatedFile.sync

    def sync_some(file: SimulatedFile) -> None:
        if not file.path.endswith(suffix):
            sync(file)

    patch.setattr(SimulatedFile, "sync", sync_some)


def write_two_frames_between_syncs(patch: pytest.MonkeyPatch) -> None:
    """The first one lost and the second one kept looks like damage."""
    append = Journal._append

    def append_two(journal: Journal, type: FrameType, body: Body, *, count: int, time_ns: int) -> None:  # noqa: A002
        if type is FrameType.COMMANDS:
            append(journal, FrameType.FEATURE, bytes(600), count=0, time_ns=journal.time_ns)
            journal._in_flight = False
        append(journal, type, body, count=count, time_ns=time_ns)

    patch.setattr(Journal, "_append", append_two)


def keep_the_seal(patch: pytest.MonkeyPatch) -> None:
    """A seal that is not written over: lost before a whole frame, it looks like damage."""
    seal = Journal.seal

    def seal_for_good(journal: Journal) -> None:
        seal(journal)
        if journal._fits(FRAME_HEADER_BYTES):
            journal._position += FRAME_HEADER_BYTES

    patch.setattr(Journal, "seal", seal_for_good)


BUGS: list[Callable[[pytest.MonkeyPatch], None]] = [
    forget_to_sync_frames,
    forget_to_sync_the_header,
    forget_to_sync_a_new_segment_name,
    forget_to_sync_a_compressed_segment_name,
    forget_to_sync_a_snapshot_name,
    forget_to_sync_a_snapshot,
    forget_to_sync_a_compressed_segment,
    keep_the_seal,
    write_two_frames_between_syncs,
]


@pytest.mark.parametrize("plant", BUGS, ids=lambda plant: plant.__name__)
def test_a_planted_bug_is_found(plant: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    with pytest.raises((AssertionError, StoreError)) as caught:
        list(map(partial(sweep, steps=40), range(40)))
    assert "the life was not the same as before" not in str(caught.value)
    print(f"{plant.__name__}: {caught.value!r}")
