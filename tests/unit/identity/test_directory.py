"""Keys on record: who signs for this very channel comes in, everybody else is told why not."""

from pathlib import Path
from typing import Final

import msgspec
import pytest

from mexchange.codec.messages import KeyKind, Login, LoginMethod, LoginRefusal
from mexchange.domain.scopes import OPERATOR, OWN, READ_ONLY, Scope, show
from mexchange.identity.directory import (
    OWNER_FIRST,
    OWNER_LAST,
    Directory,
    Entry,
    is_allowed_from,
    key_id_of,
)
from mexchange.identity.errors import LoginDenied
from mexchange.identity.roles import Role
from mexchange.protocol.login import EnrollLogin, KeyLogin, LoginContext, public_key_of
from mexchange.store.identity import Key, People
from tests.fakes.people import HASH, HOST, NOW_NS, SERVER, House, open_house

SEED: Final = b"a seed of thirty-two bytes, exac"
PUBLIC: Final = public_key_of(SEED)
CONTEXT: Final = LoginContext(HASH, SERVER, NOW_NS // 10**6)


async def check(
    house: House, login: Login, *, handshake_hash: bytes = HASH, host: str = HOST, now_ns: int = NOW_NS
) -> Entry:
    return await house.identity.directory.check_key(
        login, handshake_hash=handshake_hash, server_key=SERVER, host=host, time_ns=now_ns
    )


async def refusal(
    house: House, login: Login, *, handshake_hash: bytes = HASH, host: str = HOST, now_ns: int = NOW_NS
) -> LoginRefusal:
    with pytest.raises(LoginDenied) as denied:
        await check(house, login, handshake_hash=handshake_hash, host=host, now_ns=now_ns)
    return denied.value.refusal


async def test_a_device_enrolls_once_and_logs_in_with_its_key(house: House) -> None:
    enrolling = EnrollLogin(SEED, "laptop").message(CONTEXT)
    directory = house.identity.directory
    first = await directory.enroll(enrolling, handshake_hash=HASH, server_key=SERVER, time_ns=NOW_NS)
    again = await directory.enroll(enrolling, handshake_hash=HASH, server_key=SERVER, time_ns=NOW_NS + 1)
    assert first == again
    assert (first.key.scopes, first.scopes, first.key.label) == (OWN, OWN, "laptop")
    assert OWNER_FIRST <= first.owner.owner <= OWNER_LAST
    entered = await check(house, KeyLogin(first.key.key_id, SEED).message(CONTEXT))
    assert entered.key.key_id == first.key.key_id


async def test_a_login_is_worth_nothing_on_another_channel_at_another_server_or_later(house: House) -> None:
    await house.identity.directory.add_device(PUBLIC, label="laptop", scopes=OWN, time_ns=NOW_NS)
    login = KeyLogin(key_id_of(PUBLIC), SEED).message(CONTEXT)
    assert await refusal(house, login, handshake_hash=b"x" * 32) == LoginRefusal.BAD_SIGNATURE
    with pytest.raises(LoginDenied) as denied:
        await house.identity.directory.check_key(
            login, handshake_hash=HASH, server_key=b"t" * 32, host=HOST, time_ns=NOW_NS
        )
    assert denied.value.refusal == LoginRefusal.BAD_SIGNATURE
    assert await refusal(house, login, now_ns=NOW_NS + 121 * 10**9) == LoginRefusal.CLOCK_SKEW


async def test_each_way_of_not_being_good_has_its_name(house: House) -> None:
    login = KeyLogin(key_id_of(PUBLIC), SEED).message(CONTEXT)
    assert await refusal(house, login) == LoginRefusal.UNKNOWN_KEY
    key = await house.identity.directory.add_device(PUBLIC, label="laptop", scopes=OWN, time_ns=NOW_NS)
    async with house.database.writing() as connection:
        people = People(connection)
        await people.delete_keys(key.owner)
        limited = msgspec.structs.replace(key, expires_ns=NOW_NS + 10**9, addresses="192.0.2.0/28 2001:db8::/32")
        await people.add_key(limited)
    assert await refusal(house, login, now_ns=NOW_NS + 10**9) == LoginRefusal.KEY_REVOKED
    assert await refusal(house, login, host="198.51.100.1") == LoginRefusal.ADDRESS
    assert (await check(house, login, host="2001:db8::7")).key == limited
    async with house.database.writing() as connection:
        await People(connection).set_owner(key.owner, disabled_ns=NOW_NS)
    assert await refusal(house, login) == LoginRefusal.DISABLED
    async with house.database.writing() as connection:
        people = People(connection)
        assert await people.revoke(key.key_id, NOW_NS)
        assert not await people.revoke(key.key_id, NOW_NS + 5)
        revoked = await people.key(key.key_id)
    assert revoked is not None
    assert revoked.revoked_ns == NOW_NS
    assert await refusal(house, login) == LoginRefusal.KEY_REVOKED
    forged = msgspec.structs.replace(login, signature=bytes(64))
    assert await refusal(house, forged) == LoginRefusal.BAD_SIGNATURE


@pytest.mark.parametrize(
    ("networks", "host", "is_allowed"),
    [
        ("", "203.0.113.9", True),
        ("203.0.113.0/24", "203.0.113.9", True),
        ("203.0.113.0/24", "203.0.114.9", False),
        ("203.0.113.0/24", "::ffff:203.0.113.9", True),
        ("10.0.0.1/32 2001:db8::/64", "2001:db8::1:2", True),
        ("10.0.0.1/32 2001:db8::/64", "fe80::1%eth0", False),
        ("10.0.0.1/32", "not an address", False),
    ],
)
def test_a_key_is_good_from_its_networks(networks: str, host: str, is_allowed: bool) -> None:
    key = Key("k", PUBLIC, 1, "l", OWN, NOW_NS, addresses=networks)
    assert is_allowed_from(key, host) is is_allowed


@pytest.mark.parametrize("public_key", [b"", bytes(31), bytes(33)])
async def test_a_public_key_has_32_bytes(house: House, public_key: bytes) -> None:
    login = Login(method=LoginMethod.ENROLL, public_key=public_key, unix_ms=CONTEXT.unix_ms)
    with pytest.raises(LoginDenied) as denied:
        await house.identity.directory.enroll(login, handshake_hash=HASH, server_key=SERVER, time_ns=NOW_NS)
    assert denied.value.refusal == LoginRefusal.MALFORMED


async def test_a_label_cannot_steer_a_terminal(house: House) -> None:
    label = "\x1b[2Jlap\ntop" + "x" * 100
    key = await house.identity.directory.add_device(PUBLIC, label=label, scopes=OWN, time_ns=NOW_NS)
    assert key.label.startswith("[2Jlaptop")
    assert len(key.label) == 64


async def test_owners_never_collide(house: House) -> None:
    draws = iter([1 << 20, 1 << 20, 3, 1 << 21])
    directory = Directory(house.database, lambda n: (next(draws) << 1).to_bytes(n, "little"))
    first = await directory.add_device(PUBLIC, label="a", scopes=OWN, time_ns=NOW_NS)
    second = await directory.add_device(bytes(32), label="b", scopes=OWN, time_ns=NOW_NS)
    assert (first.owner, second.owner) == (1 << 20, 1 << 21)


@pytest.mark.parametrize(
    ("role", "scopes", "may"),
    [
        (Role.TRADER, OWN, OWN),
        (Role.TRADER, OPERATOR, OWN),
        (Role.READ_ONLY, OWN, READ_ONLY),
        (Role.MARKET_MAKER, Scope.PUBLIC | Scope.TRADE, Scope.PUBLIC | Scope.TRADE),
        (Role.ADMIN, OPERATOR, OPERATOR),
        (Role.ADMIN, READ_ONLY, READ_ONLY),
        (Role.SERVICE, OPERATOR | Scope.DELEGATE, Scope.PUBLIC | Scope.DELEGATE),
        (99, OPERATOR, Scope(0)),
    ],
)
async def test_a_key_is_worth_no_more_than_its_owner(house: House, role: int, scopes: Scope, may: Scope) -> None:
    key = await house.identity.directory.add_device(PUBLIC, label="a", scopes=scopes, time_ns=NOW_NS)
    async with house.database.writing() as connection:
        await People(connection).set_owner(key.owner, role=int(role))
    assert (await check(house, KeyLogin(key.key_id, SEED).message(CONTEXT))).scopes == may


async def test_records_outlive_the_process_and_are_private(tmp_path: Path) -> None:
    async with open_house("", tmp_path) as house:
        directory = house.identity.directory
        key = await directory.add_device(PUBLIC, label="a", scopes=OWN, time_ns=NOW_NS, kind=KeyKind.API)
        await directory.mark_granted(key.owner, NOW_NS)
    async with open_house("", tmp_path) as house, house.database.reading() as connection:
        people = People(connection)
        assert await people.key_of_device(PUBLIC) == key
        assert await people.keys_of(key.owner) == [key]
        owner = await people.owner(key.owner)
        assert owner is not None
        assert owner.granted_ns == NOW_NS
    assert (tmp_path / "identity.db").stat().st_mode & 0o077 == 0


def test_scopes_have_names() -> None:
    assert show(READ_ONLY) == "public read"
    assert show(Scope.ADMIN | Scope.TRADE) == "trade admin"
