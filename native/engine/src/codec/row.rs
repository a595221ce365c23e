//! Structs of fixed layout, as they lie in vectors: read and written field by field, never cast.

/// `N` bytes from `at` on. The caller knows that they are there.
#[inline]
pub fn bytes_at<const N: usize>(data: &[u8], at: usize) -> [u8; N] {
    let mut bytes = [0; N];
    bytes.copy_from_slice(&data[at..at + N]);
    bytes
}

/// A value of fixed size.
pub trait Plain: Sized {
    /// The value at `at`, where the caller knows that it is.
    fn get(data: &[u8], at: usize) -> Self;
    /// Writes it at `at`, where the caller knows that there is room.
    fn set(self, data: &mut [u8], at: usize);
}

impl<const N: usize> Plain for [u8; N] {
    #[inline]
    fn get(data: &[u8], at: usize) -> Self {
        bytes_at(data, at)
    }

    #[inline]
    fn set(self, data: &mut [u8], at: usize) {
        data[at..at + N].copy_from_slice(&self);
    }
}

macro_rules! plain {
    ($($int:ty),*) => {$(
        impl Plain for $int {
            #[inline]
            fn get(data: &[u8], at: usize) -> Self {
                Self::from_le_bytes(bytes_at(data, at))
            }

            #[inline]
            fn set(self, data: &mut [u8], at: usize) {
                self.to_le_bytes().set(data, at);
            }
        }
    )*};
}

plain!(u8, i8, u16, i16, u32, i32, u64, i64);

/// Declares a struct, its size, and how it is read and written. What lies between its fields is zero.
macro_rules! layout {
    ($(#[$doc:meta])* $name:ident, $size:literal; $($at:literal, $field:ident: $type:ty;)*) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name {
            $(pub $field: $type,)*
        }

        impl $name {
            /// Bytes.
            pub const SIZE: usize = $size;

            /// The struct that lies in these bytes.
            #[inline]
            pub fn read(row: &[u8; $size]) -> Self {
                Self { $($field: <$type as $crate::codec::row::Plain>::get(row, $at),)* }
            }

            /// Its bytes.
            #[inline]
            pub fn write(&self) -> [u8; $size] {
                let mut row = [0; $size];
                $($crate::codec::row::Plain::set(self.$field, &mut row, $at);)*
                row
            }

            /// All of `data` that is whole rows.
            pub fn rows(data: &[u8]) -> impl Iterator<Item = Self> {
                data.chunks_exact($size).map(|row| Self::read(&$crate::codec::row::bytes_at(row, 0)))
            }
        }
    };
}

/// A layout that tables have vectors of.
macro_rules! row {
    ($name:ident, $size:literal; $($fields:tt)*) => {
        $crate::codec::row::layout! { $name, $size; $($fields)* }

        impl $crate::codec::table::FieldRead for Vec<$name> {
            const KIND: $crate::codec::table::Kind = $crate::codec::table::Kind::Rows($size);

            fn read(
                reader: &mut $crate::codec::table_reader::Reader<'_>,
                at: usize,
                _depth: u8,
            ) -> Result<Self, $crate::codec::CodecError> {
                Ok($name::rows(reader.vector(at, $size, 0)?).collect())
            }
        }

        impl $crate::codec::table::FieldWrite for Vec<$name> {
            fn write_child(
                &self,
                builder: &mut $crate::codec::table_writer::Builder,
            ) -> Result<usize, $crate::codec::CodecError> {
                Ok(builder.rows($size, self.iter().rev().map(|row| row.write())))
            }

            fn write_inline(&self, builder: &mut $crate::codec::table_writer::Builder, child: usize) {
                builder.offset(child);
            }
        }
    };
}

pub(crate) use {layout, row};
