"""Amend, cancel, mass cancel: what keeps its place in the queue, what is released, what is refused."""

from mexchange.daemon.engine_choice import Engine
from tests.engine.table import Table, check


def test_only_quantity_down_keeps_the_place(table: Table) -> None:
    check(
        table,
        """
        ann buy 5 @ 100 as x      -> 5 rests
        bob buy 5 @ 100           -> 5 rests
        ann amend x to 3          -> 3 @ 100 amended in place, 3 rests
        cat sell 4 @ 100          -> 3 @ 100 to ann, 1 @ 100 to bob
        """,
    )


def test_quantity_up_goes_to_the_end_of_the_queue(table: Table) -> None:
    check(
        table,
        """
        ann buy 5 @ 100 as x      -> 5 rests
        bob buy 5 @ 100           -> 5 rests
        ann amend x to 6          -> 6 @ 100 amended, 6 rests
        cat sell 6 @ 100          -> 5 @ 100 to bob, 1 @ 100 to ann
        """,
    )


def test_a_new_price_goes_to_the_end_of_its_queue_even_with_a_smaller_quantity(table: Table) -> None:
    check(
        table,
        """
        ann buy 5 @ 101 as x      -> 5 rests
        bob buy 5 @ 100           -> 5 rests
        ann amend x to 2 @ 100    -> 2 @ 100 amended, 2 rests
        cat sell 6 @ 100          -> 5 @ 100 to bob, 1 @ 100 to ann
        """,
    )


def test_a_crossing_amend_trades_as_taker_and_rests_with_what_is_left(engine: Engine) -> None:
    check(
        Table(engine, taker_ppm=1000),
        """
        ann sell 2 @ 105           -> 2 rests
        bob buy 5 @ 100 as x       -> 5 rests
        bob amend x to @ 106       -> 5 @ 106 amended, 2 @ 105 from ann, 3 rests
        bob balance KCN            -> 1000000000199800 available, 0 held
        bob balance EUR            -> 999999999472000 available, 318000 held
        cat sell 9 @ 106           -> 3 @ 106 to bob, 6 rests
        """,
    )


def test_a_crossing_amend_may_end_the_order(table: Table) -> None:
    check(
        table,
        """
        ann sell 9 @ 105           -> 9 rests
        bob buy 5 @ 100 as x       -> 5 rests
        bob amend x to @ 105       -> 5 @ 105 amended, 5 @ 105 from ann
        bob cancel x               -> refused ORDER_NOT_FOUND
        """,
    )


def test_the_total_counts_what_is_filled(table: Table) -> None:
    check(
        table,
        """
        ann buy 5 @ 100 as x       -> 5 rests
        bob sell 2 @ 100           -> 2 @ 100 to ann
        ann amend x to 4           -> 4 @ 100 amended in place, 2 rests
        ann amend x to 6           -> 6 @ 100 amended, 4 rests
        ann amend x to 2           -> 4 cancelled: amended away
        """,
    )


def test_an_amend_may_say_how_much_it_believes_to_be_filled(table: Table) -> None:
    check(
        table,
        """
        ann buy 5 @ 100 as x             -> 5 rests
        bob sell 2 @ 100                 -> 2 @ 100 to ann
        ann amend x to 9 if filled 0     -> refused FILLED_MEANWHILE (2)
        ann amend x to 9 if filled 2     -> 9 @ 100 amended, 7 rests
        """,
    )


def test_an_amend_without_the_funds_changes_nothing(table: Table) -> None:
    check(
        table,
        """
        ann has 500000 EUR
        ann buy 4 @ 100 as x       -> 4 rests
        bob buy 4 @ 100            -> 4 rests
        ann amend x to 6           -> refused INSUFFICIENT_FUNDS (100000)
        ann amend x to @ 126       -> refused INSUFFICIENT_FUNDS (100000)
        cat sell 1 @ 100           -> 1 @ 100 to ann
        ann amend x to 5           -> 5 @ 100 amended, 4 rests
        ann balance EUR            -> 0 available, 400000 held
        """,
    )


def test_a_lower_price_returns_the_difference(table: Table) -> None:
    check(
        table,
        """
        ann has 500000 EUR
        ann buy 5 @ 100 as x       -> 5 rests
        ann amend x to @ 90        -> 5 @ 90 amended, 5 rests
        ann balance EUR            -> 50000 available, 450000 held
        """,
    )


def test_an_amend_has_to_change_something(table: Table) -> None:
    check(
        table,
        """
        ann buy 5 @ 100 as x       -> 5 rests
        ann amend x to             -> refused AMEND_INVALID
        ann amend x to 5 @ 100     -> refused AMEND_INVALID
        ann amend x to -1          -> refused QUANTITY_INVALID
        ann amend x to @ -1        -> refused PRICE_INVALID
        """,
    )


def test_an_amend_of_an_expiring_order_keeps_its_date(table: Table) -> None:
    check(
        table,
        """
        ann buy 5 @ 100 gtd 10s as x   -> 5 rests
        ann amend x to 7 @ 101         -> 7 @ 101 amended, 7 rests
        wait 10s                       -> x 7 cancelled: expired
        """,
    )


def test_nobody_touches_the_orders_of_others(table: Table) -> None:
    check(
        table,
        """
        ann buy 5 @ 100 as x       -> 5 rests
        bob cancel x               -> refused ORDER_NOT_FOUND
        bob amend x to 1           -> refused ORDER_NOT_FOUND
        bob cancel all             -> 0 in all
        ann cancel x               -> 5 cancelled
        """,
    )


def test_an_order_is_cancelled_by_the_id_that_it_was_placed_with(table: Table) -> None:
    check(
        table,
        """
        ann buy 5 @ 100 id=mine    -> 5 rests
        bob cancel id=mine         -> refused ORDER_NOT_FOUND
        ann cancel id=mine         -> 5 cancelled
        ann cancel id=mine         -> refused ORDER_NOT_FOUND
        """,
    )


def test_mass_cancel_takes_one_side_or_all_oldest_first(table: Table) -> None:
    check(
        table,
        """
        ann buy 5 @ 100 as x       -> 5 rests
        ann sell 5 @ 110 as y      -> 5 rests
        ann buy 5 @ 105 as z       -> 5 rests
        bob buy 5 @ 105            -> 5 rests
        ann cancel all sells here  -> y 5 cancelled, 1 in all
        ann cancel all             -> x 5 cancelled, z 5 cancelled, 2 in all
        ann cancel all buys        -> 0 in all
        """,
    )


def test_an_amended_order_is_still_cancelled_in_order_of_its_age(table: Table) -> None:
    check(
        table,
        """
        ann buy 5 @ 100 as x       -> 5 rests
        ann buy 5 @ 101 as y       -> 5 rests
        ann amend x to 9           -> 9 @ 100 amended, 9 rests
        ann cancel all             -> x 9 cancelled, y 5 cancelled, 2 in all
        """,
    )
