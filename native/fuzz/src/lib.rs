//! What the targets share: the golden exchange, and what must be true of every engine after every batch.

use std::path::{Path, PathBuf};

use mexchange_engine::{CodecError, Engine};

const SNAPSHOT_HEADER: usize = 80;
const SEGMENT_HEADER: usize = 512;
const FRAME_HEADER: usize = 72;
const COMMANDS: u16 = 1;
const FOLDERS: [&str; 2] = ["exchange-1", "exchange-2"];

/// tests/golden of the repository.
pub fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden")
}

/// The engine's bytes of each golden snapshot.
pub fn snapshots() -> Vec<Vec<u8>> {
    let folders = FOLDERS.iter().map(|folder| golden().join(folder).join("snapshots"));
    let files = folders.flat_map(|folder| files(&folder));
    files.map(|data| data[SNAPSHOT_HEADER..SNAPSHOT_HEADER + u64_at(&data, 32)].to_vec()).collect()
}

/// The blocks of each golden frame of commands that is not compressed.
pub fn frames() -> Vec<Vec<u8>> {
    let segments = FOLDERS.iter().flat_map(|folder| files(&golden().join(folder).join("journal")));
    segments.flat_map(|data| frames_of(&data)).collect()
}

fn frames_of(data: &[u8]) -> Vec<Vec<u8>> {
    let mut frames = Vec::new();
    let mut at = SEGMENT_HEADER;
    while data.len() > at + FRAME_HEADER && data[at..at + 4] == *b"MXJF" {
        let length = u32::from_le_bytes([data[at + 8], data[at + 9], data[at + 10], data[at + 11]]) as usize;
        if u16::from_le_bytes([data[at + 6], data[at + 7]]) == COMMANDS {
            frames.push(data[at + FRAME_HEADER..at + FRAME_HEADER + length].to_vec());
        }
        at += FRAME_HEADER + length.next_multiple_of(8);
    }
    frames
}

fn files(folder: &Path) -> Vec<Vec<u8>> {
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .expect("the golden files are there")
        .map(|entry| entry.expect("a name").path())
        .filter(|path| path.extension().is_some_and(|suffix| suffix != "z"))
        .collect();
    names.sort();
    names.into_iter().map(|name| std::fs::read(name).expect("it can be read")).collect()
}

/// Puts what a target begins with into its corpus.
pub fn seed<T: AsRef<[u8]>>(target: &str, seeds: impl IntoIterator<Item = T>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    for (number, seed) in seeds.into_iter().enumerate() {
        std::fs::write(folder.join(format!("seed-{number}")), seed).expect("a file can be written");
    }
}

fn u64_at(data: &[u8], at: usize) -> usize {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&data[at..at + 8]);
    u64::from_le_bytes(bytes) as usize
}

/// Apply what a preview has shown before, and audit what came of it.
///
/// The preview says the same as the batch and leaves no trace. Restoring checks everything that the rules rely on:
/// funds that sum to zero, holds that are exact, books in order, ids remembered once.
pub fn apply(engine: &mut Engine, blocks: &[u8], time_ns: i64) -> Result<(), CodecError> {
    let before = engine.snapshot();
    let (mut shown, mut done) = (Vec::new(), Vec::new());
    let previewed = engine.preview(blocks, time_ns, &mut shown);
    assert!(engine.snapshot() == before, "a preview left a trace");
    let time_ns = time_ns.max(engine.time_ns());
    let applied = engine.apply_batch(blocks, engine.sequence() + 1, time_ns, &mut done);
    assert_eq!(previewed, applied);
    assert!(shown == done, "a preview showed something else");
    audit(engine);
    applied
}

/// What is written is read again, and is the same.
pub fn audit(engine: &Engine) {
    let data = engine.snapshot();
    let twin = Engine::restore(&data).expect("what is written can be read");
    assert!(twin.snapshot() == data, "a restored engine is another one");
}
