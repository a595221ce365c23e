//! What can go wrong, as Python exceptions; `mexchange/native/_native.pyi` says when.

use mexchange_engine::CodecError;
use pyo3::create_exception;
use pyo3::exceptions::{PyAssertionError, PyValueError};
use pyo3::prelude::*;

create_exception!(mexchange.native._native, BadSnapshot, PyValueError);
create_exception!(mexchange.native._native, Malformed, PyValueError);
create_exception!(mexchange.native._native, UnknownMessage, PyValueError);
create_exception!(mexchange.native._native, EngineFailed, PyAssertionError);

/// Put them into the module.
pub(crate) fn add_to(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    module.add("BadSnapshot", py.get_type::<BadSnapshot>())?;
    module.add("Malformed", py.get_type::<Malformed>())?;
    module.add("UnknownMessage", py.get_type::<UnknownMessage>())?;
    module.add("EngineFailed", py.get_type::<EngineFailed>())
}

/// The exception for bytes that the engine does not read.
pub(crate) fn of_codec(error: CodecError) -> PyErr {
    match error {
        CodecError::UnknownMessage(message_type) => UnknownMessage::new_err(message_type),
        CodecError::Malformed(rule) | CodecError::Unencodable(rule) => Malformed::new_err(rule),
    }
}
