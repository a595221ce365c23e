//! Many records at once: what a frame's output holds, by whom it concerns. The twin of `mexchange.codec.records`.

use super::row::Plain;
use crate::domain::events::{EventKind, MAKER_BIT, RECORD_SIZE};
use crate::domain::units::{AccountId, Lots, MarketId, Sequence, Ticks, TradeId};
use std::collections::HashMap;

const ACCOUNT_SEQUENCE_AT: usize = 8;
/// Where the event begins in its record; the event begins with its sequence.
const EVENT_AT: usize = 16;
const KIND_AT: usize = 24;
const FLAGS_AT: usize = 25;
const MARKET_AT: usize = 28;
const VALUES_AT: usize = 40;
const SIDE_BITS: u8 = 3;

/// The events of a frame, without those for everybody.
#[derive(Debug, Default)]
pub struct Streams<'a> {
    /// By first appearance.
    pub runs: Vec<Run>,
    /// (account, event) outside of any stream.
    pub loose: Vec<(AccountId, &'a [u8])>,
}

/// Consecutive events of an account's stream.
#[derive(Debug)]
pub struct Run {
    /// Whose.
    pub account: AccountId,
    /// Account sequence of the first.
    pub first: u64,
    /// 64 bytes each, in order.
    pub events: Vec<u8>,
}

/// Sorted by account. An account's sequence numbers are consecutive within a frame.
pub fn streams_of(records: &[u8]) -> Streams<'_> {
    let mut streams = Streams::default();
    let mut places = Places::new();
    for record in records.chunks_exact(RECORD_SIZE) {
        let (account, number) = (AccountId::get(record, 0), u64::get(record, ACCOUNT_SEQUENCE_AT));
        let event = &record[EVENT_AT..];
        if number == 0 {
            if record[KIND_AT] != EventKind::LevelChanged as u8 {
                streams.loose.push((account, event));
            }
            continue;
        }
        let place = places.of(account);
        if place == streams.runs.len() {
            streams.runs.push(Run { account, first: number, events: Vec::new() });
        }
        streams.runs[place].events.extend_from_slice(event);
    }
    streams
}

/// What everybody may know of one market after a frame.
#[derive(Debug)]
pub struct PublicChange {
    /// Which one.
    pub market: MarketId,
    /// Of the last command that touched the book; 0: none did.
    pub levels_sequence: Sequence,
    /// What the commands left of the levels that they touched, in order: the last word on a price counts.
    pub levels: Vec<Level>,
    /// What was traded, if anything was.
    pub traded: Option<Traded>,
}

/// A price level, absolute. Quantity 0: gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    /// Buy or sell.
    pub side: u8,
    /// Ticks.
    pub price: Ticks,
    /// Lots.
    pub quantity: Lots,
    /// How many rest there.
    pub orders: i64,
}

/// The trades of one market in one frame.
#[derive(Debug)]
pub struct Traded {
    /// Price of the first, in ticks.
    pub open: Ticks,
    /// The highest.
    pub high: Ticks,
    /// The lowest.
    pub low: Ticks,
    /// Of the last.
    pub close: Ticks,
    /// Lots, together.
    pub volume: i128,
    /// Ticks times lots, together.
    pub turnover: i128,
    /// How many.
    pub trades: u64,
    /// Id of the first.
    pub first_id: TradeId,
    /// The last of them, oldest first.
    pub newest: Vec<Trade>,
}

/// A public trade: the taker's side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trade {
    /// Contiguous per market.
    pub trade_id: TradeId,
    /// Of the taker's command.
    pub sequence: Sequence,
    /// Ticks.
    pub price: Ticks,
    /// Lots.
    pub quantity: Lots,
    /// Of the taker.
    pub side: u8,
    /// The taker.
    pub account: AccountId,
}

/// Places in a list by key, in order of first appearance. Neighbours tend to have the same key.
struct Places {
    known: HashMap<u64, usize>,
    latest: Option<(u64, usize)>,
}

impl Places {
    fn new() -> Self {
        Self { known: HashMap::new(), latest: None }
    }

    /// The place of `key`, the end of the list if it is new.
    fn of(&mut self, key: u64) -> usize {
        match self.latest {
            Some((latest, place)) if latest == key => place,
            _ => {
                let next = self.known.len();
                let place = *self.known.entry(key).or_insert(next);
                self.latest = Some((key, place));
                place
            }
        }
    }
}

/// By market, in order of first appearance; of each the newest `trades_max` trades. Without levels, markets in which
/// nothing was traded are left out.
pub fn public_changes(records: &[u8], trades_max: usize, with_levels: bool) -> Vec<PublicChange> {
    let mut changes: Vec<PublicChange> = Vec::new();
    let mut places = Places::new();
    for record in records.chunks_exact(RECORD_SIZE) {
        let kind = record[KIND_AT];
        let is_level = kind == EventKind::LevelChanged as u8;
        if is_level && !with_levels {
            continue;
        }
        if !is_level && (kind != EventKind::Filled as u8 || record[FLAGS_AT] & MAKER_BIT != 0) {
            continue;
        }
        let market = MarketId::get(record, MARKET_AT);
        let place = places.of(u64::from(market));
        if place == changes.len() {
            changes.push(PublicChange { market, levels_sequence: 0, levels: Vec::new(), traded: None });
        }
        let change = &mut changes[place];
        if is_level {
            change.levels_sequence = Sequence::get(record, EVENT_AT);
            change.levels.push(level_in(record));
        } else {
            note_trade(&mut change.traded, trade_in(record));
        }
    }
    for traded in changes.iter_mut().filter_map(|change| change.traded.as_mut()) {
        let old = traded.newest.len().saturating_sub(trades_max);
        traded.newest.drain(..old);
    }
    changes
}

fn note_trade(traded: &mut Option<Traded>, trade: Trade) {
    let Trade { trade_id, price, quantity, .. } = trade;
    let total = traded.get_or_insert_with(|| Traded {
        open: price,
        high: price,
        low: price,
        close: price,
        volume: 0,
        turnover: 0,
        trades: 0,
        first_id: trade_id,
        newest: Vec::new(),
    });
    total.high = total.high.max(price);
    total.low = total.low.min(price);
    total.close = price;
    total.volume += i128::from(quantity);
    total.turnover += i128::from(price) * i128::from(quantity);
    total.trades += 1;
    total.newest.push(trade);
}

fn level_in(record: &[u8]) -> Level {
    let value = |slot: usize| i64::get(record, VALUES_AT + 8 * slot);
    Level { side: record[FLAGS_AT] & SIDE_BITS, price: value(0), quantity: value(1), orders: value(2) }
}

fn trade_in(record: &[u8]) -> Trade {
    let value = |slot: usize| i64::get(record, VALUES_AT + 8 * slot);
    Trade {
        trade_id: TradeId::get(record, VALUES_AT),
        sequence: Sequence::get(record, EVENT_AT),
        price: value(1),
        quantity: value(2),
        side: record[FLAGS_AT] & SIDE_BITS,
        account: AccountId::get(record, 0),
    }
}
