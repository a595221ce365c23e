"""Codes by mail: what they are good for, how often, for how long, and that nothing tells who is known here."""

import asyncio
import statistics
import time
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import event, select

from mexchange.codec.messages import SignInIntent
from mexchange.domain.rejects import RejectReason
from mexchange.identity.codes import (
    CODES_PER_HOST,
    CODES_PER_PERSON,
    DIGITS,
    LIFETIME_NS,
    PERSON_WINDOW_NS,
    TRIES_MAX,
    network_of,
)
from mexchange.identity.errors import IdentityRefused
from mexchange.identity.identity import Identity
from mexchange.identity.sign_in import KIND, Claim
from mexchange.identity.vault import Vault
from mexchange.protocol.login import prove_device, public_key_of
from mexchange.store.identity_tables import CODES, MAILS, OWNERS
from tests.fakes.people import EMAIL, HOST, SECRET, SERVER, House, open_house

SEED: Final = b"a seed of thirty-two bytes, exac"
OTHER_SEED: Final = b"b seed of thirty-two bytes, exac"
S: Final = 10**9


async def refused(house: House, request_id: bytes, code: str, *, factor: str = "", intent: int = 0) -> RejectReason:
    with pytest.raises(IdentityRefused) as no:
        await house.enroll(SEED, request_id, code, factor=factor, intent=intent)
    return no.value.reason


def wrong(code: str) -> str:
    return str((int(code) + 1) % 10**DIGITS).zfill(DIGITS)


async def test_the_first_code_opens_an_owner_and_the_next_one_adds_a_device(house: House) -> None:
    first = await house.person(SEED)
    second = await house.enroll(OTHER_SEED, await house.ask(" ANN@Example.org "), await house.code())
    assert first.owner.owner == second.owner.owner
    assert first.key.key_id != second.key.key_id
    assert house.identity.email_of(second.owner) == EMAIL


async def test_a_code_is_good_once(house: House) -> None:
    request_id = await house.ask()
    code = await house.code()
    await house.enroll(SEED, request_id, code)
    with pytest.raises(IdentityRefused):
        await house.enroll(OTHER_SEED, request_id, code)


async def test_an_old_code_is_worth_nothing_after_a_new_one(house: House) -> None:
    old = await house.ask()
    old_code = await house.code()
    house.now_ns += S
    new = await house.ask()
    new_code = await house.code()
    assert await refused(house, old, old_code) is RejectReason.CODE_WRONG
    assert await refused(house, old, new_code) is RejectReason.CODE_WRONG, "bound to its own request"
    await house.enroll(SEED, new, new_code)


async def test_a_code_dies_after_ten_minutes(house: House) -> None:
    request_id = await house.ask()
    code = await house.code()
    house.now_ns += LIFETIME_NS
    assert await refused(house, request_id, code) is RejectReason.CODE_WRONG


async def test_the_sixth_try_is_refused_even_if_it_is_right(house: House) -> None:
    request_id = await house.ask()
    code = await house.code()
    for _ in range(TRIES_MAX):
        assert await refused(house, request_id, wrong(code)) is RejectReason.CODE_WRONG
    assert await refused(house, request_id, code) is RejectReason.CODE_WRONG
    assert house.identity.codes.evaluated == TRIES_MAX


async def test_of_a_thousand_tries_at_once_five_are_looked_at(house: House) -> None:
    request_id = await house.ask()
    await house.code()
    codes = house.identity.codes

    async def guess(number: int) -> bool:
        text = str(number).zfill(DIGITS)
        try:
            await codes.check(request_id, text, kind=KIND, time_ns=house.now_ns)
        except IdentityRefused:
            return False
        return True

    guesses = await asyncio.gather(*(guess(number) for number in range(1_000)))
    assert codes.evaluated == TRIES_MAX
    assert sum(guesses) <= 1
    async with house.database.reading() as connection:
        assert await connection.scalar(select(CODES.c.tries)) == TRIES_MAX


async def test_a_person_gets_three_codes_a_quarter_of_an_hour(house: House) -> None:
    for _ in range(CODES_PER_PERSON):
        await house.ask()
        house.now_ns += S
    with pytest.raises(IdentityRefused) as no:
        await house.ask()
    assert no.value.reason is RejectReason.TOO_MANY_CODES
    house.now_ns += PERSON_WINDOW_NS
    await house.ask()


async def test_the_chance_of_a_break_in_is_bounded() -> None:
    assert CODES_PER_PERSON * TRIES_MAX / 10**DIGITS <= 15e-6
    assert LIFETIME_NS <= 600 * S


async def test_a_host_gets_twenty_codes_an_hour_whomever_it_asks_for(house: House) -> None:
    for number in range(CODES_PER_HOST):
        await house.ask(f"n{number}@example.org", host="2001:db8::1")
    with pytest.raises(IdentityRefused):
        await house.ask("n99@example.org", host="2001:db8::2")
    await house.ask("n99@example.org", host="2001:db8:0:1::2")


async def test_nobody_is_locked_out_by_others_who_ask_or_guess_in_their_name(house: House) -> None:
    await house.person(SEED)
    house.now_ns += PERSON_WINDOW_NS
    hers = await house.ask(host=HOST)
    her_code = await house.code()
    for number in range(CODES_PER_PERSON):
        theirs = await house.ask(host=f"198.51.100.{number}")
        for _ in range(TRIES_MAX):
            assert await refused(house, theirs, "000000") is RejectReason.CODE_WRONG
    with pytest.raises(IdentityRefused):
        await house.ask(host="198.51.100.99")
    await house.enroll(OTHER_SEED, hers, her_code)
    house.now_ns += S
    again = await house.ask(host=HOST)
    await house.enroll(b"c" + SEED[1:], again, await house.code())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ann",
        "ann@",
        "@example.org",
        "ann@example.org\r\nBcc: all@example.org",
        "ann@example.org\n",
        "\rann@example.org",
        "ann@example.org\x00",
        "ann@exa mple.org",
        "ann@example.org,bob@example.org",
        '"ann"@example.org',
        "ann@-example.org",
        "änn@example.org",
        "a" * 250 + "@b.eu",
    ],
)
async def test_what_is_no_address_gets_no_mail(house: House, text: str) -> None:
    with pytest.raises(IdentityRefused) as no:
        await house.ask(text)
    assert no.value.reason is RejectReason.EMAIL_INVALID
    await house.identity.post.deliver(house.now_ns)
    assert house.box.mails == []


async def test_intent_keeps_signing_in_and_up_apart_and_tells_strangers_nothing(house: House) -> None:
    request_id = await house.ask()
    code = await house.code()
    assert await refused(house, request_id, code, intent=SignInIntent.SIGN_IN) is RejectReason.CODE_WRONG
    await house.enroll(SEED, request_id, code, intent=SignInIntent.SIGN_UP)
    request_id = await house.ask()
    code = await house.code()
    assert await refused(house, request_id, code, intent=SignInIntent.SIGN_UP) is RejectReason.CODE_WRONG
    await house.enroll(OTHER_SEED, request_id, code, intent=SignInIntent.SIGN_IN)


async def test_a_key_must_be_proved_and_belongs_to_whom_it_was_first(house: House) -> None:
    request_id = await house.ask()
    code = await house.code()
    public_key = public_key_of(SEED)
    claim = Claim(request_id, code, "", 0, HOST, "laptop")
    for signature in (
        bytes(64),
        prove_device(OTHER_SEED, server_key=SERVER, request_id=request_id),
        prove_device(SEED, server_key=b"t" * 32, request_id=request_id),
        prove_device(SEED, server_key=SERVER, request_id=bytes(16)),
    ):
        with pytest.raises(IdentityRefused) as no:
            await house.identity.sign_in.device(claim, public_key, signature, server_key=SERVER)
        assert no.value.reason is RejectReason.KEY_INVALID
    await house.enroll(SEED, request_id, code)
    request_id = await house.ask("eve@example.org")
    assert await refused(house, request_id, await house.code()) is RejectReason.KEY_INVALID


async def test_codes_addresses_and_mails_do_not_lie_about(house: House) -> None:
    await house.person(SEED)
    request_id = await house.ask()
    async with house.database.reading() as connection:
        rows = [
            bytes(str(value), "utf-8") if not isinstance(value, bytes) else value
            for table in (CODES, MAILS, OWNERS)
            for row in await connection.execute(select(table))
            for value in row
        ]
    code = await house.code()
    found = b"\x00".join(rows)
    for secret in (EMAIL, code, f"{code[:3]} {code[3:]}"):
        assert secret.encode() not in found, secret
    assert repr(await house.identity.sign_in.ask("x@y.eu", host=HOST)).count("x@y.eu") == 0
    assert request_id in found


async def test_the_same_work_is_done_for_known_and_unknown_addresses(database: str, tmp_path: Path) -> None:
    async with open_house(database, tmp_path, sign_up=False) as house:
        opener = Identity(house.database, Vault(SECRET), mailer=house.box, clock=lambda: house.now_ns)
        issued = await opener.sign_in.ask(EMAIL, host=HOST)
        await house.enroll_with(opener, SEED, issued.request_id, await house.code())
        known = await _statements(house, EMAIL)
        unknown = await _statements(house, "nobody@example.org")
        assert known == unknown
        await house.identity.post.deliver(house.now_ns)
        assert [mail.to for mail in house.box.mails] == [EMAIL, EMAIL]


async def _statements(house: House, email: str) -> list[str]:
    """What the database is asked while a code is asked for from a host that was not seen before."""
    seen: list[str] = []
    engine = house.database.engine.sync_engine

    def listen(_c: object, _u: object, statement: str, _p: object, _x: object, _m: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", listen)
    try:
        await house.ask(email, host="203.0.113.5")
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    assert seen
    return seen


async def test_the_answer_takes_as_long_for_known_and_unknown_addresses(tmp_path: Path) -> None:
    async with open_house("", tmp_path, sign_up=False) as house:
        opener = Identity(house.database, Vault(SECRET), mailer=house.box, clock=lambda: house.now_ns)
        issued = await opener.sign_in.ask(EMAIL, host=HOST)
        await house.enroll_with(opener, SEED, issued.request_id, await house.code())
        known: list[int] = []
        unknown: list[int] = []
        for number in range(200):
            house.now_ns += PERSON_WINDOW_NS
            for times, email in ((known, EMAIL), (unknown, "nobody@example.org")):
                begin = time.perf_counter_ns()
                await house.ask(email, host=f"198.51.{number}.5")
                times.append(time.perf_counter_ns() - begin)
        medians = statistics.median(known), statistics.median(unknown)
        # Interleaved, so that a busy machine hits both; the statements are the same, see the test above.
        assert abs(medians[0] - medians[1]) < max(5_000_000, 0.25 * max(medians)), medians


def test_a_limit_is_charged_to_a_network() -> None:
    assert network_of("192.0.2.1") == network_of("::ffff:192.0.2.1") == "192.0.2.1"
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:1") == "2001:db8::/64"
    assert network_of("a name") == "a name"
