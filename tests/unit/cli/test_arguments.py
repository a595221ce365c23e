"""Global options anywhere on the line, and aliases that cannot hide a command."""

import pytest

from mexchange.cli.arguments import expand_alias, hoist


def test_global_options_may_stand_behind_the_command() -> None:
    assert hoist(["order", "list", "-o", "json", "--fields", "id,side"]) == [
        "-o", "json", "--fields", "id,side", "order", "list",
    ]  # fmt: skip


def test_a_value_may_be_joined_by_an_equals_sign() -> None:
    assert hoist(["ticker", "--output=csv", "--no-header"]) == ["--output=csv", "--no-header", "ticker"]


def test_options_of_commands_stay_where_they_are() -> None:
    words = ["order", "amend", "7f3a21", "-q", "5", "-p", "999.55"]
    assert hoist(words) == words


def test_nothing_behind_two_dashes_moves() -> None:
    assert hoist(["order", "get", "--", "-o"]) == ["order", "get", "--", "-o"]


def test_an_option_without_its_value_is_left_for_the_parser_to_refuse() -> None:
    assert hoist(["ticker", "-o"]) == ["-o", "ticker"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("balance --watch", "balance --watch=1s"),
        ("balance --watch EUR KCN", "balance --watch=1s EUR KCN"),
        ("balance EUR --watch 2s", "balance EUR --watch=2s"),
        ("balance --watch=500ms -o json", "-o json balance --watch=500ms"),
        ("balance --watch -- --watch", "balance --watch=1s -- --watch"),
    ],
)
def test_an_interval_may_follow_watch(typed: str, meant: str) -> None:
    assert hoist(typed.split()) == meant.split()


def test_an_alias_stands_for_its_words_once() -> None:
    assert expand_alias(["bb", "-n", "3"], {"bb": "book KCN/EUR"}) == ["book", "KCN/EUR", "-n", "3"]
    assert expand_alias(["book"], {"bb": "book"}) == ["book"]
    assert expand_alias([], {"bb": "book"}) == []
