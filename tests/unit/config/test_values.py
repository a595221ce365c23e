"""What a person types for a setting."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mexchange.config import values


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("udp://127.0.0.1:9001", "127.0.0.1", 9001),
        ("ex.example", "ex.example", 9001),
        ("ex.example:77/", "ex.example", 77),
        ("UDP://localhost", "localhost", 9001),
        ("[::1]:77", "::1", 77),
        ("udp://[fe80::1%eth0]", "fe80::1%eth0", 9001),
        ("::1", "::1", 9001),
    ],
)
def test_a_server_is_a_host_and_perhaps_a_port(text: str, host: str, port: int) -> None:
    assert values.split_server(text) == (host, port)
    assert values.split_server(values.server(text)) == (host, port)


@pytest.mark.parametrize(
    "text", ["", "udp://", ":9001", "a:0", "a:x", "a:٣", "[::1", "[::1]x", "a b", "http://a", "a/b"]
)
def test_what_is_no_server_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"address|port|scheme"):
        values.split_server(text)


@given(st.text(max_size=40))
def test_no_text_surprises_a_parser(text: str) -> None:
    for parse in (values.server, values.duration_ns, values.decimal, values.boolean, values.profile_name):
        with contextlib.suppress(ValueError):
            assert parse(text) is not None


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        ("500ms", 500_000_000),
        ("2", 2_000_000_000),
        ("1.25s", 1_250_000_000),
        ("3m", 180_000_000_000),
        ("1H", 3600 * 10**9),
    ],
)
def test_a_duration_is_whole_nanoseconds(text: str, nanoseconds: int) -> None:
    assert values.duration_ns(text) == nanoseconds
