"""What the gateway counts, for Prometheus, on a listener of its own."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Figures:
    """One registry for one gateway."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "mx_gateway_requests", "Answers by route and status", ["route", "method", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "mx_gateway_request_seconds", "Until the answer", ["route"], buckets=_SECONDS, registry=self.registry
        )
        self._methods = Counter(
            "mx_gateway_socket_requests", "Requests of sockets by method", ["method", "outcome"], registry=self.registry
        )
        self.conflated = Counter(
            "mx_gateway_conflated", "Messages of channels left out for slow readers", registry=self.registry
        )
        self.slow = Counter("mx_gateway_slow_closed", "Sockets closed for not reading", registry=self.registry)

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """An answer of HTTP."""
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def socket_request(self, method: str, outcome: str) -> None:
        """An answer to a socket; `outcome` is ok, refused or failed."""
        self._methods.labels(method, outcome).inc()

    def gauge(self, name: str, text: str, value: Callable[[], float]) -> None:
        """A number that is looked up when somebody asks."""
        Gauge(f"mx_gateway_{name}", text, registry=self.registry).set_function(value)

    async def serve(self, scope: dict[str, Any], _: object, send: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
        """GET /metrics, as an ASGI application."""
        is_found = scope.get("path") == "/metrics" and scope.get("method") == "GET"
        body = generate_latest(self.registry) if is_found else b"not found"
        kind = CONTENT_TYPE_LATEST.encode() if is_found else b"text/plain"
        headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200 if is_found else 404, "headers": headers})
        await send({"type": "http.response.body", "body": body})
