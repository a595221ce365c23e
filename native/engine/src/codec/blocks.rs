//! A block: the unit of the wire, of the journal and of the engine's input.
//!
//! ```text
//! length u16 | type u16 | correlation u32 | payload
//! ```
//!
//! Little-endian. `length` counts the payload, which is a `FlatBuffers` root padded with zeros to a multiple of 8.

use super::CodecError;
use super::row::bytes_at;

/// Bytes before the payload.
pub const BLOCK_HEADER: usize = 8;
/// Of blocks.
pub const ALIGNMENT: usize = 8;
/// The largest multiple of 8 that `length` holds.
pub const BLOCK_PAYLOAD_MAX: usize = 65_528;
/// Bytes of blocks in a datagram of 1,200.
pub const DATAGRAM_BLOCKS_MAX: usize = 1_168;

const _: () = assert!(DATAGRAM_BLOCKS_MAX.is_multiple_of(ALIGNMENT) && BLOCK_PAYLOAD_MAX.is_multiple_of(ALIGNMENT));

/// One block of some larger buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block<'a> {
    /// One of `generated::message_type`, or unknown.
    pub message_type: u16,
    /// Chosen by who asks, echoed in the answers; 0: unsolicited.
    pub correlation: u32,
    /// Padding included.
    pub payload: &'a [u8],
}

/// Blocks that were checked to be whole.
#[derive(Clone, Debug)]
pub struct Blocks<'a> {
    rest: &'a [u8],
}

impl Blocks<'_> {
    /// Is none left.
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }
}

impl<'a> Iterator for Blocks<'a> {
    type Item = Block<'a>;

    fn next(&mut self) -> Option<Block<'a>> {
        let (block, rest) = first(self.rest)?;
        self.rest = rest;
        Some(block)
    }
}

/// The blocks of `data`, all of which are looked at first.
///
/// # Errors
/// Malformed unless `data` is whole blocks and nothing else.
pub fn split(data: &[u8]) -> Result<Blocks<'_>, CodecError> {
    let mut rest = data;
    while !rest.is_empty() {
        let Some((_, after)) = first(rest) else {
            return Err(CodecError::Malformed("bytes that are not whole blocks"));
        };
        rest = after;
    }
    Ok(Blocks { rest: data })
}

/// One block.
///
/// # Errors
/// Unencodable if the payload is longer than `BLOCK_PAYLOAD_MAX`.
pub fn pack(message_type: u16, payload: &[u8], correlation: u32) -> Result<Vec<u8>, CodecError> {
    let length = payload.len().next_multiple_of(ALIGNMENT);
    let Some(length_u16) = u16::try_from(length).ok() else {
        return Err(CodecError::Unencodable("a payload is longer than a block"));
    };
    let mut block = Vec::with_capacity(BLOCK_HEADER + length);
    block.extend_from_slice(&length_u16.to_le_bytes());
    block.extend_from_slice(&message_type.to_le_bytes());
    block.extend_from_slice(&correlation.to_le_bytes());
    block.extend_from_slice(payload);
    block.resize(BLOCK_HEADER + length, 0);
    Ok(block)
}

#[inline]
fn first(data: &[u8]) -> Option<(Block<'_>, &[u8])> {
    if data.len() < BLOCK_HEADER {
        return None;
    }
    let (header, body) = data.split_at(BLOCK_HEADER);
    let length = usize::from(u16::from_le_bytes(bytes_at(header, 0)));
    if !length.is_multiple_of(ALIGNMENT) || length > body.len() {
        return None;
    }
    let (payload, rest) = body.split_at(length);
    let message_type = u16::from_le_bytes(bytes_at(header, 2));
    let correlation = u32::from_le_bytes(bytes_at(header, 4));
    Some((Block { message_type, correlation, payload }, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_come_back_as_they_were_packed() {
        let mut data = pack(100, &[1, 2, 3], 7).unwrap();
        data.extend(pack(211, &[], 0).unwrap());
        let found: Vec<_> = split(&data).unwrap().collect();
        let payload: &[u8] = &[1, 2, 3, 0, 0, 0, 0, 0];
        assert_eq!(found[0], Block { message_type: 100, correlation: 7, payload });
        assert_eq!(found[1], Block { message_type: 211, correlation: 0, payload: &[] });
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn anything_but_whole_blocks_is_refused() {
        let data = pack(100, &[0; 16], 7).unwrap();
        for end in 1..data.len() {
            assert!(split(&data[..end]).is_err(), "{end}");
        }
        assert!(split(&[4, 0, 100, 0, 0, 0, 0, 0, 0, 0, 0, 0]).is_err());
        assert!(split(&[]).unwrap().is_empty());
        assert!(pack(1, &vec![0; BLOCK_PAYLOAD_MAX], 0).is_ok());
        assert!(pack(1, &vec![0; BLOCK_PAYLOAD_MAX + 1], 0).is_err());
    }
}
