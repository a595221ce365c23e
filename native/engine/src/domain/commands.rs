//! Everything that can be asked of the engine besides the batched rows of traders (`codec::raw`).
//!
//! Fields are those of schemas/commands.fbs with their types. What the domain types as an enum is a plain number here,
//! and may be none of its members: that is answered with a reject. `account` is who is acted for, `actor` who asked (0:
//! the operator).

use super::client_id::ClientOrderId;
use super::units::{AccountId, AssetId, Atoms, Lots, MarketId, OwnerId, Ppm, Ticks, TimeNs};

/// Cancel all orders of an account, of one market (0: all) and one side (0: both).
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct MassCancel {
    pub account: AccountId,
    pub client_order_id: ClientOrderId,
    pub market: MarketId,
    pub side: u8,
    pub actor: AccountId,
    pub deadline_ns: TimeNs,
}

/// Open account number `number` of an owner, or name it again if it is open already.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct OpenAccount {
    pub owner: OwnerId,
    pub number: u32,
    pub client_order_id: ClientOrderId,
}

/// Set one setting of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct ChangeAccount {
    pub account: AccountId,
    pub setting: u8,
    pub value: i64,
    pub client_order_id: ClientOrderId,
    pub actor: AccountId,
}

/// Credit an account from the external account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Deposit {
    pub account: AccountId,
    pub client_order_id: ClientOrderId,
    pub asset: AssetId,
    pub amount: Atoms,
    pub actor: AccountId,
}

/// Hold an amount until the withdrawal is confirmed or released.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Withdraw {
    pub account: AccountId,
    pub client_order_id: ClientOrderId,
    pub asset: AssetId,
    pub amount: Atoms,
    pub actor: AccountId,
    pub deadline_ns: TimeNs,
}

/// The held amount leaves to the external account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct ConfirmWithdrawal {
    pub account: AccountId,
    pub client_order_id: ClientOrderId,
    pub withdrawal_id: u64,
    pub actor: AccountId,
}

/// The held amount becomes available again.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct ReleaseWithdrawal {
    pub account: AccountId,
    pub client_order_id: ClientOrderId,
    pub withdrawal_id: u64,
    pub actor: AccountId,
}

/// Move an available amount to another account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Transfer {
    pub account: AccountId,
    pub client_order_id: ClientOrderId,
    pub to_account: AccountId,
    pub asset: AssetId,
    pub amount: Atoms,
    pub actor: AccountId,
    pub deadline_ns: TimeNs,
}

/// Add an asset; ids are given in order from 1. Symbols are 1 to 10 of A-Z and 0-9.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct CreateAsset {
    pub symbol: String,
    pub scale: u8,
    pub display_decimals: u8,
    pub supply_max: Atoms,
    pub client_order_id: ClientOrderId,
}

/// Replace what may change of an asset; 0 leaves `supply_max` as it is, -1 the display decimals.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct ChangeAsset {
    pub asset: AssetId,
    pub display_decimals: i8,
    pub supply_max: Atoms,
    pub client_order_id: ClientOrderId,
}

/// Add a market; ids are given in order from 1. `tick_size` in 10^-9 quote units, `lot_size` in base atoms.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct CreateMarket {
    pub base: AssetId,
    pub quote: AssetId,
    pub tick_size: i64,
    pub lot_size: Atoms,
    pub reference_price: Ticks,
    pub quantity_min: Lots,
    pub quantity_max: Lots,
    pub notional_min: Atoms,
    pub band_ppm: Ppm,
    pub maker_ppm: Ppm,
    pub taker_ppm: Ppm,
    pub status: u8,
    pub client_order_id: ClientOrderId,
}

/// Replace what may change of a market; -1 leaves a value as it is. Resting orders stay.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct ChangeMarket {
    pub market: MarketId,
    pub quantity_min: Lots,
    pub quantity_max: Lots,
    pub notional_min: Atoms,
    pub band_ppm: Ppm,
    pub client_order_id: ClientOrderId,
}

/// Open, restrict, halt or close a market.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct SetMarketStatus {
    pub market: MarketId,
    pub status: u8,
    pub client_order_id: ClientOrderId,
}

/// Fees of one market for one tier; maker plus taker must be at least zero against every tier of the market.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct SetFees {
    pub market: MarketId,
    pub tier: u32,
    pub maker_ppm: Ppm,
    pub taker_ppm: Ppm,
    pub client_order_id: ClientOrderId,
}

/// One command that stands alone in its block.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Command {
    MassCancel(MassCancel),
    OpenAccount(OpenAccount),
    ChangeAccount(ChangeAccount),
    Deposit(Deposit),
    Withdraw(Withdraw),
    ConfirmWithdrawal(ConfirmWithdrawal),
    ReleaseWithdrawal(ReleaseWithdrawal),
    Transfer(Transfer),
    CreateAsset(CreateAsset),
    ChangeAsset(ChangeAsset),
    CreateMarket(CreateMarket),
    ChangeMarket(ChangeMarket),
    SetMarketStatus(SetMarketStatus),
    SetFees(SetFees),
    /// Nothing but the frame's time: orders whose expiry has come leave the book.
    AdvanceTime,
}
