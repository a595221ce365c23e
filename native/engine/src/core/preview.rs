//! What would come of commands, without them: the state records, is changed, and takes it all back.
//!
//! It costs what the commands touch. Everything mutable is reached through what records (see `state.rs`), so there is no
//! line that could forget to. Refused: a second state that reads through to the first, since each look of the engine
//! would pay for it; a snapshot and restore, since it costs the whole state.

use super::engine::Engine;
use super::state::State;
use crate::codec::CodecError;
use crate::domain::units::TimeNs;

/// The records that `apply_batch` would append if this frame came next. The engine is as before, also after an error.
///
/// # Errors
/// As `apply_batch`.
pub fn preview(engine: &mut Engine, blocks: &[u8], time_ns: TimeNs, out: &mut Vec<u8>) -> Result<(), CodecError> {
    let first_sequence = engine.sequence() + 1;
    let time_ns = time_ns.max(engine.time_ns());
    let trial = Trial::of(engine);
    trial.0.apply_batch(blocks, first_sequence, time_ns, out)
}

/// An engine that does not mean it.
struct Trial<'a>(&'a mut Engine);

impl<'a> Trial<'a> {
    fn of(engine: &'a mut Engine) -> Self {
        State::record(&mut engine.state);
        Self(engine)
    }
}

impl Drop for Trial<'_> {
    fn drop(&mut self) {
        // After a panic the engine is not used any more, and what it left half done could not be taken back for sure.
        if !std::thread::panicking() {
            self.0.state.roll_back();
        }
    }
}
