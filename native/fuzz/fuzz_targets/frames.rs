//! Any bytes as the body of a journal frame, on the golden exchange.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use mexchange_engine::Engine;
use mexchange_fuzz::{apply, snapshots};

static SNAPSHOTS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(snapshots);

fuzz_target!(|data: &[u8]| {
    let Some((&first, blocks)) = data.split_first() else { return };
    // The last byte of a frame's length is not read by anybody else: seeds go to the first exchange.
    let snapshot = &SNAPSHOTS[usize::from(first) % SNAPSHOTS.len()];
    let mut engine = Engine::restore(snapshot).expect("a golden snapshot");
    let time_ns = engine.time_ns();
    let _ = apply(&mut engine, if data.len() % 8 == 0 { data } else { blocks }, time_ns + 1_000_000_000);
});
