"""Everything that a call of the client can raise.

ClientError
├── Unreachable           nobody answers at any address of the server
├── ServerKeyError        the server's key is not one that we may trust
│   ├── UnknownServerKey      first contact, and nobody allowed it
│   └── ChangedServerKey      another key is pinned
├── LoginRefused          the server knows us not
├── NotLive               new orders are locked: what we know is too old
├── BeyondOwnLimit        the user's own limits say no; nothing was sent
├── Rejected              the exchange said no to a command
├── OutcomeUnknown        a command was sent and no answer came, nor to the question after it
├── QueryRefused          the server said no to a question
├── GapUnavailable        events so old that the server does not keep them for replay
├── TooBusy               too many requests wait already; nothing was sent
├── TimedOut              a question stayed unanswered; asking again is harmless
├── Unsupported           the server does not know this message
├── BadRecording          a file that is no recording, or whose beginning is damaged
│   └── DamagedRecording      good up to some place; carries which
├── RecordingFull         the recording has the size that it may have
└── OnlyReplay            what is shown is a recording: there is nobody who could do that

Each carries `code` (stable text), `hint` (what to do) and `exit_code` (of `mx`).
"""

from mexchange.domain.client_id import NO_ID, ClientOrderId, show
from mexchange.domain.rejects import REJECTS, RejectReason


class ClientError(Exception):
    """Root of the tree."""

    code: str = "E_CLIENT"
    hint: str = ""
    exit_code: int = 1
    retryable: bool = False


class Unreachable(ClientError):
    """Nobody answers."""

    code = "E_UNREACHABLE"
    hint = "is the daemon running? mx daemon start, or mx demo"
    exit_code = 8


class ServerKeyError(ClientError):
    """`key` is the static key that the server proved to hold, 32 bytes; `fingerprint` its short form."""

    exit_code = 4

    def __init__(self, text: str, *, key: bytes, fingerprint: str) -> None:
        super().__init__(text)
        self.key = key
        self.fingerprint = fingerprint


class UnknownServerKey(ServerKeyError):
    """First contact."""

    code = "E_SERVER_UNKNOWN"
    hint = "compare it with what the daemon printed at its start, then: mx auth trust SHA256:…"


class ChangedServerKey(ServerKeyError):
    """The pinned key is another: a reinstalled server, or somebody in between."""

    code = "E_SERVER_CHANGED"
    hint = "ask the operator whether the key was changed before you remove the old one"


class LoginRefused(ClientError):
    """The server does not accept this key, or no anonymous visitors."""

    code = "E_AUTH"
    hint = "mx auth status shows which key is used"
    exit_code = 4


class NotLive(ClientError):
    """New orders and amends are locked until the session is live again; cancels are not."""

    code = "E_STALE"
    hint = "cancels still go; wait for the connection"
    exit_code = 8


class BeyondOwnLimit(ClientError):
    """An order beyond what the user allowed themselves: client/guard.py."""

    exit_code = 5

    def __init__(self, code: str, text: str, *, hint: str) -> None:
        super().__init__(text)
        self.code = code
        self.hint = hint


class Rejected(ClientError):
    """The command changed nothing. As a value in the results of `*_many`, raised by the calls for one command."""

    def __init__(
        self,
        reason: RejectReason,
        detail: int = 0,
        *,
        client_order_id: ClientOrderId = NO_ID,
        order_id: int = 0,
        sequence: int = 0,
        market: int = 0,
        duplicate: bool = False,
    ) -> None:
        row = REJECTS[reason]
        super().__init__(row.text)
        self.reason = reason
        self.detail = detail
        self.client_order_id = client_order_id
        self.order_id = order_id
        self.sequence = sequence
        """Of the command in the journal; 0: it never got there."""
        self.market = market
        self.duplicate = duplicate
        """The id had been used before, and this was its first answer."""
        self.code = row.code
        self.hint = row.hint
        self.exit_code = row.exit_code


class OutcomeUnknown(ClientError):
    """The command may or may not have been executed; the client keeps asking, and so may you, by its id."""

    code = "E_UNKNOWN"
    exit_code = 7

    def __init__(self, client_order_id: ClientOrderId) -> None:
        super().__init__(f"no answer about {show(client_order_id)}: it may or may not have been executed")
        self.client_order_id = client_order_id
        self.hint = f"mx order get c:{show(client_order_id)} asks again; do not send it with a new id"


class QueryRefused(ClientError):
    """The server's code and words."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        row = _ROWS.get(code)
        self.hint = row.hint if row is not None else ""
        self.retryable = row is not None and row.retryable
        self.exit_code = row.exit_code if row is not None else 3 if code.endswith("NOT_FOUND") else 5


_ROWS = {row.code: row for row in REJECTS.values()}


class GapUnavailable(ClientError):
    """Older than what the server replays; account sequences."""

    code = "E_GAP"
    hint = "mx order list shows the present state; older fills are in the history"
    exit_code = 3

    def __init__(self, first_available: int, head: int) -> None:
        super().__init__(f"events before {first_available} are not kept for replay; the head is {head}")
        self.first_available = first_available
        self.head = head


class TooBusy(ClientError):
    """More requests are waiting here than the session takes."""

    code = "E_BUSY"
    hint = "send less at once"
    exit_code = 9


class TimedOut(ClientError):
    """No answer in time to something that changes nothing."""

    code = "E_TIMEOUT"
    hint = "ask again"
    exit_code = 8


class Unsupported(ClientError):
    """An older server."""

    code = "E_UNSUPPORTED"
    hint = "the server is older than this program"


class BadRecording(ClientError):
    """It is no recording, or one of a later version; nothing of it can be played."""

    code = "E_RECORDING"


class DamagedRecording(BadRecording):
    """Bytes from `offset` on are not what was written; `sequence` is the last one before them."""

    hint = "it plays up to there"

    def __init__(self, what: str, *, offset: int, sequence: int) -> None:
        super().__init__(f"{what} at byte {offset:,}, after sequence {sequence:,}")
        self.what = what
        self.offset = offset
        self.sequence = sequence


class RecordingFull(ClientError):
    """The size that was allowed is reached; what is in the file can be played."""

    code = "E_RECORDING_FULL"
    hint = "a greater --max-size"


class OnlyReplay(ClientError):
    """Orders, and questions about accounts, while a recording is played."""

    code = "E_REPLAY"
    hint = "leave the replay to trade"
    exit_code = 8
