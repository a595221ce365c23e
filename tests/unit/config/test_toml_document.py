"""A file that people write into as well: what the programs save leaves their comments and their order."""

import string
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from mexchange.config import profiles
from mexchange.config.errors import BadFile
from mexchange.config.profiles import ConfigFile, Profile
from mexchange.config.toml_document import revised, save

COMMENTED = """\
# how I like it
theme = "mx-light" # for the office
sizes = [
  "1", # small
  "2",
]

# loud ones only
[sounds]
fill = "bell"   # so that I look up
reject = "off"
"""

NAMES = some.text(string.ascii_lowercase, min_size=1, max_size=3)
PLAIN = some.booleans() | some.integers(-9, 9) | some.text("a#\"'\n\\é[", max_size=4) | some.lists(some.integers(0, 3))
INNER = some.dictionaries(NAMES, PLAIN, max_size=3)
TABLES = some.dictionaries(NAMES, PLAIN | INNER | some.lists(INNER, min_size=1, max_size=3), max_size=5)


def test_what_did_not_change_is_the_same_byte_for_byte() -> None:
    assert revised(COMMENTED, tomllib.loads(COMMENTED)) == COMMENTED


def test_a_value_changes_in_its_place_and_keeps_its_comment() -> None:
    wanted = tomllib.loads(COMMENTED) | {"theme": "mx-dark", "sounds": {"fill": "off", "reject": "off"}}
    said = revised(COMMENTED, wanted)
    assert said == COMMENTED.replace('"mx-light"', '"mx-dark"').replace('"bell"', '"off"')


def test_a_new_value_goes_behind_the_last_one_and_a_comment_stays_above_its_table() -> None:
    wanted = tomllib.loads(COMMENTED) | {"fps": 5, "alerts": [{"market": "KCN/EUR"}]}
    said = revised(COMMENTED, wanted)
    assert said == COMMENTED.replace("]\n\n#", "]\nfps = 5\n\n#") + '\n[[alerts]]\nmarket = "KCN/EUR"\n'
    assert revised("# mine\n\n# loud\n[sounds]\n", {"fps": 5, "sounds": {}}) == "# mine\nfps = 5\n\n# loud\n[sounds]\n"
    assert revised("# loud\n[sounds]\n", {"fps": 5, "sounds": {}}) == "fps = 5\n\n# loud\n[sounds]\n"


def test_a_default_that_somebody_wrote_stays_and_others_are_not_added() -> None:
    said = revised("fps = 0 # as it comes\nold = 1\n", {}, silent={"fps": 0, "mouse": True})
    assert said == "fps = 0 # as it comes\n"
    assert revised("mouse = false # mine\n", {}, silent={"mouse": True}) == "mouse = true # mine\n"


def test_of_a_list_of_tables_the_others_stay_when_one_goes() -> None:
    text = "[[alerts]]\nprice = 1 # first\n\n[[alerts]]\nprice = 2 # second\n"
    assert revised(text, {"alerts": [{"price": 2}]}) == "[[alerts]]\nprice = 2 # second\n"
    assert revised(text, {"alerts": [{"price": 1}, {"price": 2}, {"price": 3}]}).startswith(text)
    assert tomllib.loads(revised(text, {"alerts": [{"price": 2}, {"price": 1}]}))["alerts"] == [
        {"price": 2},
        {"price": 1},
    ]


@given(TABLES, TABLES)
def test_whatever_stood_there_the_file_says_what_is_wanted(
    before: dict[str, object], wanted: dict[str, object]
) -> None:
    text = revised("# mine\n", before)
    assert tomllib.loads(text) == before
    after = revised(text, wanted)
    assert tomllib.loads(after) == wanted
    assert revised(after, wanted) == after


def test_profiles_keep_what_people_wrote(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('# mine\ndefault_profile = "a"\n\n# at home\n[profile.a]\nserver = "udp://[::1]:1" # v6\n')
    config = profiles.read(file)
    profiles.write(file, ConfigFile("b", {**config.profiles, "b": Profile(server="udp://h:2")}, config.aliases))
    text = file.read_text()
    assert text.startswith('# mine\ndefault_profile = "b"\n\n# at home\n[profile.a]\nserver = "udp://[::1]:1" # v6\n')
    assert profiles.read(file).profiles["b"].server == "udp://h:2"
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", [b"= broken", b"\xff"])
def test_a_file_that_is_no_toml_is_left_alone(tmp_path: Path, text: bytes) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(text)
    with pytest.raises(BadFile, match=r"config\.toml"):
        save(file, {"fps": 5})
    assert file.read_bytes() == text
