"""What markets and accounts allow in each status. A trader can always get out."""

import pytest

from tests.engine.table import Table, check


@pytest.mark.parametrize(
    ("status", "reason"),
    [("halted", "MARKET_HALTED"), ("cancel-only", "MARKET_CANCEL_ONLY"), ("closed", "MARKET_CLOSED")],
)
def test_new_orders_need_an_open_market(table: Table, status: str, reason: str) -> None:
    check(
        table,
        f"""
        market {status}        -> {status.replace("-", "_")}
        ann buy 5 @ 100        -> refused {reason}
        market open            -> open
        ann buy 5 @ 100        -> 5 rests
        """,
    )


def test_in_a_cancel_only_market_orders_only_shrink(table: Table) -> None:
    check(
        table,
        """
        ann buy 5 @ 100 as x       -> 5 rests
        ann buy 5 @ 100            -> 5 rests
        market cancel-only         -> cancel_only
        ann amend x to 6           -> refused MARKET_CANCEL_ONLY
        ann amend x to @ 90        -> refused MARKET_CANCEL_ONLY
        ann amend x to 3 @ 90      -> refused MARKET_CANCEL_ONLY
        ann amend x to 3           -> 3 @ 100 amended in place, 3 rests
        ann cancel x               -> 3 cancelled
        ann cancel all             -> ann 5 cancelled, 1 in all
        """,
    )


def test_in_a_halted_market_orders_are_cancelled_and_expire(table: Table) -> None:
    check(
        table,
        """
        ann buy 5 @ 100 as x           -> 5 rests
        ann buy 5 @ 99 gtd 5s as y     -> 5 rests
        ann buy 5 @ 98 as z            -> 5 rests
        market halted                  -> halted
        ann amend x to 3               -> refused MARKET_HALTED
        wait 5s                        -> y 5 cancelled: expired
        ann cancel x                   -> 5 cancelled
        ann cancel all here            -> z 5 cancelled, 1 in all
        """,
    )


def test_closing_a_market_cancels_every_order_best_first(table: Table) -> None:
    check(
        table,
        """
        ann sell 5 @ 110 as u          -> 5 rests
        bob buy 5 @ 99 as v            -> 5 rests
        cat buy 5 @ 100 gtd 9s as w    -> 5 rests
        bob buy 5 @ 100 as x           -> 5 rests
        market closed                  -> closed, w 5 cancelled: market closed, x 5 cancelled: market closed, \
v 5 cancelled: market closed, u 5 cancelled: market closed
        ann balance KCN                -> 1000000000000000 available, 0 held
        wait 9s                        ->
        """,
    )


def test_a_frozen_account_may_cancel_and_nothing_else(table: Table) -> None:
    check(
        table,
        """
        ann buy 5 @ 100 as x           -> 5 rests
        ann buy 5 @ 99 as y            -> 5 rests
        ann withdraw 7 EUR as w        -> 7 held
        ann withdraw 8 EUR as v        -> 8 held
        ann is frozen                  -> status 3
        ann sell 5 @ 110               -> refused ACCOUNT_FROZEN
        ann amend x to 3               -> refused ACCOUNT_FROZEN
        ann withdraw 5 EUR             -> refused ACCOUNT_FROZEN
        ann confirm w                  -> refused ACCOUNT_FROZEN
        ann transfer 5 EUR to bob      -> refused ACCOUNT_FROZEN
        bob transfer 5 EUR to ann      -> bob -5, ann +5
        ann deposit 5 EUR              -> 5 deposited
        ann release w                  -> 7 released
        ann cancel x                   -> 5 cancelled
        ann cancel all                 -> y 5 cancelled, 1 in all
        ann is active                  -> status 1
        ann confirm v                  -> 8 left
        ann buy 5 @ 100                -> 5 rests
        """,
    )


def test_a_reduce_only_account_sells_and_withdraws(table: Table) -> None:
    check(
        table,
        """
        ann buy 5 @ 100 as x           -> 5 rests
        ann is reduce-only             -> status 2
        ann buy 5 @ 100                -> refused ACCOUNT_REDUCE_ONLY
        ann amend x to 6               -> refused ACCOUNT_REDUCE_ONLY
        ann amend x to @ 90            -> refused ACCOUNT_REDUCE_ONLY
        ann amend x to 3               -> 3 @ 100 amended in place, 3 rests
        ann sell 5 @ 110 as y          -> 5 rests
        ann amend y to 6 @ 111         -> 6 @ 111 amended, 6 rests
        ann withdraw 5 EUR             -> 5 held
        """,
    )


def test_closing_an_account_cancels_its_orders_and_only_lets_money_leave(table: Table) -> None:
    check(
        table,
        """
        ann buy 5 @ 100 as x           -> 5 rests
        ann sell 5 @ 110 as y          -> 5 rests
        ann withdraw 7 EUR as w        -> 7 held
        ann is closed                  -> status 4, x 5 cancelled: account closed, y 5 cancelled: account closed
        ann buy 5 @ 100                -> refused ACCOUNT_CLOSED
        ann amend x to 1               -> refused ACCOUNT_CLOSED
        ann cancel x                   -> refused ORDER_NOT_FOUND
        ann deposit 5 EUR              -> refused ACCOUNT_CLOSED
        ann is active                  -> refused ACCOUNT_CLOSED
        bob transfer 5 EUR to ann      -> refused TRANSFER_INVALID
        ann confirm w                  -> 7 left
        ann withdraw 5 EUR as v        -> 5 held
        ann confirm v                  -> 5 left
        ann transfer 5 EUR to bob      -> ann -5, bob +5
        """,
    )
