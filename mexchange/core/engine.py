"""The exchange as a function: command blocks in, records out, everything in between is `State`.

    frame: first sequence, time ── expire what is due ── command ── command ── ... ── records
                                                           │
                            admit (seen before?) → risk → match → settle → remember

One sequence per command; a block may hold several. At the start of each frame every order whose expiry has come ends:
these events carry the frame's first sequence and stand before those of its first command. Frames have ascending times;
a frame may be applied in several batches of the same time, and comes out the same.

After each command the state's digest runs over the bytes that it put out, so that two engines which ever differ in one
byte differ from then on.
"""

from typing import Final, Self, assert_never

from mexchange.codec import MessageType, encode
from mexchange.codec.blocks import split
from mexchange.codec.commands import decode_unjudged
from mexchange.codec.events import decode_records
from mexchange.codec.fixed_table import FixedTable
from mexchange.codec.raw import AMENDS, CANCELS, NEW_ORDERS
from mexchange.core import accounts, admin, digest, orders, preview, query, snapshot, wallet
from mexchange.core.digest import Content, fields_of
from mexchange.core.features import FEATURES, QUICK_DIGESTS
from mexchange.core.state import State
from mexchange.domain.commands import (
    AdvanceTime,
    AmendOrder,
    CancelOrder,
    ChangeAccount,
    ChangeAsset,
    ChangeMarket,
    Command,
    ConfirmWithdrawal,
    CreateAsset,
    CreateMarket,
    Deposit,
    MassCancel,
    OpenAccount,
    PlaceOrder,
    ReleaseWithdrawal,
    SetFees,
    SetMarketStatus,
    Transfer,
    Withdraw,
)
from mexchange.domain.events import Event
from mexchange.domain.units import Sequence, TimeNs

_NEW_ORDERS: Final = int(MessageType.NEW_ORDERS)
_CANCELS: Final = int(MessageType.CANCELS)
_AMENDS: Final = int(MessageType.AMENDS)
_TAGS: Final = {int(message_type): int(message_type).to_bytes(2, "little") for message_type in MessageType}
"""What a command's content begins with when it is digested."""


class Engine:
    """One State and what may be done with it. Owned by one thread."""

    def __init__(self, state: State | None = None) -> None:
        self.state: Final = State() if state is None else state

    @property
    def sequence(self) -> Sequence:
        """Of the last command applied."""
        return self.state.sequence

    @property
    def time_ns(self) -> TimeNs:
        """Of the last frame applied."""
        return self.state.time_ns

    @property
    def next_expiry_ns(self) -> int | None:
        """When the first of the open orders that expire does; None if there is none."""
        return self.state.expiries[0][0] if self.state.expiries else None

    @property
    def features(self) -> dict[int, int]:
        """Changes of behaviour that are in force: number → the first sequence that they are in force for."""
        return dict(self.state.features)

    def apply(self, command: Command, sequence: int, time_ns: int) -> list[Event]:
        """One command, for people and tests. The same as apply_batch of its block."""
        return decode_records(self.apply_batch(encode(command), sequence, time_ns))

    def apply_batch(self, blocks: bytes, first_sequence: int, time_ns: int) -> bytes:
        """Apply command blocks as `canonical` makes them; returns records of 80 bytes.

        Sequences ascend (there is a gap where the operator skipped one), and time never goes back. Raises Malformed or
        UnknownMessage, with part of the batch applied, for bytes that should never have reached the journal.
        """
        state = self.state
        assert first_sequence > state.sequence
        assert time_ns >= state.time_ns
        commands = split(blocks)
        if not commands:
            return b""
        output: list[bytes] = []
        out: list[bytes] = []
        state.time_ns = TimeNs(time_ns)
        if state.expiries and state.expiries[0][0] <= time_ns:
            state.sequence = Sequence(first_sequence)
            orders.expire(state, out)
        state.sequence = Sequence(first_sequence - 1)
        for message_type, _, payload in commands:
            if message_type == _NEW_ORDERS:
                self._apply_rows(NEW_ORDERS, orders.place, message_type, payload, out, output)
            elif message_type == _CANCELS:
                self._apply_rows(CANCELS, orders.cancel, message_type, payload, out, output)
            elif message_type == _AMENDS:
                self._apply_rows(AMENDS, orders.amend, message_type, payload, out, output)
            else:
                command = decode_unjudged(message_type, payload)
                state.sequence = Sequence(state.sequence + 1)
                content = Content(_TAGS[message_type] + fields_of(command), state.features.get(QUICK_DIGESTS))
                _apply_single(state, out, command, content)
                self._end_command(out, output)
        return b"".join(output)

    def _apply_rows(
        self,
        table: FixedTable,
        apply_row: orders.ApplyRow,
        message_type: int,
        payload: bytes,
        out: list[bytes],
        output: list[bytes],
    ) -> None:
        state, tag, size = self.state, _TAGS[message_type], table.row.size
        account_id, _actor, _deadline_ns, rows = table.read(payload)
        start, sequence, end_command = 0, state.sequence, self._end_command
        quick_from = state.features.get(QUICK_DIGESTS)
        for row in table.row.iter_unpack(rows):
            end = start + size
            state.sequence = sequence = sequence + 1  # type: ignore[assignment]
            apply_row(state, out, account_id, row, Content(tag + rows[start:end], quick_from))
            end_command(out, output)
            start = end

    def _end_command(self, out: list[bytes], output: list[bytes]) -> None:
        records = b"".join(out)
        digest.extend(self.state, records)
        output.append(records)
        out.clear()

    def enable(self, feature: int, sequence: int) -> bool:
        """From `sequence` on, behind the last command, a change of behaviour is in force, unless it is already.

        False: this version does not know it.
        """
        state = self.state
        if feature not in FEATURES:
            return False
        if feature not in state.features:
            assert sequence > state.sequence
            state.features[feature] = Sequence(sequence)
            digest.begin_quick(state)
        return True

    def preview(self, blocks: bytes, time_ns: int) -> bytes:
        """The records that `apply_batch` would return if this frame came next. Changes nothing."""
        shadow = Engine(preview.overlay(self.state))
        return shadow.apply_batch(blocks, self.sequence + 1, max(time_ns, self.time_ns))

    def query(self, block: bytes) -> list[bytes]:
        """Reply blocks to a question block, with its correlation, each small enough for a datagram."""
        return query.answer(self.state, block)

    def snapshot(self) -> bytes:
        """The whole state, the same bytes from every engine in this state."""
        return snapshot.dump(self.state)

    @classmethod
    def restore(cls, data: bytes) -> Self:
        """The engine that `snapshot` was taken of. Raises BadSnapshot."""
        return cls(snapshot.load(data))

    def state_hash(self) -> bytes:
        """32 bytes that stand for the whole state."""
        return snapshot.hash_of(snapshot.dump(self.state))


def _apply_single(state: State, out: list[bytes], command: Command, content: Content) -> None:
    match command:
        case MassCancel():
            orders.mass_cancel(state, out, command, content)
        case OpenAccount():
            accounts.open_account(state, out, command, content)
        case ChangeAccount():
            accounts.change_account(state, out, command, content)
        case Deposit():
            wallet.deposit(state, out, command, content)
        case Withdraw():
            wallet.withdraw(state, out, command, content)
        case ConfirmWithdrawal():
            wallet.confirm_withdrawal(state, out, command, content)
        case ReleaseWithdrawal():
            wallet.release_withdrawal(state, out, command, content)
        case Transfer():
            wallet.transfer(state, out, command, content)
        case CreateAsset():
            admin.create_asset(state, out, command, content)
        case ChangeAsset():
            admin.change_asset(state, out, command, content)
        case CreateMarket():
            admin.create_market(state, out, command, content)
        case ChangeMarket():
            admin.change_market(state, out, command, content)
        case SetMarketStatus():
            admin.set_market_status(state, out, command, content)
        case SetFees():
            admin.set_fees(state, out, command, content)
        case AdvanceTime():
            pass
        case PlaceOrder() | CancelOrder() | AmendOrder():
            raise AssertionError("these come in batches")
        case unknown:
            assert_never(unknown)
