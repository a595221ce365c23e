//! Rows of orders by order id: a slab of them, of which the row freed last is used next, as it is still in a near cache.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// `_ROW` of `daemon/order_replay.py`.
pub(crate) const ROW: usize = 124;

pub(crate) type Id = [u8; 16];
/// By numbers that the engine gave out.
pub(crate) type ByNumber<V> = HashMap<u64, V, BuildHasherDefault<NumberHasher>>;

/// Nobody can choose these numbers, and they come in sequence: one multiplication spreads them.
#[derive(Default)]
pub(crate) struct NumberHasher(u64);

impl Hasher for NumberHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(self.0 << 8 | u64::from(*byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

/// An order as its events left it.
#[derive(Clone, Copy, Default)]
pub(crate) struct Row {
    pub(crate) account: u64,
    pub(crate) order_id: u64,
    pub(crate) client_order_id: Id,
    pub(crate) price: i64,
    pub(crate) quantity: i64,
    pub(crate) leaves: i64,
    pub(crate) expiry_ns: i64,
    pub(crate) placed_sequence: u64,
    pub(crate) last_sequence: u64,
    pub(crate) placed_ns: i64,
    pub(crate) last_ns: i64,
    pub(crate) filled: i64,
    pub(crate) ticks_lots: i128,
    pub(crate) market: u32,
    pub(crate) side: u8,
    pub(crate) type_tif: u8,
    pub(crate) flags: u8,
    pub(crate) state: u8,
    pub(crate) done_reason: u8,
    pub(crate) reject_reason: u8,
}

#[derive(Default)]
pub(crate) struct Rows {
    rows: Vec<Row>,
    /// Order id → place of its row.
    places: ByNumber<u32>,
    free: Vec<u32>,
}

impl Rows {
    pub(crate) fn insert(&mut self, row: Row) {
        let place = self.free.pop().unwrap_or_else(|| {
            self.rows.push(Row::default());
            u32::try_from(self.rows.len() - 1).expect("fewer than 2^32 orders are remembered")
        });
        self.rows[place as usize] = row;
        if let Some(before) = self.places.insert(row.order_id, place) {
            self.free.push(before);
        }
    }

    pub(crate) fn get_mut(&mut self, order_id: u64) -> Option<&mut Row> {
        self.places.get(&order_id).map(|&place| &mut self.rows[place as usize])
    }

    pub(crate) fn remove(&mut self, order_id: u64) {
        self.free.extend(self.places.remove(&order_id));
    }

    /// In no order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Row> {
        self.places.values().map(|&place| &self.rows[place as usize])
    }
}

impl Row {
    pub(crate) fn read(row: &[u8], account: u64) -> Self {
        let signed = |at: usize| i64::from_le_bytes(array(row, at));
        let unsigned = |at: usize| u64::from_le_bytes(array(row, at));
        Self {
            account,
            order_id: unsigned(0),
            client_order_id: array(row, 8),
            price: signed(24),
            quantity: signed(32),
            leaves: signed(40),
            expiry_ns: signed(48),
            placed_sequence: unsigned(56),
            last_sequence: unsigned(64),
            placed_ns: signed(72),
            last_ns: signed(80),
            market: u32::from_le_bytes(array(row, 88)),
            side: row[92],
            type_tif: row[93],
            flags: row[94],
            filled: signed(95),
            ticks_lots: i128::from_le_bytes(array(row, 103)),
            state: row[119],
            done_reason: row[120],
            reject_reason: row[121],
        }
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.extend(self.order_id.to_le_bytes());
        out.extend(self.client_order_id);
        for value in [self.price, self.quantity, self.leaves, self.expiry_ns] {
            out.extend(value.to_le_bytes());
        }
        out.extend(self.placed_sequence.to_le_bytes());
        out.extend(self.last_sequence.to_le_bytes());
        out.extend(self.placed_ns.to_le_bytes());
        out.extend(self.last_ns.to_le_bytes());
        out.extend(self.market.to_le_bytes());
        out.extend([self.side, self.type_tif, self.flags]);
        out.extend(self.filled.to_le_bytes());
        out.extend(self.ticks_lots.to_le_bytes());
        out.extend([self.state, self.done_reason, self.reject_reason, 0, 0]);
    }
}

pub(crate) fn array<const SIZE: usize>(bytes: &[u8], at: usize) -> [u8; SIZE] {
    let mut value = [0; SIZE];
    value.copy_from_slice(&bytes[at..at + SIZE]);
    value
}
