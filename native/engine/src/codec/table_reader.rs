//! Reads any layout of a table that `FlatBuffers` allows, trusting nothing.
//!
//! Every offset is followed only after its target is known to lie within the buffer; the parts of a message (tables,
//! vtables, vectors, strings) may be shared whole but never overlap; vectors are bounded by the bytes that hold them,
//! so work is bounded by the size of the payload. Tables nest one deep. What is refused here is refused by the Python
//! twin, byte for byte.

use super::CodecError;
use super::row::{Plain, bytes_at};
use super::table::{FIELDS_MAX, Kind, Table};

/// Of a string.
pub const STRING_BYTES_MAX: usize = 4_096;
/// How deep tables may be in tables.
pub const DEPTH_MAX: u8 = 1;
const U32_SIZE: usize = 4;
const VTABLE_HEADER: usize = 4;

/// Where a table's fields are, from its start, by slot; 0: absent.
pub type Places = [usize; FIELDS_MAX];

const fn malformed<T>(text: &'static str) -> Result<T, CodecError> {
    Err(CodecError::Malformed(text))
}

/// One payload, and which parts of it are taken.
#[derive(Debug)]
pub struct Reader<'a> {
    data: &'a [u8],
    spans: Vec<(usize, usize)>,
}

impl<'a> Reader<'a> {
    /// Nothing is read yet.
    pub fn new(data: &'a [u8]) -> Self {
        Self { data, spans: Vec::new() }
    }

    /// The whole payload.
    pub fn data(&self) -> &'a [u8] {
        self.data
    }

    /// Where the root table is.
    ///
    /// # Errors
    /// Malformed if there is no room for an offset.
    pub fn root(&mut self) -> Result<usize, CodecError> {
        self.claim(0, U32_SIZE)?;
        Ok(self.u32(0))
    }

    /// Places of the fields of the table at `position`, each with room for its kind.
    ///
    /// # Errors
    /// Malformed.
    pub fn table(&mut self, position: usize, fields: &[Kind], depth: u8) -> Result<Places, CodecError> {
        if depth > DEPTH_MAX {
            return malformed("tables are nested too deep");
        }
        self.check(position, U32_SIZE)?;
        let back = i64::from(i32::get(self.data, position));
        let vtable = i64::try_from(position).ok().and_then(|at| usize::try_from(at - back).ok());
        let Some(vtable) = vtable else {
            return malformed("a vtable before the message");
        };
        self.check(vtable, VTABLE_HEADER)?;
        let vtable_size = self.u16(vtable);
        self.claim(vtable, vtable_size)?;
        if vtable_size < VTABLE_HEADER || !vtable_size.is_multiple_of(2) {
            return malformed("a vtable of a size that cannot be");
        }
        let size = self.u16(vtable + 2);
        let places = self.places(vtable, vtable_size, size, fields)?;
        self.claim(position, size)?;
        Ok(places)
    }

    /// The bytes of the vector whose offset is at `at`, without the `tail` bytes that follow its elements.
    ///
    /// # Errors
    /// Malformed.
    pub fn vector(&mut self, at: usize, element_size: usize, tail: usize) -> Result<&'a [u8], CodecError> {
        let vector = self.target(at)?;
        let start = vector + U32_SIZE;
        let Some(size) = self.u32(vector).checked_mul(element_size) else {
            return malformed("a vector longer than memory");
        };
        self.claim(vector, size.saturating_add(U32_SIZE + tail))?;
        Ok(&self.data[start..start + size])
    }

    /// The string whose offset is at `at`.
    ///
    /// # Errors
    /// Malformed.
    pub fn text(&mut self, at: usize) -> Result<&'a str, CodecError> {
        let bytes = self.vector(at, 1, 1)?;
        if bytes.len() > STRING_BYTES_MAX {
            return malformed("a string that is too long");
        }
        let end = self.target(at)? + U32_SIZE + bytes.len();
        if self.data[end] != 0 {
            return malformed("a string without its final zero");
        }
        std::str::from_utf8(bytes).or(malformed("a string that is not UTF-8"))
    }

    /// The vector of tables whose offset is at `at`, in a table that is `depth` deep.
    ///
    /// # Errors
    /// Malformed.
    pub fn tables<T: Table>(&mut self, at: usize, depth: u8) -> Result<Vec<T>, CodecError> {
        let size = self.vector(at, U32_SIZE, 0)?.len();
        let start = self.target(at)? + U32_SIZE;
        let mut tables = Vec::new();
        for place in (start..start + size).step_by(U32_SIZE) {
            let position = self.target(place)?;
            tables.push(T::read_at(self, position, depth + 1)?);
        }
        Ok(tables)
    }

    /// Parts that are shared whole are one part.
    ///
    /// # Errors
    /// Malformed if two parts share some of their bytes.
    pub fn check_overlaps(mut self) -> Result<(), CodecError> {
        self.spans.sort_unstable();
        self.spans.dedup();
        let mut last = 0;
        for (start, end) in self.spans {
            if start < last {
                return malformed("two parts of the message share bytes");
            }
            last = end;
        }
        Ok(())
    }

    fn places(&self, vtable: usize, vtable_size: usize, size: usize, fields: &[Kind]) -> Result<Places, CodecError> {
        if size < U32_SIZE {
            return malformed("a table that is too small");
        }
        let mut places = [0; FIELDS_MAX];
        let given = fields.len().min((vtable_size - VTABLE_HEADER) / 2);
        let mut ordered = [(0, 0); FIELDS_MAX];
        let mut count = 0;
        for slot in 0..given {
            let place = self.u16(vtable + VTABLE_HEADER + 2 * slot);
            places[slot] = place;
            if place != 0 {
                ordered[count] = (place, fields[slot].size());
                count += 1;
            }
        }
        let ordered = &mut ordered[..count];
        ordered.sort_unstable();
        let mut last = U32_SIZE;
        for &(place, field_size) in &*ordered {
            if place < last || place + field_size > size {
                return malformed("a field outside of its table, or over another");
            }
            last = place + field_size;
        }
        Ok(places)
    }

    fn target(&self, at: usize) -> Result<usize, CodecError> {
        let target = at + self.u32(at);
        self.check(target, U32_SIZE)?;
        Ok(target)
    }

    /// The caller has checked that it is there.
    fn u16(&self, at: usize) -> usize {
        usize::from(u16::from_le_bytes(bytes_at(self.data, at)))
    }

    /// The caller has checked that it is there.
    fn u32(&self, at: usize) -> usize {
        u32::from_le_bytes(bytes_at(self.data, at)) as usize
    }

    fn check(&self, start: usize, size: usize) -> Result<(), CodecError> {
        match start.checked_add(size) {
            Some(end) if end <= self.data.len() => Ok(()),
            _ => malformed("an offset that leads out of the message"),
        }
    }

    fn claim(&mut self, start: usize, size: usize) -> Result<(), CodecError> {
        self.check(start, size)?;
        self.spans.push((start, start + size));
        Ok(())
    }
}
