//! Assets, markets and their statuses; the arithmetic that makes prices times quantities exact.

use super::units::{AssetId, Atoms, NOTIONAL_MAX, Ppm, SCALE_MAX};

/// Tick sizes are counted in 10^-9 of one unit of the quote asset.
pub const TICK_SCALE: u8 = 9;
/// A lot has at least so many atoms, so that rounding stays small against fees.
pub const ATOMS_PER_LOT_MIN: Atoms = 1_000;
/// The greatest fee.
pub const FEE_PPM_MAX: Ppm = 100_000;
/// The last tier.
pub const FEE_TIER_MAX: u8 = 15;
/// How many tiers there are.
pub const FEE_TIERS: usize = FEE_TIER_MAX as usize + 1;
/// Markets of one exchange.
pub const MARKETS_MAX: usize = 16_384;
/// Assets of one exchange.
pub const ASSETS_MAX: usize = 16_384;
/// Open orders of one account in one market.
pub const OPEN_ORDERS_PER_MARKET: u32 = 1_000;
/// Open orders of one account.
pub const OPEN_ORDERS_PER_ACCOUNT: u32 = 10_000;
/// Pending withdrawals of one account.
pub const PENDING_WITHDRAWALS_MAX: usize = 100;
/// An owner has the main account, number 0, and so many sub-accounts.
pub const ACCOUNT_NUMBER_MAX: u32 = 255;

/// What may be done in a market. A trader can get out of all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum MarketStatus {
    /// Everything.
    Open = 1,
    /// Cancel, mass cancel, amend down.
    CancelOnly = 2,
    /// Cancels and expiry.
    Halted = 3,
    /// Entering it cancels every order.
    Closed = 4,
}

impl MarketStatus {
    /// Of its number on the wire.
    pub fn of(number: u8) -> Option<Self> {
        match number {
            1 => Some(Self::Open),
            2 => Some(Self::CancelOnly),
            3 => Some(Self::Halted),
            4 => Some(Self::Closed),
            _ => None,
        }
    }
}

/// What an account may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum AccountStatus {
    /// Everything.
    Active = 1,
    /// May sell and withdraw, not buy.
    ReduceOnly = 2,
    /// May cancel, nothing else.
    Frozen = 3,
    /// Entering it cancels every order; funds may only leave.
    Closed = 4,
}

impl AccountStatus {
    /// Of its number on the wire.
    pub fn of(number: u8) -> Option<Self> {
        match number {
            1 => Some(Self::Active),
            2 => Some(Self::ReduceOnly),
            3 => Some(Self::Frozen),
            4 => Some(Self::Closed),
            _ => None,
        }
    }
}

/// What `ChangeAccount` sets, with the meaning of its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum AccountSetting {
    /// An [`AccountStatus`]. `Closed` is final.
    Status = 1,
    /// 0 to [`FEE_TIER_MAX`].
    FeeTier = 2,
    /// A `SelfTradePrevention`.
    SelfTradePrevention = 3,
    /// Open orders over all markets, at most [`OPEN_ORDERS_PER_ACCOUNT`].
    OpenOrdersMax = 4,
    /// Quote atoms of one order; 0 is no limit.
    OrderNotionalMax = 5,
}

impl AccountSetting {
    /// Of its number on the wire.
    pub fn of(number: u8) -> Option<Self> {
        match number {
            1 => Some(Self::Status),
            2 => Some(Self::FeeTier),
            3 => Some(Self::SelfTradePrevention),
            4 => Some(Self::OpenOrdersMax),
            5 => Some(Self::OrderNotionalMax),
            _ => None,
        }
    }
}

/// Something that is held and moved. `scale` decimals are kept, `display_decimals` are shown.
#[derive(Clone, Debug)]
pub struct Asset {
    /// From 1 up.
    pub asset_id: AssetId,
    /// 1 to 10 of A-Z and 0-9.
    pub symbol: String,
    /// Decimals of one unit.
    pub scale: u8,
    /// At most the scale.
    pub display_decimals: u8,
    /// Atoms that there may be.
    pub supply_max: Atoms,
}

/// Quote atoms of one tick times one lot, or None if that is not a whole number above zero. It may exceed 64 bits.
///
/// Sizes are 1 to 2^62 and scales at most 9.
pub fn atoms_per_tick_lot(tick_size: i64, lot_size: Atoms, base_scale: u8, quote_scale: u8) -> Option<i128> {
    assert!(base_scale <= SCALE_MAX && quote_scale <= SCALE_MAX);
    // tick × lot reaches 2^124, times 10^9 leaves 128 bits: take the common powers of ten out first.
    let down = u32::from(TICK_SCALE + base_scale - quote_scale);
    let numerator = i128::from(tick_size) * i128::from(lot_size);
    let denominator = 10_i128.pow(down);
    (numerator > 0 && numerator % denominator == 0).then(|| numerator / denominator)
}

/// The smallest lot not below `lot_size` that makes whole quote atoms, or None if there is none below 2^62.
pub fn nearest_lot_size(tick_size: i64, lot_size: Atoms, base_scale: u8, quote_scale: u8) -> Option<Atoms> {
    let step = smallest_exact_lot(tick_size, base_scale, quote_scale);
    let wanted = i128::from(lot_size.max(ATOMS_PER_LOT_MIN));
    let lot = (wanted + step - 1) / step * step;
    Atoms::try_from(lot).ok().filter(|&lot| lot <= NOTIONAL_MAX)
}

/// Every multiple of this many base atoms makes whole quote atoms at `tick_size`.
fn smallest_exact_lot(tick_size: i64, base_scale: u8, quote_scale: u8) -> i128 {
    let denominator = 10_i128.pow(u32::from(TICK_SCALE + base_scale));
    // 2^62 × 10^9 is below 2^92
    denominator / gcd(denominator, i128::from(tick_size) * 10_i128.pow(u32::from(quote_scale)))
}

fn gcd(mut a: i128, mut b: i128) -> i128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tick_of_a_lot_is_whole_atoms_or_nothing() {
        assert_eq!(atoms_per_tick_lot(10_000_000, 100_000, 8, 8), Some(1_000));
        assert_eq!(atoms_per_tick_lot(1, 1_000, 8, 8), None);
        assert_eq!(atoms_per_tick_lot(1 << 62, 1 << 62, 0, 9), Some(1 << 124));
    }

    #[test]
    fn the_nearest_lot_is_a_multiple_of_the_smallest_exact_one() {
        assert_eq!(nearest_lot_size(10_000_000, 1, 8, 8), Some(1_000));
        assert_eq!(nearest_lot_size(1, 1_000, 8, 8), Some(1_000_000_000));
        assert_eq!(nearest_lot_size(1, (1 << 62) - 1, 9, 0), None);
    }
}
