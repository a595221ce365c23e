//! What can be wrong with bytes, or with a message that shall become bytes.

use std::fmt;

/// The twin of `mexchange/codec/errors.py`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodecError {
    /// The bytes break a rule of the format. Nothing of them may be used.
    Malformed(&'static str),
    /// No message has this number here; a newer peer may know it.
    UnknownMessage(u16),
    /// A value is too large or too long for its field.
    Unencodable(&'static str),
}

impl fmt::Display for CodecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(text) | Self::Unencodable(text) => f.write_str(text),
            Self::UnknownMessage(message_type) => write!(f, "message type {message_type} is not known"),
        }
    }
}

impl std::error::Error for CodecError {}
