"""A real file system that is really full: a megabyte of memory, mounted in a namespace of its own."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

WORK = """
import json, sys
from pathlib import Path
from mexchange.store.disk import RealDisk
from mexchange.store.errors import DiskFull, JournalFull
from mexchange.store.journal import Journal
from mexchange.store.snapshots import Snapshot, Snapshots
from mexchange.store.verify import verify_journal

root = Path(sys.argv[1])
disk = RealDisk(root)
ballast = disk.open("ballast", create=True)
ballast.write(0, bytes(300_000))
journal = Journal(disk, segment_bytes=1 << 17)
facts = {"orders": 0, "cancels": 0}

def append(what):
    journal.append(bytes(1_000), count=1, first_sequence=journal.next_sequence, time_ns=journal.time_ns + 1)
    journal.sync()
    journal.seal()
    facts[what] += 1

while journal.prepare_next_segment():
    append("orders")
assert journal.is_nearly_full and journal.has_room(1_000)
try:
    Snapshots(disk).write(Snapshot(1, 1, bytes(32), bytes(1 << 20)))
except DiskFull:
    facts["snapshot"] = "refused"
facts["snapshots"] = disk.names("snapshots")
try:
    while True:
        append("cancels")
except JournalFull as error:
    facts["error"] = str(error)
assert not journal.has_room(1_000)
ballast.truncate(0)
assert journal.prepare_next_segment() and not journal.is_nearly_full and journal.has_room(1_000)
append("orders")
journal.close()
report = verify_journal(disk)
facts |= {"commands": report.commands, "problem": report.problem, "closed": report.is_closed}
print(json.dumps(facts))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a file system in a namespace")
def test_a_file_system_that_fills_up_keeps_room_for_cancels_and_heals(tmp_path: Path) -> None:
    unshare = shutil.which("unshare")
    assert unshare, "util-linux is part of every Linux"
    mount = 'mount -t tmpfs -o size=1m,mode=700 none "$1" && exec "$2" -c "$3" "$1"'
    done = subprocess.run(
        [unshare, "--map-root-user", "--mount", "sh", "-c", mount, "sh", str(tmp_path), sys.executable, WORK],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
    )
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    assert facts["orders"] > 300
    assert facts["cancels"] > 100
    assert "the journal has no room left" in facts["error"]
    assert (facts["snapshot"], facts["snapshots"]) == ("refused", [])
    assert facts["commands"] == facts["orders"] + facts["cancels"]
    assert (facts["problem"], facts["closed"]) == (None, True)
