//! The golden verdicts in tests/golden: command payloads laid out in every way, judged as the codec in Python does.
#![allow(clippy::unwrap_used)] // a test

use std::path::Path;

use mexchange_engine::CodecError;
use mexchange_engine::codec::canonical::canonical;

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

#[test]
fn payloads_are_judged_as_in_python() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/verdicts.txt");
    let text = std::fs::read_to_string(path).unwrap();
    let mut good = 0;
    for line in text.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let [message_type, payload, said] = words[..] else { panic!("{line}") };
        let payload = bytes(payload.trim_matches('-'));
        match canonical(message_type.parse().unwrap(), 7, &payload, Some(99), 98) {
            Ok(judged) => {
                assert_eq!(judged.block, bytes(said), "{line}");
                good += 1;
            }
            Err(error) => assert!(said == "malformed" && matches!(error, CodecError::Malformed(_)), "{line}: {error}"),
        }
    }
    assert!(good > 100, "{good} were good");
}
