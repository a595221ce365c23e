//! Commands that are a table of their own, read as the bytes say: what they mean is the engine's to judge.

use super::CodecError;
use super::generated as tables;
use super::table::{Message, Table};
use crate::domain::commands::{
    ChangeAccount, ChangeAsset, ChangeMarket, Command, ConfirmWithdrawal, CreateAsset, CreateMarket, Deposit,
    MassCancel, OpenAccount, ReleaseWithdrawal, SetFees, SetMarketStatus, Transfer, Withdraw,
};

/// Command by command, the fields that its struct and its table have in common: all of them.
macro_rules! commands {
    ($($name:ident { $($field:ident),* })*) => {
        $(
            impl From<tables::$name> for $name {
                fn from(table: tables::$name) -> Self {
                    let tables::$name { $($field),* } = table;
                    Self { $($field),* }
                }
            }

            impl From<$name> for tables::$name {
                fn from(command: $name) -> Self {
                    let $name { $($field),* } = command;
                    Self { $($field),* }
                }
            }
        )*

        /// The command of a block that is not batched.
        ///
        /// # Errors
        /// `UnknownMessage`, Malformed.
        pub fn decode_unjudged(message_type: u16, payload: &[u8]) -> Result<Command, CodecError> {
            match message_type {
                $(tables::$name::NUMBER => Ok(Command::$name(tables::$name::read(payload)?.into())),)*
                tables::AdvanceTime::NUMBER => {
                    tables::AdvanceTime::read(payload)?;
                    Ok(Command::AdvanceTime)
                }
                unknown => Err(CodecError::UnknownMessage(unknown)),
            }
        }

        /// A block with one command.
        ///
        /// # Errors
        /// Unencodable if a text is too long.
        pub fn encode_command(command: Command, correlation: u32) -> Result<Vec<u8>, CodecError> {
            match command {
                $(Command::$name(command) => tables::$name::from(command).encode(correlation),)*
                Command::AdvanceTime => tables::AdvanceTime::default().encode(correlation),
            }
        }
    };
}

commands! {
    MassCancel { account, actor, deadline_ns, client_order_id, market, side }
    Withdraw { account, actor, deadline_ns, client_order_id, asset, amount }
    Transfer { account, actor, deadline_ns, client_order_id, asset, amount, to_account }
    OpenAccount { owner, number, client_order_id }
    ChangeAccount { account, actor, client_order_id, setting, value }
    Deposit { account, actor, client_order_id, asset, amount }
    ConfirmWithdrawal { account, actor, client_order_id, withdrawal_id }
    ReleaseWithdrawal { account, actor, client_order_id, withdrawal_id }
    CreateAsset { symbol, scale, display_decimals, supply_max, client_order_id }
    ChangeAsset { asset, display_decimals, supply_max, client_order_id }
    CreateMarket {
        base, quote, tick_size, lot_size, reference_price, quantity_min, quantity_max, notional_min, band_ppm,
        maker_ppm, taker_ppm, status, client_order_id
    }
    ChangeMarket { market, quantity_min, quantity_max, notional_min, band_ppm, client_order_id }
    SetMarketStatus { market, status, client_order_id }
    SetFees { market, tier, maker_ppm, taker_ppm, client_order_id }
}
