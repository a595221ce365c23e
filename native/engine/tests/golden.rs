//! The golden exchange in tests/golden comes out here as it did on the day it was made, from the same files.
#![allow(clippy::unwrap_used)] // a test

use std::path::PathBuf;

use mexchange_engine::core::engine::Engine;
use mexchange_engine::core::snapshot::{dump, hash_of, load};

const SNAPSHOT_HEADER: usize = 80;
const SEGMENT_HEADER: usize = 512;
const FRAME_HEADER: usize = 72;
const COMMANDS: u16 = 1;
const FEATURE: u16 = 6;
const FOLDERS: [&str; 2] = ["exchange-1", "exchange-2"];
/// Bytes; prime, so that every field of every row has its turn.
const FLIP_EVERY: usize = 23;

fn path(folder: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden").join(folder)
}

fn u64_at(data: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(data[at..at + 8].try_into().unwrap())
}

/// The engine's bytes of the snapshot.
fn snapshot(folder: &str) -> Vec<u8> {
    let name = std::fs::read_dir(path(folder).join("snapshots")).unwrap().next().unwrap().unwrap().path();
    let data = std::fs::read(name).unwrap();
    assert_eq!(&data[..8], b"MXSNAPSH");
    let size = usize::try_from(u64_at(&data, 32)).unwrap();
    data[SNAPSHOT_HEADER..SNAPSHOT_HEADER + size].to_vec()
}

/// What a name stands for in expected.json.
fn expected(folder: &str, name: &str) -> String {
    let text = std::fs::read_to_string(path(folder).join("expected.json")).unwrap();
    let (_, value) = text.split_once(&format!("\"{name}\": ")).unwrap();
    value.split([',', '\n']).next().unwrap().trim_matches('"').to_owned()
}

/// The same, where it is bytes.
fn expected_bytes(folder: &str, name: &str) -> Vec<u8> {
    let hex = expected(folder, name);
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

/// (type, first sequence, time, body) of each frame of commands or of a feature in the segments that are not compressed.
fn frames(folder: &str) -> Vec<(u16, u64, i64, Vec<u8>)> {
    let entries = std::fs::read_dir(path(folder).join("journal")).unwrap().map(|entry| entry.unwrap().path());
    let mut names: Vec<_> = entries.filter(|path| path.extension().unwrap() == "mxj").collect();
    names.sort();
    let mut frames = Vec::new();
    for data in names.into_iter().map(|name| std::fs::read(name).unwrap()) {
        let mut at = SEGMENT_HEADER;
        while data.len() > at + FRAME_HEADER && data[at..at + 4] == *b"MXJF" {
            let length = u32::from_le_bytes(data[at + 8..at + 12].try_into().unwrap()) as usize;
            let body = data[at + FRAME_HEADER..at + FRAME_HEADER + length].to_vec();
            let kind = u16::from_le_bytes([data[at + 6], data[at + 7]]);
            if [COMMANDS, FEATURE].contains(&kind) {
                frames.push((kind, u64_at(&data, at + 24), u64_at(&data, at + 32).cast_signed(), body));
            }
            at += FRAME_HEADER + length.next_multiple_of(8);
        }
    }
    frames
}

#[test]
fn the_snapshot_is_read_and_written_to_the_same_bytes() {
    for folder in FOLDERS {
        let data = snapshot(folder);
        let state = load(&data).unwrap();
        assert_eq!(dump(&state), data);
        assert_eq!(hash_of(&data).as_slice(), expected_bytes(folder, "snapshot_state_hash"));
        assert_eq!(state.head.sequence.to_string(), expected(folder, "snapshot_sequence"));
    }
}

#[test]
fn the_journal_behind_the_snapshot_gives_the_same_state() {
    for folder in FOLDERS {
        let mut engine = Engine::restore(&snapshot(folder)).unwrap();
        let mut out = Vec::new();
        for (kind, first_sequence, time_ns, body) in frames(folder) {
            if kind == FEATURE {
                assert!(engine.enable(u32::try_from(u64_at(&body, 0)).unwrap(), first_sequence));
            } else if first_sequence > engine.sequence() {
                engine.apply_batch(&body, first_sequence, time_ns, &mut out).unwrap();
            }
        }
        assert_eq!(engine.sequence().to_string(), expected(folder, "sequence"));
        assert_eq!(engine.state.head.digest.as_slice(), expected_bytes(folder, "engine_digest"));
        assert_eq!(engine.state_hash().as_slice(), expected_bytes(folder, "state_hash"));
    }
}

#[test]
fn whatever_is_flipped_in_a_snapshot_is_refused_or_means_just_that() {
    let good = snapshot("exchange-2");
    let mut accepted = 0;
    for at in (0..good.len()).step_by(FLIP_EVERY) {
        let mut bad = good.clone();
        bad[at] ^= 1 << (at / FLIP_EVERY % 8);
        if let Ok(state) = load(&bad) {
            assert_eq!(dump(&state), bad, "byte {at}");
            accepted += 1;
        }
        assert!(load(&good[..at]).is_err(), "cut at {at}");
    }
    assert!(accepted > 0, "sequences and digests are any number");
}
