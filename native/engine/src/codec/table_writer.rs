//! Writes tables as the official builder does, backwards, with all defaults written: equal messages are equal bytes.

use super::CodecError;
use super::table::{FIELDS_MAX, FieldWrite, Table};
use super::table_reader::STRING_BYTES_MAX;

/// Of structs in vectors.
pub const STRUCT_ALIGNMENT: usize = 8;
const OFFSET_SIZE: usize = 4;

/// A message that grows from its end; places are counted from there.
#[derive(Debug, Default)]
pub struct Builder {
    /// The last byte of the message first.
    reversed: Vec<u8>,
    /// The widest alignment so far.
    alignment: usize,
    /// Where each vtable is, as bytes from its start, to be shared.
    vtables: Vec<(Vec<u8>, usize)>,
}

impl Builder {
    /// The table with these fields by slot, written in `order`; says where it is.
    ///
    /// # Errors
    /// Unencodable.
    pub fn table(&mut self, fields: &[&dyn FieldWrite], order: &[usize]) -> Result<usize, CodecError> {
        let mut children = [0; FIELDS_MAX];
        for (slot, field) in fields.iter().enumerate().rev() {
            children[slot] = field.write_child(self)?;
        }
        let end = self.here();
        let mut places = [0; FIELDS_MAX];
        for &slot in order {
            fields[slot].write_inline(self, children[slot]);
            places[slot] = self.here();
        }
        self.prepare(OFFSET_SIZE, 0);
        let table = self.here() + OFFSET_SIZE;
        let sizes = [VTABLE_HEADER + 2 * fields.len(), table - end];
        let fields = places[..fields.len()].iter().map(|place| table - place);
        let vtable: Vec<u8> = sizes.into_iter().chain(fields).flat_map(u16_bytes).collect();
        let known = self.vtables.iter().find(|(bytes, _)| *bytes == vtable).map(|&(_, place)| place);
        let place = known.unwrap_or(table + vtable.len());
        self.put(&i32_difference(place, table));
        if known.is_none() {
            self.put(&vtable);
            self.vtables.push((vtable, place));
        }
        Ok(table)
    }

    /// A number or a struct inside a table.
    pub fn plain(&mut self, alignment: usize, value: &[u8]) {
        self.prepare(alignment, 0);
        self.put(value);
    }

    /// An offset inside a table or vector, to what is at `target`.
    pub fn offset(&mut self, target: usize) {
        self.prepare(OFFSET_SIZE, 0);
        let distance = self.here() + OFFSET_SIZE - target;
        self.count(distance);
    }

    /// # Errors
    /// Unencodable if it is longer than `STRING_BYTES_MAX`.
    pub fn text(&mut self, text: &str) -> Result<usize, CodecError> {
        if text.len() > STRING_BYTES_MAX {
            return Err(CodecError::Unencodable("a text is too long"));
        }
        self.prepare(OFFSET_SIZE, text.len() + 1);
        self.put(&[0]);
        self.put(text.as_bytes());
        self.count(text.len());
        Ok(self.here())
    }

    /// A vector of bytes.
    pub fn bytes(&mut self, bytes: &[u8]) -> usize {
        self.prepare(OFFSET_SIZE, bytes.len());
        self.put(bytes);
        self.count(bytes.len());
        self.here()
    }

    /// A vector of structs, the last one first.
    pub fn rows<const N: usize>(&mut self, size: usize, rows: impl ExactSizeIterator<Item = [u8; N]>) -> usize {
        let count = rows.len();
        self.prepare(OFFSET_SIZE, size * count);
        self.prepare(STRUCT_ALIGNMENT, size * count);
        for row in rows {
            self.put(&row);
        }
        self.count(count);
        self.here()
    }

    /// A vector of tables.
    ///
    /// # Errors
    /// Unencodable.
    pub fn tables<T: Table>(&mut self, tables: &[T]) -> Result<usize, CodecError> {
        let mut places = Vec::with_capacity(tables.len());
        for table in tables.iter().rev() {
            places.push(table.write_to(self)?);
        }
        self.prepare(OFFSET_SIZE, OFFSET_SIZE * places.len());
        for &place in &places {
            self.offset(place);
        }
        self.count(places.len());
        Ok(self.here())
    }

    /// The whole message, whose root table is at `root`.
    pub fn finish(mut self, root: usize) -> Vec<u8> {
        self.prepare(self.alignment, OFFSET_SIZE);
        self.offset(root);
        self.reversed.reverse();
        self.reversed
    }

    /// Bytes so far.
    fn here(&self) -> usize {
        self.reversed.len()
    }

    /// Zeros, so that something of this alignment can stand before `following` bytes that come first.
    fn prepare(&mut self, alignment: usize, following: usize) {
        self.alignment = self.alignment.max(alignment);
        let end = (self.here() + following).next_multiple_of(alignment);
        self.reversed.resize(end - following, 0);
    }

    fn put(&mut self, bytes: &[u8]) {
        self.reversed.extend(bytes.iter().rev());
    }

    fn count(&mut self, count: usize) {
        self.put(&Self::count_of(count).to_le_bytes());
    }

    /// A number of elements, or a distance; both are bounded by what fits into a block.
    pub(super) fn count_of(count: usize) -> u32 {
        u32::try_from(count).unwrap_or(u32::MAX)
    }
}

const VTABLE_HEADER: usize = 4;

/// Tables have at most `FIELDS_MAX` fields of 16 bytes, so this always fits.
fn u16_bytes(value: usize) -> [u8; 2] {
    u16::try_from(value).unwrap_or(u16::MAX).to_le_bytes()
}

fn i32_difference(a: usize, b: usize) -> [u8; 4] {
    let signed = |value| i32::try_from(value).unwrap_or(i32::MAX);
    (signed(a) - signed(b)).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use crate::codec::CodecError;
    use crate::codec::generated::{AccountPage, BalanceS, CreateAsset, MarketInfo, MarketsPage, OpenOrderS, rewrite};
    use crate::codec::table::{Message, Table};

    fn page() -> AccountPage {
        AccountPage {
            account: 16,
            status: 1,
            balances: BalanceS::rows(&[3; 48]).collect(),
            orders: OpenOrderS::rows(&[5; 88]).collect(),
            taker_ppm: -7,
            ..AccountPage::default()
        }
    }

    fn markets() -> MarketsPage {
        let market = |market, symbol: &str| MarketInfo { market, symbol: symbol.to_owned(), ..MarketInfo::default() };
        MarketsPage { markets: vec![market(1, "KCN/EUR"), market(2, "BTC/EUR")], next: 3, sequence: 9 }
    }

    #[test]
    fn tables_come_back_as_they_were_written() {
        let page = page();
        assert_eq!(AccountPage::read(&page.write().unwrap()), Ok(page));
        let markets = markets();
        assert_eq!(MarketsPage::read(&markets.write().unwrap()), Ok(markets));
    }

    #[test]
    fn tables_of_one_shape_share_their_vtable() {
        let (one, two) = (markets(), MarketsPage { markets: markets().markets[..1].to_vec(), ..markets() });
        let row = 4 + 8 + MarketInfo::default().write().unwrap().len();
        assert!(one.write().unwrap().len() - two.write().unwrap().len() < row);
    }

    #[test]
    fn whatever_is_flipped_is_refused_or_rewritten_to_the_same() {
        for (number, payload) in
            [(AccountPage::NUMBER, page().write().unwrap()), (MarketsPage::NUMBER, markets().write().unwrap())]
        {
            for at in 0..payload.len() {
                for bit in 0..8 {
                    let mut bad = payload.clone();
                    bad[at] ^= 1 << bit;
                    if let Ok(once) = rewrite(number, &bad) {
                        assert_eq!(rewrite(number, &once), Ok(once));
                    }
                }
                assert!(rewrite(number, &payload[..at]).is_err());
            }
        }
    }

    #[test]
    fn a_text_that_no_reader_would_take_is_not_written() {
        let symbol = "x".repeat(4_097);
        let asset = CreateAsset { symbol, ..CreateAsset::default() };
        assert!(matches!(asset.write(), Err(CodecError::Unencodable(_))));
    }
}
