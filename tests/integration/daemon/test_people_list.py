"""Operators list people: by number, page by page, found by number, address or name, and nobody else may."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mexchange.codec import encode
from mexchange.codec.messages import PeoplePage, PeopleQuery, PersonInfo, QueryRefused
from mexchange.domain.client_id import parse
from mexchange.domain.commands import ChangeAccount
from mexchange.domain.market import AccountSetting, AccountStatus
from mexchange.domain.units import AccountId, OwnerId
from mexchange.identity.roles import Role
from mexchange.protocol.login import AnonymousLogin
from tests.integration.daemon.market import Market, Visitor

CROWD = 12


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    data: Path = tmp_path_factory.mktemp("people") / "data"
    data.mkdir(mode=0o700)
    found = Market(data, MX_DAEMON_SEGMENT_BYTES=str(4 << 20), MX_DAEMON_FREE_BYTES_MIN="1")
    found.start()
    yield found
    found.end()


def pages_of(operator: Visitor, search: str = "") -> list[list[PersonInfo]]:
    pages: list[list[PersonInfo]] = []
    after = OwnerId(0)
    while True:
        (page,) = operator.ask(PeopleQuery(after, search))
        assert isinstance(page, PeoplePage), page
        pages.append(page.people)
        if not page.next:
            return pages
        assert page.next == page.people[-1].owner
        after = page.next


def found_by(operator: Visitor, search: str) -> list[PersonInfo]:
    return [person for page in pages_of(operator, search) for person in page]


def test_everybody_is_listed_once_by_number_however_many_pages_it_takes(market: Market) -> None:
    crowd = {market.visit().account for _ in range(CROWD)}
    pages = pages_of(market.visit_as_operator())
    assert len(pages) > 1
    people = [person for page in pages for person in page]
    owners = [person.owner for person in people]
    assert owners == sorted(set(owners))
    by_account = {person.account: person for person in people if person.account}
    assert crowd <= set(by_account)
    ann = by_account[AccountId(min(crowd))]
    assert (ann.label, ann.role, ann.status, ann.accounts) == ("a test's device", Role.TRADER, AccountStatus.ACTIVE, 1)
    assert not any(person.is_disabled or person.is_erased or person.totp for person in people)
    assert [person.account for person in people if person.label == "operator@local"] == [0]


def test_people_are_found_by_account_owner_address_and_part_of_a_name(market: Market) -> None:
    ann, operator = market.visit(), market.visit_as_operator()
    assert ann.accepted is not None
    for search in (str(ann.account), f" {ann.accepted.owner} "):
        assert [person.account for person in found_by(operator, search)] == [ann.account]
    assert [person.email for person in found_by(operator, "Demo@Local")] == ["demo@local"]
    assert {person.label for person in found_by(operator, "OPERATOR")} == {"operator@local"}
    for nobody in ("999999", "nobody@example.org", "a % device", "a_test"):
        assert found_by(operator, nobody) == [], nobody
    (refused,) = operator.ask(PeopleQuery(search="@"))
    assert isinstance(refused, QueryRefused)
    assert refused.code == "E_EMAIL"


def test_the_list_says_who_is_frozen_and_what_tier_they_pay(market: Market) -> None:
    ann, operator = market.visit(), market.visit_as_operator()
    changes = ((AccountSetting.FEE_TIER, 3), (AccountSetting.STATUS, int(AccountStatus.FROZEN)))
    for number, (setting, value) in enumerate(changes):
        command = ChangeAccount(AccountId(ann.account), setting, value, client_order_id=parse(f"change-{number}"))
        operator.ask(encode(command))
    (person,) = found_by(operator, str(ann.account))
    assert (person.status, person.fee_tier) == (AccountStatus.FROZEN, 3)


@pytest.mark.parametrize("anonymous", [False, True], ids=["trader", "nobody"])
def test_only_operators_may_ask(market: Market, anonymous: bool) -> None:
    visitor = market.visit(AnonymousLogin()) if anonymous else market.visit()
    (answer,) = visitor.ask(PeopleQuery())
    assert isinstance(answer, QueryRefused)
    assert answer.code == ("E_AUTH" if anonymous else "E_SCOPE")
