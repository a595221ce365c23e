"""Hashes of the state for previews: one per sequence, and never more than a share of the loop's time."""

from mexchange.daemon.previews import HASH_BURST_NS, HASH_SHARE, StateHashes

COST_NS = 100_000_000


class SlowEngine:
    """Has a large state: its hash takes a tenth of a second of the clock that it is."""

    def __init__(self) -> None:
        self.sequence = 1
        self.hashed = 0
        self.passed_ns = 0

    def state_hash(self) -> bytes:
        self.hashed += 1
        self.passed_ns += COST_NS
        return self.sequence.to_bytes(32, "little")

    def preview(self, blocks: bytes, time_ns: int) -> bytes:
        return b""

    def monotonic_ns(self) -> int:
        return self.passed_ns

    def time_ns(self) -> int:
        return self.passed_ns


def test_one_hash_serves_all_who_ask_at_its_sequence() -> None:
    engine = SlowEngine()
    hashes = StateHashes(engine, engine)
    assert {hashes.now() for _ in range(100)} == {engine.sequence.to_bytes(32, "little")}
    assert engine.hashed == 1


def test_a_market_that_moves_is_not_stopped_by_those_who_ask() -> None:
    engine = SlowEngine()
    hashes = StateHashes(engine, engine)
    for _ in range(10_000):
        engine.sequence += 1
        engine.passed_ns += 10_000_000
        hashes.now()
    assert engine.hashed * COST_NS <= HASH_BURST_NS + COST_NS + engine.passed_ns // HASH_SHARE
    assert engine.hashed > 10
