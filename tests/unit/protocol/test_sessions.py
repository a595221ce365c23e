"""Client and server sessions, joined by a line."""

import random

import pytest

from mexchange.codec.blocks import pack
from mexchange.codec.codec import decode, encode
from mexchange.codec.message_type import MessageType
from mexchange.codec.messages import Heartbeat, LoginAccepted, OrderQuery, StatusQuery, Throttled, Unsupported
from mexchange.domain.units import AccountId, OrderId
from mexchange.protocol.client_events import (
    BlockReceived,
    HeartbeatReceived,
    LoggedIn,
    Lost,
    LostReason,
    Refused,
    RefusedReason,
    Secured,
    ThrottledFor,
    TimedOut,
)
from mexchange.protocol.client_session import ClientState
from mexchange.protocol.limits import LOOPBACK_LIMIT, UNANSWERED_MAX
from mexchange.protocol.login import EnrollLogin, KeyLogin, public_key_of
from mexchange.protocol.packet import BLOCKS_SIZE_MAX, DATAGRAM_SIZE_MAX, Kind, parse_header
from mexchange.protocol.server_events import GoneReason, LoginAsked, SessionGone
from mexchange.protocol.server_key import ServerPin
from mexchange.protocol.session_table import ServerSettings
from tests.fakes.session_world import MS, SERVER_ADDRESS, STATIC_KEY, WALL_NS, Client, Line, S, SessionWorld

SEED = b"device seed, thirty-two bytes ..."[:32]
ROOMY = ServerSettings(handshakes=LOOPBACK_LIMIT)


def connected(line: Line | None = None) -> tuple[SessionWorld, Client]:
    world = SessionWorld(line or Line(1), settings=ROOMY)
    client = world.client()
    world.run(100 * MS)
    assert state(client) is ClientState.LOGGED_IN
    return world, client


def state(client: Client) -> ClientState:
    return client.session.state


def reasons(client: Client) -> list[LostReason]:
    return [event.reason for event in client.events if isinstance(event, Lost)]


def test_an_anonymous_client_logs_in_within_three_round_trips() -> None:
    world = SessionWorld(Line(1))
    client = world.client()
    world.run(6 * MS)
    assert state(client) is ClientState.LOGGED_IN
    assert [type(event) for event in client.events] == [Secured, LoggedIn]
    secured, logged_in = client.events
    assert secured == Secured(STATIC_KEY.public, False, 1)
    assert isinstance(logged_in, LoggedIn)
    assert (logged_in.accepted.account, logged_in.accepted.boot_id, logged_in.accepted.credit) == (0, 1, 256)
    assert not logged_in.server_restarted
    assert len(world.table) == 1


def test_the_holder_of_a_key_logs_in() -> None:
    world = SessionWorld(Line(1))
    world.keys["mine"] = public_key_of(SEED)
    client = world.client(login=KeyLogin("mine", SEED))
    world.run(100 * MS)
    assert state(client) is ClientState.LOGGED_IN
    assert [session.account for session in world.table] == [16]


@pytest.mark.parametrize("login", [KeyLogin("mine", b"x" * 32), KeyLogin("other", SEED)])
def test_a_wrong_signature_is_refused(login: KeyLogin) -> None:
    world = SessionWorld(Line(1))
    world.keys["mine"] = public_key_of(SEED)
    client = world.client(login=login)
    world.run(20 * S)
    assert state(client) is ClientState.DOWN
    refused = client.last(Refused)
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.text) == (RefusedReason.LOGIN_REFUSED, "the signature is wrong")
    assert len(world.table) == 0


def test_secrets_do_not_show_in_reprs() -> None:
    assert repr(SEED) not in repr(KeyLogin("mine", SEED))
    assert repr(SEED) not in repr(EnrollLogin(SEED, "laptop"))


def test_an_unknown_and_a_changed_server_are_refused_by_name() -> None:
    world = SessionWorld(Line(1))
    stranger, betrayed = world.client(pin=ServerPin()), world.client(pin=ServerPin(expected=b"o" * 32))
    friend = world.client(pin=ServerPin(accept_new=True))
    world.run(100 * MS)
    for client, reason in (
        (stranger, RefusedReason.UNKNOWN_SERVER),
        (betrayed, RefusedReason.CHANGED_SERVER_KEY),
    ):
        assert state(client) is ClientState.DOWN
        refused = client.last(Refused)
        assert isinstance(refused, Refused)
        assert (refused.reason, refused.server_key) == (reason, STATIC_KEY.public)
    assert friend.events[0] == Secured(STATIC_KEY.public, True, 1)


def test_a_request_is_answered_under_its_correlation() -> None:
    world, client = connected()
    correlations = [client.ask(number, world.now_ns) for number in (501, 502, 503)]
    world.run(100 * MS)
    assert client.answers() == dict(zip(correlations, (501, 502, 503), strict=True))
    assert client.session.unanswered == 0
    assert client.session.srtt_ns == 2 * MS
    assert set(world.seen.values()) == {1}


def test_blocks_share_datagrams() -> None:
    world, client = connected()
    before = len(world.line.sent)
    for number in range(100):
        client.ask(number, world.now_ns)
    datagrams = client.session.datagrams(world.now_ns)
    block = len(encode(OrderQuery(account=AccountId(16), order_id=OrderId(1))))
    assert len(datagrams) == -(-100 // (BLOCKS_SIZE_MAX // block))
    assert all(len(datagram) <= DATAGRAM_SIZE_MAX for datagram in datagrams)
    assert len(world.line.sent) == before


def test_requests_made_before_the_login_wait_for_it() -> None:
    world = SessionWorld(Line(1))
    client = world.client()
    client.ask(7, world.now_ns)
    world.run(100 * MS)
    assert list(client.answers().values()) == [7]


def attack(world: SessionWorld, rng: random.Random) -> None:
    """Somebody on the way plays back an old datagram, as it was or with one byte changed."""
    datagram, source, target = rng.choice(world.line.sent)
    if rng.randrange(2):
        changed = bytearray(datagram)
        changed[rng.randrange(len(changed))] ^= rng.randrange(1, 256)
        datagram = bytes(changed)
    world.deliver(datagram, source, target)


@pytest.mark.parametrize("number", range(6))
def test_on_a_bad_and_hostile_line_every_request_comes_to_exactly_one_end(seed: int, number: int) -> None:
    suffer(seed, number)


@pytest.mark.soak
def test_on_three_hundred_bad_and_hostile_lines_every_request_comes_to_exactly_one_end(seed: int) -> None:
    for number in range(300):
        print(f"line {number}")
        suffer(seed + number, number)


def suffer(seed: int, number: int) -> None:
    """Two clients ask for a second or two on a bad line; with an odd `number` the server restarts meanwhile."""
    line = Line(seed, loss=20, doubling=20, delay_ns=5 * MS, jitter_ns=50 * MS)
    world = SessionWorld(line, settings=ROOMY)
    clients = [world.client() for _ in range(2)]
    for client in clients:
        client.persistent = True
    asked = 0
    for turn in range(30):
        if turn == 15 and number % 2:
            world.boot()
        for client in clients:
            for _ in range(line.random.randrange(1, 8)):
                asked += 1
                client.ask(asked, world.now_ns)
        world.run(line.random.randrange(1, 60) * MS)
        for _ in range(5):
            attack(world, line.random)
    world.run(25 * S)
    for client in clients:
        assert client.session.unanswered == 0
        assert client.outcomes() == dict.fromkeys(client.requests, 1)
        for correlation, order_id in client.answers().items():
            assert client.requests[correlation] == order_id
        timed_out = [event for event in client.events if isinstance(event, TimedOut)]
        assert len(timed_out) < len(client.requests) / 10
        assert state(client) is ClientState.LOGGED_IN
    assert set(world.seen) <= set(range(1, asked + 1)), "nothing was invented"


def test_a_request_that_nobody_answers_times_out_once() -> None:
    world, client = connected()
    world.answering = False
    correlation = client.ask(7, world.now_ns)
    world.run(9990 * MS)
    assert client.session.unanswered == 1
    assert 8 <= world.seen[7] <= 25
    world.run(100 * MS)
    assert client.last(TimedOut) == TimedOut(correlation)
    seen = world.seen[7]
    world.run(5 * S)
    assert world.seen[7] == seen
    assert client.outcomes() == {correlation: 1}


def test_a_request_of_the_caller_is_repeated_until_the_caller_is_content() -> None:
    world, client = connected()
    correlation = client.ask(7, world.now_ns, by_caller=True)
    world.run(1 * S)
    assert client.session.unanswered == 1
    assert world.seen[7] > 2
    assert client.session.settle(correlation)
    assert not client.session.settle(correlation)
    seen = world.seen[7]
    world.run(1 * S)
    assert world.seen[7] == seen


def test_a_late_answer_to_a_settled_request_is_marked() -> None:
    world, client = connected(Line(1, doubling=0))
    world.line.delay_ns = 150 * MS  # beyond the first timeout: asked twice, answered twice
    client.ask(7, world.now_ns)
    world.run(2 * S)
    firsts = [event.first_time for event in client.events if isinstance(event, BlockReceived)]
    assert firsts[0] is True
    assert len(firsts) > 1
    assert not any(firsts[1:])


def test_requests_beyond_the_credit_wait_their_turn() -> None:
    world, client = connected()
    world.answering = False
    for number in range(UNANSWERED_MAX + 50):
        client.ask(number, world.now_ns)
    world.run(20 * MS)
    assert sorted(world.seen) == list(range(UNANSWERED_MAX))
    for correlation in list(client.requests)[:50]:
        client.session.settle(correlation)
    world.answering = True
    world.run(3 * S)
    assert client.session.unanswered == 0
    assert sorted(world.seen) == list(range(UNANSWERED_MAX + 50))


def test_a_client_that_ignores_its_credit_is_throttled() -> None:
    world, client = connected()
    world.answering = False
    client.session._requests.credit = 1000
    for number in range(UNANSWERED_MAX + 10):
        client.ask(number, world.now_ns)
    world.run(20 * MS)
    assert len(world.seen) == UNANSWERED_MAX
    assert world.table.drops.over_credit == 10
    throttled = [event for event in client.events if isinstance(event, ThrottledFor)]
    assert len(throttled) == 10
    assert {event.retry_ns for event in throttled} == {100 * MS}


def test_a_throttled_request_is_sent_again_after_the_time_given() -> None:
    world, client = connected()
    world.answering = False
    correlation = client.ask(7, world.now_ns)
    world.run(5 * MS)
    (session,) = world.table
    world.table.send(session, encode(Throttled(retry_ms=2000), correlation))
    world.run(5 * MS)
    seen = world.seen[7]
    world.run(1900 * MS)
    assert world.seen[7] == seen
    world.answering = True
    world.run(200 * MS)
    assert client.answers() == {correlation: 7}


def test_heartbeats_carry_heads_and_keep_the_clock() -> None:
    world, client = connected()
    world.run(10 * S)
    heartbeats = [event.heartbeat for event in client.events if isinstance(event, HeartbeatReceived)]
    assert 18 <= len(heartbeats) <= 42
    assert [(head.stream, head.head) for head in heartbeats[-1].heads] == [(0, 0)]
    assert heartbeats[-1].boot_id == 1
    assert client.session.round_trip_ns == 2 * MS
    assert client.session.server_time_ns(world.now_ns) == pytest.approx(WALL_NS + world.now_ns, abs=MS)


def test_replayed_datagrams_change_nothing() -> None:
    world, client = connected()
    for number in range(50):
        client.ask(number, world.now_ns)
    world.run(1 * S)
    seen, events = dict(world.seen), list(client.events)
    for datagram, source, target in list(world.line.sent):
        if parse_header(datagram).kind is Kind.DATA:
            world.deliver(datagram, source, target)
    client.events.extend(client.session.events())
    assert dict(world.seen) == seen
    assert client.events == events
    assert world.table.drops.replayed > 0
    assert client.session.counters["Replayed"] > 0
    assert len(world.table) == 1


def test_replayed_handshakes_get_no_more_than_they_send_and_no_session_of_their_own() -> None:
    world, client = connected()
    hellos_and_inits = [
        (datagram, source)
        for datagram, source, target in world.line.sent
        if target == SERVER_ADDRESS and parse_header(datagram).kind is not Kind.DATA
    ]
    for datagram, source in hellos_and_inits * 3:
        assert world.table.receive(datagram, source, world.now_ns) == ()
        answers = world.table.datagrams(world.now_ns)
        assert sum(len(answer) for answer, _ in answers) <= len(datagram)
    assert len(world.table) == 1
    assert state(client) is ClientState.LOGGED_IN


def test_an_initiation_from_another_address_gets_nothing() -> None:
    world, _ = connected()
    (init,) = [datagram for datagram, _, _ in world.line.sent if datagram[0] == Kind.HANDSHAKE_INIT]
    assert world.table.receive(init, ("10.9.9.9", 1), world.now_ns) == ()
    assert world.table.datagrams(world.now_ns) == []
    assert world.table.drops.bad_cookie == 1


def test_garbage_gets_silence_and_a_counter(seed: int) -> None:
    world, client = connected()
    rng = random.Random(seed)
    for _ in range(3000):
        garbage = rng.randbytes(rng.choice((0, 1, 15, 16, 31, 32, 40, 56, 160, 256, 1199, 1201, 1500)))
        assert world.table.receive(garbage, ("10.9.9.9", 1), world.now_ns) == ()
        client.session.receive(garbage, world.now_ns)
    answers = world.table.datagrams(world.now_ns)
    assert sum(len(answer) for answer, _ in answers) <= 32 * 100, "resets, within their rate"
    drops = dict(world.table.drops.items())
    assert drops["bad_packet"] > 2000
    assert sum(drops.values()) == 3000
    assert client.session.counters.total() == 3000
    assert state(client) is ClientState.LOGGED_IN


def test_every_flipped_byte_of_a_sealed_request_is_dropped() -> None:
    world, client = connected()
    client.ask(7, world.now_ns)
    (datagram,) = client.session.datagrams(world.now_ns)
    for position in range(len(datagram)):
        tampered = bytearray(datagram)
        tampered[position] ^= 0x10
        assert world.table.receive(bytes(tampered), client.address, world.now_ns) == ()
    assert not world.seen
    assert sum(dict(world.table.drops.items()).values()) == len(datagram)
    world.deliver(datagram, client.address, SERVER_ADDRESS)
    assert world.seen == {7: 1}


def test_a_datagram_from_another_address_is_dropped_and_counted() -> None:
    world, client = connected()
    client.ask(7, world.now_ns)
    (datagram,) = client.session.datagrams(world.now_ns)
    world.deliver(datagram, ("10.0.1.1", 9999), SERVER_ADDRESS)
    assert world.table.drops.foreign_address == 1
    assert not world.seen


def test_a_restarted_server_is_noticed_by_its_reset_and_requests_go_on() -> None:
    world, client = connected()
    world.answering = False
    before = client.ask(7, world.now_ns)
    world.run(10 * MS)
    world.boot()
    world.answering = True
    after = client.ask(8, world.now_ns)
    world.run(1 * S)
    assert reasons(client) == [LostReason.RESET]
    logged_in = client.last(LoggedIn)
    assert isinstance(logged_in, LoggedIn)
    assert (logged_in.boot_id, logged_in.server_restarted) == (2, True)
    assert client.answers() == {before: 7, after: 8}
    assert client.outcomes() == {before: 1, after: 1}


def test_a_forged_reset_is_ignored() -> None:
    world, client = connected()
    forged = bytes([Kind.STATELESS_RESET]) + bytes(31)
    client.session.receive(forged, world.now_ns)
    assert state(client) is ClientState.LOGGED_IN
    assert client.session.counters["BadPacket"] == 1


def test_another_boot_id_in_a_heartbeat_means_a_new_handshake() -> None:
    world, client = connected()
    (session,) = world.table
    world.table.send(session, encode(Heartbeat(boot_id=99)))
    world.run(1 * S)
    assert reasons(client) == [LostReason.BOOT_CHANGED]
    assert state(client) is ClientState.LOGGED_IN


def test_silence_is_noticed_on_both_sides_and_healed() -> None:
    world, client = connected()
    world.line.cut = True
    world.run(5600 * MS)
    assert reasons(client) == [LostReason.SILENCE]
    assert len(world.table) == 0
    gone = world.server_events[-1]
    assert isinstance(gone, SessionGone)
    assert gone.reason is GoneReason.SILENT
    world.line.cut = False
    correlation = client.ask(7, world.now_ns)
    world.run(5 * S)
    assert client.answers() == {correlation: 7}


def test_an_unreachable_server_is_given_up_and_may_be_tried_again() -> None:
    world = SessionWorld(Line(1, loss=100))
    client = world.client()
    world.run(7700 * MS)
    assert state(client) is ClientState.HELLO_SENT
    world.run(100 * MS)
    assert reasons(client) == [LostReason.UNREACHABLE]
    assert state(client) is ClientState.DOWN
    assert client.session.next_timer_ns() is None
    assert len(world.line.sent) == 5
    world.line.loss = 0
    client.session.start(world.now_ns)
    world.run(100 * MS)
    assert state(client) is ClientState.LOGGED_IN


def test_a_cookie_of_a_server_that_restarted_is_replaced() -> None:
    world = SessionWorld(Line(1))
    client = world.client()
    world.run(2 * MS)
    assert state(client) is ClientState.INIT_SENT
    world.boot()
    world.run(3 * S)
    assert state(client) is ClientState.LOGGED_IN


def test_a_server_that_answers_only_hellos_is_given_up() -> None:
    world = SessionWorld(Line(1), settings=ServerSettings(handshaken_max=0))
    client = world.client()
    world.run(60 * S)
    assert reasons(client) == [LostReason.UNREACHABLE]
    assert world.table.drops.table_full == 5


def test_logout_is_told_to_the_server() -> None:
    world, client = connected()
    client.session.stop(world.now_ns)
    world.run(10 * MS)
    assert state(client) is ClientState.DOWN
    assert len(world.table) == 0
    gone = world.server_events[-1]
    assert isinstance(gone, SessionGone)
    assert gone.reason is GoneReason.LOGOUT


def test_a_session_closed_by_the_server_is_had_again() -> None:
    world, client = connected()
    (session,) = world.table
    assert [event.reason for event in world.table.close(session) if isinstance(event, SessionGone)] == [
        GoneReason.CLOSED
    ]
    assert not world.table.send(session, encode(StatusQuery()))
    world.run(1 * S)
    assert reasons(client) == [LostReason.LOGOUT]
    assert state(client) is ClientState.LOGGED_IN


def test_keys_are_renewed_after_half_a_day() -> None:
    world, client = connected(Line(1))
    client.session._renewal_due_ns = world.now_ns + 3 * S
    world.run(4 * S)
    assert reasons(client) == [LostReason.RENEWAL]
    assert state(client) is ClientState.LOGGED_IN


def test_an_account_has_at_most_sixteen_sessions() -> None:
    world = SessionWorld(Line(1), settings=ROOMY)
    world.keys["mine"] = public_key_of(SEED)
    clients = [world.client(login=KeyLogin("mine", SEED)) for _ in range(17)]
    world.run(200 * MS)
    states = [client.session.state for client in clients]
    assert states.count(ClientState.LOGGED_IN) == 16
    assert len(world.table.sessions_of(16)) == 16
    (left_out,) = [client for client in clients if state(client) is ClientState.DOWN]
    refused = left_out.last(Refused)
    assert isinstance(refused, Refused)
    assert "16 sessions" in refused.text
    clients[0].session.stop(world.now_ns)
    world.run(10 * MS)
    left_out.session.start(world.now_ns)
    world.run(100 * MS)
    assert state(left_out) is ClientState.LOGGED_IN


def test_before_the_login_nothing_but_a_login_is_read_and_rarely() -> None:
    world = SessionWorld(Line(1))
    client = world.client()
    world.run(4 * MS)
    assert state(client) is ClientState.SECURE
    channel = client.session._channel
    assert channel is not None
    for _ in range(10):
        query = channel.seal(encode(OrderQuery(account=AccountId(16), order_id=OrderId(1))), world.now_ns)
        assert world.table.receive(query, client.address, world.now_ns) == ()
    assert (world.table.drops.unexpected, world.table.drops.before_login) == (3, 7)
    assert not world.seen


def test_who_does_not_log_in_is_forgotten_after_ten_seconds() -> None:
    world = SessionWorld(Line(1))
    client = world.client()
    world.run(3 * MS)
    world.line.cut = True
    world.run(1 * MS)
    assert len(world.table) == 1
    world.run(11 * S)
    assert len(world.table) == 0
    assert not any(isinstance(event, SessionGone) for event in world.server_events)
    assert state(client) is not ClientState.LOGGED_IN


def test_a_daemon_that_thinks_about_a_login_is_asked_once() -> None:
    world = SessionWorld(Line(1))
    world.thinking = True
    client = world.client()
    world.run(3 * S)
    assert state(client) is ClientState.SECURE
    (asked,) = [event for event in world.server_events if isinstance(event, LoginAsked)]
    assert world.table.accept_login(asked.session, LoginAccepted(), now_ns=world.now_ns)
    assert not world.table.accept_login(asked.session, LoginAccepted(), now_ns=world.now_ns)
    world.run(10 * MS)
    assert state(client) is ClientState.LOGGED_IN


def test_a_lost_login_answer_is_repeated_and_the_daemon_is_asked_once() -> None:
    world = SessionWorld(Line(1))
    client = world.client()
    world.run(4 * MS)
    world.line.cut = True
    world.run(1 * MS)
    world.line.cut = False
    assert state(client) is ClientState.SECURE
    world.run(1 * S)
    assert state(client) is ClientState.LOGGED_IN
    assert sum(isinstance(event, LoginAsked) for event in world.server_events) == 1


def test_sealed_nonsense_is_counted_and_ends_the_session() -> None:
    world, client = connected()
    channel = client.session._channel
    assert channel is not None
    for number in range(16):
        assert len(world.table) == 1
        datagram = channel.seal(b"nonsense %d" % number, world.now_ns)
        events = world.table.receive(datagram, client.address, world.now_ns)
    assert world.table.drops.malformed == 16
    assert [event.reason for event in events if isinstance(event, SessionGone)] == [GoneReason.MALFORMED]
    world.run(1 * S)
    assert reasons(client) == [LostReason.RESET]


def test_a_session_message_that_the_server_does_not_know_is_answered() -> None:
    world, client = connected()
    client.session.request(pack(MessageType.PATH_CHALLENGE, bytes(8)), world.now_ns)
    world.run(10 * MS)
    answer = client.last(BlockReceived)
    assert isinstance(answer, BlockReceived)
    assert decode(answer.type, answer.payload) == Unsupported(message_type=MessageType.PATH_CHALLENGE)
    assert client.session.unanswered == 0
    assert len(world.table) == 1


def test_one_host_cannot_have_all_handshakes() -> None:
    world = SessionWorld(Line(1))
    for _ in range(60):
        world.client()
    world.run(100 * MS)
    assert world.table.drops.too_many_handshakes > 0
    assert len(world.table) <= 43
    other = world.client(address=("10.0.2.2", 1))
    world.run(100 * MS)
    assert state(other) is ClientState.LOGGED_IN


def test_no_answer_before_the_cookie_is_larger_than_its_question(seed: int) -> None:
    world = SessionWorld(Line(seed))
    client = world.client()
    (hello,) = client.session.datagrams(world.now_ns)
    rng = random.Random(seed)
    for size in [*range(64), 256, 1199, 1200]:
        for kind in range(7):
            datagram = (bytes([kind]) + hello[1:] + rng.randbytes(1200))[:size]
            world.table.receive(datagram, client.address, world.now_ns)
            answers = world.table.datagrams(world.now_ns)
            assert sum(len(answer) for answer, _ in answers) <= size
    assert len(world.table) == 0
