//! Any bytes as the payload of any message: what is read and written is read again as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mexchange_engine::Engine;
use mexchange_engine::codec::blocks::{pack, split};
use mexchange_engine::codec::canonical::canonical;
use mexchange_engine::codec::generated::rewrite;
use mexchange_fuzz::{frames, seed};

/// Every golden command, behind its message type.
fn seeds() -> Vec<Vec<u8>> {
    let blocks = |frame: &Vec<u8>| -> Vec<Vec<u8>> {
        let blocks = split(frame).expect("golden frames are whole");
        blocks.map(|block| [&block.message_type.to_le_bytes(), block.payload].concat()).collect()
    };
    frames().iter().flat_map(blocks).collect()
}

fuzz_target!(init: seed("codec", seeds()), |data: &[u8]| {
    let Some((number, payload)) = data.split_at_checked(2) else { return };
    let message_type = u16::from_le_bytes([number[0], number[1]]);
    if let Ok(written) = rewrite(message_type, payload) {
        assert_eq!(rewrite(message_type, &written).as_ref(), Ok(&written));
    }
    if let Ok(judged) = canonical(message_type, 7, payload, Some(16), 17) {
        let mut blocks = split(&judged.block).expect("a whole block");
        let block = blocks.next().expect("one block");
        assert!(blocks.is_empty());
        assert_eq!(canonical(message_type, 7, block.payload, Some(16), 17).as_ref(), Ok(&judged));
    }
    if let Ok(block) = pack(message_type, payload, 7) {
        let _ = Engine::new().query(&block);
    }
});
