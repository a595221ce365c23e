"""The sections of a snapshot, row by row; where they stand is said in snapshot_layout.py."""

from collections.abc import Callable, Iterable, Iterator

from mexchange.core import snapshot_layout as layout
from mexchange.core.state import Balances, State, orders_of


def dump(state: State) -> bytes:
    """The canonical bytes of the state."""
    rows_of: tuple[Callable[[State], Iterable[bytes]], ...] = (
        _head_rows,
        _asset_rows,
        _market_rows,
        _system_rows,
        _account_rows,
        _order_rows,
        _memory_rows,
        *([_feature_rows] if state.features else []),
    )
    parts = [layout.PREFIX.pack(layout.MAGIC, layout.VERSION)]
    for number, make in enumerate(rows_of, 1):
        rows = list(make(state))
        body = b"".join(rows)
        parts += [layout.SECTION.pack(number, len(rows), len(body)), body]
    return b"".join(parts)


def _head_rows(state: State) -> Iterator[bytes]:
    yield layout.HEAD.pack(
        state.sequence,
        state.time_ns,
        state.digest,
        state.account_counter,
        state.order_counter,
        state.withdrawal_counter,
    )


def _asset_rows(state: State) -> Iterator[bytes]:
    for asset_id, asset in sorted(state.assets.items()):
        yield layout.ASSET.pack(asset_id, asset.scale, asset.display_decimals, asset.supply_max, asset.symbol.encode())


def _market_rows(state: State) -> Iterator[bytes]:
    for market_id, market in sorted(state.markets.items()):
        fees = sorted(market.fees_set.items())
        yield (
            layout.MARKET.pack(
                market_id,
                market.base,
                market.quote,
                market.status,
                market.tick_size,
                market.lot_size,
                market.atoms_per_tick_lot,
                market.quantity_min,
                market.quantity_max,
                market.notional_min,
                market.band_ppm,
                market.reference_price,
                state.books[market_id].trade_id,
                market.symbol.encode(),
            )
            + layout.COUNT.pack(len(fees))
            + b"".join([layout.FEE.pack(tier, fee.maker_ppm, fee.taker_ppm) for tier, fee in fees])
        )


def _balance_list(balances: Balances) -> bytes:
    rows = [
        layout.BALANCE.pack(asset_id, one.available, one.held)
        for asset_id, one in sorted(balances.items())
        if one.available or one.held
    ]
    return layout.COUNT.pack(len(rows)) + b"".join(rows)


def _system_rows(state: State) -> Iterator[bytes]:
    for account_id, balances in sorted(state.system.items()):
        yield layout.COUNT.pack(account_id) + _balance_list(balances)


def _account_rows(state: State) -> Iterator[bytes]:
    for account_id, account in sorted(state.accounts.items()):
        withdrawals = [
            layout.WITHDRAWAL.pack(number, one.asset_id, one.amount)
            for number, one in sorted(account.withdrawals.items())
        ]
        yield (
            layout.ACCOUNT.pack(
                account_id,
                account.owner,
                account.number,
                account.status,
                account.self_trade_prevention,
                account.fee_tier,
                account.open_orders_max,
                account.order_notional_max,
                account.sequence,
            )
            + _balance_list(account.balances)
            + layout.COUNT.pack(len(withdrawals))
            + b"".join(withdrawals)
        )


def _order_rows(state: State) -> Iterator[bytes]:
    for _, book in sorted(state.books.items()):
        for order in (*orders_of(book.bids), *orders_of(book.asks)):
            yield layout.ORDER.pack(
                order.order_id,
                order.client_order_id,
                order.account_id,
                order.owner,
                order.market_id,
                order.side,
                order.order_type,
                order.time_in_force,
                order.self_trade_prevention,
                order.flags,
                order.price,
                order.quantity,
                order.expiry_ns,
                order.leaves,
                order.filled,
                order.placed_sequence,
            )


def _memory_rows(state: State) -> Iterator[bytes]:
    for account in (state.operator, *(account for _, account in sorted(state.accounts.items()))):
        memory = account.memory
        if not memory.answers and not any(memory.evicted):
            continue
        answers = [
            layout.ANSWER.pack(key, one.digest, one.kind, one.reason, one.market_id, one.order_id, one.sequence)
            for key, one in sorted(memory.answers.items())
        ]
        yield b"".join(
            [
                layout.MEMORY.pack(account.account_id, memory.evicted),
                layout.COUNT.pack(len(answers)),
                *answers,
                layout.COUNT.pack(len(memory.recent)),
                *[layout.RECENT.pack(finished_ns, key) for finished_ns, key in memory.recent],
                layout.COUNT.pack(len(memory.settled)),
                *sorted(memory.settled),
                layout.COUNT.pack(len(memory.texts)),
                *memory.texts,
            ]
        )


def _feature_rows(state: State) -> Iterator[bytes]:
    for number, from_sequence in sorted(state.features.items()):
        yield layout.FEATURE.pack(number, from_sequence)
