//! From an id to the slot of its order.
//!
//! Open addressing as in [`crate::index`]; beside each slot stands half of the hash of its id, so that probing, closing
//! up and growing never look at the orders. Empty, it owns no memory.

/// Where a hash starts to probe is its upper bits of `id × 2^64 / golden ratio`: consecutive ids spread evenly.
const FIBONACCI: u64 = 0x9E37_79B9_7F4A_7C15;
const ENTRIES_MIN: usize = 8;
const SLOT: u64 = 0xFFFF_FFFF;

#[derive(Debug, Default, Clone)]
pub(super) struct Ids {
    /// Upper half of the hash, then the slot; 0 is nobody. A power of two of them, at most half in use, or none.
    entries: Vec<u64>,
    shift: u32,
    len: usize,
}

impl Ids {
    /// The slot of this id, 0 if it is not there. `has_id` tells whether a slot carries it.
    #[inline]
    pub(super) fn find(&self, id: u64, has_id: impl Fn(u32) -> bool) -> u32 {
        if self.entries.is_empty() {
            return 0;
        }
        let mask = self.entries.len() - 1;
        let hash = hash(id);
        let mut place = self.home(hash);
        loop {
            let entry = self.entries[place & mask];
            if entry == 0 {
                return 0;
            }
            if entry & !SLOT == hash && has_id(slot(entry)) {
                return slot(entry);
            }
            place += 1;
        }
    }

    /// The id is not there yet.
    #[inline]
    pub(super) fn insert(&mut self, id: u64, slot: u32) {
        if self.len * 2 >= self.entries.len() {
            self.grow();
        }
        self.len += 1;
        self.put(hash(id) | u64::from(slot));
    }

    /// The id is there, with this slot.
    #[inline]
    pub(super) fn remove(&mut self, id: u64, slot: u32) {
        let mask = self.entries.len() - 1;
        let hash = hash(id);
        let mut hole = self.home(hash);
        while self.entries[hole & mask] != hash | u64::from(slot) {
            debug_assert_ne!(self.entries[hole & mask], 0, "the id is not there");
            hole += 1;
        }
        self.len -= 1;
        // Close up: whoever probes past the hole to reach a later entry must not meet an end there.
        let mut next = hole + 1;
        loop {
            let moving = self.entries[next & mask];
            if moving == 0 {
                break;
            }
            if next.wrapping_sub(self.home(moving)) & mask >= next - hole {
                self.entries[hole & mask] = moving;
                hole = next;
            }
            next += 1;
        }
        self.entries[hole & mask] = 0;
    }

    #[inline]
    fn home(&self, hash: u64) -> usize {
        (hash >> self.shift) as usize
    }

    #[inline]
    fn put(&mut self, entry: u64) {
        let mask = self.entries.len() - 1;
        let mut place = self.home(entry);
        while self.entries[place & mask] != 0 {
            place += 1;
        }
        self.entries[place & mask] = entry;
    }

    #[cold]
    fn grow(&mut self) {
        let size = (self.entries.len() * 2).max(ENTRIES_MIN);
        let old = std::mem::replace(&mut self.entries, vec![0; size]);
        self.shift = 64 - size.trailing_zeros();
        for entry in old.into_iter().filter(|&entry| entry != 0) {
            self.put(entry);
        }
    }
}

#[inline]
const fn hash(id: u64) -> u64 {
    id.wrapping_mul(FIBONACCI) & !SLOT
}

#[inline]
const fn slot(entry: u64) -> u32 {
    (entry & SLOT) as u32
}
