"""Orders of one owner do not trade with each other: the taker's mode says what happens instead."""

from tests.engine.table import Table, check


def test_by_default_the_taker_ends(table: Table) -> None:
    check(
        table,
        """
        bob sell 1 @ 100           -> 1 rests
        ann sell 3 @ 100 as x      -> 3 rests
        ann buy 5 @ 100            -> 1 @ 100 from bob, 3 @ 100 prevented with x, 4 cancelled: self trade
        cat buy 3 @ 100            -> 3 @ 100 from ann
        """,
    )


def test_an_account_may_have_another_default(table: Table) -> None:
    check(
        table,
        """
        ann sell 3 @ 100 as x                -> 3 rests
        ann set self trade prevention 3      -> self_trade_prevention 3
        ann buy 5 @ 100                      -> 3 @ 100 prevented with x, x 3 cancelled: self trade, 5 rests
        """,
    )


def test_none_trades_with_oneself(table: Table) -> None:
    check(
        table,
        """
        ann sell 3 @ 100           -> 3 rests
        ann buy 5 @ 100 stp=none   -> 3 @ 100 from ann, 2 rests
        """,
    )


def test_cancel_maker_ends_each_own_order_and_goes_on(table: Table) -> None:
    check(
        table,
        """
        ann sell 3 @ 100 as x      -> 3 rests
        bob sell 1 @ 100           -> 1 rests
        ann sell 2 @ 101 as y      -> 2 rests
        ann buy 5 @ 101 stp=maker  -> 3 @ 100 prevented with x, x 3 cancelled: self trade, 1 @ 100 from bob, \
2 @ 101 prevented with y, y 2 cancelled: self trade, 4 rests
        """,
    )


def test_cancel_both_ends_both(table: Table) -> None:
    check(
        table,
        """
        ann sell 3 @ 100 as x      -> 3 rests
        ann sell 3 @ 100 as y      -> 3 rests
        ann buy 5 @ 100 stp=both   -> 3 @ 100 prevented with x, x 3 cancelled: self trade, 5 cancelled: self trade
        bob buy 5 @ 100            -> 3 @ 100 from ann, 2 rests
        """,
    )


def test_decrement_reduces_both_by_the_smaller(table: Table) -> None:
    check(
        table,
        """
        ann sell 3 @ 100 as x           -> 3 rests
        bob sell 1 @ 101                -> 1 rests
        ann buy 5 @ 101 stp=decrement   -> 3 @ 100 prevented with x, x 0 cancelled: self trade, \
1 @ 101 from bob, 1 rests
        ann balance KCN                 -> 1000000000100000 available, 0 held
        """,
    )


def test_decrement_may_end_the_taker_and_leave_a_smaller_maker(table: Table) -> None:
    check(
        table,
        """
        ann sell 5 @ 100 as x           -> 5 rests
        ann buy 2 @ 101 stp=decrement   -> 2 @ 100 prevented with x, 0 cancelled: self trade
        ann amend x to 4                -> 4 @ 100 amended, 4 rests
        ann balance KCN                 -> 999999999600000 available, 400000 held
        ann balance EUR                 -> 1000000000000000 available, 0 held
        """,
    )


def test_decrement_of_equals_ends_both(table: Table) -> None:
    check(
        table,
        """
        ann sell 2 @ 100 as x           -> 2 rests
        ann buy 2 @ 100 stp=decrement   -> 2 @ 100 prevented with x, x 0 cancelled: self trade, 0 cancelled: self trade
        """,
    )


def test_decrement_by_quote_amount_takes_off_what_the_lots_would_have_cost(table: Table) -> None:
    check(
        table,
        """
        ann sell 2 @ 100 as x                          -> 2 rests
        bob sell 1 @ 101                               -> 1 rests
        ann buy 350000 quote market stp=decrement      -> 2 @ 100 prevented with x, x 0 cancelled: self trade, \
1 @ 101 from bob, 49000 cancelled: no liquidity
        ann balance EUR                                -> 999999999899000 available, 0 held
        """,
    )


def test_sub_accounts_of_one_owner_do_not_trade_with_each_other(table: Table) -> None:
    check(
        table,
        """
        ann sell 3 @ 100 as x      -> 3 rests
        amy belongs to ann
        amy buy 1 @ 100            -> 1 @ 100 prevented with x, 1 cancelled: self trade
        amy buy 1 @ 100 stp=maker  -> 1 @ 100 prevented with x, x 3 cancelled: self trade, 1 rests
        """,
    )


def test_fill_or_kill_does_not_count_own_orders_that_it_would_cancel(table: Table) -> None:
    check(
        table,
        """
        bob sell 1 @ 100                -> 1 rests
        ann sell 3 @ 100 as x           -> 3 rests
        cat sell 2 @ 101                -> 2 rests
        ann buy 4 @ 101 fok stp=maker   -> 4 cancelled: fill or kill
        ann buy 3 @ 101 fok stp=maker   -> 1 @ 100 from bob, 2 @ 100 prevented with x, \
x 3 cancelled: self trade, 2 @ 101 from cat
        """,
    )


def test_fill_or_kill_stops_counting_at_the_first_own_order(table: Table) -> None:
    check(
        table,
        """
        bob sell 1 @ 100                  -> 1 rests
        ann sell 3 @ 100                  -> 3 rests
        cat sell 2 @ 101                  -> 2 rests
        ann buy 2 @ 101 fok               -> 2 cancelled: fill or kill
        ann buy 2 @ 101 fok stp=both      -> 2 cancelled: fill or kill
        ann buy 2 @ 101 fok stp=decrement -> 2 cancelled: fill or kill
        ann buy 2 @ 101 fok stp=none      -> 1 @ 100 from bob, 1 @ 100 from ann
        """,
    )


def test_an_amended_order_keeps_the_mode_that_it_was_placed_with(table: Table) -> None:
    check(
        table,
        """
        ann sell 3 @ 105 as x           -> 3 rests
        ann buy 2 @ 100 stp=maker as y  -> 2 rests
        ann amend y to @ 105            -> 2 @ 105 amended, 2 @ 105 prevented with x, \
x 3 cancelled: self trade, 2 rests
        """,
    )


def test_a_seller_who_trades_with_himself_returns_nothing_that_he_never_held(table: Table) -> None:
    """Buyer and seller are one account here; only a taker who buys has a better price to gain from."""
    check(
        table,
        """
        ann buy 5 @ 102            -> 5 rests
        ann sell 3 @ 100 stp=none  -> 3 @ 102 to ann
        ann balance EUR            -> 999999999796000 available, 204000 held
        """,
    )
