"""A durable frame as the projector is given it: what the engine said, and what its new assets and markets are."""

from typing import Final

from mexchange.codec import decode, encode
from mexchange.codec.blocks import split
from mexchange.codec.messages import AssetsPage, AssetsQuery, MarketsPage, MarketsQuery
from mexchange.codec.records import kinds_of
from mexchange.daemon.views import Commit, Engine
from mexchange.domain.events import EventKind
from mexchange.store.spool import Entry

_DEFINING: Final = (int(EventKind.ASSET_CHANGED), int(EventKind.MARKET_CHANGED))


def entry_of(commit: Commit, engine: Engine) -> Entry:
    """`engine` stands at the end of this commit, or the commit has the definitions."""
    definitions = commit.definitions
    if definitions is None:
        definitions = definitions_in(commit.records, engine)
    return Entry(commit.first_sequence, commit.count, commit.time_ns, commit.digest, commit.records, definitions)


def definitions_in(records: bytes, engine: Engine) -> bytes:
    """All definitions if one is new or changed: an event names a changed market, only the engine can define it."""
    kinds = kinds_of(records)
    return definitions_of(engine) if any(kind in kinds for kind in _DEFINING) else b""


def definitions_of(engine: Engine) -> bytes:
    """Every asset and every market, as the blocks that answer AssetsQuery and MarketsQuery."""
    blocks: list[bytes] = []
    for question in (AssetsQuery, MarketsQuery):
        first = 0
        while True:
            answers = engine.query(encode(question(first)))  # type: ignore[arg-type]
            blocks += answers
            ((message_type, _, payload),) = split(b"".join(answers))
            page = decode(message_type, payload)
            assert isinstance(page, AssetsPage | MarketsPage)
            first = page.next
            if not first:
                break
    return b"".join(blocks)
