"""What a journal says happened to an account's commands: a second process that trusts nothing but the file.

    python -m tests.integration.client.replay DATA ACCOUNT ...

Replays from the first frame into a fresh engine. One line of JSON: account → client order id (hex) → list of
[kind, order id, sequence], one entry for each time that the engine answered a command of that id for the first time.
"""

import json
import sys
from pathlib import Path

from mexchange.codec.events import decode_records
from mexchange.core.engine import Engine
from mexchange.daemon.recovery import enable
from mexchange.domain.events import Accepted, Done, Rejected
from mexchange.store.disk import RealDisk
from mexchange.store.frame import FrameType
from mexchange.store.journal import JOURNAL_FOLDER
from mexchange.store.reader import feature_of, read_whole_segments

Answers = dict[str, list[tuple[str, int, int]]]


def replay(data: Path, accounts: list[int]) -> dict[int, Answers]:
    """First answers by account and client order id."""
    engine = Engine()
    found: dict[int, Answers] = {account: {} for account in accounts}
    for frame in read_whole_segments(RealDisk(data), JOURNAL_FOLDER, from_sequence=1):
        if frame.type is FrameType.FEATURE:
            enable(engine, [feature_of(frame)])
        if frame.type is not FrameType.COMMANDS:
            continue
        for event in decode_records(engine.apply_batch(bytes(frame.body), frame.first_sequence, frame.time_ns)):
            if event.account in found and isinstance(event, Accepted | Rejected | Done) and any(event.client_order_id):
                answer = (type(event).__name__, int(event.order_id), int(event.sequence))
                found[event.account].setdefault(event.client_order_id.hex(), []).append(answer)
    return found


if __name__ == "__main__":
    json.dump(replay(Path(sys.argv[1]), [int(word) for word in sys.argv[2:]]), sys.stdout)
