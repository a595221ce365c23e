//! From a key to a slot of a slab, without the keys: the slab has them.
//!
//! Open addressing over `u32` slots, Fibonacci hashing, linear probing, at most 1 / ROOM full, closed up on removal, so
//! that memory is bounded by what was in it at once. Slot 0 stands for nobody. The emptier it is, the better a processor
//! guesses how far it has to look, so as long as it fits a near cache it is kept twice as empty.

/// Where a hash starts to probe is its upper bits of `key × 2^64 / golden ratio`: consecutive keys spread evenly.
const FIBONACCI: u64 = 0x9E37_79B9_7F4A_7C15;
const SLOTS_MIN: usize = 16;
/// Slots that fit a near cache: 256 kilobytes.
const SLOTS_NEAR: usize = 1 << 16;

/// Empty, it owns no memory.
#[derive(Debug, Default, Clone)]
pub(crate) struct Index<const ROOM: usize = 2> {
    /// A power of two of them, or none.
    slots: Vec<u32>,
    shift: u32,
    /// How many keys more may be put in before it grows.
    room: usize,
}

impl<const ROOM: usize> Index<ROOM> {
    /// How many keys are in it.
    pub(crate) fn len(&self) -> usize {
        Self::capacity(self.slots.len()) - self.room
    }

    /// The slot of this key, 0 if it is not there. `has_key` tells whether a slot carries the key.
    #[inline]
    pub(crate) fn find(&self, key: u64, has_key: impl Fn(u32) -> bool) -> u32 {
        if self.slots.is_empty() {
            return 0;
        }
        let mask = self.slots.len() - 1;
        let mut place = self.home(key);
        loop {
            let slot = self.slots[place & mask];
            if slot == 0 || has_key(slot) {
                return slot;
            }
            place = place.wrapping_add(1);
        }
    }

    /// The slot in the first place to look for this key, which mostly is its own, or 0.
    #[inline]
    pub(crate) fn glance(&self, key: u64) -> u32 {
        self.slots.get(self.home(key)).copied().unwrap_or(0)
    }

    /// The key is not there yet. `key_of` gives the key of a slot.
    #[inline]
    pub(crate) fn insert(&mut self, key: u64, slot: u32, key_of: impl Fn(u32) -> u64) {
        debug_assert_ne!(slot, 0);
        if self.room == 0 {
            self.grow(&key_of);
        }
        self.room = self.room.wrapping_sub(1);
        self.put(key, slot);
    }

    /// The place where this key would go, for `insert_at`; None if it is there. Changing anything else in between makes
    /// it void.
    #[inline]
    pub(crate) fn vacancy(&mut self, key: u64, key_of: impl Fn(u32) -> u64) -> Option<usize> {
        if self.room == 0 {
            self.grow(&key_of);
        }
        let mask = self.slots.len() - 1;
        let mut place = self.home(key);
        loop {
            let slot = self.slots[place & mask];
            if slot == 0 {
                return Some(place & mask);
            }
            if key_of(slot) == key {
                return None;
            }
            place = place.wrapping_add(1);
        }
    }

    #[inline]
    pub(crate) fn insert_at(&mut self, vacancy: usize, slot: u32) {
        debug_assert_eq!(self.slots[vacancy], 0);
        self.room = self.room.wrapping_sub(1);
        self.slots[vacancy] = slot;
    }

    /// The key is there no longer. Its slot, 0 if it was not there.
    #[inline]
    pub(crate) fn take(&mut self, key: u64, key_of: impl Fn(u32) -> u64) -> u32 {
        if self.slots.is_empty() {
            return 0;
        }
        let mask = self.slots.len() - 1;
        let mut place = self.home(key);
        loop {
            let slot = self.slots[place & mask];
            if slot == 0 {
                return 0;
            }
            if key_of(slot) == key {
                self.close_up(place, key_of);
                return slot;
            }
            place = place.wrapping_add(1);
        }
    }

    /// The key is there, with this slot.
    #[inline]
    pub(crate) fn remove(&mut self, key: u64, slot: u32, key_of: impl Fn(u32) -> u64) {
        let mask = self.slots.len() - 1;
        let mut hole = self.home(key);
        while self.slots[hole & mask] != slot {
            debug_assert_ne!(self.slots[hole & mask], 0, "the key is not there");
            hole = hole.wrapping_add(1);
        }
        self.close_up(hole, key_of);
    }

    /// Nobody stands at `hole` any more: whoever probes past it to reach a later slot must not meet an end there.
    #[inline]
    fn close_up(&mut self, mut hole: usize, key_of: impl Fn(u32) -> u64) {
        self.room = self.room.wrapping_add(1);
        let mask = self.slots.len() - 1;
        let mut next = hole.wrapping_add(1);
        loop {
            let moving = self.slots[next & mask];
            if moving == 0 {
                break;
            }
            let from_home = next.wrapping_sub(self.home(key_of(moving))) & mask;
            if from_home >= next.wrapping_sub(hole) {
                self.slots[hole & mask] = moving;
                hole = next;
            }
            next = next.wrapping_add(1);
        }
        self.slots[hole & mask] = 0;
    }

    /// How many keys so many slots take.
    const fn capacity(slots: usize) -> usize {
        if slots > SLOTS_NEAR { slots / ROOM } else { slots / ROOM / 2 }
    }

    #[inline]
    fn home(&self, key: u64) -> usize {
        #[expect(clippy::cast_possible_truncation, reason = "at most 32 bits are left after the shift")]
        let home = key.wrapping_mul(FIBONACCI).wrapping_shr(self.shift) as usize;
        home
    }

    #[inline]
    fn put(&mut self, key: u64, slot: u32) {
        let mask = self.slots.len() - 1;
        let mut place = self.home(key);
        while self.slots[place & mask] != 0 {
            place = place.wrapping_add(1);
        }
        self.slots[place & mask] = slot;
    }

    #[cold]
    fn grow(&mut self, key_of: &impl Fn(u32) -> u64) {
        let size = (self.slots.len() * 2).max(SLOTS_MIN);
        let old = std::mem::replace(&mut self.slots, vec![0; size]);
        self.shift = 64 - size.trailing_zeros();
        self.room += Self::capacity(size) - Self::capacity(old.len());
        for slot in old.into_iter().filter(|&slot| slot != 0) {
            self.put(key_of(slot), slot);
        }
    }
}
