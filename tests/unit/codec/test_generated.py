"""The generated modules are what the schemas make, and the schemas are what their released copy promised."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mexchange.codec._generated import MESSAGES, STRUCTS, TABLES
from mexchange.codec.message_type import MessageType
from mexchange.codec.messages import Message
from tests.unit.codec.official import SCHEMAS, flatc, run_flatc

ROOT = SCHEMAS.parent
RELEASED = SCHEMAS / "released"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the schemas make now."""
    folder = tmp_path_factory.mktemp("generated")
    environment = {"PYTHON": sys.executable, "FLATC": str(flatc()), "PATH": "/usr/bin:/bin"}
    subprocess.run([SCHEMAS / "generate.sh", folder], check=True, env=environment)
    return folder


@pytest.mark.parametrize("path", ["mexchange/codec/_generated.py", "native/engine/src/codec/generated.rs"])
def test_the_committed_modules_are_what_the_schemas_make(made: Path, path: str) -> None:
    assert (made / Path(path).name).read_text() == (ROOT / path).read_text()


def test_the_code_of_the_page_is_what_the_schemas_make(made: Path) -> None:
    committed = ROOT / "web" / "src" / "feed" / "generated" / "mx"
    contents = [
        {path.name: path.read_text() for path in folder.iterdir()} for folder in (made / "generated" / "mx", committed)
    ]
    assert len(contents[0]) > 10
    assert contents[0] == contents[1]


def conform(folder: Path, source: str) -> subprocess.CompletedProcess[str]:
    """Does a schema in `folder` keep what the released one of the same name promised."""
    released = RELEASED / source
    return run_flatc("--conform-includes", RELEASED, "--conform", released, folder / source, includes=folder)


@pytest.mark.parametrize("source", sorted(path.name for path in SCHEMAS.glob("*.fbs")))
def test_schemas_conform_to_the_released_ones(source: str) -> None:
    done = conform(SCHEMAS, source)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("source", "old", "new"),
    [
        ("commands.fbs", "reference_price:long (id:4)", "reference_price:int (id:4)"),
        ("session.fbs", "host:string (id:8);", ""),
        ("queries.fbs", "MarketsQuery { first:uint (id:0); }", "MarketsQuery { first:uint = 1 (id:0); }"),
        ("market_data.fbs", "struct LevelS { price:long; quantity:long;", "struct LevelS { quantity:long; price:long;"),
        ("message_type.fbs", "NewOrders = 100", "NewOrders = 99"),
    ],
)
def test_a_change_that_old_peers_would_misread_is_found(tmp_path: Path, source: str, old: str, new: str) -> None:
    for path in RELEASED.glob("*.fbs"):
        shutil.copy(path, tmp_path)
    assert conform(tmp_path, source).returncode == 0
    text = (tmp_path / source).read_text()
    assert old in text
    (tmp_path / source).write_text(text.replace(old, new, 1))
    done = conform(tmp_path, source)
    assert done.returncode != 0
    assert "don't conform" in done.stdout + done.stderr


def test_sizes_are_those_that_the_pages_of_the_protocol_promise() -> None:
    sizes = {name: layout.size for name, layout in STRUCTS.items()}
    assert sizes == {
        "AmendS": 48,
        "BalanceS": 24,
        "CancelS": 40,
        "CandleRowS": 96,
        "ClientId": 16,
        "DayBalanceS": 16,
        "EventS": 64,
        "FillS": 88,
        "FundingRowS": 64,
        "HoldingS": 64,
        "LedgerEntryS": 64,
        "LevelS": 24,
        "NewOrderS": 48,
        "OpenOrderS": 88,
        "OrderSummaryS": 120,
        "RecordS": 80,
        "StreamHeadS": 16,
        "TradeS": 48,
    }


def test_hot_messages_have_a_fixed_layout() -> None:
    hot = [
        "NewOrders",
        "Cancels",
        "Amends",
        "Reports",
        "BookSnapshot",
        "BookDelta",
        "Trades",
        "Candles",
        "Balances",
        "Heartbeat",
    ]
    assert all(TABLES[name].fixed is not None for name in hot)


def test_every_message_number_has_a_table_or_is_reserved() -> None:
    reserved = {
        MessageType.NONE,
        MessageType.PATH_CHALLENGE,
        MessageType.PATH_RESPONSE,
        MessageType.CANCEL_ALL_AFTER,
        MessageType.DELEGATE,
    }
    assert set(MessageType) - set(MESSAGES) == reserved


def test_every_field_of_a_message_is_a_field_of_its_table_in_the_same_order() -> None:
    for cls in Message.__args__:
        wire = [field.name for field in TABLES[cls.__name__].fields if field.name != "unused"]
        assert list(cls.__struct_fields__) == wire


def test_no_schema_has_a_float() -> None:
    for source in SCHEMAS.glob("*.fbs"):
        assert re.search(r":\s*\[?(float|double)", source.read_text()) is None
