"""Characters that keep columns straight, and text that cannot hurt."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from mexchange.tui.glyphs import ASCII, UNICODE, GlyphSet
from mexchange.tui.plain import harmless, narrow


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_every_glyph_is_one_cell(glyphs: GlyphSet) -> None:
    texts = [value for value in msgspec.structs.asdict(glyphs).values() if isinstance(value, str)]
    assert len(texts) > 20
    assert {cell_len(character) for text in texts for character in text} == {1}


def test_the_ascii_set_is_ascii() -> None:
    assert all(value.isascii() for value in msgspec.structs.asdict(ASCII).values() if isinstance(value, str))


def test_control_codes_and_reordering_are_made_visible() -> None:
    assert harmless("a\x1b[31mb\u202ec\x00") == "a?[31mb?c?"
    assert harmless("one\ntwo\tthree") == "one two three"
    assert harmless("x" * 30, 10) == "x" * 9 + "…"


@given(st.text())
def test_narrow_text_is_as_many_cells_as_characters(text: str) -> None:
    shown = narrow(text)
    assert cell_len(shown) == len(shown) == min(len(text), 500)
    assert shown.isprintable()
