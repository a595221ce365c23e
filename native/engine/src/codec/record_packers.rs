//! One function per kind of event that appends its record of 80 bytes: an engine emits nothing else.
//!
//! Each begins with account, account sequence, sequence, except those of public events, whose account is 0. Slots by
//! kind: `schemas/events.fbs`.

use super::row::Plain;
use crate::domain::client_id::ClientOrderId;
use crate::domain::events::{EventKind, KEEPS_PLACE_BIT, MAKER_BIT, RECORD_SIZE};
use crate::domain::units::{AccountId, AssetId, Atoms, Lots, MarketId, OrderId, OwnerId, Ppm, Sequence, Ticks, TimeNs};

const _: () = assert!(RECORD_SIZE == super::generated::RecordS::SIZE);

/// What stands before the values of a record.
#[derive(Clone, Copy)]
struct Head {
    account: AccountId,
    account_sequence: u64,
    sequence: Sequence,
    kind: EventKind,
    flags: u8,
    info: u16,
    /// Or the asset.
    market: u32,
    order_id: OrderId,
}

/// A record whose values begin with a client order id.
#[inline]
fn named(out: &mut Vec<u8>, head: &Head, client_order_id: &ClientOrderId, values: [i64; 3]) {
    let mut record = packed(head);
    client_order_id.set(&mut record, 40);
    values[0].set(&mut record, 56);
    values[1].set(&mut record, 64);
    values[2].set(&mut record, 72);
    out.extend_from_slice(&record);
}

/// A record of five values; an id without sign among them keeps its bits.
#[inline]
fn plain(out: &mut Vec<u8>, head: &Head, values: [i64; 5]) {
    let mut record = packed(head);
    for (slot, value) in values.into_iter().enumerate() {
        value.set(&mut record, 40 + 8 * slot);
    }
    out.extend_from_slice(&record);
}

#[inline]
fn packed(head: &Head) -> [u8; RECORD_SIZE] {
    let mut record = [0; RECORD_SIZE];
    head.account.set(&mut record, 0);
    head.account_sequence.set(&mut record, 8);
    head.sequence.set(&mut record, 16);
    record[24] = head.kind as u8;
    record[25] = head.flags;
    head.info.set(&mut record, 26);
    head.market.set(&mut record, 28);
    head.order_id.set(&mut record, 32);
    record
}

/// `type_tif` is the order type, and from bit 4 the time in force.
#[inline]
pub fn pack_accepted(
    out: &mut Vec<u8>,
    account: AccountId,
    account_sequence: u64,
    sequence: Sequence,
    market: MarketId,
    order_id: OrderId,
    client_order_id: &ClientOrderId,
    side: u8,
    type_tif: u8,
    order_flags: u8,
    price: Ticks,
    quantity: i64,
    expiry_ns: TimeNs,
) {
    let info = u16::from(type_tif) | u16::from(order_flags) << 8;
    let kind = EventKind::Accepted;
    let head = Head { account, account_sequence, sequence, kind, flags: side, info, market, order_id };
    named(out, &head, client_order_id, [price, quantity, expiry_ns]);
}

/// Of the maker or of the taker.
#[inline]
pub fn pack_filled(
    out: &mut Vec<u8>,
    account: AccountId,
    account_sequence: u64,
    sequence: Sequence,
    market: MarketId,
    order_id: OrderId,
    trade_id: u64,
    side: u8,
    is_maker: bool,
    price: Ticks,
    quantity: Lots,
    leaves: i64,
    fee: Atoms,
) {
    let flags = if is_maker { side | MAKER_BIT } else { side };
    let kind = EventKind::Filled;
    let head = Head { account, account_sequence, sequence, kind, flags, info: 0, market, order_id };
    plain(out, &head, [trade_id.cast_signed(), price, quantity, leaves, fee]);
}

/// `reason` is a `DoneReason`.
#[inline]
pub fn pack_done(
    out: &mut Vec<u8>,
    account: AccountId,
    account_sequence: u64,
    sequence: Sequence,
    market: MarketId,
    order_id: OrderId,
    client_order_id: &ClientOrderId,
    side: u8,
    reason: u8,
    leaves: i64,
    filled: Lots,
    released: Atoms,
) {
    let (kind, info) = (EventKind::Done, u16::from(reason));
    let head = Head { account, account_sequence, sequence, kind, flags: side, info, market, order_id };
    named(out, &head, client_order_id, [leaves, filled, released]);
}

/// `client_order_id` is the amend's.
#[inline]
pub fn pack_amended(
    out: &mut Vec<u8>,
    account: AccountId,
    account_sequence: u64,
    sequence: Sequence,
    market: MarketId,
    order_id: OrderId,
    client_order_id: &ClientOrderId,
    side: u8,
    keeps_place: bool,
    price: Ticks,
    quantity: Lots,
    leaves: Lots,
) {
    let flags = if keeps_place { side | KEEPS_PLACE_BIT } else { side };
    let kind = EventKind::Amended;
    let head = Head { account, account_sequence, sequence, kind, flags, info: 0, market, order_id };
    named(out, &head, client_order_id, [price, quantity, leaves]);
}

/// `reason` is a `RejectReason`.
#[inline]
pub fn pack_rejected(
    out: &mut Vec<u8>,
    account: AccountId,
    account_sequence: u64,
    sequence: Sequence,
    market: MarketId,
    order_id: OrderId,
    client_order_id: &ClientOrderId,
    reason: u8,
    detail: i64,
) {
    let (kind, info) = (EventKind::Rejected, u16::from(reason));
    let head = Head { account, account_sequence, sequence, kind, flags: 0, info, market, order_id };
    named(out, &head, client_order_id, [detail, 0, 0]);
}

/// `first_kind` is the `EventKind` of the first answer, `reason` its `RejectReason` or 0.
#[inline]
pub fn pack_repeated(
    out: &mut Vec<u8>,
    account: AccountId,
    account_sequence: u64,
    sequence: Sequence,
    market: MarketId,
    order_id: OrderId,
    client_order_id: &ClientOrderId,
    first_kind: u8,
    reason: u8,
    first_sequence: Sequence,
) {
    let (kind, info) = (EventKind::Repeated, u16::from(reason) | u16::from(first_kind) << 8);
    let head = Head { account, account_sequence, sequence, kind, flags: 0, info, market, order_id };
    named(out, &head, client_order_id, [first_sequence.cast_signed(), 0, 0]);
}

/// `mode` is a `SelfTradePrevention`.
#[inline]
pub fn pack_prevented(
    out: &mut Vec<u8>,
    account: AccountId,
    account_sequence: u64,
    sequence: Sequence,
    market: MarketId,
    order_id: OrderId,
    other_order_id: OrderId,
    side: u8,
    is_maker: bool,
    mode: u8,
    price: Ticks,
    quantity: Lots,
    leaves: i64,
) {
    let flags = if is_maker { side | MAKER_BIT } else { side };
    let (kind, info) = (EventKind::Prevented, u16::from(mode));
    let head = Head { account, account_sequence, sequence, kind, flags, info, market, order_id };
    plain(out, &head, [other_order_id.cast_signed(), price, quantity, leaves, 0]);
}

/// `market` and `side` are 0 for all.
pub fn pack_mass_cancelled(
    out: &mut Vec<u8>,
    account: AccountId,
    account_sequence: u64,
    sequence: Sequence,
    market: MarketId,
    client_order_id: &ClientOrderId,
    side: u8,
    orders: i64,
) {
    let kind = EventKind::MassCancelled;
    let head = Head { account, account_sequence, sequence, kind, flags: side, info: 0, market, order_id: 0 };
    named(out, &head, client_order_id, [orders, 0, 0]);
}

/// `number` counts the owner's accounts from 0.
pub fn pack_account_opened(
    out: &mut Vec<u8>,
    account: AccountId,
    account_sequence: u64,
    sequence: Sequence,
    client_order_id: &ClientOrderId,
    owner: OwnerId,
    number: u32,
) {
    let kind = EventKind::AccountOpened;
    let head = Head { account, account_sequence, sequence, kind, flags: 0, info: 0, market: number, order_id: 0 };
    named(out, &head, client_order_id, [owner.cast_signed(), 0, 0]);
}

/// `setting` is an `AccountSetting`.
pub fn pack_account_changed(
    out: &mut Vec<u8>,
    account: AccountId,
    account_sequence: u64,
    sequence: Sequence,
    client_order_id: &ClientOrderId,
    setting: u8,
    value: i64,
) {
    let (kind, info) = (EventKind::AccountChanged, u16::from(setting));
    let head = Head { account, account_sequence, sequence, kind, flags: 0, info, market: 0, order_id: 0 };
    named(out, &head, client_order_id, [value, 0, 0]);
}

/// Kinds 30 to 34. `order_id` is the withdrawal, or the other account of a transfer, or 0.
pub fn pack_moved(
    out: &mut Vec<u8>,
    account: AccountId,
    account_sequence: u64,
    sequence: Sequence,
    kind: EventKind,
    asset: AssetId,
    order_id: u64,
    client_order_id: &ClientOrderId,
    amount: Atoms,
    available: Atoms,
    in_hold: Atoms,
) {
    let head = Head { account, account_sequence, sequence, kind, flags: 0, info: 0, market: asset, order_id };
    named(out, &head, client_order_id, [amount, available, in_hold]);
}

/// A head of an event that everybody may see.
#[inline]
fn public(sequence: Sequence, kind: EventKind, flags: u8, info: u16, market: u32) -> Head {
    Head { account: 0, account_sequence: 0, sequence, kind, flags, info, market, order_id: 0 }
}

/// Public.
pub fn pack_asset_changed(out: &mut Vec<u8>, sequence: Sequence, asset: AssetId, client_order_id: &ClientOrderId) {
    named(out, &public(sequence, EventKind::AssetChanged, 0, 0, asset), client_order_id, [0; 3]);
}

/// Public. `status` is a `MarketStatus`.
pub fn pack_market_changed(
    out: &mut Vec<u8>,
    sequence: Sequence,
    market: MarketId,
    client_order_id: &ClientOrderId,
    status: u8,
) {
    let head = public(sequence, EventKind::MarketChanged, 0, u16::from(status), market);
    named(out, &head, client_order_id, [0; 3]);
}

/// Public.
pub fn pack_fees_changed(
    out: &mut Vec<u8>,
    sequence: Sequence,
    market: MarketId,
    client_order_id: &ClientOrderId,
    tier: u16,
    maker_ppm: Ppm,
    taker_ppm: Ppm,
) {
    let head = public(sequence, EventKind::FeesChanged, 0, tier, market);
    named(out, &head, client_order_id, [maker_ppm, taker_ppm, 0]);
}

/// Public. Absolute; quantity 0: gone.
#[inline]
pub fn pack_level_changed(
    out: &mut Vec<u8>,
    sequence: Sequence,
    market: MarketId,
    side: u8,
    price: Ticks,
    quantity: Lots,
    orders: i64,
) {
    plain(out, &public(sequence, EventKind::LevelChanged, side, 0, market), [price, quantity, orders, 0, 0]);
}
