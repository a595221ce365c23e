"""Global options anywhere on the line, and aliases that cannot hide a command."""

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


def test_an_alias_stands_for_its_words_once() -> None:
    assert expand_alias(["bb", "-n", "3"], {"bb": "book KCN/EUR"}) == ["book", "KCN/EUR", "-n", "3"]
    assert expand_alias(["book"], {"bb": "book"}) == ["book"]
    assert expand_alias([], {"bb": "book"}) == []
