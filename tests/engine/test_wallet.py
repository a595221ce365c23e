"""Deposits, withdrawals, transfers, fees and holds: every atom is somewhere."""

from mexchange.core.state import EXTERNAL, FEES
from mexchange.daemon.engine_choice import Engine
from tests.engine.engines import state_of
from tests.engine.table import EUR, KCN, Table, check


def test_a_withdrawal_is_held_then_leaves(table: Table) -> None:
    check(
        table,
        """
        ann has 100 EUR
        ann withdraw 30 EUR as w    -> 30 held
        ann balance EUR             -> 70 available, 30 held
        ann withdraw 71 EUR         -> refused INSUFFICIENT_FUNDS (70)
        ann confirm w               -> 30 left
        ann balance EUR             -> 70 available, 0 held
        ann confirm w               -> refused WITHDRAWAL_NOT_FOUND
        ann release w               -> refused WITHDRAWAL_NOT_FOUND
        """,
    )
    assert state_of(table.engine).system[EXTERNAL][EUR].available == -70


def test_a_withdrawal_may_be_released(table: Table) -> None:
    check(
        table,
        """
        ann has 100 EUR
        ann withdraw 100 EUR as w   -> 100 held
        bob confirm w               -> refused WITHDRAWAL_NOT_FOUND
        bob release w               -> refused WITHDRAWAL_NOT_FOUND
        ann release w               -> 100 released
        ann balance EUR             -> 100 available, 0 held
        """,
    )


def test_pending_withdrawals_have_a_limit(table: Table) -> None:
    table.is_audited = False
    check(table, "\n".join(["ann withdraw 1 EUR -> 1 held"] * 100))
    table.is_audited = True
    check(table, "ann withdraw 1 EUR -> refused TOO_MANY_WITHDRAWALS (100)")


def test_a_transfer_moves_what_is_available(table: Table) -> None:
    check(
        table,
        """
        ann has 100 EUR
        ann transfer 60 EUR to bob      -> ann -60, bob +60
        ann transfer 60 EUR to bob      -> refused INSUFFICIENT_FUNDS (40)
        ann transfer 1 EUR to ann       -> refused TRANSFER_INVALID
        ann transfer 0 EUR to bob       -> refused AMOUNT_INVALID
        """,
    )


def test_amounts_are_above_zero(table: Table) -> None:
    check(
        table,
        """
        ann deposit 0 EUR       -> refused AMOUNT_INVALID
        ann deposit -5 EUR      -> refused AMOUNT_INVALID
        ann withdraw -5 EUR     -> refused AMOUNT_INVALID
        """,
    )


def test_a_deposit_does_not_exceed_the_supply(table: Table) -> None:
    limit = 2**62
    check(
        table,
        f"""
        ann has 4 EUR
        ann deposit {limit + 1} EUR   -> refused AMOUNT_INVALID
        ann deposit {limit} EUR       -> refused SUPPLY_EXCEEDED ({limit - 4})
        ann deposit {limit - 4} EUR   -> {limit - 4} deposited
        ann deposit 1 EUR             -> refused SUPPLY_EXCEEDED
        """,
    )


def test_fees_are_taken_from_what_is_received_and_rounded_up(engine: Engine) -> None:
    table = Table(engine, maker_ppm=1000, taker_ppm=2001)
    check(
        table,
        """
        ann has 500000 KCN
        bob has 505000 EUR
        ann sell 5 @ 101              -> 5 rests
        ann balance KCN               -> 0 available, 500000 held
        bob buy 3 @ 101               -> 3 @ 101 from ann
        ann balance EUR               -> 302697 available, 0 held
        bob balance KCN               -> 299399 available, 0 held
        bob balance EUR               -> 202000 available, 0 held
        """,
    )
    fees = state_of(table.engine).system[FEES]
    assert (fees[EUR].available, fees[KCN].available) == (303, 601)


def test_rebates_are_rounded_toward_zero(engine: Engine) -> None:
    table = Table(engine, maker_ppm=-999, taker_ppm=999)
    check(
        table,
        """
        ann has 100000 KCN
        ann sell 1 @ 101              -> 1 rests
        bob buy 1 @ 101               -> 1 @ 101 from ann
        ann balance EUR               -> 101100 available, 0 held
        bob balance KCN               -> 1000000000099900 available, 0 held
        """,
    )
    fees = state_of(table.engine).system[FEES]
    assert (fees[EUR].available, fees[KCN].available) == (-100, 100)


def test_fee_tiers_are_looked_up_at_the_time_of_the_fill(engine: Engine) -> None:
    check(
        Table(engine, maker_ppm=1000, taker_ppm=1000),
        """
        ann has 500000 KCN
        ann sell 5 @ 100              -> 5 rests
        bob buy 1 @ 100               -> 1 @ 100 from ann
        ann balance EUR               -> 99900 available, 0 held
        ann set fee tier 3            -> fee_tier 3
        bob buy 1 @ 100               -> 1 @ 100 from ann
        ann balance EUR               -> 199800 available, 0 held
        fees 3: 500 800               -> 500 800
        bob buy 1 @ 100               -> 1 @ 100 from ann
        ann balance EUR               -> 299750 available, 0 held
        fees 0: 0 0                   -> 0 0
        bob buy 1 @ 100               -> 1 @ 100 from ann
        ann balance EUR               -> 399700 available, 0 held
        """,
    )


def test_every_pair_of_maker_and_taker_pays_at_least_nothing(engine: Engine) -> None:
    check(
        Table(engine, maker_ppm=1000, taker_ppm=1000),
        """
        fees 1: -1000 2000            -> -1000 2000
        fees 2: 0 999                 -> refused FEES_INVALID
        fees 2: -1001 5000            -> refused FEES_INVALID
        fees 0: 0 1001                -> 0 1001
        fees 2: 0 100001              -> refused FEES_INVALID
        fees 16: 0 1001               -> refused FEES_INVALID
        """,
    )


def test_a_better_price_returns_the_difference_at_once(table: Table) -> None:
    check(
        table,
        """
        ann sell 2 @ 100              -> 2 rests
        bob has 1050000 EUR
        bob buy 10 @ 105              -> 2 @ 100 from ann, 8 rests
        bob balance EUR               -> 10000 available, 840000 held
        """,
    )


def test_orders_beyond_the_limits_of_an_account_are_refused(table: Table) -> None:
    check(
        table,
        """
        ann set open orders max 1           -> open_orders_max 1
        ann buy 5 @ 100                     -> 5 rests
        ann buy 5 @ 100                     -> refused TOO_MANY_ORDERS (1)
        ann buy 5 @ 100 ioc                 -> 5 cancelled
        ann set order notional max 400000   -> order_notional_max 400000
        ann buy 4 @ 100 ioc                 -> 4 cancelled
        ann buy 5 @ 100 ioc                 -> refused NOTIONAL_ABOVE_MAX (400000)
        ann set order notional max 0        -> order_notional_max 0
        ann buy 5 @ 100 ioc                 -> 5 cancelled
        """,
    )
