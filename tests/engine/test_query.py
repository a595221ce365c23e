"""Questions get what they ask for, in blocks that fit a datagram, and change nothing."""

import zlib
from typing import TypeVar

import pytest

from mexchange.codec import Malformed, decode, encode
from mexchange.codec.blocks import DATAGRAM_BLOCKS_MAX, split
from mexchange.codec.messages import (
    AccountPage,
    AccountQuery,
    AssetsPage,
    AssetsQuery,
    Balance,
    Balances,
    BookQuery,
    BookSnapshot,
    Level,
    MarketsPage,
    MarketsQuery,
    Message,
    OrderAnswer,
    OrderQuery,
    OrderState,
    QueryRefused,
    StatusQuery,
)
from mexchange.daemon.engine_choice import Engine
from mexchange.domain.client_id import parse
from mexchange.domain.commands import Command, CreateAsset, CreateMarket, Deposit, PlaceOrder
from mexchange.domain.order import Side
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import PRICE_MAX, AccountId, AssetId, Atoms, Lots, MarketId, OrderId, Ticks
from tests.engine.engines import state_of
from tests.engine.table import EUR, KCN, LOT, MARKET, TICK, Table

M = TypeVar("M")


def ask(table: Table, question: Message, kind: type[M]) -> list[M]:
    """The replies, which are all of this kind; each fits a datagram and carries the correlation."""
    before = table.engine.snapshot()
    replies: list[M] = []
    for block in table.engine.query(encode(question, 77)):
        assert len(block) <= DATAGRAM_BLOCKS_MAX
        ((number, correlation, payload),) = split(block)
        assert correlation == 77
        reply = decode(number, payload)
        assert isinstance(reply, kind)
        replies.append(reply)
    assert table.engine.snapshot() == before
    return replies


def test_an_account_is_shown_with_balances_holds_and_open_orders(engine: Engine) -> None:
    table = Table(engine, taker_ppm=1000)
    ann = table.account("ann")
    for row in ("ann buy 5 @ 100 as x", "bob sell 2 @ 100", "ann sell 3 @ 110", "ann withdraw 7 EUR as w"):
        table.run(row)
    (page,) = ask(table, AccountQuery(ann), AccountPage)
    assert (page.account, page.sequence, page.status, page.stp) == (ann, table.sequence, 1, 2)
    assert (page.maker_ppm, page.taker_ppm, page.next_order) == (0, 1000, 0)
    assert page.account_sequence == state_of(table.engine).accounts[ann].sequence
    assert page.balances == [
        Balance(KCN, Atoms(10**15 + 200_000 - 300_000), Atoms(300_000)),
        Balance(EUR, Atoms(10**15 - 500_000 - 7), Atoms(300_007)),
    ]
    assert [(order.order_id, order.leaves, order.filled, order.held) for order in page.orders] == [
        (1, 3, 2, 300_000),
        (3, 3, 0, 300_000),
    ]


def test_many_open_orders_come_page_by_page(table: Table) -> None:
    ann = table.account("ann")
    table.apply_many(
        [PlaceOrder(ann, table.new_id(), MARKET, Side.BUY, Lots(1), Ticks(1 + step % 50)) for step in range(100)]
    )
    seen, cursor, pages = [], OrderId(0), 0
    while True:
        (page,) = ask(table, AccountQuery(ann, cursor), AccountPage)
        assert bool(page.balances) is (cursor == 0)
        seen += [order.order_id for order in page.orders]
        pages, cursor = pages + 1, page.next_order
        if not cursor:
            break
    assert seen == list(range(1, 101))
    assert pages >= 9


def test_many_balances_come_page_by_page_before_the_orders(table: Table) -> None:
    ann = table.account("ann")
    assets = [AssetId(number) for number in range(3, 130)]
    commands: list[Command] = [CreateAsset(f"A{number}") for number in assets]
    commands += [Deposit(ann, table.new_id(), asset, Atoms(asset)) for asset in assets]
    commands += [PlaceOrder(ann, table.new_id(), MARKET, Side.BUY, Lots(1), Ticks(1))]
    table.apply_many(commands)
    balances, orders, cursor = [], [], OrderId(0)
    while True:
        (page,) = ask(table, AccountQuery(ann, cursor), AccountPage)
        balances += [balance.asset for balance in page.balances]
        orders += page.orders
        cursor = page.next_order
        if not cursor:
            break
    assert balances == list(range(1, 130))
    assert len(orders) == 1
    replies = ask(table, Balances(ann), Balances)
    assert [row.asset for reply in replies for row in reply.balances] == list(range(1, 130))
    assert len(replies) > 1


def test_balances_of_an_account_show_zeros_once_touched(table: Table) -> None:
    table.run("ann has 5 EUR")
    table.run("ann transfer 5 EUR to bob")
    (reply,) = ask(table, Balances(table.account("ann")), Balances)
    assert reply.balances == [Balance(EUR, Atoms(0), Atoms(0))]
    assert reply.sequence == table.sequence


def test_a_book_is_shown_asks_then_bids_best_first_with_its_checksum(table: Table) -> None:
    for row in ("ann sell 3 @ 102", "ann sell 2 @ 101", "bob buy 4 @ 99", "bob buy 1 @ 99", "bob buy 5 @ 98"):
        table.run(row)
    (book,) = ask(table, BookQuery(MARKET, 10), BookSnapshot)
    assert [(row.price, row.quantity, row.orders, row.side) for row in book.levels] == [
        (101, 2, 1, 2),
        (102, 3, 1, 2),
        (99, 5, 2, 1),
        (98, 5, 1, 1),
    ]
    packed = b"".join(
        number.to_bytes(size, "little")
        for row in book.levels
        for number, size in ((row.price, 8), (row.quantity, 8), (row.orders, 4), (row.side, 4))
    )
    assert book.checksum == zlib.crc32(packed)
    assert (book.page, book.pages, book.sequence, book.subscription) == (1, 1, table.sequence, 0)
    (top,) = ask(table, BookQuery(MARKET, 1), BookSnapshot)
    assert [row.price for row in top.levels] == [101, 99]


def test_grouped_levels_are_rounded_away_from_the_middle(table: Table) -> None:
    for row in ("ann sell 3 @ 101", "ann sell 2 @ 110", "ann sell 1 @ 111", "bob buy 4 @ 99", "bob buy 1 @ 9"):
        table.run(row)
    (book,) = ask(table, BookQuery(MARKET, 10, 10), BookSnapshot)
    assert book.levels == [
        Level(Ticks(110), Lots(5), 2, 2),
        Level(Ticks(120), Lots(1), 1, 2),
        Level(Ticks(90), Lots(4), 1, 1),
        Level(Ticks(0), Lots(1), 1, 1),
    ]


def test_a_deep_book_comes_in_numbered_pages(table: Table) -> None:
    table.is_audited = False
    ann = table.account("ann")
    for first in range(0, 1_000, 500):
        for name, side, price in (("ann", Side.SELL, 2_000), ("bob", Side.BUY, 50)):
            account = table.account(name)
            table.apply_many(
                [
                    PlaceOrder(account, table.new_id(), MARKET, side, Lots(1), Ticks(price + first + step))
                    for step in range(500)
                ]
            )
    pages = ask(table, BookQuery(MARKET), BookSnapshot)
    assert [page.page for page in pages] == list(range(1, len(pages) + 1))
    assert {page.pages for page in pages} == {len(pages)}
    assert sum(len(page.levels) for page in pages) == 2_000
    assert ann


def test_an_empty_book_is_one_empty_page(table: Table) -> None:
    (book,) = ask(table, BookQuery(MARKET), BookSnapshot)
    assert (book.levels, book.page, book.pages, book.checksum) == ([], 1, 1, 0)


def test_an_order_is_found_by_either_id_while_open_and_remembered_after(table: Table) -> None:
    ann = table.account("ann")
    table.run("ann buy 5 @ 100 id=mine")
    (answer,) = ask(table, OrderQuery(ann, OrderId(1)), OrderAnswer)
    (by_name,) = ask(table, OrderQuery(ann, client_order_id=parse("mine")), OrderAnswer)
    assert answer == by_name
    assert answer.known
    assert (answer.orders[0].state, answer.orders[0].leaves) == (OrderState.OPEN, 5)
    table.run("bob sell 2 @ 100")
    (answer,) = ask(table, OrderQuery(ann, OrderId(1)), OrderAnswer)
    assert (answer.orders[0].state, answer.orders[0].filled) == (OrderState.PARTIALLY_FILLED, 2)
    table.run("ann cancel all")
    (answer,) = ask(table, OrderQuery(ann, client_order_id=parse("mine")), OrderAnswer)
    assert answer.known
    assert (answer.orders[0].state, answer.orders[0].order_id) == (OrderState.FORGOTTEN, 1)
    (answer,) = ask(table, OrderQuery(ann, OrderId(1)), OrderAnswer)
    assert not answer.known
    (answer,) = ask(table, OrderQuery(table.account("bob"), client_order_id=parse("mine")), OrderAnswer)
    assert not answer.known


def test_a_refused_order_is_remembered_with_its_reason(table: Table) -> None:
    ann = table.account("ann")
    table.run("ann buy 5 @ 0 id=bad")
    (answer,) = ask(table, OrderQuery(ann, client_order_id=parse("bad")), OrderAnswer)
    assert (answer.orders[0].state, answer.orders[0].reject_reason) == (
        OrderState.REJECTED,
        RejectReason.PRICE_INVALID,
    )


def test_markets_and_assets_come_page_by_page(table: Table) -> None:
    table.apply_many([CreateAsset(f"LONGNAME{number}") for number in range(60)])
    table.apply_many([CreateMarket(AssetId(3 + number), EUR, TICK, LOT, Ticks(7)) for number in range(60)])
    markets, assets, market, asset = [], [], MarketId(0), AssetId(0)
    while True:
        (page,) = ask(table, MarketsQuery(market), MarketsPage)
        markets += page.markets
        market = page.next
        if not market:
            break
    while True:
        (assets_page,) = ask(table, AssetsQuery(asset), AssetsPage)
        assets += assets_page.assets
        asset = assets_page.next
        if not asset:
            break
    assert [row.market for row in markets] == list(range(1, 62))
    assert [row.asset for row in assets] == list(range(1, 63))
    first = markets[0]
    assert (first.symbol, first.tick_size, first.lot_size, first.atoms_per_tick_lot) == ("KCN/EUR", TICK, LOT, 1_000)
    assert (assets[1].symbol, assets[1].scale) == ("EUR", 8)


def test_what_does_not_exist_is_refused_by_name(table: Table) -> None:
    for question, code in (
        (AccountQuery(AccountId(99)), "E_ACCOUNT_NOT_FOUND"),
        (OrderQuery(AccountId(99)), "E_ACCOUNT_NOT_FOUND"),
        (Balances(AccountId(99)), "E_ACCOUNT_NOT_FOUND"),
        (BookQuery(MarketId(9)), "E_MARKET_NOT_FOUND"),
        (StatusQuery(), "E_UNSUPPORTED"),
    ):
        (refused,) = ask(table, question, QueryRefused)
        assert refused.code == code


def test_a_question_is_one_block(table: Table) -> None:
    question = encode(AssetsQuery(AssetId(0)))
    for blocks in (b"", question + question, question[:-1]):
        with pytest.raises(Malformed):
            table.engine.query(blocks)


def test_a_group_wider_than_all_prices_is_one_level_a_side(table: Table) -> None:
    for row in ("ann sell 1 @ 110", "ann sell 2 @ 120", "bob buy 3 @ 90"):
        table.run(row)
    (page,) = ask(table, BookQuery(MARKET, group_ticks=2**64 - 1), BookSnapshot)
    assert page.group_ticks == PRICE_MAX
    assert page.levels == [Level(Ticks(PRICE_MAX), Lots(3), 2, Side.SELL), Level(Ticks(0), Lots(3), 1, Side.BUY)]
