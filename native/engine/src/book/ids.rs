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

    /// The place where this id would go, for `insert_at`; None if it is there. Changing anything else in between
    /// makes it void.
    #[inline]
    pub(super) fn vacancy(&mut self, id: u64, has_id: impl Fn(u32) -> bool) -> Option<usize> {
        if self.len * 2 >= self.entries.len() {
            self.grow();
        }
        let mask = self.entries.len() - 1;
        let hash = hash(id);
        let mut place = self.home(hash) & mask;
        loop {
            let entry = self.entries[place];
            if entry == 0 {
                return Some(place);
            }
            if entry & !SLOT == hash && has_id(slot(entry)) {
                return None;
            }
            place = (place + 1) & mask;
        }
    }

    #[inline]
    pub(super) fn insert_at(&mut self, vacancy: usize, id: u64, slot: u32) {
        debug_assert_eq!(self.entries[vacancy], 0);
        self.len += 1;
        self.entries[vacancy] = hash(id) | u64::from(slot);
    }

    /// The id is not there yet.
    pub(super) fn insert(&mut self, id: u64, slot: u32) {
        let vacancy = self.vacancy(id, |_| false).expect("nobody has it");
        self.insert_at(vacancy, id, slot);
    }

    /// The id is there no longer. Its slot, 0 if it was not there.
    #[inline]
    pub(super) fn take(&mut self, id: u64, has_id: impl Fn(u32) -> bool) -> u32 {
        if self.entries.is_empty() {
            return 0;
        }
        let mask = self.entries.len() - 1;
        let hash = hash(id);
        let mut place = self.home(hash) & mask;
        loop {
            let entry = self.entries[place];
            if entry == 0 {
                return 0;
            }
            if entry & !SLOT == hash && has_id(slot(entry)) {
                self.close_up(place);
                return slot(entry);
            }
            place = (place + 1) & mask;
        }
    }

    /// The id is there, with this slot.
    #[inline]
    pub(super) fn remove(&mut self, id: u64, slot: u32) {
        let mask = self.entries.len() - 1;
        let entry = hash(id) | u64::from(slot);
        let mut place = self.home(entry) & mask;
        while self.entries[place] != entry {
            debug_assert_ne!(self.entries[place], 0, "the id is not there");
            place = (place + 1) & mask;
        }
        self.close_up(place);
    }

    /// Nobody stands at `hole` any more: whoever probes past it to reach a later entry must not meet an end there.
    #[inline]
    fn close_up(&mut self, mut hole: usize) {
        self.len -= 1;
        let mask = self.entries.len() - 1;
        let mut next = hole;
        loop {
            next = (next + 1) & mask;
            let moving = self.entries[next];
            if moving == 0 {
                break;
            }
            let from_home = next.wrapping_sub(self.home(moving)) & mask;
            if from_home >= next.wrapping_sub(hole) & mask {
                self.entries[hole] = moving;
                hole = next;
            }
        }
        self.entries[hole] = 0;
    }

    #[inline]
    fn home(&self, hash: u64) -> usize {
        (hash >> self.shift) as usize
    }

    #[cold]
    fn grow(&mut self) {
        let size = (self.entries.len() * 2).max(ENTRIES_MIN);
        let old = std::mem::replace(&mut self.entries, vec![0; size]);
        self.shift = 64 - size.trailing_zeros();
        for entry in old.into_iter().filter(|&entry| entry != 0) {
            let mut place = self.home(entry);
            while self.entries[place] != 0 {
                place = (place + 1) & (size - 1);
            }
            self.entries[place] = entry;
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
