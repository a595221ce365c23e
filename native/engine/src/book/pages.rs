//! The fast ladder: bitmaps in pages, and slots in blocks.

use std::hint::select_unpredictable;

use super::ladder::{Ladder, Rung, TreeLadder};
use crate::index::Index;

/// Ticks of a page: 64 blocks of 64 ticks.
const PAGE_BITS: u32 = 12;
/// Pages beside each other that are found without hashing.
const RECENT: usize = 8;
/// Pages of a side that may exist at once: they span a million ticks.
const PAGES_MAX: usize = 256;

/// Pages of 4,096 ticks: a bit per block of 64 ticks that has levels, and in each block a bit and a slot per tick. Levels
/// beside each other share cache lines, and nothing is hashed but the number of a page that was not the last one. Pages
/// and blocks exist while they have levels. Prices that are so scattered that they would need more than 256 pages go into
/// a tree, which is slower and has no bad case.
#[derive(Debug, Clone, Default)]
pub struct PageLadder {
    /// Slot 0 is nobody's, here and in blocks.
    pages: Vec<Page>,
    blocks: Vec<Block>,
    /// By page number.
    slots: Index,
    /// (page number, slot) of all pages, in order.
    directory: Vec<(i64, u32)>,
    free_pages: Vec<u32>,
    free_blocks: Vec<u32>,
    /// Pages that were looked for last, by the last bits of their numbers: a band of prices across two pages finds both.
    recent: [u32; RECENT],
    /// Keys of pages that do not exist.
    far: TreeLadder,
}

#[derive(Debug, Clone)]
struct Page {
    number: i64,
    /// Which blocks exist.
    summary: u64,
    blocks: [u32; 64],
}

#[derive(Debug, Clone)]
struct Block {
    /// Which ticks have levels.
    bits: u64,
    slots: [u32; 64],
}

const NO_PAGE: Page = Page { number: i64::MAX, summary: 0, blocks: [0; 64] };
const NO_BLOCK: Block = Block { bits: 0, slots: [0; 64] };

/// A slot of a slab whose slot 0 is nobody's: one that was freed, or another one.
fn take_slot<T>(slab: &mut Vec<T>, free: &mut Vec<u32>, empty: impl Fn() -> T) -> u32 {
    if slab.is_empty() {
        slab.push(empty());
    }
    free.pop().unwrap_or_else(|| {
        slab.push(empty());
        u32::try_from(slab.len() - 1).expect("a ladder has few pages")
    })
}

impl PageLadder {
    /// The slot of a page, 0 if there is none.
    #[inline]
    fn page(&self, number: i64) -> u32 {
        let recent = self.recent[recent(number)];
        match self.pages.get(recent as usize) {
            Some(page) if page.number == number => recent,
            _ => self.slots.find(number.cast_unsigned(), |slot| self.pages[slot as usize].number == number),
        }
    }

    /// The block of a key, 0 if there is none; and its page.
    #[inline]
    fn block(&self, key: i64) -> (u32, u32) {
        let page = self.page(number(key));
        (self.pages.get(page as usize).map_or(0, |page| page.blocks[block(key)]), page)
    }

    /// A block for this key, which has none, and its page; 0 if there may be no more pages.
    #[cold]
    fn open(&mut self, key: i64, page: u32) -> (u32, u32) {
        if page == 0 {
            if self.directory.len() == PAGES_MAX {
                return (0, 0);
            }
            self.open_page(number(key));
        }
        match self.block(key) {
            (0, page) => (self.open_block(page, block(key)), page),
            near => near,
        }
    }

    /// A new page, with the keys that were far before.
    fn open_page(&mut self, number: i64) {
        let slot = take_slot(&mut self.pages, &mut self.free_pages, || NO_PAGE);
        self.pages[slot as usize].number = number;
        let pages = &self.pages;
        self.slots.insert(number.cast_unsigned(), slot, |slot| pages[slot as usize].number.cast_unsigned());
        let place = self.directory.partition_point(|&(other, _)| other < number);
        self.directory.insert(place, (number, slot));
        let mut nobody = Rung::NONE;
        loop {
            let near = self.far.after((number << PAGE_BITS).saturating_sub(1));
            if near.slot == 0 || self::number(near.key) != number {
                return;
            }
            self.far.remove(near.key, &mut nobody);
            *self.entry(near.key) = near.slot;
        }
    }

    fn open_block(&mut self, page: u32, block: usize) -> u32 {
        let slot = take_slot(&mut self.blocks, &mut self.free_blocks, || NO_BLOCK);
        let page = &mut self.pages[page as usize];
        page.blocks[block] = slot;
        page.summary |= 1 << block;
        slot
    }

    /// The block has no levels left.
    fn close_block(&mut self, page_slot: u32, block: usize) {
        let page = &mut self.pages[page_slot as usize];
        self.free_blocks.push(std::mem::take(&mut page.blocks[block]));
        page.summary &= !(1 << block);
        if page.summary == 0 {
            self.close_page(page_slot);
        }
    }

    fn close_page(&mut self, slot: u32) {
        let number = self.pages[slot as usize].number;
        let pages = &self.pages;
        self.slots.remove(number.cast_unsigned(), slot, |slot| pages[slot as usize].number.cast_unsigned());
        let place = self.directory.partition_point(|&(other, _)| other < number);
        self.directory.remove(place);
        self.pages[slot as usize].number = NO_PAGE.number;
        self.free_pages.push(slot);
    }

    /// The first level of the first page behind this one.
    #[cold]
    fn first_behind(&self, number: i64) -> Rung {
        let place = self.directory.partition_point(|&(other, _)| other <= number);
        self.directory.get(place).map_or(Rung::NONE, |&(_, slot)| {
            let page = &self.pages[slot as usize];
            self.first_of(page, page.summary)
        })
    }

    /// The first level of the blocks behind that of this key.
    #[inline]
    fn after_block(&self, key: i64, page: u32) -> Rung {
        let page = self.pages.get(page as usize).unwrap_or(&NO_PAGE);
        let blocks = page.summary & (!1 << block(key));
        if blocks == 0 { self.first_behind(number(key)) } else { self.first_of(page, blocks) }
    }

    /// The first level in these blocks of a page, some of which exist.
    #[inline]
    fn first_of(&self, page: &Page, blocks: u64) -> Rung {
        let place = blocks.trailing_zeros();
        let block = &self.blocks[page.blocks[place as usize & 63] as usize];
        first(page.number << 6 | i64::from(place), block, block.bits)
    }

    /// The key, which was the last one of its block, is gone, or the best one is and the next may be far.
    #[cold]
    fn leave_block(&mut self, key: i64, page: u32, best: &mut Rung) {
        if best.key == key {
            *best = self.after(key);
        }
        let block = block(key);
        if self.blocks[self.pages[page as usize].blocks[block] as usize].bits == 0 {
            self.close_block(page, block);
        }
    }

    #[cold]
    fn leave_far(&mut self, key: i64, best: &mut Rung) {
        if best.key == key {
            *best = self.after(key);
        }
        self.far.remove(key, best);
    }
}

/// The first of these levels of the block with this number.
#[inline]
fn first(number: i64, block: &Block, bits: u64) -> Rung {
    let tick = bits.trailing_zeros();
    Rung { key: number << 6 | i64::from(tick), slot: block.slots[tick as usize & 63] }
}

/// Of its page.
#[inline]
const fn number(key: i64) -> i64 {
    key >> PAGE_BITS
}

/// Where a page is remembered.
#[inline]
const fn recent(number: i64) -> usize {
    number as usize % RECENT
}

/// Within its page.
#[inline]
const fn block(key: i64) -> usize {
    (key >> 6 & 63) as usize
}

/// Within its block.
#[inline]
const fn tick(key: i64) -> usize {
    (key & 63) as usize
}

impl Ladder for PageLadder {
    #[inline(always)]
    fn entry(&mut self, key: i64) -> &mut u32 {
        let (mut block, mut page) = self.block(key);
        if block == 0 {
            (block, page) = self.open(key, page);
            if block == 0 {
                return self.far.entry(key);
            }
        }
        self.recent[recent(number(key))] = page;
        let block = &mut self.blocks[block as usize];
        block.bits |= 1 << tick(key);
        &mut block.slots[tick(key)]
    }

    #[inline]
    fn find(&self, key: i64) -> u32 {
        match self.block(key) {
            (0, 0) => self.far.find(key),
            (0, _) => 0,
            (block, _) => self.blocks[block as usize].slots[tick(key)],
        }
    }

    /// Whether it was the best one is as good as random, so nothing branches on it.
    #[inline]
    fn remove(&mut self, key: i64, best: &mut Rung) {
        let (block, page) = self.block(key);
        if page == 0 {
            return self.leave_far(key, best);
        }
        self.recent[recent(number(key))] = page;
        let own = &mut self.blocks[block as usize];
        debug_assert_ne!(own.bits & 1 << tick(key), 0);
        own.slots[tick(key)] = 0;
        own.bits &= !(1 << tick(key));
        let moves = best.key == key;
        if own.bits == 0 || moves && !self.far.is_empty() {
            return self.leave_block(key, page, best);
        }
        let next = first(key >> 6, own, own.bits);
        best.key = select_unpredictable(moves, next.key, best.key);
        best.slot = select_unpredictable(moves, next.slot, best.slot);
    }

    #[inline]
    fn after(&self, key: i64) -> Rung {
        let (own, page) = self.block(key);
        let own = self.blocks.get(own as usize).unwrap_or(&NO_BLOCK);
        let bits = own.bits & (!1 << tick(key));
        let near = if bits == 0 { self.after_block(key, page) } else { first(key >> 6, own, bits) };
        if self.far.is_empty() { near } else { near.min(self.far.after(key)) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::TreeLadder;
    use super::*;

    /// Keys among `spread` pages of which each has a few, put in and taken out against a tree.
    fn compare(spread: i64, keys: usize) -> PageLadder {
        let (mut pages, mut tree) = (PageLadder::default(), TreeLadder::default());
        let mut present: Vec<i64> = Vec::new();
        let mut state: u64 = spread.unsigned_abs();
        let mut below = |end: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % end
        };
        for step in 0..40_000 {
            let key = (below(spread.unsigned_abs()).cast_signed() - spread / 2) << PAGE_BITS | (below(3) * 70) as i64;
            let grows = step < 20_000 || present.is_empty();
            if grows && present.len() < keys && !present.contains(&key) {
                *pages.entry(key) = step + 1;
                *tree.entry(key) = step + 1;
                present.push(key);
            } else if !present.is_empty() {
                let gone = present.swap_remove(below(present.len() as u64) as usize);
                assert_eq!(*pages.entry(gone), *tree.entry(gone));
                let (mut first, mut best) = (pages.after(i64::MIN), tree.after(i64::MIN));
                pages.remove(gone, &mut first);
                tree.remove(gone, &mut best);
                assert_eq!(first, best);
            }
            assert_eq!((pages.find(key), pages.after(key)), (tree.find(key), tree.after(key)));
            assert_eq!(pages.after(i64::MIN + 1), tree.after(i64::MIN + 1));
        }
        pages
    }

    #[test]
    fn few_pages_say_what_a_tree_says_and_are_given_back() {
        let pages = compare(20, 40);
        assert!(pages.directory.is_empty() && pages.far.is_empty());
        assert!(pages.pages.len() <= 21 && pages.blocks.len() <= 41);
    }

    #[test]
    fn more_pages_than_may_exist_say_what_a_tree_says() {
        let pages = compare(2_000, 700);
        assert_eq!(pages.pages.len(), PAGES_MAX + 1);
        assert!(pages.directory.is_empty() && pages.far.is_empty());
    }
}
