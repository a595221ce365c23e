//! Everything that the engine says, as records of 80 bytes. Their slots by kind: schemas/events.fbs.

/// First byte that tells the events apart. Wire format, never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum EventKind {
    /// The order is in the engine.
    Accepted = 1,
    /// One side of a trade.
    Filled = 2,
    /// The order is gone, and its hold returned.
    Done = 3,
    /// The order goes on with these values.
    Amended = 4,
    /// The command changed nothing.
    Rejected = 5,
    /// This client order id was answered before: the first answer again.
    Repeated = 6,
    /// A trade with oneself that did not happen.
    Prevented = 7,
    /// The last event of a mass cancel.
    MassCancelled = 8,
    /// The account exists.
    AccountOpened = 20,
    /// One setting has a new value.
    AccountChanged = 21,
    /// Credited from the external account.
    Deposited = 30,
    /// Waits for confirmation.
    WithdrawalHeld = 31,
    /// Left to the external account.
    WithdrawalConfirmed = 32,
    /// Available again.
    WithdrawalReleased = 33,
    /// From one account to another.
    Transferred = 34,
    /// Created or changed.
    AssetChanged = 40,
    /// Created, changed, or in a new status.
    MarketChanged = 41,
    /// A tier of a market has new fees.
    FeesChanged = 42,
    /// A price level as the command left it.
    LevelChanged = 50,
}

/// Bytes of a record.
pub const RECORD_SIZE: usize = 80;
/// Flag of Filled and Prevented: of the maker.
pub const MAKER_BIT: u8 = 4;
/// Flag of Amended.
pub const KEEPS_PLACE_BIT: u8 = 8;
