//! Client order ids: sixteen opaque bytes that make a command idempotent.
//!
//! First byte below 0x20: a UUID. Otherwise one to sixteen characters of `[A-Za-z0-9._:-]`, padded with NUL. The engine
//! compares bytes and nothing else.

/// Sixteen bytes, compared as such.
pub type ClientOrderId = [u8; 16];

/// All zero: "no client order id". Refused where one is needed.
pub const NO_ID: ClientOrderId = [0; 16];

/// Does the id sort by time, as `UUIDv7` do, so that old ones can be refused as stale.
pub fn is_uuid(id: &ClientOrderId) -> bool {
    id[0] < 0x20
}

/// May the engine remember this id: not all zero; a text id is legal characters, then only NULs.
pub fn is_valid(id: &ClientOrderId) -> bool {
    if is_uuid(id) {
        return *id != NO_ID;
    }
    let length = id.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
    id[..length].iter().all(|&byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b':' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn padded(text: &[u8]) -> ClientOrderId {
        let mut id = NO_ID;
        id[..text.len()].copy_from_slice(text);
        id
    }

    #[test]
    fn a_text_is_legal_characters_and_then_only_nuls() {
        assert!(is_valid(&padded(b"order-1.a_b:C")));
        assert!(is_valid(&padded(b"ABCDEFGHIJKLMNOP")));
        assert!(!is_valid(&padded(b"a b")));
        assert!(!is_valid(&padded(b"a\0b")));
        assert!(!is_valid(&padded(b"\x7f")));
    }

    #[test]
    fn a_uuid_is_anything_but_nothing() {
        assert!(!is_valid(&NO_ID));
        assert!(is_valid(&padded(b"\x01")));
        assert!(is_valid(&padded(b"\0\x01")));
    }
}
