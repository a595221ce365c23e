"""Cookies: good for one address, one client, one minute."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mexchange.protocol.cookie import COOKIE_LIFETIME_NS, SECRET_LIFETIME_NS, CookieJar
from mexchange.protocol.errors import BadCookie

HERE = ("10.0.0.1", 4000)
CLIENT = b"c" * 32
S = 10**9


def test_a_cookie_holds_for_its_address_client_and_time() -> None:
    jar = CookieJar(os.urandom, 5 * S)
    cookie = jar.make(HERE, CLIENT, 6 * S)
    assert len(cookie) == 24
    jar.check(cookie, HERE, CLIENT, 6 * S)
    jar.check(cookie, HERE, CLIENT, 6 * S + COOKIE_LIFETIME_NS)


@pytest.mark.parametrize(
    ("address", "client", "now_ns"),
    [
        (("10.0.0.2", 4000), CLIENT, 0),
        (("10.0.0.1", 4001), CLIENT, 0),
        (HERE, b"d" * 32, 0),
        (HERE, CLIENT, COOKIE_LIFETIME_NS + 1),
        (HERE, CLIENT, -1),
    ],
)
def test_a_cookie_is_good_for_nothing_else(address: tuple[str, int], client: bytes, now_ns: int) -> None:
    jar = CookieJar(os.urandom, 0)
    cookie = jar.make(HERE, CLIENT, 0)
    with pytest.raises(BadCookie):
        jar.check(cookie, address, client, now_ns)


def test_a_live_cookie_survives_the_change_of_the_secret() -> None:
    jar = CookieJar(os.urandom, 0)
    cookie = jar.make(HERE, CLIENT, SECRET_LIFETIME_NS - 1)
    jar.make(HERE, CLIENT, SECRET_LIFETIME_NS)
    jar.check(cookie, HERE, CLIENT, SECRET_LIFETIME_NS + 1)


def test_a_secret_is_gone_after_two_lifetimes_even_if_nobody_called() -> None:
    made: list[bytes] = []

    def random(size: int) -> bytes:
        made.append(os.urandom(size))
        return made[-1]

    jar = CookieJar(random, 0)
    jar.make(HERE, CLIENT, 0)
    assert len(made) == 2
    jar.make(HERE, CLIENT, 2 * SECRET_LIFETIME_NS)
    assert len(made) == 4


def test_every_byte_of_a_cookie_counts() -> None:
    jar = CookieJar(os.urandom, 0)
    cookie = jar.make(HERE, CLIENT, S)
    for position in range(len(cookie)):
        tampered = bytearray(cookie)
        tampered[position] ^= 1
        with pytest.raises(BadCookie):
            jar.check(bytes(tampered), HERE, CLIENT, 2 * S)


@given(st.binary(max_size=40))
def test_invented_cookies_are_refused(cookie: bytes) -> None:
    with pytest.raises(BadCookie):
        CookieJar(os.urandom, 0).check(cookie, HERE, CLIENT, S)
