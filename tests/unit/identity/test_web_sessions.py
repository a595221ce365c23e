"""Sessions of browsers: their tokens lie nowhere, die of idleness and age, and are worth nothing the second time."""

from typing import Final

import pytest
from sqlalchemy import select

from mexchange.codec.messages import LoginRefusal
from mexchange.domain.rejects import RejectReason
from mexchange.domain.scopes import DELEGATED, OWN, READ_ONLY
from mexchange.identity.directory import Entry
from mexchange.identity.errors import IdentityRefused, LoginDenied
from mexchange.identity.roles import SCOPES, Role
from mexchange.identity.sign_in import Claim
from mexchange.identity.web_sessions import IDLE_NS, LIFETIME_NS, SESSIONS_MAX, Tokens
from mexchange.protocol.login import LoginContext, WebLogin, public_key_of
from mexchange.store.identity import People
from mexchange.store.identity_tables import SPENT_REFRESHES, WEB_SESSIONS
from tests.fakes.people import HASH, HOST, SERVER, House

SEED: Final = b"a seed of thirty-two bytes, exac"
GATEWAY: Final = b"g seed of thirty-two bytes, exac"
S: Final = 10**9


async def browse(house: House) -> Tokens:
    request_id = await house.ask()
    claim = Claim(request_id, await house.code(), "", 0, HOST, "a browser")
    tokens, _ = await house.identity.sign_in.browser(claim)
    return tokens


async def is_over(house: House, token: bytes) -> bool:
    try:
        await house.identity.web.check(token)
    except IdentityRefused as refused:
        return refused.reason is RejectReason.SESSION_ENDED
    return False


async def gateway_login(house: House, token: bytes, seed: bytes = GATEWAY, key_id: str = "") -> Entry:
    if not key_id:
        key = await house.identity.directory.add_device(
            public_key_of(GATEWAY),
            label="gateway",
            scopes=SCOPES[Role.SERVICE],
            role=Role.SERVICE,
            time_ns=house.now_ns,
        )
        key_id = key.key_id
    login = WebLogin(key_id, seed, token).message(LoginContext(HASH, SERVER, house.now_ns // 10**6))
    return await house.identity.directory.check_web(
        login, house.identity.web, handshake_hash=HASH, server_key=SERVER, host=HOST, time_ns=house.now_ns
    )


async def test_only_hashes_of_tokens_are_kept(house: House) -> None:
    tokens = await browse(house)
    refreshed = await house.identity.web.refresh(tokens.refresh, host=HOST)
    assert len({tokens.token, tokens.refresh, refreshed.token, refreshed.refresh}) == 4
    assert all(len(token) == 32 for token in (tokens.token, tokens.refresh))
    async with house.database.reading() as connection:
        kept = [
            bytes(value)
            for table in (WEB_SESSIONS, SPENT_REFRESHES)
            for row in await connection.execute(select(table))
            for value in row
            if isinstance(value, bytes | memoryview)
        ]
    for token in (tokens.token, tokens.refresh, refreshed.token, refreshed.refresh):
        assert all(token not in value for value in kept)
        assert repr(token) not in repr(tokens) + repr(refreshed)


async def test_half_an_hour_of_silence_or_a_day_ends_a_session(house: House) -> None:
    tokens = await browse(house)
    begin_ns = house.now_ns
    while house.now_ns < begin_ns + LIFETIME_NS - IDLE_NS:
        house.now_ns += IDLE_NS - S
        assert not await is_over(house, tokens.token)
    house.now_ns = begin_ns + LIFETIME_NS
    assert await is_over(house, tokens.token)
    idle = await browse(house)
    house.now_ns += IDLE_NS
    assert await is_over(house, idle.token)
    with pytest.raises(IdentityRefused):
        await house.identity.web.refresh(idle.refresh, host=HOST)


async def test_a_refresh_gives_new_tokens_and_the_old_ones_are_worth_nothing(house: House) -> None:
    old = await browse(house)
    new = await house.identity.web.refresh(old.refresh, host=HOST)
    assert await is_over(house, old.token)
    assert not await is_over(house, new.token)
    assert (new.session_id, new.ends_ns) == (old.session_id, old.ends_ns), "the day is not begun anew"


async def test_a_refresh_token_that_comes_twice_ends_the_session(house: House) -> None:
    old = await browse(house)
    new = await house.identity.web.refresh(old.refresh, host=HOST)
    with pytest.raises(IdentityRefused):
        await house.identity.web.refresh(old.refresh, host="203.0.113.66")
    assert await is_over(house, new.token)
    with pytest.raises(IdentityRefused):
        await house.identity.web.refresh(new.refresh, host=HOST)


async def test_signing_out_and_ending_from_elsewhere(house: House) -> None:
    one, two, three = await browse(house), await browse(house), await browse(house)
    await house.identity.web.sign_out(one.token)
    assert [await is_over(house, each.token) for each in (one, two, three)] == [True, False, False]
    await house.identity.web.end_all(two.owner, keep=three.session_id)
    assert [await is_over(house, each.token) for each in (two, three)] == [True, False]
    with pytest.raises(IdentityRefused) as no:
        await house.identity.web.end_one(three.owner + 1, three.session_id)
    assert no.value.reason is RejectReason.SESSION_NOT_FOUND
    await house.identity.web.end_one(three.owner, three.session_id)
    assert await is_over(house, three.token)


async def test_the_oldest_session_ends_for_one_too_many(house: House) -> None:
    first = await browse(house)
    async with house.database.writing() as connection:
        for _ in range(SESSIONS_MAX):
            house.now_ns += 1
            await house.identity.web.open(connection, first.owner, label="b", host=HOST, time_ns=house.now_ns)
    assert await is_over(house, first.token)
    assert len(await house.identity.web.live(first.owner)) == SESSIONS_MAX


async def test_a_gateway_speaks_for_whom_it_has_signed_in_and_moves_no_money(house: House) -> None:
    tokens = await browse(house)
    entry = await gateway_login(house, tokens.token)
    assert (entry.owner.owner, entry.scopes, entry.web_session) == (tokens.owner, DELEGATED, tokens.session_id)
    async with house.database.writing() as connection:
        await People(connection).set_owner(tokens.owner, role=int(Role.READ_ONLY))
    assert (await gateway_login(house, tokens.token)).scopes == READ_ONLY


async def test_a_token_alone_opens_nothing_nor_does_a_gateway_without_one(house: House) -> None:
    tokens = await browse(house)
    device = await house.identity.directory.add_device(public_key_of(SEED), label="d", scopes=OWN, time_ns=house.now_ns)
    with pytest.raises(LoginDenied) as no:
        await gateway_login(house, tokens.token, seed=SEED, key_id=device.key_id)
    assert no.value.refusal == LoginRefusal.METHOD_OFF
    await gateway_login(house, tokens.token)
    for token in (b"", bytes(32), tokens.refresh):
        with pytest.raises(LoginDenied) as no:
            await gateway_login(house, token)
        assert no.value.refusal == LoginRefusal.SESSION_ENDED
    async with house.database.writing() as connection:
        await People(connection).set_owner(tokens.owner, disabled_ns=house.now_ns)
    with pytest.raises(LoginDenied):
        await gateway_login(house, tokens.token)
