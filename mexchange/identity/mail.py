"""What is mailed: plain text, one code, what it does, who asked for it."""

from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

import msgspec


class Mail(msgspec.Struct, frozen=True):
    """A mail to one person. Its text form shows neither the address nor the text."""

    to: str
    subject: str
    text: str

    def __repr__(self) -> str:
        return "Mail(...)"


def sign_in_mail(to: str, code: str, *, exchange: str, host: str) -> Mail:
    """The code by which a device or a browser is let in."""
    return Mail(
        to,
        f"Your sign-in code for {exchange}",
        f"Your code is {grouped(code)}\n\n"
        f"It signs in to {exchange} and is good for ten minutes, once. It was asked for from {host}.\n"
        "If that was not you, ignore this mail: without the code nobody gets in. We never ask you for it.\n",
    )


def confirmation_mail(to: str, code: str, *, exchange: str, what: str) -> Mail:
    """The code by which one request is confirmed; `what` says in one line what it will do."""
    return Mail(
        to,
        f"Confirm: {what}"[:120],
        f"{what}\n\n"
        f"The code {grouped(code)} confirms exactly this at {exchange}. It is good for ten minutes, once.\n"
        "If a page or a program shows you something else than the line above, do not enter the code there.\n"
        "If you did not ask for it, sign in and revoke your sessions and keys.\n",
    )


def notice_mail(to: str, *, exchange: str, what: str) -> Mail:
    """That something was done."""
    return Mail(
        to,
        f"{exchange}: {what}"[:120],
        f"{what}\n\nIf that was not you, sign in, revoke your sessions and keys, and tell the operator.\n",
    )


def message(mail: Mail, *, sender: str, time_ns: int) -> EmailMessage:
    """As SMTP carries it. ValueError for header lines with line breaks in them."""
    made = EmailMessage()
    made["From"] = sender
    made["To"] = mail.to
    made["Subject"] = mail.subject
    made["Date"] = format_datetime(datetime.fromtimestamp(time_ns // 10**9, UTC))
    made["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].strip("> ") or "localhost")
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(mail.text)
    return made


def grouped(code: str) -> str:
    """`481 920`."""
    half = len(code) // 2
    return f"{code[:half]} {code[half:]}"
