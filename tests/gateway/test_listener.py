"""What is true of a gateway's listener before any route is: TLS of its own, and no patience for halves of requests."""

import asyncio
import contextlib
import datetime
import ipaddress
import ssl
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from websockets.asyncio.client import connect

from tests.gateway.people import TIMEOUT_S, Line, new_email
from tests.gateway.stack import GatewayProcess, Stack

HEAD_SECONDS = 2
ENDLESS_BYTES = 64 << 20
"""More than the system keeps of what a closed connection was sent."""


def self_signed(folder: Path) -> tuple[Path, Path]:
    """A certificate of this machine for a day, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption_algorithm=plain)
    )
    return files


async def test_tls_makes_cookies_secure_and_is_asked_for_ever_after(stack: Stack, tmp_path: Path) -> None:
    certificate, key = self_signed(tmp_path)
    gateway = stack.gateway(MX_GATEWAY_TLS_CERTIFICATE=str(certificate), MX_GATEWAY_TLS_KEY=str(key))
    trust = ssl.create_default_context(cafile=certificate)
    assert gateway.url.startswith("https://127.0.0.1:")
    email = new_email()
    async with httpx.AsyncClient(base_url=gateway.url, verify=trust, timeout=TIMEOUT_S) as http:
        asked = await http.post("/auth/request-otp", json={"email": email})
        code = await asyncio.to_thread(stack.mailed_code, email)
        body = {"email": email, "code": code, "request_id": asked.json()["request_id"]}
        entered = await http.post("/auth/signup", json=body)
        assert entered.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
        cookies = entered.headers.get_list("set-cookie")
        assert {"__Host-session", "__Host-refresh_token"} <= {cookie.partition("=")[0] for cookie in cookies}
        for cookie in cookies:
            assert {"secure", "httponly", "samesite=strict", "path=/"} <= {
                part.strip().lower() for part in cookie.split(";")
            }
        assert (await http.get("/api/me")).json()["email"] == email
        names = {"Cookie": "; ".join(f"{name}={value}" for name, value in http.cookies.items())}
    async with connect(gateway.url.replace("https", "wss") + "/ws", ssl=trust, additional_headers=names) as socket:
        line = Line(socket)
        assert (await line.result("public/auth"))["user_id"]
        await line.close()
    with pytest.raises(ssl.SSLCertVerificationError):
        await asyncio.open_connection("127.0.0.1", httpx.URL(gateway.url).port, ssl=ssl.create_default_context())


REQUEST = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
BEGINNINGS = (b"", b"GET /health HT", REQUEST[:-2] + b"X-A: ", REQUEST + b"GET /he", REQUEST + b"\r\n")


async def test_whoever_does_not_finish_a_request_is_cut_off(stack: Stack) -> None:
    gateway = stack.gateway(MX_GATEWAY_LIMITS_HEAD_SECONDS=str(HEAD_SECONDS))
    async with asyncio.timeout(TIMEOUT_S):
        answers = await asyncio.gather(*(dripped(gateway, begun) for begun in BEGINNINGS))
    assert [answer.count(b"200 OK") for answer in answers] == [begun.count(REQUEST) for begun in BEGINNINGS]


async def test_endless_headers_are_cut_off(gateway: GatewayProcess) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", httpx.URL(gateway.url).port)

    async def send() -> None:
        writer.write(REQUEST[:-2])
        for _ in range(ENDLESS_BYTES >> 16):
            writer.write(b"X-A: " + b"a" * (1 << 16) + b"\r\n")
            await writer.drain()

    with pytest.raises(ConnectionError):
        await send()
    writer.close()
    with contextlib.suppress(ConnectionError):
        assert await reader.read(-1) == b""


async def dripped(gateway: GatewayProcess, begun: bytes) -> bytes:
    """What is answered to that and one byte more now and then, until the other side has had enough."""
    reader, writer = await asyncio.open_connection("127.0.0.1", httpx.URL(gateway.url).port)
    writer.write(begun)

    async def drip() -> None:
        while begun:
            await asyncio.sleep(HEAD_SECONDS / 8)
            writer.write(begun[-1:] if begun.endswith(b"\n") else b"a")

    dripping = asyncio.create_task(drip())
    answer = b""
    # One byte more may meet a connection that is closed already: what came before counts.
    with contextlib.suppress(ConnectionError):
        while piece := await reader.read(1 << 16):
            answer += piece
    dripping.cancel()
    writer.close()
    return answer
