//! The batched commands of traders without an object for each: one head, then rows that are read where they lie.
//!
//! ```text
//! let batch = NEW_ORDERS.read(payload)?;
//! for order in NewOrderS::rows(batch.rows) { … }
//! ```

use super::CodecError;
use super::generated::{AmendS, Amends, CancelS, Cancels, NewOrderS, NewOrders};
use super::row::{Plain, bytes_at};
use super::table::{FixedLayout, Table, TableLayout};
use super::table_reader::Reader;
use super::table_writer::Builder;
use crate::domain::units::{AccountId, TimeNs};

/// What all commands of a block have in common, and the commands as bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batch<'a> {
    /// Who is acted for.
    pub account: AccountId,
    /// Who asked.
    pub actor: AccountId,
    /// 0: none.
    pub deadline_ns: TimeNs,
    /// Whole rows.
    pub rows: &'a [u8],
}

/// Reader and writer of one of the three tables, whose slots are account, actor, deadline and the rows.
#[derive(Debug)]
pub struct BatchTable {
    layout: TableLayout,
    fixed: FixedLayout,
    /// Bytes of a row.
    pub row_size: usize,
}

/// Rows are `NewOrderS`.
pub static NEW_ORDERS: BatchTable = BatchTable::of(NewOrders::LAYOUT, NewOrderS::SIZE);
/// Rows are `CancelS`.
pub static CANCELS: BatchTable = BatchTable::of(Cancels::LAYOUT, CancelS::SIZE);
/// Rows are `AmendS`.
pub static AMENDS: BatchTable = BatchTable::of(Amends::LAYOUT, AmendS::SIZE);

const ACCOUNT: usize = 0;
const ACTOR: usize = 1;
const DEADLINE_NS: usize = 2;
const ROWS: usize = 3;
const COUNT_SIZE: usize = 4;

impl BatchTable {
    const fn of(layout: TableLayout, row_size: usize) -> Self {
        let Some(fixed) = layout.fixed else { panic!("the three tables have a fixed layout") };
        assert!(layout.fields.len() == 4 && fixed.places[ROWS] == 0);
        Self { layout, fixed, row_size }
    }

    /// The batch of a payload. Allocates nothing for a message laid out as we lay it out.
    ///
    /// # Errors
    /// Malformed.
    #[inline]
    pub fn read<'a>(&self, payload: &'a [u8]) -> Result<Batch<'a>, CodecError> {
        let FixedLayout { prefix, places, head_size } = self.fixed;
        if payload.len() < head_size || !payload.starts_with(prefix) {
            return self.read_any_layout(payload);
        }
        let count = u32::from_le_bytes(bytes_at(payload, head_size - COUNT_SIZE)) as usize;
        let rows = &payload[head_size..];
        if count > rows.len() / self.row_size {
            return Err(CodecError::Malformed("more rows than bytes"));
        }
        Ok(Batch {
            account: u64::get(payload, places[ACCOUNT]),
            actor: u64::get(payload, places[ACTOR]),
            deadline_ns: i64::get(payload, places[DEADLINE_NS]),
            rows: &rows[..count * self.row_size],
        })
    }

    #[cold]
    fn read_any_layout<'a>(&self, payload: &'a [u8]) -> Result<Batch<'a>, CodecError> {
        let mut reader = Reader::new(payload);
        let position = reader.root()?;
        let places = reader.table(position, self.layout.fields, 0)?;
        let at = |slot: usize| (places[slot] != 0).then_some(position + places[slot]);
        let rows = match at(ROWS) {
            Some(place) => reader.vector(place, self.row_size, 0)?,
            None => &[],
        };
        let batch = Batch {
            account: at(ACCOUNT).map_or(0, |place| u64::get(payload, place)),
            actor: at(ACTOR).map_or(0, |place| u64::get(payload, place)),
            deadline_ns: at(DEADLINE_NS).map_or(0, |place| i64::get(payload, place)),
            rows,
        };
        reader.check_overlaps()?;
        Ok(batch)
    }

    /// The payload in our layout.
    pub fn write(&self, batch: &Batch<'_>) -> Vec<u8> {
        let FixedLayout { prefix, places, head_size } = self.fixed;
        let mut payload = vec![0; head_size];
        payload[..prefix.len()].copy_from_slice(prefix);
        batch.account.set(&mut payload, places[ACCOUNT]);
        batch.actor.set(&mut payload, places[ACTOR]);
        batch.deadline_ns.set(&mut payload, places[DEADLINE_NS]);
        Builder::count_of(batch.rows.len() / self.row_size).set(&mut payload, head_size - COUNT_SIZE);
        payload.extend_from_slice(batch.rows);
        payload
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(rows: &[u8]) -> Batch<'_> {
        Batch { account: 16, actor: 17, deadline_ns: -18, rows }
    }

    #[test]
    fn the_fixed_layout_is_what_the_builder_makes() {
        for (table, payload) in [
            (
                &NEW_ORDERS,
                NewOrders { account: 16, actor: 17, deadline_ns: -18, orders: NewOrderS::rows(&[7; 96]).collect() }
                    .write(),
            ),
            (
                &AMENDS,
                Amends { account: 16, actor: 17, deadline_ns: -18, amends: AmendS::rows(&[7; 96]).collect() }.write(),
            ),
        ] {
            assert_eq!(table.write(&batch(&[7; 96])), payload.unwrap());
        }
        let cancels = Cancels { account: 16, actor: 17, deadline_ns: -18, cancels: CancelS::rows(&[7; 80]).collect() };
        assert_eq!(CANCELS.write(&batch(&[7; 80])), cancels.write().unwrap());
    }

    #[test]
    fn both_ways_of_reading_agree_on_every_flipped_byte() {
        let good = NEW_ORDERS.write(&batch(&[7; 96]));
        assert_eq!(NEW_ORDERS.read(&good).unwrap(), batch(&[7; 96]));
        for at in 0..good.len() {
            for bit in 0..8 {
                let mut bad = good.clone();
                bad[at] ^= 1 << bit;
                let (fast, any) = (NEW_ORDERS.read(&bad).ok(), NEW_ORDERS.read_any_layout(&bad).ok());
                assert_eq!(fast, any, "byte {at} bit {bit}");
            }
        }
        for end in 0..good.len() {
            assert!(NEW_ORDERS.read(&good[..end]).is_err(), "{end}");
        }
    }
}
