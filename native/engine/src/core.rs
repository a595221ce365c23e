//! The rules: who may do what, and what comes of it. The twin of `mexchange.core`, file by file.

pub mod accounts;
pub mod admin;
pub mod answer;
mod book_query;
pub mod digest;
pub mod engine;
pub mod execute;
pub mod features;
pub mod idempotence;
pub mod ledger;
pub mod match_;
pub mod orders;
mod page;
pub mod preview;
pub mod query;
pub mod risk;
pub mod settle;
pub mod snapshot;
mod snapshot_audit;
pub mod snapshot_layout;
mod snapshot_reader;
mod snapshot_writer;
pub mod state;
pub mod wallet;
