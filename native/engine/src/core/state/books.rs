//! One book per market. While the state records, a book keeps from its first change on what it needs to take back.

use std::ops::Index;

/// One market's resting orders, each with its slot in `Orders`.
pub type Book = crate::book::Book<u32>;

/// Market id − 1 → book.
#[derive(Debug, Default)]
pub struct Books {
    books: Vec<Book>,
    recorded: Option<Recorded>,
}

#[derive(Debug)]
struct Recorded {
    len: usize,
    changed: Vec<usize>,
}

impl Books {
    /// Of the next market.
    pub fn push(&mut self, book: Book) {
        self.books.push(book);
    }

    /// The book at this place, which exists, to be changed.
    #[inline]
    pub fn get_mut(&mut self, place: usize) -> &mut Book {
        if self.recorded.is_some() {
            self.follow(place);
        }
        &mut self.books[place]
    }

    /// All books by market.
    pub fn iter(&self) -> impl Iterator<Item = &Book> {
        self.books.iter()
    }

    pub(super) fn record(&mut self) {
        self.recorded = Some(Recorded { len: self.books.len(), changed: Vec::new() });
    }

    pub(super) fn roll_back(&mut self) {
        let Some(recorded) = self.recorded.take() else { return };
        for place in recorded.changed {
            self.books[place].roll_back();
        }
        self.books.truncate(recorded.len);
    }

    #[cold]
    fn follow(&mut self, place: usize) {
        let Some(recorded) = &mut self.recorded else { return };
        if !recorded.changed.contains(&place) {
            recorded.changed.push(place);
            self.books[place].record();
        }
    }
}

impl Index<usize> for Books {
    type Output = Book;

    #[inline]
    fn index(&self, place: usize) -> &Book {
        &self.books[place]
    }
}
