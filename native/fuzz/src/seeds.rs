//! Writes the seed corpora from the golden files: corpus/TARGET/golden-NUMBER.

use std::path::Path;

use mexchange_engine::codec::blocks::split;

fn main() -> std::io::Result<()> {
    let frames = mexchange_fuzz::frames();
    write("frames", frames.iter().map(Vec::as_slice))?;
    write("snapshot", mexchange_fuzz::snapshots().iter().map(Vec::as_slice))?;
    let messages: Vec<Vec<u8>> = frames
        .iter()
        .flat_map(|frame| split(frame).expect("golden frames are whole"))
        .map(|block| [&block.message_type.to_le_bytes(), block.payload].concat())
        .collect();
    write("codec", messages.iter().map(Vec::as_slice))?;
    // No golden file is made of these; a few bytes of each operation are enough to begin with.
    let operations: Vec<Vec<u8>> =
        (0_u8..16).map(|operation| (0..48).map(|byte| operation + 17 * byte).collect()).collect();
    write("commands", operations.iter().map(Vec::as_slice))
}

fn write<'a>(target: &str, seeds: impl Iterator<Item = &'a [u8]>) -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    std::fs::create_dir_all(&folder)?;
    for (number, seed) in seeds.enumerate() {
        std::fs::write(folder.join(format!("golden-{number}")), seed)?;
    }
    Ok(())
}
