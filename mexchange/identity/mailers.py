"""Ways to send a mail: SMTP, or a line on standard output while developing."""

import ssl
import sys
from collections.abc import Callable
from typing import Protocol, TextIO

import aiosmtplib

from mexchange.config.daemon import MailSettings
from mexchange.identity.mail import Mail, message

SEND_S = 20


class MailFailed(Exception):
    """It could not be sent. `is_final`: it never will be, to that address."""

    def __init__(self, text: str, *, is_final: bool = False) -> None:
        super().__init__(text)
        self.is_final = is_final


class Mailer(Protocol):
    """Sends one mail."""

    async def send(self, mail: Mail, time_ns: int) -> None:
        """When it returns the mail is with the next server. Raises MailFailed."""
        ...


class SmtpMailer:
    """To a relay, by TLS from the start, by STARTTLS, or in clear on this machine only."""

    def __init__(self, settings: MailSettings, *, password: str, tls: ssl.SSLContext | None = None) -> None:
        self._settings = settings
        self._password = password
        self._tls = tls or ssl.create_default_context()

    async def send(self, mail: Mail, time_ns: int) -> None:
        """One connection for each mail."""
        settings = self._settings
        try:
            await aiosmtplib.send(
                message(mail, sender=settings.sender, time_ns=time_ns),
                hostname=settings.host,
                port=settings.port,
                username=settings.user or None,
                password=self._password or None,
                use_tls=settings.security == "tls",
                start_tls=settings.security == "starttls",
                tls_context=self._tls if settings.security != "none" else None,
                timeout=SEND_S,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise MailFailed(_why(error), is_final=all(refused.code >= 500 for refused in error.recipients)) from None
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise MailFailed(_why(error)) from None


class PrintMailer:
    """Shows mails on the daemon's own output. For development: whoever reads that output is everybody."""

    def __init__(self, output: Callable[[], TextIO] = lambda: sys.stdout) -> None:
        self._output = output

    async def send(self, mail: Mail, time_ns: int) -> None:
        """In one line for each line."""
        output = self._output()
        lines = "".join(f"  {line}\n" for line in mail.text.splitlines() if line)
        output.write(f"mail to {mail.to}: {mail.subject}\n{lines}")
        output.flush()


def _why(error: BaseException) -> str:
    """The kind of failure only: servers repeat addresses in their texts."""
    code = getattr(error, "code", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__
