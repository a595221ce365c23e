//! A market's rules, and what risk knows of its price.

use crate::domain::market::{FEE_TIERS, MarketStatus};
use crate::domain::units::{AssetId, Atoms, Lots, MarketId, Ppm, Ticks};

/// What maker and taker pay per fill, in ppm of what they receive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fee {
    /// Of the maker.
    pub maker_ppm: Ppm,
    /// Of the taker.
    pub taker_ppm: Ppm,
}

/// A market's rules, and what risk knows of its price.
#[derive(Clone, Debug)]
pub struct MarketState {
    /// From 1 up.
    pub market_id: MarketId,
    /// Received by buyers.
    pub base: AssetId,
    /// Received by sellers.
    pub quote: AssetId,
    /// What may be done.
    pub status: MarketStatus,
    /// Base atoms of a lot.
    pub lot_size: Atoms,
    /// Quote atoms of one lot at a price of one tick.
    pub atoms_per_tick_lot: Atoms,
    /// Smallest order.
    pub quantity_min: Lots,
    /// Largest order.
    pub quantity_max: Lots,
    /// Smallest worth of an order.
    pub notional_min: Atoms,
    /// How far from the reference a market order without a price of its own goes.
    pub band_ppm: Ppm,
    /// From `CreateMarket` until the first trade, then the last trade's price.
    pub reference_price: Ticks,
    /// In 10^-9 units of the quote asset.
    pub tick_size: i64,
    /// `BASE/QUOTE`.
    pub symbol: String,
    /// By tier, what `SetFees` and `CreateMarket` gave. Tier 0 is set first.
    pub fees_set: [Option<Fee>; FEE_TIERS],
}

impl MarketState {
    /// What an account of this tier pays: where nothing was set, what tier 0 pays.
    #[inline]
    pub fn fee(&self, tier: u8) -> Fee {
        self.fees_set[usize::from(tier)].or(self.fees_set[0]).unwrap_or_default()
    }
}
