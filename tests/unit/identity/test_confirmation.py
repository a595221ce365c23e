"""A confirmed request is the one that was mailed, carried out once, for whoever asked for it."""

from typing import Final

import pytest

from mexchange.codec.messages import EmailChange, KeyRequest
from mexchange.domain.rejects import RejectReason
from mexchange.domain.scopes import OPERATOR, OWN, Scope
from mexchange.identity.codes import CODES_PER_PERSON, LIFETIME_NS, PERSON_WINDOW_NS, TRIES_MAX
from mexchange.identity.confirmation import Agreed, Pending
from mexchange.identity.errors import IdentityRefused
from mexchange.protocol.login import prove_api_key, public_key_of
from mexchange.store.identity import Key
from tests.fakes.people import EMAIL, HOST, SERVER, House

SEED: Final = b"a seed of thirty-two bytes, exac"
BOB: Final = b"b seed of thirty-two bytes, exac"
API: Final = b"k seed of thirty-two bytes, exac"
TEXT: Final = "withdraw 1.5 BTC to bc1qexample"
LIMITS: Final = "in BTC/EUR, at most 5 EUR an hour, selling only"
PAYLOAD: Final = b"\x00the command, byte for byte\xff"


async def create(house: House, owner: int, text: str = TEXT, payload: bytes = PAYLOAD) -> Pending:
    return await house.identity.confirmation.create(owner, kind="withdrawal", text=text, payload=payload, host=HOST)


async def verify(house: House, owner: int, pending: Pending, code: str, factor: str = "") -> Agreed:
    return await house.identity.confirmation.verify(owner, pending.request_id, code, second_factor=factor, host=HOST)


async def refusal(house: House, owner: int, pending: Pending, code: str, factor: str = "") -> RejectReason:
    with pytest.raises(IdentityRefused) as no:
        await verify(house, owner, pending, code, factor)
    return no.value.reason


async def test_what_was_mailed_is_what_is_carried_out_once(house: House) -> None:
    ann = (await house.person(SEED)).owner.owner
    pending = await create(house, ann)
    code = await house.code()
    assert house.box.mails[-1].to == EMAIL
    assert TEXT in house.box.mails[-1].text
    assert await verify(house, ann, pending, code) == Agreed(ann, "withdrawal", PAYLOAD)
    assert await refusal(house, ann, pending, code) is RejectReason.CODE_WRONG


async def test_a_code_is_bound_to_its_request_and_its_person(house: House) -> None:
    ann = (await house.person(SEED)).owner.owner
    bob = (await house.person(BOB, "bob@example.org")).owner.owner
    pending = await create(house, ann)
    code = await house.code()
    other = await create(house, bob, text="withdraw 9 BTC to bc1qother")
    assert await refusal(house, bob, pending, code) is RejectReason.CODE_WRONG
    assert await refusal(house, ann, other, code) is RejectReason.CODE_WRONG
    assert await refusal(house, bob, other, code) is RejectReason.CODE_WRONG
    signing_in = await house.ask()
    sign_in_code = await house.code()
    assert await refusal(house, ann, Pending(signing_in, 0, ""), sign_in_code) is RejectReason.CODE_WRONG
    with pytest.raises(IdentityRefused):
        await house.enroll(API, pending.request_id, code)
    assert await verify(house, ann, pending, code)


async def test_only_the_newest_of_a_kind_is_good_and_none_for_long(house: House) -> None:
    ann = (await house.person(SEED)).owner.owner
    old = await create(house, ann)
    old_code = await house.code()
    house.now_ns += 1
    new = await create(house, ann, payload=b"another")
    new_code = await house.code()
    assert await refusal(house, ann, old, old_code) is RejectReason.CODE_WRONG
    house.now_ns += LIFETIME_NS
    assert await refusal(house, ann, new, new_code) is RejectReason.CODE_WRONG


async def test_codes_and_tries_are_counted(house: House) -> None:
    ann = (await house.person(SEED)).owner.owner
    pending = await create(house, ann)
    code = await house.code()
    for _ in range(TRIES_MAX):
        assert await refusal(house, ann, pending, "000000" if code != "000000" else "1") is RejectReason.CODE_WRONG
    assert await refusal(house, ann, pending, code) is RejectReason.CODE_WRONG
    for _ in range(CODES_PER_PERSON - 1):
        await create(house, ann)
    with pytest.raises(IdentityRefused) as no:
        await create(house, ann)
    assert no.value.reason is RejectReason.TOO_MANY_CODES
    house.now_ns += PERSON_WINDOW_NS
    await create(house, ann)


async def test_without_an_address_nothing_is_confirmed_until_there_is_one(house: House) -> None:
    key = await house.identity.directory.add_device(public_key_of(SEED), label="a", scopes=OWN, time_ns=house.now_ns)
    with pytest.raises(IdentityRefused) as no:
        await create(house, key.owner)
    assert no.value.reason is RejectReason.EMAIL_MISSING
    first = await house.identity.request_email(key.owner, EmailChange("New@Example.org"), host=HOST)
    agreed = await verify(house, key.owner, first, await house.code())
    assert await house.identity.carry_out(agreed, host=HOST) == "new@example.org is your address now"
    assert (await house.identity.profile(key.owner)).email == "new@example.org"
    await create(house, key.owner)


async def test_an_address_changes_when_the_old_one_and_then_the_new_one_say_so(house: House) -> None:
    ann = (await house.person(SEED)).owner.owner
    old = await house.identity.request_email(ann, EmailChange("ann@new.example"), host=HOST)
    code = await house.code()
    assert house.box.mails[-1].to == EMAIL
    new = await house.identity.carry_out(await verify(house, ann, old, code), host=HOST)
    assert isinstance(new, Pending)
    assert (await house.identity.profile(ann)).email == EMAIL
    code = await house.code()
    assert house.box.mails[-1].to == "ann@new.example"
    await house.identity.carry_out(await verify(house, ann, new, code), host=HOST)
    assert (await house.identity.profile(ann)).email == "ann@new.example"
    await house.identity.post.deliver(house.now_ns)
    assert house.box.mails[-1].to == EMAIL, "the old address is told"


async def test_an_address_belongs_to_one_person(house: House) -> None:
    ann = (await house.person(SEED)).owner.owner
    await house.person(BOB, "bob@example.org")
    old = await house.identity.request_email(ann, EmailChange("bob@example.org"), host=HOST)
    new = await house.identity.carry_out(await verify(house, ann, old, await house.code()), host=HOST)
    assert isinstance(new, Pending)
    agreed = await verify(house, ann, new, await house.code())
    with pytest.raises(IdentityRefused) as no:
        await house.identity.carry_out(agreed, host=HOST)
    assert no.value.reason is RejectReason.EMAIL_TAKEN


def key_request(owner: int, **fields: object) -> KeyRequest:
    values: dict[str, object] = {
        "public_key": public_key_of(API),
        "signature": prove_api_key(API, server_key=SERVER, owner=owner),
        "label": "bot",
        "scopes": int(Scope.READ | Scope.TRADE),
    }
    return KeyRequest(**{**values, **fields})  # type: ignore[arg-type]


async def test_a_key_is_made_as_it_was_mailed_and_its_owner_is_told(house: House) -> None:
    ann = (await house.person(SEED)).owner.owner
    request = key_request(
        ann,
        addresses="192.0.2.7/28, 2001:db8::1",
        markets="2 1",
        notional_asset=1,
        notional_per_hour=5,
        reduce_only=True,
    )
    pending = await house.identity.request_key(ann, request, limits=LIMITS, server_key=SERVER, host=HOST)
    assert len(await house.identity.keys_of(ann)) == 1, "not before it is confirmed"
    code = await house.code()
    for word in ("public read trade", "192.0.2.0/28", LIMITS):
        assert word in house.box.mails[-1].text
    made = await house.identity.carry_out(await verify(house, ann, pending, code), host=HOST)
    assert isinstance(made, Key)
    assert made in await house.identity.keys_of(ann)
    assert (made.addresses, made.markets) == ("192.0.2.0/28 2001:db8::1/128", "2 1")
    await house.identity.post.deliver(house.now_ns)
    assert made.key_id in house.box.mails[-1].text


@pytest.mark.parametrize(
    "fields",
    [
        {"scopes": int(OPERATOR)},
        {"scopes": int(Scope.DELEGATE)},
        {"scopes": 1 << 20},
        {"signature": bytes(64)},
        {"signature": prove_api_key(API, server_key=SERVER, owner=1)},
        {"public_key": bytes(32)},
        {"public_key": b"short"},
        {"expires_ns": 5},
        {"notional_per_hour": -1},
        {"notional_per_hour": 5},
        {"addresses": "somewhere"},
        {"addresses": " ".join(f"10.0.0.{n}" for n in range(9))},
        {"markets": "-1"},
        {"markets": "0"},
        {"markets": "KCN/EUR"},
        {"markets": " ".join(map(str, range(1, 18)))},
    ],
    ids=str,
)
async def test_a_key_with_too_much_or_without_sense_is_refused(house: House, fields: dict[str, object]) -> None:
    ann = (await house.person(SEED)).owner.owner
    with pytest.raises(IdentityRefused) as no:
        await house.identity.request_key(ann, key_request(ann, **fields), limits=LIMITS, server_key=SERVER, host=HOST)
    assert no.value.reason is RejectReason.KEY_INVALID


async def test_keys_of_others_are_not_there_to_be_revoked(house: House) -> None:
    ann = await house.person(SEED)
    bob = await house.person(BOB, "bob@example.org")
    with pytest.raises(IdentityRefused) as no:
        await house.identity.revoke_key(ann.owner.owner, bob.key.key_id, by=ann.key.key_id, host=HOST)
    assert no.value.reason is RejectReason.KEY_NOT_FOUND
