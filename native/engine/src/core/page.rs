//! What all answers to questions share: how much a datagram takes, and how to say no.

use crate::codec::CodecError;
use crate::codec::blocks::DATAGRAM_BLOCKS_MAX;
use crate::codec::generated::QueryRefused;
use crate::codec::table::Message;

/// What lists and a cursor add to a page besides their rows, padding included.
const FIELDS_SIZE: usize = 40;

/// How many rows of this size still fit into a datagram with the page.
pub(super) fn room(page: &impl Message, row_size: usize) -> Result<usize, CodecError> {
    Ok((DATAGRAM_BLOCKS_MAX - page.encode(0)?.len() - FIELDS_SIZE) / row_size)
}

/// Code and text of a refusal; those of the table of rejects.
pub(super) type Refusal = (&'static str, &'static str);
pub(super) const ACCOUNT_NOT_FOUND: Refusal = ("E_ACCOUNT_NOT_FOUND", "there is no such account");
pub(super) const MARKET_NOT_FOUND: Refusal = ("E_MARKET_NOT_FOUND", "there is no such market");
pub(super) const UNSUPPORTED: Refusal = ("E_UNSUPPORTED", "the engine does not answer this question");

/// The only answer to a question about what does not exist.
pub(super) fn refused((code, text): Refusal, correlation: u32) -> Result<Vec<Vec<u8>>, CodecError> {
    let answer = QueryRefused { code: code.to_owned(), text: text.to_owned() };
    Ok(vec![answer.encode(correlation)?])
}
