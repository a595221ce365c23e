"""Where a bench writes: the file system decides what a sync is worth."""

import os
import subprocess
from pathlib import Path


def file_system_of(folder: Path) -> tuple[str, str]:
    """Kind and mount point, as ("ext4", "/"). ("unknown", "") where the system does not say."""
    mounts = Path("/proc/self/mounts")
    if not mounts.exists():
        return _by_df(folder), ""
    found = ("unknown", "")
    for line in mounts.read_text().splitlines():
        _, mount, kind = line.split()[:3]
        mount = mount.replace("\\040", " ")
        # The last line for a mount point hides those before it.
        if folder.resolve().is_relative_to(mount) and len(mount) >= len(found[1]):
            found = (kind, mount)
    return found


def available_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _by_df(folder: Path) -> str:
    listing = subprocess.run(["mount"], capture_output=True, text=True, check=False).stdout
    root = [line for line in listing.splitlines() if f" on {folder.anchor} (" in line]
    return root[0].split("(")[1].split(",")[0] if root else "unknown"
