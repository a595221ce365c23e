"""What goes wrong at the command line, and how it is told: on stderr, a sentence for people, JSON for programs.

0 ok            1 unexpected        2 usage, or confirmation needed   3 not found     4 not allowed
5 rejected      6 id conflict       7 outcome unknown                 8 unreachable   9 rate limited
10 halted       11 batch in part    130 interrupted                   141 pipe closed, quietly
"""

import json
from typing import Final

from mexchange.domain.rejects import REJECTS

USAGE: Final = 2
NOT_FOUND: Final = 3
AUTH: Final = 4
REJECTED: Final = 5
UNKNOWN_OUTCOME: Final = 7
UNREACHABLE: Final = 8
BATCH_PARTLY_FAILED: Final = 11
INTERRUPTED: Final = 130
PIPE_CLOSED: Final = 141


class CliError(Exception):
    """An end with a reason. `exit_code` is the program's."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        hint: str = "",
        exit_code: int = 1,
        retryable: bool = False,
        client_order_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.exit_code = exit_code
        self.retryable = retryable
        self.client_order_id = client_order_id

    def as_text(self) -> str:
        """For people: what and why, what to do, where to read on."""
        lines = [f"error[{self.code}]: {self.message}"]
        if self.hint:
            lines.append(f"  hint: {self.hint}")
        if any(reject.code == self.code for reject in REJECTS.values()):
            lines.append(f"  docs: mx help errors {self.code}")
        return "\n".join(lines)

    def as_json(self) -> str:
        """For programs: one line."""
        kind = {USAGE: "usage", NOT_FOUND: "not_found", AUTH: "auth", REJECTED: "rejected", UNREACHABLE: "unreachable"}
        fields: dict[str, object] = {
            "error": kind.get(self.exit_code, "unknown_outcome" if self.exit_code == UNKNOWN_OUTCOME else "failed"),
            "code": self.code,
            "message": self.message,
            "hint": self.hint,
            "retryable": self.retryable,
        }
        if self.client_order_id is not None:
            fields["client_order_id"] = self.client_order_id
        return json.dumps(fields, ensure_ascii=False)


def confirmation_needed(what: str) -> CliError:
    """Nobody is there to ask."""
    return CliError("E_CONFIRM", f"this {what}; pass --yes to confirm without a terminal", exit_code=USAGE)
