//! Bytes to plain structs and back: blocks, tables, records. Verified before anything is used; nothing here panics.
//!
//! Layouts come from `schemas/*.fbs` by way of `generated.rs`. The twin of `mexchange.codec`.

pub mod blocks;
pub mod canonical;
pub mod commands;
pub mod errors;
#[rustfmt::skip]
#[allow(missing_docs, clippy::struct_field_names)] // names are those of the schemas
pub mod generated;
pub mod raw;
pub mod record_packers;
pub mod records;
pub mod row;
pub mod table;
pub mod table_reader;
pub mod table_writer;

pub use errors::CodecError;
