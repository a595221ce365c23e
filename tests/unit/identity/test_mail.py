"""Mails wait for a server that takes them, leave by SMTP as they should, and hold nobody up."""

import asyncio
import ssl
import subprocess
import sys
import textwrap
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import select

from mexchange.config.daemon import DaemonSettings, MailSettings
from mexchange.config.errors import BadValue, ConfigError
from mexchange.daemon.identity_office import mailer_of
from mexchange.identity.codes import LIFETIME_NS
from mexchange.identity.mail import Mail, confirmation_mail, message, sign_in_mail
from mexchange.identity.mailers import MailFailed, PrintMailer, SmtpMailer
from mexchange.store.identity_tables import MAILS
from tests.fakes.people import EMAIL, NOW_NS, House, open_house

S: Final = 10**9
SENDER: Final = "mExchange <no-reply@example.org>"
SERVER: Final = """
import asyncio, ssl, sys
from aiosmtpd.smtp import SMTP, AuthResult

security, folder, user, password = sys.argv[1:5]
context = None
if security != "none":
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(f"{folder}/cert.pem", f"{folder}/key.pem")

class Keep:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 no such box"
        if address.startswith("later@"):
            return "451 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"
    async def handle_DATA(self, server, session, envelope):
        kind = "tls" if session.ssl or security == "tls" else "clear"
        print(kind, session.auth_data is not None, envelope.rcpt_tos, flush=True)
        print(envelope.content.decode().replace("\\r\\n", "\\\\n"), flush=True)
        return "250 OK"

def allow(server, session, envelope, mechanism, data):
    good = data.login == user.encode() and data.password == password.encode()
    return AuthResult(success=good, auth_data=data.login if good else None)

auth = dict(authenticator=allow, auth_required=True, auth_require_tls=True) if user else {}
if security == "starttls":
    auth |= dict(tls_context=context, require_starttls=True)

async def serve():
    loop = asyncio.get_running_loop()
    # Under TLS from the start aiosmtpd has to be told so: it looks for STARTTLS only.
    made = lambda: SMTP(Keep(), hostname="relay", **{**auth, "auth_require_tls": security == "starttls"})
    server = await loop.create_server(made, "127.0.0.1", 0, ssl=context if security == "tls" else None)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)

asyncio.run(serve())
"""


class Relay:
    """A mail server in a process of its own."""

    def __init__(self, security: str, folder: Path, *, user: str = "", password: str = "") -> None:
        words = [sys.executable, "-W", "ignore", "-c", textwrap.dedent(SERVER), security, str(folder), user, password]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self.line())

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def end(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(10)
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For 127.0.0.1, signed by itself."""
    import datetime
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    folder = tmp_path_factory.mktemp("certificate")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder


@pytest.fixture
def relays(certificate: Path) -> Iterator[list[Relay]]:
    started: list[Relay] = []
    yield started
    for relay in started:
        relay.end()


def mailer(relay: Relay, security: str, certificate: Path, *, user: str = "", password: str = "") -> SmtpMailer:
    settings = MailSettings(
        transport="smtp",
        host="127.0.0.1",
        port=relay.port,
        security=security,  # type: ignore[arg-type]
        user=user,
        sender=SENDER,
    )
    return SmtpMailer(settings, password=password, tls=ssl.create_default_context(cafile=certificate / "cert.pem"))


MAIL: Final = sign_in_mail(EMAIL, "481920", exchange="mExchange", host="192.0.2.7")


@pytest.mark.parametrize(("security", "user"), [("none", ""), ("starttls", "ex"), ("tls", "ex"), ("starttls", "")])
async def test_a_real_server_gets_the_mail(security: str, user: str, certificate: Path, relays: list[Relay]) -> None:
    relay = Relay(security, certificate, user=user, password="hidden" if user else "")
    relays.append(relay)
    await mailer(relay, security, certificate, user=user, password="hidden").send(MAIL, NOW_NS)
    kind = "clear" if security == "none" else "tls"
    assert relay.line() == f"{kind} {bool(user)} ['{EMAIL}']"
    content = relay.line()
    for part in ("481 920", f"To: {EMAIL}", f"From: {SENDER}", "Subject: Your sign-in code for mExchange"):
        assert part in content


async def test_a_server_that_refuses_or_is_not_the_right_one_is_a_failure(
    certificate: Path, relays: list[Relay]
) -> None:
    relay = Relay("starttls", certificate, user="ex", password="hidden")
    relays.append(relay)
    with pytest.raises(MailFailed) as failed:
        await mailer(relay, "starttls", certificate, user="ex", password="wrong").send(MAIL, NOW_NS)
    assert not failed.value.is_final
    stranger = SmtpMailer(
        MailSettings(transport="smtp", host="127.0.0.1", port=relay.port, user="ex", sender=SENDER), password="hidden"
    )
    with pytest.raises(MailFailed, match=r"Certificate|SSL|Connect"):
        await stranger.send(MAIL, NOW_NS)
    plain = Relay("none", certificate)
    relays.append(plain)
    with pytest.raises(MailFailed) as failed:
        await mailer(plain, "starttls", certificate).send(MAIL, NOW_NS)
    for address, is_final in (("nobody@example.org", True), ("later@example.org", False)):
        with pytest.raises(MailFailed) as failed:
            await mailer(plain, "none", certificate).send(Mail(address, "s", "t"), NOW_NS)
        assert failed.value.is_final is is_final
        assert address not in str(failed.value)


def test_a_header_has_one_line() -> None:
    with pytest.raises(ValueError, match=r"newline|linefeed"):
        message(Mail("a@b.eu\r\nBcc: c@d.eu", "s", "t"), sender=SENDER, time_ns=NOW_NS)
    with pytest.raises(ValueError, match=r"newline|linefeed"):
        message(Mail("a@b.eu", "s\nBcc: c@d.eu", "t"), sender=SENDER, time_ns=NOW_NS)
    long = confirmation_mail("a@b.eu", "123456", exchange="x", what="y" * 500)
    assert len(long.subject) <= 120
    assert "a@b.eu" not in repr(long)


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house("", tmp_path) as house:
        yield house


async def waiting(house: House) -> int:
    async with house.database.reading() as connection:
        return len((await connection.execute(select(MAILS))).all())


async def test_a_mail_waits_for_its_server_and_goes_once(here: House) -> None:
    here.box.failures = 3
    request_id = await here.ask()
    for pause_s in (0, 1, 2, 5):
        here.now_ns += pause_s * S
        await here.identity.post.deliver(here.now_ns)
        await here.identity.post.deliver(here.now_ns)
    assert (len(here.box.mails), here.identity.post.failed, await waiting(here)) == (1, 3, 0)
    await here.enroll(b"a seed of thirty-two bytes, exac", request_id, await here.code())


async def test_a_mail_whose_code_has_expired_is_not_sent(here: House) -> None:
    here.box.failures = 1
    await here.ask()
    await here.identity.post.deliver(here.now_ns)
    here.now_ns += LIFETIME_NS
    await here.identity.post.deliver(here.now_ns)
    assert (here.box.mails, await waiting(here)) == ([], 0)


async def test_nobody_waits_for_a_slow_mail_server(here: House) -> None:
    class Slow:
        async def send(self, mail: Mail, time_ns: int) -> None:
            await asyncio.sleep(30)

    here.identity.post._mailer = Slow()
    await here.ask()
    sending = asyncio.create_task(here.identity.post.deliver(here.now_ns))
    await asyncio.sleep(0.05)
    begin = time.monotonic()
    await here.ask("bob@example.org")
    assert time.monotonic() - begin < 10
    assert not sending.done()
    sending.cancel()


async def test_the_print_mailer_prints(capsys: pytest.CaptureFixture[str]) -> None:
    await PrintMailer().send(MAIL, NOW_NS)
    printed = capsys.readouterr().out
    assert printed.startswith(f"mail to {EMAIL}: Your sign-in code for mExchange\n")
    assert "481 920" in printed


def test_codes_are_printed_by_demos_only(tmp_path: Path) -> None:
    auto = DaemonSettings()
    assert isinstance(mailer_of(auto, demo=True), PrintMailer)
    assert mailer_of(auto, demo=False) is None
    with pytest.raises(BadValue, match="only a demo"):
        mailer_of(DaemonSettings(mail=MailSettings(transport="print")), demo=False)
    password = tmp_path / "password"
    password.write_text("hidden\n")
    smtp = DaemonSettings(mail=MailSettings(transport="smtp", host="h", password_file=str(password)))
    with pytest.raises(ConfigError, match="open to other users"):
        mailer_of(smtp, demo=False)
    password.chmod(0o600)
    assert isinstance(mailer_of(smtp, demo=False), SmtpMailer)
