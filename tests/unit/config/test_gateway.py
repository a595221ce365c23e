"""Settings of a gateway: where they come from, and what is refused."""

from pathlib import Path

import msgspec
import pytest

from mexchange.config import gateway, gateway_run
from mexchange.config.errors import BadFile, BadValue
from mexchange.config.gateway_run import GatewayRun


def test_the_file_is_overlaid_by_the_environment_and_that_by_flags(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text('port = 1\nlog = "json"\n[limits]\nsockets_max = 5\nframes_burst = 6\n')
    environ = {
        "MX_GATEWAY_PORT": "2",
        "MX_GATEWAY_LIMITS_SOCKETS_MAX": "7",
        "MX_GATEWAY_CORS_ORIGINS": "https://a.example, https://b.example:8443",
        "MX_OTHER": "x",
    }
    found = gateway.load(data=tmp_path, environ=environ, flags={"port": 3, "host": None})
    assert (found.port, found.log, found.limits.sockets_max, found.limits.frames_burst) == (3, "json", 7, 6)
    assert found.cors_origins == ["https://a.example", "https://b.example:8443"]
    assert (found.host, found.is_tls) == ("127.0.0.1", False)


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"MX_GATEWAY_HOST": "0.0.0.0"}, "TLS"),
        ({"MX_GATEWAY_PORT": "70000"}, "port"),
        ({"MX_GATEWAY_TLS_KEY": "key.pem"}, "belong together"),
        ({"MX_GATEWAY_CORS_ORIGINS": "*"}, "origin"),
        ({"MX_GATEWAY_ORIGINS": "https://a.example/path"}, "origin"),
        ({"MX_GATEWAY_LIMITS_SOCKETS_MAX": "0"}, "above zero"),
        ({"MX_GATEWAY_LIMITS_SOCKETS_MAX": "many"}, "sockets_max"),
        ({"MX_GATEWAY_NOTHING": "1"}, "no such setting"),
    ],
)
def test_what_cannot_be_is_named(tmp_path: Path, environ: dict[str, str], words: str) -> None:
    with pytest.raises(BadValue, match=words):
        gateway.load(data=tmp_path, environ=environ)


def test_beyond_this_machine_a_proxy_or_a_certificate_speaks_tls(tmp_path: Path) -> None:
    outside = {"MX_GATEWAY_HOST": "0.0.0.0"}
    assert gateway.load(data=tmp_path, environ={**outside, "MX_GATEWAY_BEHIND_TLS": "true"}).is_tls
    files = {"MX_GATEWAY_TLS_CERTIFICATE": "c.pem", "MX_GATEWAY_TLS_KEY": "k.pem"}
    assert gateway.load(data=tmp_path, environ={**outside, **files}).is_tls


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text("port = ")
    with pytest.raises(BadFile, match=r"gateway\.toml"):
        gateway.load(data=tmp_path, environ={})


def test_a_gateway_removes_its_own_address_alone(tmp_path: Path) -> None:
    run = GatewayRun(pid=5, url="http://127.0.0.1:1", metrics_url="", started_ns=1, version="0")
    gateway_run.write(tmp_path, run)
    gateway_run.remove(tmp_path, msgspec.structs.replace(run, pid=4))
    assert gateway_run.read(tmp_path) == run
    gateway_run.remove(tmp_path, run)
    assert gateway_run.read(tmp_path) is None
