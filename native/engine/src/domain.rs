//! Words: units, commands, orders, markets, events, rejects. The twin of `mexchange.domain`.

pub mod client_id;
pub mod commands;
pub mod events;
pub mod market;
pub mod order;
pub mod rejects;
pub mod units;
