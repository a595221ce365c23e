//! A vector in pages: it grows without moving what it has, and what was done to it can be taken back.
//!
//! While it records, the first change of an element keeps the value from before; `roll_back` puts these back and drops
//! what was added. That is how a preview leaves the state as it was: whatever is mutable is reached through `get_mut`.

use std::collections::HashSet;
use std::ops::Index;

/// Elements by number, from 0 up, in pages of `PAGE`, a power of two. None is ever removed, other than by rolling back.
#[derive(Clone, Debug)]
pub struct Paged<T, const PAGE: usize> {
    /// Whole ones: behind the last element stand copies that nobody sees.
    pages: Vec<Box<[T; PAGE]>>,
    len: usize,
    recording: Option<Box<Recording<T>>>,
}

#[derive(Clone, Debug)]
struct Recording<T> {
    len: usize,
    saved: Vec<(usize, T)>,
    numbers: HashSet<usize>,
}

impl<T: Clone, const PAGE: usize> Paged<T, PAGE> {
    /// Empty.
    pub fn new() -> Self {
        const { assert!(PAGE.is_power_of_two()) };
        Self { pages: Vec::new(), len: 0, recording: None }
    }

    /// How many elements there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Is there no element.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// One more, with the next number.
    pub fn push(&mut self, element: T) -> usize {
        let number = self.len;
        if number / PAGE == self.pages.len() {
            self.add_page(element);
        } else {
            self.pages[number / PAGE][number % PAGE] = element;
        }
        self.len += 1;
        number
    }

    /// The element with this number.
    #[inline]
    pub fn get(&self, number: usize) -> Option<&T> {
        (number < self.len).then(|| &self[number])
    }

    /// The element with this number, which exists, to be changed.
    #[inline]
    pub fn get_mut(&mut self, number: usize) -> &mut T {
        if self.recording.is_some() {
            self.save(number);
        }
        &mut self.pages[number / PAGE][number % PAGE]
    }

    /// All elements by number.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.pages.iter().flat_map(|page| page.iter()).take(self.len)
    }

    /// From now on every change can be taken back.
    pub fn record(&mut self) {
        debug_assert!(self.recording.is_none());
        self.recording = Some(Box::new(Recording { len: self.len, saved: Vec::new(), numbers: HashSet::new() }));
    }

    /// What was added since `record`.
    pub fn added(&self) -> impl Iterator<Item = &T> {
        let from = self.recording.as_ref().map_or(self.len, |recording| recording.len);
        (from..self.len).map(|number| &self[number])
    }

    /// Everything as it was at `record`, which recording ends with.
    pub fn roll_back(&mut self) {
        let Some(recording) = self.recording.take() else { return };
        self.len = recording.len;
        self.pages.truncate(recording.len.div_ceil(PAGE));
        for (number, element) in recording.saved {
            self.pages[number / PAGE][number % PAGE] = element;
        }
    }

    #[cold]
    fn add_page(&mut self, element: T) {
        let page: Result<Box<[T; PAGE]>, _> = vec![element; PAGE].into_boxed_slice().try_into();
        self.pages.extend(page.ok()); // so many elements are so many
    }

    #[cold]
    fn save(&mut self, number: usize) {
        let Some(recording) = &mut self.recording else { return };
        if number < recording.len && recording.numbers.insert(number) {
            recording.saved.push((number, self.pages[number / PAGE][number % PAGE].clone()));
        }
    }
}

impl<T: Clone, const PAGE: usize> Default for Paged<T, PAGE> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Clone, const PAGE: usize> Index<usize> for Paged<T, PAGE> {
    type Output = T;

    /// The number is that of an element.
    #[inline]
    fn index(&self, number: usize) -> &T {
        debug_assert!(number < self.len);
        &self.pages[number / PAGE][number % PAGE]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(count: u32) -> Paged<u32, 4> {
        let mut paged = Paged::new();
        for number in 0..count {
            assert_eq!(paged.push(number), number as usize);
        }
        paged
    }

    #[test]
    fn elements_are_found_by_number_across_pages() {
        let paged = filled(11);
        assert_eq!(paged.iter().copied().collect::<Vec<_>>(), (0..11).collect::<Vec<_>>());
        assert_eq!((paged.len(), paged[10], paged.get(11)), (11, 10, None));
    }

    #[test]
    fn rolling_back_restores_what_was_changed_and_drops_what_was_added() {
        for count in [0, 3, 4, 5, 8] {
            let mut paged = filled(count);
            paged.record();
            for number in 0..count as usize {
                *paged.get_mut(number) += 100;
                *paged.get_mut(number) += 100;
            }
            for _ in 0..9 {
                let number = paged.push(7);
                *paged.get_mut(number) = 8;
            }
            paged.roll_back();
            assert_eq!(paged.iter().copied().collect::<Vec<_>>(), (0..count).collect::<Vec<_>>());
            assert_eq!(paged.len(), count as usize);
            assert_eq!(paged.push(5), count as usize);
        }
    }
}
