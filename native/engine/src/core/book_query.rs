//! What a book looks like: levels, grouped if asked for, in pages that share a checksum.

use super::page::{MARKET_NOT_FOUND, refused, room};
use super::state::{Book, State};
use crate::book::Side;
use crate::codec::CodecError;
use crate::codec::generated::{BookQuery, BookSnapshot, LevelS};
use crate::codec::table::Message;
use crate::domain::units::PRICE_MAX;

/// Levels a side when a question does not say. The daemon bounds what the public may ask for.
pub(super) const DEPTH_DEFAULT: u32 = 1_000;
/// Levels a side that the checksum of a book covers.
pub(super) const CHECKSUM_LEVELS: usize = 25;

/// Asks, then bids, best first, as pages of one snapshot.
pub(super) fn book_pages(state: &State, question: &BookQuery, correlation: u32) -> Result<Vec<Vec<u8>>, CodecError> {
    let Some(place) = state.market_place(question.market) else {
        return refused(MARKET_NOT_FOUND, correlation);
    };
    let book = &state.books[place];
    let depth = if question.depth == 0 { DEPTH_DEFAULT } else { question.depth } as usize;
    let group = question.group_ticks.clamp(1, PRICE_MAX as u64);
    let asks = levels(book, Side::Sell, group, depth);
    let bids = levels(book, Side::Buy, group, depth);
    let head = BookSnapshot {
        subscription: 0,
        market: question.market,
        sequence: state.head.sequence,
        page: 0,
        pages: 0,
        checksum: checksum(&asks, &bids),
        time_ns: state.head.time_ns,
        levels: Vec::new(),
        group_ticks: group,
    };
    let fit = room(&head, LevelS::SIZE)?;
    let rows = [asks, bids].concat();
    let pages = u16::try_from(rows.len().div_ceil(fit).max(1)).or(Err(CodecError::Unencodable("too many pages")))?;
    let page = |page: u16| {
        let levels = rows.iter().skip(usize::from(page) * fit).take(fit).copied().collect();
        BookSnapshot { page: page + 1, pages, levels, ..head.clone() }.encode(correlation)
    };
    (0..pages).map(page).collect()
}

/// Best first; prices in groups of ticks, bids rounded down and asks up, away from the middle.
fn levels(book: &Book, side: Side, group: u64, depth: usize) -> Vec<LevelS> {
    let group = group as i64; // at most PRICE_MAX
    let mut rows: Vec<LevelS> = Vec::new();
    for level in book.levels(side) {
        let below = level.price.div_euclid(group) * group;
        let price = if side == Side::Buy || below == level.price { below } else { below + group };
        let count = rows.len();
        match rows.last_mut() {
            Some(last) if last.price == price => {
                last.quantity += level.quantity;
                last.orders += level.orders;
            }
            _ if count == depth => break,
            _ => rows.push(LevelS { price, quantity: level.quantity, orders: level.orders, side: side as u32 }),
        }
    }
    rows
}

/// CRC-32 of the best `CHECKSUM_LEVELS` levels a side as packed `LevelS`, asks then bids, best first.
fn checksum(asks: &[LevelS], bids: &[LevelS]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    for level in asks.iter().take(CHECKSUM_LEVELS).chain(bids.iter().take(CHECKSUM_LEVELS)) {
        crc.update(&level.write());
    }
    crc.finalize()
}
