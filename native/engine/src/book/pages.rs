//! The fast ladder: bitmaps in pages.

use std::collections::BTreeSet;
use std::ops::Bound;

use super::ladder::Ladder;
use crate::index::Index;

/// Ticks of a page: a word of 64 bits for each of 64 words.
const PAGE_BITS: u32 = 12;
/// Pages of a side that may exist at once; they bound its memory to 140 kilobytes.
const PAGES_MAX: usize = 256;

/// Pages of 4,096 ticks: a bit per price, and a bit per word of them. Pages exist while they have prices. Prices that
/// are so scattered that they would need more than 256 pages go into a tree, which is slower and has no bad case.
#[derive(Debug, Clone, Default)]
pub struct PageLadder {
    /// Slot 0 is nobody's.
    pages: Vec<Page>,
    /// By page number.
    slots: Index,
    /// (page number, slot) of the pages that have prices, in order.
    directory: Vec<(i64, u32)>,
    free: Vec<u32>,
    /// The page that was looked for last.
    last: u32,
    far: BTreeSet<i64>,
}

#[derive(Debug, Clone)]
struct Page {
    number: i64,
    /// Which words have bits.
    summary: u64,
    words: [u64; 64],
}

const NOBODY: Page = Page { number: i64::MAX, summary: 0, words: [0; 64] };

impl PageLadder {
    /// The slot of a page, 0 if there is none.
    #[inline]
    fn find(&self, number: i64) -> u32 {
        match self.pages.get(self.last as usize) {
            Some(page) if page.number == number => self.last,
            _ => self.slots.find(number.cast_unsigned(), |slot| self.pages[slot as usize].number == number),
        }
    }

    /// The slot of a new page, 0 if there may be no more.
    #[cold]
    fn open(&mut self, number: i64) -> u32 {
        if self.directory.len() == PAGES_MAX {
            return 0;
        }
        if self.pages.is_empty() {
            self.pages.push(NOBODY);
        }
        let slot = self.free.pop().unwrap_or_else(|| {
            self.pages.push(NOBODY);
            u32::try_from(self.pages.len() - 1).expect("pages are few")
        });
        self.pages[slot as usize].number = number;
        let pages = &self.pages;
        self.slots.insert(number.cast_unsigned(), slot, |slot| pages[slot as usize].number.cast_unsigned());
        let place = self.directory.partition_point(|&(other, _)| other < number);
        self.directory.insert(place, (number, slot));
        slot
    }

    /// The page has no prices left.
    #[cold]
    fn close(&mut self, slot: u32) {
        let number = self.pages[slot as usize].number;
        let pages = &self.pages;
        self.slots.remove(number.cast_unsigned(), slot, |slot| pages[slot as usize].number.cast_unsigned());
        let place = self.directory.partition_point(|&(other, _)| other < number);
        self.directory.remove(place);
        self.pages[slot as usize].number = NOBODY.number;
        self.free.push(slot);
    }

    /// The smallest price of the first page behind this one.
    #[cold]
    fn first_behind(&self, number: i64) -> Option<i64> {
        let place = self.directory.partition_point(|&(other, _)| other <= number);
        let &(_, slot) = self.directory.get(place)?;
        let page = &self.pages[slot as usize];
        Some(page.key(page.summary.trailing_zeros()))
    }

    #[cold]
    fn nearest_far(&self, key: i64, near: Option<i64>) -> Option<i64> {
        let far = self.far.range((Bound::Excluded(key), Bound::Unbounded)).next().copied();
        [near, far].into_iter().flatten().min()
    }
}

impl Page {
    /// The smallest key of this word, which has bits.
    #[inline]
    fn key(&self, word: u32) -> i64 {
        let bit = self.words[word as usize & 63].trailing_zeros();
        self.number << PAGE_BITS | i64::from(word << 6 | bit)
    }

    #[inline]
    fn after(&self, tick: u32) -> Option<i64> {
        let word = tick >> 6;
        let rest = self.words[word as usize & 63] & (!1 << (tick & 63));
        if rest != 0 {
            return Some(self.number << PAGE_BITS | i64::from(word << 6 | rest.trailing_zeros()));
        }
        let words = self.summary & (!1 << word);
        (words != 0).then(|| self.key(words.trailing_zeros()))
    }
}

#[inline]
const fn number(key: i64) -> i64 {
    key >> PAGE_BITS
}

/// Within its page.
#[inline]
const fn tick(key: i64) -> u32 {
    (key & ((1 << PAGE_BITS) - 1)) as u32
}

impl Ladder for PageLadder {
    #[inline]
    fn insert(&mut self, key: i64) {
        let (number, tick) = (number(key), tick(key));
        let mut slot = self.find(number);
        if slot == 0 {
            slot = self.open(number);
            if slot == 0 {
                self.far.insert(key);
                return;
            }
        }
        self.last = slot;
        let page = &mut self.pages[slot as usize];
        page.summary |= 1 << (tick >> 6);
        page.words[tick as usize >> 6] |= 1 << (tick & 63);
    }

    #[inline]
    fn remove(&mut self, key: i64) {
        let tick = tick(key);
        let slot = self.find(number(key));
        if !self.far.is_empty() && self.far.remove(&key) {
            return;
        }
        self.last = slot;
        let page = &mut self.pages[slot as usize];
        let word = &mut page.words[tick as usize >> 6];
        debug_assert_ne!(*word & 1 << (tick & 63), 0);
        *word &= !(1 << (tick & 63));
        page.summary &= !(u64::from(*word == 0) << (tick >> 6));
        if page.summary == 0 {
            self.close(slot);
        }
    }

    #[inline]
    fn after(&self, key: i64) -> Option<i64> {
        let slot = self.find(number(key));
        let in_page = if slot == 0 { None } else { self.pages[slot as usize].after(tick(key)) };
        let near = in_page.or_else(|| self.first_behind(number(key)));
        if self.far.is_empty() { near } else { self.nearest_far(key, near) }
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
                pages.insert(key);
                tree.insert(key);
                present.push(key);
            } else if !present.is_empty() {
                let gone = present.swap_remove(below(present.len() as u64) as usize);
                pages.remove(gone);
                tree.remove(gone);
            }
            assert_eq!(pages.after(key), tree.after(key));
            assert_eq!(pages.after(i64::MIN + 1), tree.after(i64::MIN + 1));
        }
        pages
    }

    #[test]
    fn few_pages_say_what_a_tree_says_and_are_given_back() {
        let pages = compare(20, 40);
        assert!(pages.directory.is_empty() && pages.far.is_empty());
        assert!(pages.pages.len() <= 21);
    }

    #[test]
    fn more_pages_than_may_exist_say_what_a_tree_says() {
        let pages = compare(2_000, 700);
        assert_eq!(pages.pages.len(), PAGES_MAX + 1);
        assert!(pages.directory.is_empty() && pages.far.is_empty());
    }
}
