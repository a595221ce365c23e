"""What tests of people do over and over: read the mails that a demo's daemon prints, sign in, confirm."""

import re
import time
from typing import Final

from mexchange.codec.messages import (
    CodeRequest,
    CodeSent,
    Confirm,
    ConfirmationSent,
    Confirmed,
    DeviceSignedIn,
    DeviceSignIn,
    KeyRequest,
    QueryRefused,
)
from mexchange.domain.units import OwnerId
from mexchange.protocol.login import AnonymousLogin, KeyLogin, prove_api_key, prove_device, public_key_of
from tests.integration.daemon.market import ANSWER_S, Market, Visitor, own_seed

_MAIL: Final = re.compile(r"^mail to (\S+): .*\n((?:  .*\n)+)", re.MULTILINE)
_CODE: Final = re.compile(r"\b(\d{3}) (\d{3})\b")


def codes_of(market: Market, email: str) -> list[str]:
    """The codes that were mailed to somebody, oldest first."""
    mails = [text for to, text in _MAIL.findall(market.log()) if to == email]
    return ["".join(found.groups()) for text in mails if (found := _CODE.search(text))]


def new_code(market: Market, email: str, before: int) -> str:
    """The next code after so many."""
    deadline = time.monotonic() + ANSWER_S
    while len(found := codes_of(market, email)) <= before:
        assert time.monotonic() < deadline, f"no mail to {email}: {market.log()}"
        time.sleep(0.02)
    return found[-1]


def sign_in(market: Market, email: str, *, second_factor: str = "") -> tuple[Visitor, KeyLogin]:
    """A new device of somebody, logged in."""
    seed, before = own_seed(), len(codes_of(market, email))
    nobody = market.visit(AnonymousLogin())
    sent, *_ = nobody.ask(CodeRequest(email))
    assert isinstance(sent, CodeSent), sent
    server_key = bytes.fromhex(market.run().server_key)
    signature = prove_device(seed, server_key=server_key, request_id=sent.request_id)
    code = new_code(market, email, before)
    entered, *_ = nobody.ask(
        DeviceSignIn(sent.request_id, code, second_factor, 0, public_key_of(seed), signature, "a test's device")
    )
    assert isinstance(entered, DeviceSignedIn), entered
    nobody.close()
    login = KeyLogin(entered.key_id, seed)
    return market.visit(login), login


def confirm(market: Market, visitor: Visitor, asked: object, email: str, before: int) -> Confirmed | QueryRefused:
    """Enter the code that was mailed for a request."""
    assert isinstance(asked, ConfirmationSent), asked
    answer, *_ = visitor.ask(Confirm(asked.request_id, new_code(market, email, before)))
    assert isinstance(answer, Confirmed | QueryRefused), answer
    return answer


def make_key(market: Market, visitor: Visitor, email: str, **fields: object) -> KeyLogin:
    """A key for a program of whoever visits."""
    assert visitor.accepted is not None
    seed, before = own_seed(), len(codes_of(market, email))
    owner, server_key = visitor.accepted.owner, bytes.fromhex(market.run().server_key)
    values: dict[str, object] = {
        "public_key": public_key_of(seed),
        "signature": prove_api_key(seed, server_key=server_key, owner=OwnerId(owner)),
        "label": "bot",
        "scopes": 7,
    }
    asked, *_ = visitor.ask(KeyRequest(**{**values, **fields}))  # type: ignore[arg-type]
    made = confirm(market, visitor, asked, email, before)
    assert isinstance(made, Confirmed), made
    return KeyLogin(made.key_id, seed)
