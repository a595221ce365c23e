//! Any bytes as the body of a journal frame, on the golden exchange.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use mexchange_engine::Engine;
use mexchange_fuzz::{apply, frames, seed, snapshots};

static SNAPSHOTS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(snapshots);

fuzz_target!(init: seed("frames", frames()), |data: &[u8]| {
    let snapshot = &SNAPSHOTS[data.len() / 8 % SNAPSHOTS.len()];
    let mut engine = Engine::restore(snapshot).expect("a golden snapshot");
    let time_ns = engine.time_ns();
    let _ = apply(&mut engine, data, time_ns + 1_000_000_000);
});
