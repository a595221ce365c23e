"""People at a running daemon: in by mail, keys with limits, out within a second, and nothing of theirs in any log."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyotp
import pytest

from mexchange.codec import encode
from mexchange.codec.messages import (
    AccountQuery,
    BackupCodes,
    CodeRequest,
    CodeSent,
    Confirm,
    ConfirmationSent,
    DeviceSignIn,
    Done,
    EmailChange,
    KeyRequest,
    KeyRevoke,
    KeysPage,
    KeysQuery,
    LoginRefusal,
    Message,
    Profile,
    ProfileQuery,
    QueryRefused,
    SessionRevoke,
    SessionsPage,
    SessionsQuery,
    TotpBegin,
    TotpEnable,
    TotpSecret,
    WebRefresh,
    WebSignIn,
    WebSignOut,
    WebTokens,
)
from mexchange.daemon import offline, people
from mexchange.domain.client_id import parse
from mexchange.domain.commands import AmendOrder, CancelOrder, PlaceOrder, Transfer
from mexchange.domain.events import Accepted, Rejected
from mexchange.domain.events import Done as OrderDone
from mexchange.domain.order import OrderType, Side, TimeInForce
from mexchange.domain.rejects import RejectReason
from mexchange.domain.scopes import DELEGATED, Scope
from mexchange.domain.units import AccountId, AssetId, Atoms, Lots, MarketId, Ticks
from mexchange.identity.audit import AuditKind
from mexchange.identity.roles import Role
from mexchange.protocol.login import AnonymousLogin, KeyLogin, WebLogin, public_key_of
from tests import postgres
from tests.integration.daemon.market import Market, Visitor, own_seed
from tests.integration.daemon.people import codes_of, make_key, new_code, sign_in

ANN: Final = "ann@example.org"
KCN_EUR, BTC_EUR = MarketId(1), MarketId(2)
EUR, KCN = AssetId(1), AssetId(2)
SECOND_S: Final = 1.0
LOADED_S: Final = 3.0
"""What a busy machine may add to a second."""


@pytest.fixture
def market(tmp_path: Path, database: str) -> Iterator[Market]:
    """On either database; not started yet."""
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    (data / "daemon.toml").write_text(f'database = "{database}"\n')
    (data / "daemon.toml").chmod(0o600)
    one = Market(data, MX_DAEMON_SEGMENT_BYTES=str(4 << 20), MX_DAEMON_FREE_BYTES_MIN="1")
    yield one
    one.end()


def order(
    name: str, side: Side = Side.BUY, *, quantity: int = 10, price: int = 50_000, market: int = 1, account: int = 0
) -> PlaceOrder:
    return PlaceOrder(AccountId(account), parse(name), MarketId(market), side, Lots(quantity), Ticks(price))


def outcome(visitor: Visitor, command: PlaceOrder | CancelOrder | AmendOrder) -> RejectReason | Accepted | OrderDone:
    visitor.tell(encode(command))
    event = visitor.wait_event(
        lambda event: (
            isinstance(event, Accepted | Rejected | OrderDone) and event.client_order_id == command.client_order_id
        )
    )
    assert isinstance(event, Accepted | Rejected | OrderDone)
    return event.reason if isinstance(event, Rejected) else event


def refused_code(visitor: Visitor, message: Message) -> str:
    answer, *_ = visitor.ask(message)
    assert isinstance(answer, QueryRefused), answer
    return answer.code


def is_out(visitor: Visitor, within_s: float = SECOND_S + LOADED_S) -> LoginRefusal | None:
    """Waits for the end of a session; why it did not come back."""
    visitor.wait(lambda: visitor.refused is not None, timeout_s=within_s)
    assert visitor.refused is not None
    return LoginRefusal(visitor.refused.refusal)


def test_a_person_signs_in_twice_and_has_one_account(market: Market) -> None:
    market.start()
    laptop, _ = sign_in(market, ANN)
    phone, _ = sign_in(market, ANN)
    assert laptop.account == phone.account
    profile, *_ = phone.ask(ProfileQuery())
    assert isinstance(profile, Profile)
    assert (profile.email, profile.role, profile.totp) == (ANN, Role.TRADER, False)
    page, *_ = phone.ask(KeysQuery())
    assert isinstance(page, KeysPage)
    assert len(page.keys) == 2
    assert isinstance(outcome(laptop, order("x")), Accepted)
    phone.wait_event(lambda event: isinstance(event, Accepted))


def test_a_repeated_request_is_done_once_and_answered_again(market: Market) -> None:
    market.start()
    nobody = market.visit(AnonymousLogin())
    block = encode(CodeRequest(ANN), 77)
    for _ in range(3):
        nobody.session.send_block(block)
        nobody.turn()
    nobody.wait(lambda: sum(echoed == 77 for _, echoed, _ in nobody.inbox) >= 1)
    nobody.session.send_block(block)
    nobody.wait(lambda: sum(echoed == 77 for _, echoed, _ in nobody.inbox) >= 2)
    answers = {payload for kind, echoed, payload in nobody.inbox if echoed == 77}
    assert len(answers) == 1
    new_code(market, ANN, 0)
    time.sleep(0.3)
    assert len(codes_of(market, ANN)) == 1, "one mail"


def test_guessing_at_speed_gets_five_looks(market: Market) -> None:
    market.start()
    nobody = market.visit(AnonymousLogin())
    sent, *_ = nobody.ask(CodeRequest(ANN))
    assert isinstance(sent, CodeSent)
    right = new_code(market, ANN, 0)
    wrong = [number for number in range(40) if f"{number:06}" != right]
    for number in wrong:
        assert refused_code(nobody, DeviceSignIn(sent.request_id, f"{number:06}")) in ("E_KEY", "E_CODE")
    seed = own_seed()
    from mexchange.protocol.login import prove_device

    signature = prove_device(seed, server_key=bytes.fromhex(market.run().server_key), request_id=sent.request_id)

    def attempt(code: str) -> str:
        return refused_code(
            nobody, DeviceSignIn(sent.request_id, code, public_key=public_key_of(seed), signature=signature)
        )

    assert {attempt(f"{number:06}") for number in wrong[:6]} == {"E_CODE"}
    assert attempt(right) == "E_CODE"


def test_revoked_keys_and_sessions_are_out_within_a_second(market: Market) -> None:
    market.start()
    laptop, _ = sign_in(market, ANN)
    phone, phone_login = sign_in(market, ANN)
    tablet, _ = sign_in(market, ANN)
    page, *_ = laptop.ask(SessionsQuery())
    assert isinstance(page, SessionsPage)
    assert len(page.sessions) == 3
    assert sum(each.is_this for each in page.sessions) == 1
    done, *_ = laptop.ask(KeyRevoke(phone_login.key_id))
    assert isinstance(done, Done)
    assert is_out(phone) is LoginRefusal.KEY_REVOKED
    again = market.visit(phone_login)
    assert again.refused is not None
    before = tablet.accepted
    assert before is not None
    name = next(each.session_id for each in page.sessions if each.key_id == before.key_id)
    done, *_ = laptop.ask(SessionRevoke(name))
    assert isinstance(done, Done)
    tablet.wait(lambda: tablet.accepted is not before, timeout_s=SECOND_S + LOADED_S)
    assert refused_code(laptop, SessionRevoke("udp-00000000")) == "E_SESSION_NOT_FOUND"
    assert isinstance(outcome(laptop, order("x")), Accepted), "the session that asked goes on"


def test_an_operator_shuts_out_and_changes_roles(market: Market) -> None:
    market.start()
    ann, login = sign_in(market, ANN)
    assert ann.accepted is not None
    owner = str(ann.accepted.owner)
    before = ann.accepted
    people.set_role(market.data, ANN, Role.READ_ONLY, time_ns=time.time_ns())
    ann.wait(lambda: ann.accepted is not before, timeout_s=SECOND_S + LOADED_S)
    assert outcome(ann, order("a")) is RejectReason.SCOPE_MISSING
    people.set_disabled(market.data, owner, is_disabled=True, time_ns=time.time_ns())
    assert is_out(ann) is LoginRefusal.DISABLED
    people.set_disabled(market.data, owner, is_disabled=False, time_ns=time.time_ns())
    people.set_role(market.data, owner, Role.TRADER, time_ns=time.time_ns())
    assert isinstance(outcome(market.visit(login), order("b")), Accepted)
    with pytest.raises(people.NoSuchPerson):
        people.set_role(market.data, "nobody@example.org", Role.ADMIN, time_ns=time.time_ns())


def test_a_key_keeps_to_its_markets_its_hour_and_selling(market: Market) -> None:
    market.start()
    ann, _ = sign_in(market, ANN)
    euro = 10**8
    limited = market.visit(make_key(market, ann, ANN, markets="1", notional_asset=1, notional_per_hour=20 * euro))
    assert outcome(limited, order("m1", market=2)) is RejectReason.KEY_MARKET
    assert isinstance(outcome(limited, order("n1", quantity=10, price=100_000)), Accepted), "10 EUR"
    accepted = outcome(limited, order("n2", quantity=8, price=100_000))
    assert isinstance(accepted, Accepted), "8 EUR"
    assert outcome(limited, order("n3", quantity=3, price=100_000)) is RejectReason.KEY_NOTIONAL
    assert isinstance(outcome(limited, order("n4", quantity=1, price=100_000)), Accepted), "1 EUR of the 2 left"
    market_order = PlaceOrder(
        AccountId(0), parse("n5"), KCN_EUR, Side.BUY, Lots(2), Ticks(0), OrderType.MARKET, TimeInForce.IOC
    )
    assert outcome(limited, market_order) is RejectReason.KEY_NOTIONAL
    amend = AmendOrder(AccountId(0), parse("n6"), accepted.order_id, quantity=Lots(20))
    assert outcome(limited, amend) is RejectReason.KEY_NOTIONAL
    cancel = CancelOrder(AccountId(0), parse("n7"), accepted.order_id)
    assert isinstance(outcome(limited, cancel), OrderDone | Accepted), "out one always gets"
    seller = market.visit(make_key(market, ann, ANN, reduce_only=True))
    assert outcome(seller, order("r1")) is RejectReason.KEY_REDUCE_ONLY
    assert isinstance(outcome(seller, order("r2", Side.SELL, price=200_000)), Accepted)


def test_a_key_of_a_program_changes_nothing_about_its_owner(market: Market) -> None:
    market.start()
    ann, _ = sign_in(market, ANN)
    bot = market.visit(make_key(market, ann, ANN, scopes=15))
    assert bot.account == ann.account
    for message in (
        KeyRequest(),
        KeyRevoke("mk_another"),
        SessionRevoke("all"),
        EmailChange("eve@example.org"),
        TotpBegin(),
        TotpEnable("000000"),
    ):
        assert refused_code(bot, message) == "E_SCOPE", message
    page, *_ = bot.ask(KeysQuery())
    assert isinstance(page, KeysPage)


def test_keys_expire_and_are_good_from_their_networks_only(market: Market) -> None:
    market.start()
    ann, _ = sign_in(market, ANN)
    elsewhere = market.visit(make_key(market, ann, ANN, addresses="192.0.2.0/24"))
    assert elsewhere.refused is not None
    assert elsewhere.refused.refusal == LoginRefusal.ADDRESS
    soon = make_key(market, ann, ANN, expires_ns=time.time_ns() + 8 * 10**9)
    visitor = market.visit(soon)
    assert visitor.accepted is not None
    time.sleep(8.1)
    late = market.visit(soon)
    assert late.refused is not None
    assert late.refused.refusal == LoginRefusal.KEY_REVOKED


def gateway(market: Market) -> tuple[Visitor, KeyLogin]:
    seed = own_seed()
    key = people.issue_service_key(market.data, public_key_of(seed), label="gateway", time_ns=time.time_ns())
    login = KeyLogin(key.key_id, seed)
    return market.visit(login), login


def browse(market: Market, service: Visitor, email: str = ANN) -> WebTokens:
    before = len(codes_of(market, email))
    sent, *_ = service.ask(CodeRequest(email, "203.0.113.9"))
    assert isinstance(sent, CodeSent), sent
    tokens, *_ = service.ask(
        WebSignIn(sent.request_id, new_code(market, email, before), label="a browser", host="203.0.113.9")
    )
    assert isinstance(tokens, WebTokens), tokens
    return tokens


def test_a_gateway_trades_for_people_and_can_neither_take_their_money_nor_make_keys(market: Market) -> None:
    market.start()
    ann, _ = sign_in(market, ANN)
    service, login = gateway(market)
    assert service.accepted is not None
    assert (service.account, service.accepted.scopes) == (0, Scope.PUBLIC | Scope.DELEGATE)
    assert refused_code(service, AccountQuery(AccountId(ann.account))) == "E_SCOPE"
    tokens = browse(market, service)
    browser = market.visit(WebLogin(login.key_id, login.seed, tokens.token, "203.0.113.9"))
    assert browser.accepted is not None
    assert (browser.account, browser.accepted.scopes) == (ann.account, DELEGATED)
    assert isinstance(outcome(browser, order("w")), Accepted)
    browser.tell(encode(Transfer(AccountId(0), parse("t"), AccountId(ann.account), EUR, Atoms(1))))
    refused = browser.wait_event(lambda event: isinstance(event, Rejected))
    assert isinstance(refused, Rejected)
    assert refused.reason is RejectReason.SCOPE_MISSING
    before = len(codes_of(market, ANN))
    seed = own_seed()
    from mexchange.protocol.login import prove_api_key

    owner = browser.accepted.owner
    signature = prove_api_key(seed, server_key=bytes.fromhex(market.run().server_key), owner=owner)
    asked, *_ = browser.ask(KeyRequest(public_key_of(seed), signature, "mine", 15))
    assert isinstance(asked, ConfirmationSent)
    assert refused_code(browser, Confirm(asked.request_id, "000000")) == "E_CODE"
    assert "withdraw" in asked.text
    assert len(codes_of(market, ANN)) <= before + 1, "only the person has the code"
    page, *_ = ann.ask(SessionsQuery())
    assert isinstance(page, SessionsPage)
    web = next(each for each in page.sessions if each.kind == "web")
    assert web.host == "203.0.113.9"
    done, *_ = ann.ask(SessionRevoke(web.session_id))
    assert isinstance(done, Done)
    assert is_out(browser) is LoginRefusal.SESSION_ENDED
    assert refused_code(service, WebRefresh(tokens.refresh)) == "E_SESSION"


def test_signing_out_and_a_stolen_refresh_token_end_the_open_session(market: Market) -> None:
    market.start()
    service, login = gateway(market)
    tokens = browse(market, service)
    browser = market.visit(WebLogin(login.key_id, login.seed, tokens.token))
    refreshed, *_ = service.ask(WebRefresh(tokens.refresh))
    assert isinstance(refreshed, WebTokens)
    assert isinstance(outcome(browser, order("w")), Accepted), "a refresh ends nothing"
    assert refused_code(service, WebRefresh(tokens.refresh)) == "E_SESSION"
    assert is_out(browser) is LoginRefusal.SESSION_ENDED
    other = browse(market, service, "bob@example.org")
    second = market.visit(WebLogin(login.key_id, login.seed, other.token))
    done, *_ = service.ask(WebSignOut(other.token))
    assert isinstance(done, Done)
    assert is_out(second) is LoginRefusal.SESSION_ENDED
    stolen = market.visit(WebLogin(login.key_id, own_seed(), other.token))
    assert stolen.refused is not None
    assert stolen.refused.refusal == LoginRefusal.BAD_SIGNATURE


def test_who_is_no_gateway_signs_nobody_in(market: Market) -> None:
    market.start()
    ann, _ = sign_in(market, ANN)
    for visitor, code in ((ann, "E_SCOPE"), (market.visit(AnonymousLogin()), "E_AUTH")):
        for message in (WebSignIn(), WebRefresh(bytes(32)), WebSignOut(bytes(32))):
            assert refused_code(visitor, message) == code


def test_a_second_factor_is_asked_for_over_the_wire(market: Market) -> None:
    market.start()
    ann, _ = sign_in(market, ANN)
    draft, *_ = ann.ask(TotpBegin())
    assert isinstance(draft, TotpSecret)
    totp = pyotp.TOTP(draft.secret)
    backup, *_ = ann.ask(TotpEnable(totp.at(time.time())))
    assert isinstance(backup, BackupCodes)
    with pytest.raises(AssertionError, match="E_TOTP"):
        sign_in(market, ANN)
    phone, _ = sign_in(market, ANN, second_factor=backup.codes.split()[0])
    assert phone.account == ann.account


def test_nothing_that_opens_a_door_is_in_logs_or_in_the_audit_log(market: Market) -> None:
    market.start()
    ann, _ = sign_in(market, ANN)
    draft, *_ = ann.ask(TotpBegin())
    assert isinstance(draft, TotpSecret)
    backup, *_ = ann.ask(TotpEnable(pyotp.TOTP(draft.secret).at(time.time())))
    assert isinstance(backup, BackupCodes)
    service, login = gateway(market)
    tokens = browse(market, service, "bob@example.org")
    browser = market.visit(WebLogin(login.key_id, login.seed, tokens.token))
    asked, *_ = browser.ask(EmailChange("eve@example.org"))
    refused_code(browser, Confirm(asked.request_id, "000000"))  # type: ignore[union-attr]
    assert outcome(browser, order("f", account=ann.account)) is RejectReason.FOREIGN_ACCOUNT
    time.sleep(1.2)
    assert market.stop() == 0
    audit = "\n".join(str(row) for row in people.audit_rows(market.data, limit=1_000))
    assert "foreign_account: new_orders" in audit
    assert "code refused" in audit
    logs = "\n".join(line for line in market.log().splitlines() if not line.startswith(("mail to ", "  ")))
    codes = codes_of(market, ANN) + codes_of(market, "bob@example.org")
    canaries = [
        ANN,
        "bob@example.org",
        "eve@example.org",
        *codes,
        *(f"{code[:3]} {code[3:]}" for code in codes),
        draft.secret,
        *backup.codes.split(),
        *(secret.hex() for secret in (tokens.token, tokens.refresh, login.seed)),
        *(repr(secret)[2:-1] for secret in (tokens.token, tokens.refresh, login.seed)),
    ]
    for canary in canaries:
        assert canary not in logs, canary
        assert canary not in audit, canary
    verdict = people.verify_audit(market.data)
    assert (verdict.broken_at, verdict.rows > 10) == (0, True)


def test_erasing_somebody_changes_no_balance(market: Market) -> None:
    market.start()
    ann, login = sign_in(market, ANN)
    assert isinstance(outcome(ann, order("x")), Accepted)
    assert market.stop() == 0
    before = offline.replay(market.data)
    people.erase_person(market.data, ANN, time_ns=time.time_ns())
    after = offline.replay(market.data)
    assert before["ok"]
    assert (after["state_hash"], after["sequence"]) == (before["state_hash"], before["sequence"])
    journal = b"".join(path.read_bytes() for path in sorted((market.data / "journal").iterdir()))
    assert ANN.encode() not in journal
    market.start()
    again = market.visit(login)
    assert again.refused is not None
    assert again.refused.refusal == LoginRefusal.UNKNOWN_KEY


def test_a_login_recorded_at_one_server_is_worth_nothing_at_another(market: Market, tmp_path: Path) -> None:
    """The handshake hash and the server's key are signed; the same bytes do not fit another channel."""
    from mexchange.protocol.login import LoginContext

    market.start()
    _, login = sign_in(market, ANN)
    recorded = login.message(LoginContext(b"h" * 32, b"s" * 32, time.time_ns() // 10**6))

    class Replayed:
        def message(self, context: LoginContext) -> object:
            return recorded

    thief = market.visit(Replayed())  # type: ignore[arg-type]
    assert thief.refused is not None
    assert thief.refused.refusal == LoginRefusal.BAD_SIGNATURE
    time.sleep(1)
    kinds = [(row.kind, row.detail) for row in people.audit_rows(market.data, limit=50)]
    assert (AuditKind.LOGIN_REFUSED.value, "bad_signature") in kinds


def test_trading_goes_on_while_the_database_is_away(cluster: postgres.Cluster, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    own = postgres.Cluster(postgres.programs() or Path())
    try:
        (data / "daemon.toml").write_text(f'database = "{own.new_database()}"\n')
        market = Market(data, MX_DAEMON_SEGMENT_BYTES=str(4 << 20), MX_DAEMON_FREE_BYTES_MIN="1")
        market.start()
        ann, login = sign_in(market, ANN)
        own.kill()
        for number in range(20):
            assert isinstance(outcome(ann, order(f"o{number}")), Accepted)
        stranger = market.visit(login)
        assert stranger.refused is not None
        assert stranger.refused.refusal == LoginRefusal.UNAVAILABLE, "fails closed"
        assert refused_code(ann, KeysQuery()) == "E_IDENTITY_UNAVAILABLE"
        own.start()
        deadline = time.monotonic() + 20
        while (visitor := market.visit(login)).refused is not None:
            assert time.monotonic() < deadline, visitor.refused
            time.sleep(0.2)
        assert isinstance(outcome(ann, order("last")), Accepted)
        market.end()
    finally:
        own.end()


def test_nobody_comes_in_without_a_code_but_to_a_demo(market: Market) -> None:
    market.start(demo=False)
    service, _ = gateway(market)
    assert refused_code(service, WebSignIn(email="bot@mexchange.local")) == "E_SCOPE"
