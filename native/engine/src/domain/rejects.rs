//! Every "no" of the exchange, by code.
//!
//! The order of the members is the order of precedence: the first that applies is the answer. Codes are wire format and
//! never reused. What people are told about them stands in the Python table `domain/rejects.py`.

/// Why a command changed nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum RejectReason {
    /// `E_RATE`: too many requests.
    Throttled = 1,
    /// `E_OVERLOADED`: the exchange is overloaded and refuses new orders first.
    Overloaded = 2,
    /// `E_DISK_FULL`: the exchange cannot write any further: new orders are refused until the operator frees disk space.
    ReadOnly = 3,
    /// `E_DEADLINE`: the request arrived after its deadline.
    PastDeadline = 4,
    /// `E_AUTH`: this session is not logged in.
    NotLoggedIn = 5,
    /// `E_SCOPE`: the key of this session may not do that.
    ScopeMissing = 6,
    /// `E_ACCOUNT`: that account is not yours.
    ForeignAccount = 7,
    /// `E_MALFORMED`: the request cannot be read.
    Malformed = 8,
    /// `E_SUBSCRIPTIONS`: this session, or this market's groupings, have as many subscriptions as they may.
    TooManySubscriptions = 9,
    /// `E_CLIENT_ID`: the client order id is not valid.
    ClientIdInvalid = 20,
    /// `E_CLIENT_ID_REUSED`: this client order id was used for another request.
    ClientIdReused = 21,
    /// `E_CLIENT_ID_STALE`: this client order id is older than the exchange remembers; nothing was done.
    StaleClientId = 22,
    /// `E_ACCOUNT_NOT_FOUND`: there is no such account.
    AccountNotFound = 23,
    /// `E_ACCOUNT_CLOSED`: the account is closed.
    AccountClosed = 24,
    /// `E_ACCOUNT_FROZEN`: the account is frozen.
    AccountFrozen = 25,
    /// `E_OWNER`: the owner or the account number is not valid.
    OwnerInvalid = 26,
    /// `E_SETTING`: the account setting does not take this value.
    SettingInvalid = 27,
    /// `E_ASSET_NOT_FOUND`: there is no such asset.
    AssetNotFound = 30,
    /// `E_ASSET`: the asset is not valid.
    AssetInvalid = 31,
    /// `E_SYMBOL_TAKEN`: the symbol exists already.
    SymbolTaken = 32,
    /// `E_ASSETS_MAX`: the exchange has as many assets as it can hold.
    TooManyAssets = 33,
    /// `E_AMOUNT`: the amount must be a whole number of atoms above zero and below the asset's supply.
    AmountInvalid = 34,
    /// `E_SUPPLY`: the deposit would exceed the asset's largest supply.
    SupplyExceeded = 35,
    /// `E_TRANSFER`: a transfer needs two different user accounts that are not closed.
    TransferInvalid = 36,
    /// `E_WITHDRAWAL_NOT_FOUND`: there is no such pending withdrawal.
    WithdrawalNotFound = 37,
    /// `E_WITHDRAWALS_MAX`: the account has as many pending withdrawals as it may.
    TooManyWithdrawals = 38,
    /// `E_MARKET_NOT_FOUND`: there is no such market.
    MarketNotFound = 40,
    /// `E_MARKET`: the market's rules contradict each other.
    MarketInvalid = 41,
    /// `E_MARKET_INEXACT`: tick and lot do not make whole atoms of the quote asset.
    MarketInexact = 42,
    /// `E_MARKETS_MAX`: the exchange has as many markets as it can hold.
    TooManyMarkets = 43,
    /// `E_FEES`: maker and taker fee together must not be negative, nor beyond 10 %.
    FeesInvalid = 44,
    /// `E_MARKET_CLOSED`: the market is closed.
    MarketClosed = 45,
    /// `E_MARKET_HALTED`: the market is halted.
    MarketHalted = 46,
    /// `E_MARKET_CANCEL_ONLY`: the market takes cancels and smaller amends only.
    MarketCancelOnly = 47,
    /// `E_REDUCE_ONLY`: the account may sell and withdraw, not buy.
    AccountReduceOnly = 48,
    /// `E_ORDER_NOT_FOUND`: there is no such open order.
    OrderNotFound = 50,
    /// `E_FILLED_MEANWHILE`: the order was filled further than expected.
    FilledMeanwhile = 51,
    /// `E_AMEND`: the amend changes nothing, or something that it cannot.
    AmendInvalid = 52,
    /// `E_SIDE`: the side must be buy or sell.
    SideInvalid = 53,
    /// `E_ORDER_TYPE`: this combination of order type, time in force and flags does not exist.
    OrderTypeInvalid = 54,
    /// `E_EXPIRY`: the expiry must lie in the future, and only GTD orders have one.
    ExpiryInvalid = 55,
    /// `E_PRICE`: the price is not valid.
    PriceInvalid = 56,
    /// `E_TICK`: the price is not a multiple of the tick size.
    TickInvalid = 57,
    /// `E_LOT`: the quantity is not a multiple of the lot size.
    LotInvalid = 58,
    /// `E_QUANTITY`: the quantity must be above zero.
    QuantityInvalid = 59,
    /// `E_QUANTITY_MIN`: the quantity is below the market's minimum.
    QuantityBelowMin = 60,
    /// `E_QUANTITY_MAX`: the quantity is above the market's maximum.
    QuantityAboveMax = 61,
    /// `E_NOTIONAL_MIN`: price times quantity is below the market's minimum.
    NotionalBelowMin = 62,
    /// `E_NOTIONAL_MAX`: price times quantity is above the limit.
    NotionalAboveMax = 63,
    /// `E_ORDERS_MAX`: the account has as many open orders as it may.
    TooManyOrders = 64,
    /// `E_POST_ONLY`: the post-only order would have taken.
    PostOnlyWouldTake = 65,
    /// `E_FUNDS`: not enough funds.
    InsufficientFunds = 66,
}
