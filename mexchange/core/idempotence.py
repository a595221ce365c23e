"""A client order id is answered once. Whoever asks again gets the first answer again.

The memory of an account, id → (digest of the command without its deadline, first answer):

- ids of open orders are never forgotten;
- finished UUIDs stay for at least 60 s. Beyond UUIDS_MAX the smallest of those that are older goes. An unknown UUID at
  or below the greatest that went is stale and never executed: it may have been, once;
- finished text ids stay until TEXTS_MAX newer ones have finished.

UUIDS_MAX is more than an account can finish in 60 s at the rate that ingress allows, so both promises hold; were they
to contradict each other, the bound on memory wins.
"""

import heapq
from typing import Final

from mexchange.core.digest import Content
from mexchange.core.state import Answer, Memory
from mexchange.domain.client_id import is_valid
from mexchange.domain.rejects import RejectReason

UUIDS_MAX: Final = 65_536
TEXTS_MAX: Final = 1_024
REMEMBERED_NS: Final = 60 * 10**9
COMMANDS_PER_SECOND_MAX: Final = 1_000
"""Of one account, kept by ingress."""

assert UUIDS_MAX > COMMANDS_PER_SECOND_MAX * REMEMBERED_NS // 10**9


def recall(memory: Memory, client_order_id: bytes, content: Content) -> Answer | RejectReason | None:
    """The first answer, or why there is none to give, or None if the id is new. Changes nothing."""
    answer = memory.answers.get(client_order_id)
    if answer is not None:
        return answer if content.is_of(answer) else RejectReason.CLIENT_ID_REUSED
    if client_order_id[0] < 0x20:
        if client_order_id <= memory.evicted:
            return RejectReason.STALE_CLIENT_ID if any(client_order_id) else RejectReason.CLIENT_ID_INVALID
        return None
    return None if is_valid(client_order_id) else RejectReason.CLIENT_ID_INVALID


def remember(memory: Memory, client_order_id: bytes, answer: Answer) -> None:
    """Until `finish` at least."""
    memory.answers[client_order_id] = answer


def finish(memory: Memory, client_order_id: bytes, now_ns: int) -> None:
    """What this id started has ended: from now on it may be forgotten, in its turn."""
    if client_order_id[0] >= 0x20:
        memory.texts.append(client_order_id)
        if len(memory.texts) > TEXTS_MAX:
            del memory.answers[memory.texts.popleft()]
        return
    recent, settled = memory.recent, memory.settled
    recent.append((now_ns, client_order_id))
    if len(recent) + len(settled) <= UUIDS_MAX:
        return
    while recent and (recent[0][0] + REMEMBERED_NS <= now_ns or not settled):
        heapq.heappush(settled, recent.popleft()[1])
    gone = heapq.heappop(settled)
    del memory.answers[gone]
    memory.evicted = max(memory.evicted, gone)
