//! Integers with names, and the arithmetic that cannot overflow.
//!
//! Prices are `Ticks`, quantities `Lots`, money `Atoms`, rates `Ppm`. The other engine computes with integers of any
//! size: wherever a product may leave 64 bits, this one computes in 128 and says why these are enough.

/// A price, as a count of the market's tick size.
pub type Ticks = i64;
/// A quantity, as a count of the market's lot size.
pub type Lots = i64;
/// An amount of an asset, in units of 10^-scale.
pub type Atoms = i64;
/// A rate in millionths. Negative fees are rebates.
pub type Ppm = i64;

/// 0: the operator, or nobody.
pub type AccountId = u64;
/// From 1 up, in order of creation.
pub type AssetId = u32;
/// From 1 up, in order of creation.
pub type MarketId = u32;
/// `shard << 48 | counter`, never given twice.
pub type OrderId = u64;
/// Contiguous per market.
pub type TradeId = u64;
/// Who stands behind accounts: a random number that identity gives. The self-trade key.
pub type OwnerId = u64;
/// The journal's clock: one per command, from 1.
pub type Sequence = u64;
/// Nanoseconds since the Unix epoch.
pub type TimeNs = i64;

/// One, as a rate.
pub const PPM_ONE: Ppm = 1_000_000;
/// Decimals that an asset may have.
pub const SCALE_MAX: u8 = 9;
/// No asset has more atoms than this, so that no credit can overflow.
pub const SUPPLY_MAX: Atoms = 1 << 62;
/// No order is worth more.
pub const NOTIONAL_MAX: Atoms = 1 << 62;
/// The greatest price.
pub const PRICE_MAX: Ticks = 1 << 48;
/// The greatest quantity of one order.
pub const QUANTITY_MAX: Lots = 1 << 48;

/// Rounded toward minus infinity. The denominator is positive.
pub fn div_floor(numerator: i128, denominator: i128) -> i128 {
    debug_assert!(denominator > 0);
    numerator.div_euclid(denominator)
}

/// Rounded toward plus infinity. The denominator is positive.
pub fn div_ceil(numerator: i128, denominator: i128) -> i128 {
    -div_floor(-numerator, denominator)
}

/// Quote atoms of `lots` at `price`, where one lot at one tick is worth so many atoms, at least one.
///
/// Exact as long as price times lots fit in 64 bits. More than that is beyond every limit whatever the unit, and comes
/// out as the greatest number there is, or the smallest.
#[inline]
pub fn notional(price: Ticks, lots: i64, atoms_per_tick_lot: Atoms) -> i128 {
    let tick_lots = i128::from(price) * i128::from(lots);
    match i64::try_from(tick_lots) {
        Ok(tick_lots) => i128::from(tick_lots) * i128::from(atoms_per_tick_lot),
        Err(_) if tick_lots < 0 => i128::MIN,
        Err(_) => i128::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn divisions_round_to_the_side_that_they_name() {
        assert_eq!((div_floor(-7, 2), div_floor(7, 2)), (-4, 3));
        assert_eq!((div_ceil(-7, 2), div_ceil(7, 2)), (-3, 4));
    }

    #[test]
    fn a_notional_beyond_all_numbers_stays_above_the_limit() {
        assert_eq!(notional(3, 5, 7), 105);
        assert!(notional(PRICE_MAX, QUANTITY_MAX, NOTIONAL_MAX) > i128::from(NOTIONAL_MAX));
    }
}
