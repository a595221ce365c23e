"""The audit log cannot be changed unseen, and nothing in it would help a thief."""

from typing import Any, Final

import pytest
from sqlalchemy import delete, select, update

from mexchange.identity.audit import AuditKind
from mexchange.identity.erasure import erase
from mexchange.identity.errors import IdentityRefused
from mexchange.store.audit import AuditRow, AuditRows, Verdict
from mexchange.store.identity import People
from mexchange.store.identity_tables import AUDIT, METADATA
from tests.fakes.people import EMAIL, HOST, House

SEED: Final = b"a seed of thirty-two bytes, exac"
OTHER: Final = b"b seed of thirty-two bytes, exac"


async def verdict(house: House, mark: bytes = bytes(32)) -> Verdict:
    async with house.database.reading() as connection:
        return await AuditRows(connection).verify(mark)


async def lines(house: House) -> list[AuditRow]:
    async with house.database.reading() as connection:
        return (await AuditRows(connection).newest(1_000))[::-1]


async def some_history(house: House) -> None:
    await house.person(SEED)
    request_id = await house.ask()
    for text in ("000000", "000001", "not a code"):
        with pytest.raises(IdentityRefused):
            await house.enroll(OTHER, request_id, text)
    await house.enroll(OTHER, request_id, await house.code())


async def test_what_people_do_is_written_down_in_order(house: House) -> None:
    await some_history(house)
    assert [line.kind for line in await lines(house)] == [
        AuditKind.CODE_MAILED,
        AuditKind.SIGNED_UP,
        AuditKind.CODE_MAILED,
        *[AuditKind.CODE_REFUSED] * 3,
        AuditKind.SIGNED_IN,
    ]
    found = await verdict(house)
    assert (found.rows, found.broken_at) == (7, 0)
    assert (await verdict(house, mark=(await lines(house))[2].digest)).has_mark
    assert not (await verdict(house, mark=b"x" * 32)).has_mark


@pytest.mark.parametrize(
    ("statement", "broken_at"),
    [
        (update(AUDIT).where(AUDIT.c.sequence == 4).values(detail="nothing happened"), 4),
        (update(AUDIT).where(AUDIT.c.sequence == 4).values(owner=5), 4),
        (update(AUDIT).where(AUDIT.c.sequence == 4).values(time_ns=5), 4),
        (update(AUDIT).where(AUDIT.c.sequence == 4).values(kind="signed in"), 4),
        (update(AUDIT).where(AUDIT.c.sequence == 4).values(host_mac=b""), 4),
        (update(AUDIT).where(AUDIT.c.sequence == 4).values(digest=b"x" * 32), 4),
        (delete(AUDIT).where(AUDIT.c.sequence == 4), 4),
        (delete(AUDIT).where(AUDIT.c.sequence == 1), 1),
        (update(AUDIT).where(AUDIT.c.sequence == 7).values(sequence=9), 7),
    ],
    ids=str,
)
async def test_a_line_that_was_changed_or_taken_out_is_found(house: House, statement: Any, broken_at: int) -> None:
    await some_history(house)
    async with house.database.writing() as connection:
        await connection.execute(statement)
    assert (await verdict(house)).broken_at == broken_at


async def test_lines_cut_off_at_the_end_are_found_by_a_head_that_was_noted(house: House) -> None:
    await some_history(house)
    noted = (await verdict(house)).head
    async with house.database.writing() as connection:
        await connection.execute(delete(AUDIT).where(AUDIT.c.sequence >= 6))
    found = await verdict(house, mark=noted)
    assert (found.broken_at, found.has_mark) == (0, False)


async def test_neither_codes_nor_addresses_of_people_are_in_it(house: House) -> None:
    await some_history(house)
    text = str(await lines(house))
    codes = [mail.text.split("Your code is ")[1][:7] for mail in house.box.mails]
    assert codes
    for secret in (EMAIL, EMAIL.partition("@")[0] + "@", *codes, *(code.replace(" ", "") for code in codes)):
        assert secret not in text, secret


async def test_an_erased_person_is_a_number_and_the_chain_holds(house: House) -> None:
    ann = (await house.person(SEED)).owner.owner
    uri, _ = await house.identity.begin_totp(ann)
    assert uri
    request_id = await house.ask()
    before = [line.digest for line in await lines(house)]
    assert await erase(house.database, house.identity.audit, ann, house.now_ns)
    assert not await erase(house.database, house.identity.audit, ann + 1, house.now_ns)
    after = await lines(house)
    assert [line.digest for line in after][:-1] == before
    assert after[-1].kind == AuditKind.USER_ERASED
    assert (await verdict(house)).broken_at == 0
    assert all(line.host is None for line in after if line.owner == ann)
    with pytest.raises(IdentityRefused):
        await house.enroll(OTHER, request_id, await house.code())
    async with house.database.reading() as connection:
        kept = await People(connection).owner(ann)
        everything = [str(row) for table in METADATA.sorted_tables for row in await connection.execute(select(table))]
    assert kept is not None
    assert (kept.label, kept.email_mac, kept.email_sealed, kept.totp_draft_sealed) == ("erased", None, None, None)
    assert "…@" not in "".join(everything), "nor the short form of the address"
    assert not any(HOST in row for row in everything if str(ann) in row)
    newcomer = await house.enroll(OTHER, await house.ask(), await house.code())
    assert newcomer.owner.owner != ann, "the address is free, and opens another account"
