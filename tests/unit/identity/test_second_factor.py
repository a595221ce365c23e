"""An authenticator, once on, is asked for at every door; each code of it opens one door once."""

from typing import Final

import pyotp
import pytest

from mexchange.domain.rejects import RejectReason
from mexchange.identity.errors import IdentityRefused
from mexchange.identity.second_factor import BACKUP_CODES, STEP_S, WRONG_MAX, WRONG_WINDOW_NS
from mexchange.store.identity import People
from mexchange.store.identity_tables import BACKUP_CODES as TABLE
from mexchange.store.identity_tables import OWNERS
from tests.fakes.people import HOST, House

SEED: Final = b"a seed of thirty-two bytes, exac"
OTHER: Final = b"b seed of thirty-two bytes, exac"
S: Final = 10**9
MISSING: Final = RejectReason.SECOND_FACTOR_MISSING


def shown(house: House, secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(house.now_ns // S + steps * STEP_S)


async def switched_on(house: House) -> tuple[int, str, list[str]]:
    """Owner, secret, backup codes; a step later."""
    ann = (await house.person(SEED)).owner.owner
    uri, secret = await house.identity.begin_totp(ann)
    assert secret in uri
    backup = await house.identity.enable_totp(ann, shown(house, secret), keep="", host=HOST)
    house.now_ns += STEP_S * S
    return ann, secret, backup


async def signed_in(house: House, factor: str) -> RejectReason | None:
    house.now_ns += 3_600 * S
    request_id = await house.ask()
    code = await house.code()
    try:
        await house.enroll(OTHER, request_id, code, factor=factor)
    except IdentityRefused as refused:
        return refused.reason
    return None


async def test_signing_in_takes_both_and_a_missing_one_leaves_the_code_alone(house: House) -> None:
    _, secret, backup = await switched_on(house)
    assert len(set(backup)) == BACKUP_CODES
    request_id = await house.ask()
    code = await house.code()
    for factor in ("", "000000", "x", "9-aaaaa-aaaaa", "99-" + backup[0]):
        with pytest.raises(IdentityRefused) as no:
            await house.enroll(OTHER, request_id, code, factor=factor)
        assert no.value.reason in (MISSING, RejectReason.CODE_WRONG)
    house.now_ns += STEP_S * S
    request_id = await house.ask()
    code = await house.code()
    with pytest.raises(IdentityRefused):
        await house.enroll(OTHER, request_id, code)
    await house.enroll(OTHER, request_id, code, factor=shown(house, secret))


async def test_a_step_of_time_is_good_once(house: House) -> None:
    ann, secret, _ = await switched_on(house)
    code = shown(house, secret)
    async with house.database.writing() as connection:
        owner = await People(connection).owner(ann)
        assert owner is not None
        await house.identity.second_factor.check(connection, owner, code, house.now_ns)
        again = await People(connection).owner(ann)
        assert again is not None
        with pytest.raises(IdentityRefused):
            await house.identity.second_factor.check(connection, again, code, house.now_ns)
        with pytest.raises(IdentityRefused):
            await house.identity.second_factor.check(connection, again, shown(house, secret, -1), house.now_ns)
        await house.identity.second_factor.check(connection, again, shown(house, secret, 1), house.now_ns)


@pytest.mark.parametrize(("steps", "is_good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
async def test_clocks_may_be_a_step_apart(house: House, steps: int, is_good: bool) -> None:
    _, secret, _ = await switched_on(house)
    house.now_ns += 3_600 * S * 2
    factor = pyotp.TOTP(secret).at((house.now_ns + 3_600 * S) // S + steps * STEP_S)
    assert await signed_in(house, factor) is (None if is_good else MISSING)


async def test_a_backup_code_is_good_once(house: House) -> None:
    _, _, backup = await switched_on(house)
    assert await signed_in(house, backup[3].upper()) is None
    house.now_ns += 3_600 * S
    request_id = await house.ask()
    with pytest.raises(IdentityRefused) as no:
        await house.enroll(b"c" + SEED[1:], request_id, await house.code(), factor=backup[3])
    assert no.value.reason is MISSING


async def test_confirming_takes_it_too(house: House) -> None:
    ann, secret, _ = await switched_on(house)
    pending = await house.identity.confirmation.create(ann, kind="withdrawal", text="t", payload=b"p", host=HOST)
    code = await house.code()
    verify = house.identity.confirmation.verify
    with pytest.raises(IdentityRefused) as no:
        await verify(ann, pending.request_id, code, second_factor="", host=HOST)
    assert no.value.reason is MISSING
    assert await verify(ann, pending.request_id, code, second_factor=shown(house, secret), host=HOST)


async def test_it_is_switched_on_by_its_own_code_and_off_by_another(house: House) -> None:
    ann = (await house.person(SEED)).owner.owner
    identity = house.identity
    with pytest.raises(IdentityRefused):
        await identity.enable_totp(ann, "000000", keep="", host=HOST)
    _, secret = await identity.begin_totp(ann)
    with pytest.raises(IdentityRefused):
        await identity.enable_totp(ann, shown(house, pyotp.random_base32()), keep="", host=HOST)
    assert not (await identity.profile(ann)).totp
    await identity.enable_totp(ann, shown(house, secret), keep="", host=HOST)
    profile = await identity.profile(ann)
    assert (profile.totp, profile.backup_codes) == (True, BACKUP_CODES)
    with pytest.raises(IdentityRefused):
        await identity.begin_totp(ann)
    house.now_ns += STEP_S * S
    with pytest.raises(IdentityRefused):
        await identity.disable_totp(ann, "000000", keep="", host=HOST)
    await identity.disable_totp(ann, shown(house, secret), keep="", host=HOST)
    profile = await identity.profile(ann)
    assert (profile.totp, profile.backup_codes) == (False, 0)


async def test_after_ten_wrong_ones_even_the_right_one_waits(house: House) -> None:
    ann, secret, _ = await switched_on(house)
    for number in range(WRONG_MAX):
        with pytest.raises(IdentityRefused):
            await house.identity.disable_totp(ann, f"{number:06}", keep="", host=HOST)
    with pytest.raises(IdentityRefused):
        await house.identity.disable_totp(ann, shown(house, secret), keep="", host=HOST)
    house.now_ns += WRONG_WINDOW_NS
    await house.identity.disable_totp(ann, shown(house, secret), keep="", host=HOST)


async def test_neither_secret_nor_backup_codes_lie_about(house: House) -> None:
    _, secret, backup = await switched_on(house)
    async with house.database.reading() as connection:
        found = [str(row) for table in (OWNERS, TABLE) for row in await connection.execute(table.select())]
    assert secret not in "".join(found)
    assert all(code not in "".join(found) for code in backup)
