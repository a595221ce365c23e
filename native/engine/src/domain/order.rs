//! What a trader asks for: side, type, time in force, self-trade prevention, flags. Numbers are wire format.

/// Buy takes asks and rests among bids. FIX tag 54.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Side {
    /// Bids.
    Buy = 1,
    /// Asks.
    Sell = 2,
}

impl Side {
    /// Bids, then asks: the order in which changed levels are told.
    pub const BOTH: [Self; 2] = [Self::Buy, Self::Sell];

    /// The side that this one trades with.
    #[must_use]
    #[inline]
    pub const fn opposite(self) -> Self {
        match self {
            Self::Buy => Self::Sell,
            Self::Sell => Self::Buy,
        }
    }

    /// Of its number on the wire.
    pub fn of(number: u8) -> Option<Self> {
        match number {
            1 => Some(Self::Buy),
            2 => Some(Self::Sell),
            _ => None,
        }
    }
}

/// FIX tag 40.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum OrderType {
    /// Rests at its price, or trades at a better one.
    Limit = 1,
    /// Takes what is there, as far as its protection price.
    Market = 2,
}

impl OrderType {
    /// Of its number on the wire.
    pub fn of(number: u8) -> Option<Self> {
        match number {
            1 => Some(Self::Limit),
            2 => Some(Self::Market),
            _ => None,
        }
    }
}

/// How long an order lives. FIX tag 59.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum TimeInForce {
    /// Until cancelled.
    Gtc = 1,
    /// What can be filled at once; the rest is cancelled.
    Ioc = 2,
    /// All at once or nothing.
    Fok = 3,
    /// Until its expiry.
    Gtd = 4,
}

impl TimeInForce {
    /// Of its number on the wire.
    pub fn of(number: u8) -> Option<Self> {
        match number {
            1 => Some(Self::Gtc),
            2 => Some(Self::Ioc),
            3 => Some(Self::Fok),
            4 => Some(Self::Gtd),
            _ => None,
        }
    }

    /// May what is left of the order rest.
    pub fn rests(self) -> bool {
        matches!(self, Self::Gtc | Self::Gtd)
    }
}

/// What happens when taker and maker belong to one owner; the taker's mode decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum SelfTradePrevention {
    /// They trade.
    None = 1,
    /// What is left of the taker goes.
    CancelTaker = 2,
    /// The maker goes.
    CancelMaker = 3,
    /// Both go.
    CancelBoth = 4,
    /// Both are reduced by the smaller leaves; no trade.
    Decrement = 5,
}

impl SelfTradePrevention {
    /// Of its number on the wire. 0, the account's setting, is none of them.
    pub fn of(number: u8) -> Option<Self> {
        match number {
            1 => Some(Self::None),
            2 => Some(Self::CancelTaker),
            3 => Some(Self::CancelMaker),
            4 => Some(Self::CancelBoth),
            5 => Some(Self::Decrement),
            _ => None,
        }
    }
}

/// Flag: refused rather than taking.
pub const POST_ONLY: u8 = 1;
/// Flag: with `POST_ONLY`, rests one tick off the opposite best instead of being refused.
pub const SLIDE: u8 = 2;
/// Flag: market buy, `quantity` is quote atoms to spend.
pub const QUOTE_AMOUNT: u8 = 4;
/// Flag: carried, acted upon by a later version.
pub const CANCEL_ON_DISCONNECT: u8 = 8;
/// Every flag there is.
pub const FLAGS_ALL: u8 = POST_ONLY | SLIDE | QUOTE_AMOUNT | CANCEL_ON_DISCONNECT;

/// Why an order left the book, or never entered it, without a reject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum DoneReason {
    /// Nothing is left.
    Filled = 1,
    /// A cancel or mass cancel of the owner or of an admin.
    CancelledByUser = 2,
    /// IOC or market: what could not be filled at once.
    ImmediateRemainder = 3,
    /// Its time has come.
    Expired = 4,
    /// Market: nothing on the other side.
    NoLiquidity = 5,
    /// Market: the next price is beyond the protection price.
    ProtectionPrice = 6,
    /// Met an order of the same owner.
    SelfTrade = 7,
    /// With its market.
    MarketClosed = 8,
    /// With its account.
    AccountClosed = 9,
    /// Amended to a total at or below what is filled.
    AmendedAway = 10,
    /// FOK: not all could be filled at once.
    FillOrKill = 11,
    /// Market by quote amount: less than one lot is affordable with what is left.
    Dust = 12,
}
