"""Where the daemon's loop spends its time, from a profile of py-spy: percent of the samples in which it was at work.

    py-spy record --nonblocking --threads --rate 100 --duration 10 --format raw --output build/daemon.folded --pid PID
    python -m tests.bench.shares build/daemon.folded

A sample counts for the first stage below that has a function on its stack.
"""

import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Final

AT_WORK: Final = ("UdpServer._drain", "Daemon._synced", "Daemon._tick")
STAGES: Final = {
    "send": "UdpServer.send",
    "seal": "SecureChannel.seal",
    "open": "SecureChannel.open",
    "apply_batch": "apply_batch",
    "publish: recent orders": "RecentOrders",
    "publish: market data": "MarketData",
    "publish: spool": "History.publish",
    "publish: reports and answers": "AccountStreams",
    "publish: others": "Daemon._publish",
    "journal: hand over": "JournalWriter",
    "frame": "Sequencer",
    "ingress": "Ingress",
    "snapshot": "Snapshotter",
    "handshake": "Door.receive",
    "session: blocks, packing": "SessionTable",
    "tick": "Daemon._tick",
    "receive": "UdpServer._drain",
    "others": "",
}
"""What is on the stack, the innermost stages first."""


def main() -> int:
    """Print a line for each stage, the largest first."""
    shares = shares_of(Path(sys.argv[1]).read_text().splitlines())
    for stage, share in sorted(shares.items(), key=lambda item: -item[1]):
        print(f"{share:6.1%}  {stage}")
    return 0


def shares_of(lines: Iterable[str]) -> dict[str, float]:
    """Of each stage, 1 in sum. A line is a stack, outermost first, and how often it was seen."""
    seen: Counter[str] = Counter()
    for line in lines:
        stack, _, count = line.rpartition(" ")
        if any(name in stack for name in AT_WORK):
            seen[next(stage for stage, name in STAGES.items() if name in stack)] += int(count)
    total = seen.total()
    return {stage: count / total for stage, count in seen.items()}


if __name__ == "__main__":
    sys.exit(main())
