"""Transcripts: `$ line`, what it prints below, `> y` where a person types. What differs from run to run has a name.

`make transcripts` writes the file anew; the diff is for a person to judge.
"""

import re
from pathlib import Path
from typing import Final

import msgspec

VARYING: Final = (
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "<uuid>"),
    (re.compile(r"\b[0-9a-f]{4}\.\.[0-9a-f]{2}\b"), "<id>"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"), "<time>"),
    (re.compile(r"\bmk_[a-z0-9]{16}\b"), "<key>"),
    (re.compile(r"\b\d+\.\d\d ms"), "<ms> ms"),
    (re.compile(r'"(seq|ack_ms|journal_bytes|state_hash|pid|port)":"?[\w.]+"?'), r'"\1":<\1>'),
    (re.compile(r"\bseq \d+"), "seq <seq>"),
    (re.compile(r"udp://127\.0\.0\.1:\d+"), "udp://127.0.0.1:<port>"),
)


class Step(msgspec.Struct):
    """One command of a transcript."""

    line: str
    typed: str = ""
    expected: str = ""
    comment: str = ""
    """Lines beginning with # above the command."""


def read(path: Path) -> list[Step]:
    """The steps of a file, in order."""
    steps: list[Step] = []
    comment = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("$ "):
            steps.append(Step(line[2:], comment=comment))
            comment = ""
        elif line.startswith("> "):
            steps[-1].typed = line[2:]
        elif line.startswith("#"):
            comment += line + "\n"
        elif steps and (line or steps[-1].expected):
            steps[-1].expected += line + "\n"
    for step in steps:
        step.expected = step.expected.rstrip("\n")
    return steps


def write(path: Path, steps: list[Step]) -> None:
    """The file with what was printed this time."""
    blocks = []
    for step in steps:
        typed = f"> {step.typed}\n" if step.typed else ""
        blocks.append(f"{step.comment}$ {step.line}\n{typed}{step.expected}".rstrip("\n"))
    path.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")


def named(text: str) -> str:
    """The text with names for what varies."""
    for pattern, name in VARYING:
        text = pattern.sub(name, text)
    return "\n".join(line.rstrip() for line in text.rstrip("\n").splitlines())
