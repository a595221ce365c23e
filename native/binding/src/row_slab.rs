//! Rows of orders by order id: a slab of them, of which the row freed last is used next, as it is still in a near cache.
//! Those of an account are a chain from its newest order to its oldest.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasherDefault, Hasher};

/// `_ROW` of `daemon/native_order_rows.py`.
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
    /// Neighbours in the chain of the account.
    pub(crate) older: Link,
    pub(crate) newer: Link,
}

/// A place, or none.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Link(u32);

impl Link {
    const NONE: Self = Self(u32::MAX);

    fn place(self) -> Option<u32> {
        (self != Self::NONE).then_some(self.0)
    }
}

impl Default for Link {
    fn default() -> Self {
        Self::NONE
    }
}

/// The chain of one account, from its newest order.
#[derive(Default)]
pub(crate) struct Chain(Link);

impl Chain {
    pub(crate) fn is_empty(&self) -> bool {
        self.0 == Link::NONE
    }
}

#[derive(Default)]
pub(crate) struct Rows {
    rows: Vec<Row>,
    /// Order id → place of its row.
    places: ByNumber<u32>,
    free: Vec<u32>,
}

impl Rows {
    /// Its order id is the greatest of its account so far.
    pub(crate) fn insert(&mut self, chain: &mut Chain, mut row: Row) {
        let Entry::Vacant(entry) = self.places.entry(row.order_id) else { return };
        let place = self.free.pop().unwrap_or_else(|| {
            self.rows.push(Row::default());
            u32::try_from(self.rows.len() - 1).expect("fewer than 2^32 orders are remembered")
        });
        entry.insert(place);
        row.older = chain.0;
        if let Some(older) = row.older.place() {
            self.rows[older as usize].newer = Link(place);
        }
        self.rows[place as usize] = row;
        chain.0 = Link(place);
    }

    pub(crate) fn get(&self, order_id: u64) -> Option<&Row> {
        self.places.get(&order_id).map(|&place| &self.rows[place as usize])
    }

    pub(crate) fn get_mut(&mut self, order_id: u64) -> Option<&mut Row> {
        self.places.get(&order_id).map(|&place| &mut self.rows[place as usize])
    }

    /// Out of the chain that it is in.
    pub(crate) fn remove(&mut self, chain: &mut Chain, order_id: u64) -> Option<Row> {
        let place = self.places.remove(&order_id)?;
        self.free.push(place);
        let row = self.rows[place as usize];
        match row.newer.place() {
            Some(newer) => self.rows[newer as usize].older = row.older,
            None => chain.0 = row.older,
        }
        if let Some(older) = row.older.place() {
            self.rows[older as usize].newer = row.newer;
        }
        Some(row)
    }

    /// The rows of a chain, newest first.
    pub(crate) fn of(&self, chain: &Chain) -> impl Iterator<Item = &Row> {
        self.from(chain.0)
    }

    /// The rows of a chain whose ids are below `before`, newest first.
    pub(crate) fn below(&self, chain: &Chain, account: u64, before: u64) -> impl Iterator<Item = &Row> {
        let known = self.get(before).filter(|row| row.account == account);
        self.from(known.map_or(chain.0, |row| row.older)).skip_while(move |row| row.order_id >= before)
    }

    fn from(&self, first: Link) -> impl Iterator<Item = &Row> {
        let at = |link: Link| link.place().map(|place| &self.rows[place as usize]);
        std::iter::successors(at(first), move |row| at(row.older))
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
            ..Self::default()
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
