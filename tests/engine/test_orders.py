"""Limit and market orders, their times in force, post-only: what rests, what trades, in which order."""

from tests.engine.table import Table, check


def test_aggressor_takes_best_price_then_oldest_order(table: Table) -> None:
    check(
        table,
        """
        ann sell 3 @ 101     -> 3 rests
        bob sell 2 @ 100     -> 2 rests
        cat sell 5 @ 101     -> 5 rests
        dan buy  6 @ 101     -> 2 @ 100 from bob, 3 @ 101 from ann, 1 @ 101 from cat
        eve buy  9 @ 101 ioc -> 4 @ 101 from cat, 5 cancelled
        """,
    )


def test_a_seller_takes_the_highest_bid_then_the_oldest(table: Table) -> None:
    check(
        table,
        """
        ann buy 3 @ 99      -> 3 rests
        bob buy 2 @ 100     -> 2 rests
        cat buy 5 @ 99      -> 5 rests
        dan sell 6 @ 99     -> 2 @ 100 to bob, 3 @ 99 to ann, 1 @ 99 to cat
        """,
    )


def test_what_is_not_filled_rests_at_its_own_price_and_trades_at_it(table: Table) -> None:
    check(
        table,
        """
        ann sell 2 @ 100     -> 2 rests
        bob buy 5 @ 103      -> 2 @ 100 from ann, 3 rests
        cat sell 4 @ 90      -> 3 @ 103 to bob, 1 rests
        """,
    )


def test_immediate_or_cancel_never_rests(table: Table) -> None:
    check(
        table,
        """
        ann buy 5 @ 100 ioc  -> 5 cancelled
        bob sell 2 @ 100     -> 2 rests
        ann buy 5 @ 100 ioc  -> 2 @ 100 from bob, 3 cancelled
        ann buy 5 @ 101 ioc  -> 5 cancelled
        """,
    )


def test_fill_or_kill_is_all_at_once_or_nothing(table: Table) -> None:
    check(
        table,
        """
        ann sell 2 @ 100      -> 2 rests
        bob sell 2 @ 101      -> 2 rests
        cat buy 5 @ 101 fok   -> 5 cancelled: fill or kill
        cat buy 4 @ 100 fok   -> 4 cancelled: fill or kill
        cat buy 4 @ 101 fok   -> 2 @ 100 from ann, 2 @ 101 from bob
        cat buy 1 @ 101 fok   -> 1 cancelled: fill or kill
        """,
    )


def test_good_till_date_ends_at_its_date(table: Table) -> None:
    check(
        table,
        """
        ann buy 5 @ 100 gtd 10s as x  -> 5 rests
        wait 9s                       ->
        bob sell 2 @ 100              -> 2 @ 100 to ann
        wait 1s                       -> x 3 cancelled: expired
        bob sell 2 @ 100              -> 2 rests
        """,
    )


def test_orders_expire_before_the_first_command_of_a_frame_can_meet_them(table: Table) -> None:
    check(
        table,
        """
        ann buy 5 @ 100 gtd 1s as x   -> 5 rests
        bob sell 9 @ 200              -> 9 rests
        cat is frozen                 -> status 3
        wait 1s                       -> x 5 cancelled: expired
        """,
    )


def test_orders_expire_by_date_then_age(table: Table) -> None:
    check(
        table,
        """
        ann buy 5 @ 100 gtd 9s as x   -> 5 rests
        bob buy 5 @ 100 gtd 5s as y   -> 5 rests
        ann sell 5 @ 110 gtd 5s as z  -> 5 rests
        wait 20s                      -> y 5 cancelled: expired, z 5 cancelled: expired, x 5 cancelled: expired
        """,
    )


def test_an_expiry_needs_to_lie_ahead_and_a_date(table: Table) -> None:
    check(
        table,
        """
        ann buy 5 @ 100 gtd 0s -> refused EXPIRY_INVALID
        """,
    )


def test_post_only_is_refused_rather_than_taking(table: Table) -> None:
    check(
        table,
        """
        ann sell 5 @ 100             -> 5 rests
        bob buy 5 @ 100 post         -> refused POST_ONLY_WOULD_TAKE (100)
        bob buy 5 @ 99 post as x     -> 5 rests
        cat sell 1 @ 98 post         -> refused POST_ONLY_WOULD_TAKE (99)
        bob amend x to 5 @ 100       -> refused POST_ONLY_WOULD_TAKE (100)
        cat sell 1 @ 99              -> 1 @ 99 to bob
        """,
    )


def test_post_only_may_slide_one_tick_off_the_opposite_best(table: Table) -> None:
    check(
        table,
        """
        ann sell 5 @ 100                -> 5 rests
        bob has 520000 EUR
        bob buy 5 @ 104 post slide as x -> 5 rests
        bob balance EUR                 -> 25000 available, 495000 held
        cat sell 1 @ 90                 -> 1 @ 99 to bob
        dan sell 9 @ 80 post slide as y -> 9 rests
        eve buy 9 @ 100                 -> 5 @ 100 from ann, 4 @ 100 from dan
        """,
    )


def test_a_slide_needs_the_funds_for_the_price_that_was_asked(table: Table) -> None:
    check(
        table,
        """
        ann sell 5 @ 100             -> 5 rests
        bob has 519999 EUR
        bob buy 5 @ 104 post slide   -> refused INSUFFICIENT_FUNDS (519999)
        """,
    )


def test_there_is_no_tick_below_the_first_to_slide_to(table: Table) -> None:
    check(
        table,
        """
        ann sell 5 @ 1             -> 5 rests
        bob buy 5 @ 1 post slide   -> refused POST_ONLY_WOULD_TAKE (1)
        """,
    )


def test_a_market_order_stops_at_the_band_around_the_reference_price(table: Table) -> None:
    check(
        table,
        """
        ann sell 1 @ 100    -> 1 rests
        ann sell 1 @ 105    -> 1 rests
        ann sell 1 @ 106    -> 1 rests
        bob buy 3 market    -> 1 @ 100 from ann, 1 @ 105 from ann, 1 cancelled: protection price
        bob buy 3 market    -> 1 @ 106 from ann, 2 cancelled: no liquidity
        bob sell 1 market   -> 1 cancelled: no liquidity
        """,
    )


def test_the_reference_follows_the_last_trade(table: Table) -> None:
    check(
        table,
        """
        ann sell 1 @ 200    -> 1 rests
        bob buy 1 @ 200     -> 1 @ 200 from ann
        ann sell 1 @ 210    -> 1 rests
        bob buy 1 market    -> 1 @ 210 from ann
        cat buy 1 @ 199     -> 1 rests
        dan sell 1 market   -> 1 cancelled: protection price
        """,
    )


def test_a_market_order_may_name_its_own_protection(table: Table) -> None:
    check(
        table,
        """
        ann sell 1 @ 100      -> 1 rests
        ann sell 1 @ 102      -> 1 rests
        bob buy 3 market 101  -> 1 @ 100 from ann, 2 cancelled: protection price
        bob sell 1 market 99  -> 1 cancelled: no liquidity
        """,
    )


def test_a_market_order_holds_what_its_protection_would_cost_and_returns_the_rest(table: Table) -> None:
    check(
        table,
        """
        ann sell 2 @ 100        -> 2 rests
        bob has 315000 EUR
        bob buy 3 market        -> 2 @ 100 from ann, 1 cancelled: no liquidity
        bob balance EUR         -> 115000 available, 0 held
        cat has 314999 EUR
        cat buy 3 market        -> refused INSUFFICIENT_FUNDS (314999)
        """,
    )


def test_a_market_order_may_be_fill_or_kill(table: Table) -> None:
    check(
        table,
        """
        ann sell 2 @ 100       -> 2 rests
        bob buy 3 market fok   -> 3 cancelled: fill or kill
        bob buy 2 market fok   -> 2 @ 100 from ann
        """,
    )


def test_a_quote_amount_buys_whole_lots_until_one_is_too_dear(table: Table) -> None:
    check(
        table,
        """
        ann sell 2 @ 100             -> 2 rests
        ann sell 5 @ 103             -> 5 rests
        bob has 600000 EUR
        bob buy 500000 quote market  -> 2 @ 100 from ann, 2 @ 103 from ann, 94000 cancelled: dust
        bob balance EUR              -> 194000 available, 0 held
        bob buy 103000 quote market  -> 1 @ 103 from ann
        bob balance EUR              -> 91000 available, 0 held
        bob buy 91000 quote market   -> 91000 cancelled: dust
        cat buy 9000000 quote market 103 -> 2 @ 103 from ann, 8794000 cancelled: no liquidity
        """,
    )


def test_fill_or_kill_by_quote_amount_leaves_less_than_a_lot_at_the_last_price(table: Table) -> None:
    check(
        table,
        """
        ann sell 2 @ 100                  -> 2 rests
        ann sell 1 @ 103                  -> 1 rests
        bob buy 304000 quote market fok   -> 2 @ 100 from ann, 1 @ 103 from ann, 1000 cancelled: no liquidity
        ann sell 2 @ 100                  -> 2 rests
        ann sell 1 @ 103                  -> 1 rests
        bob buy 406000 quote market fok   -> 406000 cancelled: fill or kill
        bob buy 302000 quote market fok   -> 302000 cancelled: fill or kill
        bob buy 299000 quote market fok   -> 2 @ 100 from ann, 99000 cancelled: dust
        bob buy 99 quote market fok       -> 99 cancelled: fill or kill
        """,
    )


def test_two_dear_orders_of_one_price_trade_in_the_order_of_their_coming_after_partial_fills(table: Table) -> None:
    check(
        table,
        """
        ann sell 5 @ 100   -> 5 rests
        bob sell 5 @ 100   -> 5 rests
        cat buy 3 @ 100    -> 3 @ 100 from ann
        cat buy 3 @ 100    -> 2 @ 100 from ann, 1 @ 100 from bob
        """,
    )
