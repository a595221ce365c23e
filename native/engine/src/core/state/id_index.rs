//! From the hash of a client order id to a slot of the answers.
//!
//! Open addressing with linear probing, at most three quarters full, closed up on removal. A cell holds half of the hash
//! beside the slot: whether an id is known costs one cache line, and growing asks for nobody's id.

/// Empty, it owns no memory.
#[derive(Clone, Debug, Default)]
pub struct IdIndex {
    /// A power of two of them, or none.
    cells: Vec<Cell>,
    len: u32,
}

/// Slot 0 is nobody's: the cell is empty.
#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    hash: u32,
    slot: u32,
}

const CELLS_MIN: usize = 8;

impl IdIndex {
    /// How many ids there are.
    pub fn len(&self) -> usize {
        self.len as usize
    }

    /// Is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Every slot, in no order.
    pub fn slots(&self) -> impl Iterator<Item = u32> {
        self.cells.iter().map(|cell| cell.slot).filter(|&slot| slot != 0)
    }

    /// The slot with this hash that `is_it`, or 0.
    #[inline]
    pub fn find(&self, hash: u32, is_it: impl Fn(u32) -> bool) -> u32 {
        if self.cells.is_empty() {
            return 0;
        }
        let mut place = self.home(hash);
        loop {
            let cell = self.cells[place];
            if cell.slot == 0 || (cell.hash == hash && is_it(cell.slot)) {
                return cell.slot;
            }
            place = self.after(place);
        }
    }

    /// Looks at the cell where a probe for this hash begins, so that it is near when it is asked for.
    #[inline]
    pub fn glance(&self, hash: u32) -> u32 {
        self.cells.get(self.home(hash)).map_or(0, |cell| cell.slot)
    }

    /// The slot is not in it yet.
    #[inline]
    pub fn insert(&mut self, hash: u32, slot: u32) {
        debug_assert_ne!(slot, 0);
        if self.len as usize * 4 >= self.cells.len() * 3 {
            self.grow();
        }
        self.len += 1;
        self.put(Cell { hash, slot });
    }

    /// The slot is in it, with this hash.
    #[inline]
    pub fn remove(&mut self, hash: u32, slot: u32) {
        let mut hole = self.home(hash);
        while self.cells[hole].slot != slot {
            debug_assert_ne!(self.cells[hole].slot, 0, "the slot is not there");
            hole = self.after(hole);
        }
        self.len -= 1;
        // Close up: whoever probes past the hole to reach a later cell must not meet an end there.
        let mut next = self.after(hole);
        while self.cells[next].slot != 0 {
            let from_home = self.distance(self.home(self.cells[next].hash), next);
            if from_home >= self.distance(hole, next) {
                self.cells[hole] = self.cells[next];
                hole = next;
            }
            next = self.after(next);
        }
        self.cells[hole] = Cell::default();
    }

    /// The upper bits of the hash: there are never more than 2^32 cells.
    #[inline]
    fn home(&self, hash: u32) -> usize {
        ((u64::from(hash) * self.cells.len() as u64) >> 32) as usize
    }

    #[inline]
    fn after(&self, place: usize) -> usize {
        (place + 1) & (self.cells.len() - 1)
    }

    #[inline]
    fn distance(&self, from: usize, to: usize) -> usize {
        to.wrapping_sub(from) & (self.cells.len() - 1)
    }

    #[inline]
    fn put(&mut self, cell: Cell) {
        let mut place = self.home(cell.hash);
        while self.cells[place].slot != 0 {
            place = self.after(place);
        }
        self.cells[place] = cell;
    }

    #[cold]
    fn grow(&mut self) {
        let size = (self.cells.len() * 2).max(CELLS_MIN);
        let old = std::mem::replace(&mut self.cells, vec![Cell::default(); size]);
        for cell in old.into_iter().filter(|cell| cell.slot != 0) {
            self.put(cell);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Few hashes, so that cells run into each other.
    fn hash_of(slot: u32) -> u32 {
        (slot * 7 % 5).wrapping_mul(0x3333_3333)
    }

    #[test]
    fn slots_are_found_until_they_are_removed() {
        let mut index = IdIndex::default();
        let is_in = |index: &IdIndex, slot: u32| index.find(hash_of(slot), |each| each == slot) == slot;
        assert_eq!(index.find(7, |_| true), 0);
        for slot in 1..500 {
            index.insert(hash_of(slot), slot);
            if slot > 20 {
                index.remove(hash_of(slot - 20), slot - 20);
            }
            for each in 1..slot + 5 {
                assert_eq!(is_in(&index, each), each <= slot && each + 20 > slot, "{each} after {slot}");
            }
            let mut slots: Vec<u32> = index.slots().collect();
            slots.sort_unstable();
            assert!(slots.into_iter().eq(slot.saturating_sub(19).max(1)..=slot));
        }
    }
}
