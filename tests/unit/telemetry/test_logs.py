"""Logs are structured, go where they are sent, and hold no secret."""

import io
import json
from collections.abc import Iterator

import pytest
import structlog

from mexchange.telemetry import logs


@pytest.fixture(autouse=True)
def _structlog_as_before() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_json_line_is_one_object_with_time_level_and_part() -> None:
    stream = io.StringIO()
    logs.configure(form="json", stream=stream)
    logs.get("daemon.app").info("listening", port=9001, host="::1")
    (line,) = lines(stream)
    assert str(line.pop("timestamp")).endswith("Z")
    assert line == {"event": "listening", "level": "info", "part": "daemon.app", "port": 9001, "host": "::1"}


def test_below_the_level_nothing_is_written() -> None:
    stream = io.StringIO()
    logs.configure(form="json", level="warning", stream=stream)
    logs.get("x").info("quiet")
    logs.get("x").warning("loud")
    assert [line["event"] for line in lines(stream)] == ["loud"]


def test_a_log_on_a_full_disk_stops_nobody() -> None:
    with io.TextIOWrapper(io.FileIO("/dev/full", "w"), write_through=True) as full:
        with pytest.raises(OSError):
            full.write("it is full")
        logs.configure(form="json", stream=full)
        logs.get("x").error("disk nearly full")


def test_no_secret_reaches_a_log() -> None:
    stream = io.StringIO()
    logs.configure(form="json", stream=stream)
    logs.get("x").info(
        "login",
        api_secret="c0ffee",
        device_seed=b"c0ffee",
        request={"password": "c0ffee", "otp_code": "c0ffee", "user": "ann"},
        headers=[{"Token": "c0ffee"}],
        handshake=b"c0ffee",
    )
    assert "c0ffee" not in stream.getvalue()
    (line,) = lines(stream)
    assert line["request"] == {"password": "(removed)", "otp_code": "(removed)", "user": "ann"}
    assert line["handshake"] == "<6 bytes>"


def test_a_structure_that_contains_itself_does_not_hang_a_log() -> None:
    stream = io.StringIO()
    logs.configure(form="json", stream=stream)
    ring: list[object] = []
    ring.append(ring)
    logs.get("x").info("ring", ring=ring)
    assert lines(stream)[0]["ring"] == [[[["…"]]]]


def test_console_lines_without_a_terminal_have_no_colours() -> None:
    stream = io.StringIO()
    logs.configure(stream=stream)
    logs.get("daemon.app").error("disk full", free_bytes=7)
    assert "disk full" in stream.getvalue()
    assert "free_bytes=7" in stream.getvalue()
    assert "\x1b" not in stream.getvalue()


def test_an_exception_is_written_with_its_trace() -> None:
    stream = io.StringIO()
    logs.configure(form="json", stream=stream)
    try:
        raise ValueError("torn")
    except ValueError:
        logs.get("x").exception("crashed")
    assert "ValueError: torn" in str(lines(stream)[0]["exception"])
