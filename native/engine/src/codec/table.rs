//! Tables: structs whose fields may be absent, lie anywhere, and refer to text and vectors.
//!
//! `table!` declares one from what `generated.rs` says of it; reading is in `table_reader.rs`, writing in
//! `table_writer.rs`.

use super::CodecError;
use super::row::Plain;
use super::table_reader::Reader;
use super::table_writer::{Builder, STRUCT_ALIGNMENT};

/// What a field of a table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A number of so many bytes.
    Scalar(usize),
    /// So many bytes inline.
    Struct(usize),
    /// A string.
    Text,
    /// A vector of bytes.
    Bytes,
    /// A vector of structs of so many bytes.
    Rows(usize),
    /// A vector of tables.
    Tables,
}

const OFFSET_SIZE: usize = 4;

impl Kind {
    /// Bytes inline: of the number, the struct, or the offset.
    pub const fn size(self) -> usize {
        match self {
            Self::Scalar(size) | Self::Struct(size) => size,
            Self::Text | Self::Bytes | Self::Rows(_) | Self::Tables => OFFSET_SIZE,
        }
    }
}

/// The one layout in which we write a table that has numbers, structs and at most one vector of structs.
#[derive(Clone, Copy, Debug)]
pub struct FixedLayout {
    /// Root offset, vtable and what else is the same in every message.
    pub prefix: &'static [u8],
    /// Where the fields lie, by slot; 0: the vector.
    pub places: &'static [usize],
    /// Bytes before the rows; the last four are their number.
    pub head_size: usize,
}

/// More fields than any table has.
pub const FIELDS_MAX: usize = 32;

/// A table's layout.
#[derive(Clone, Copy, Debug)]
pub struct TableLayout {
    /// By slot.
    pub fields: &'static [Kind],
    /// Slots in the order in which we write them.
    pub write_order: &'static [usize],
    /// Where it has one.
    pub fixed: Option<FixedLayout>,
}

/// A type that a field can have.
pub trait FieldRead: Sized {
    /// What such a field is.
    const KIND: Kind;

    /// The value of the field at `at`, which lies in its table.
    ///
    /// # Errors
    /// Malformed.
    fn read(reader: &mut Reader<'_>, at: usize, depth: u8) -> Result<Self, CodecError>;
}

/// A type that a field can have, on its way out.
pub trait FieldWrite {
    /// Writes what the field refers to, and says where it is.
    ///
    /// # Errors
    /// Unencodable.
    fn write_child(&self, _builder: &mut Builder) -> Result<usize, CodecError> {
        Ok(0)
    }

    /// Writes what lies in the table itself; `child` is where the rest is.
    fn write_inline(&self, builder: &mut Builder, child: usize);
}

/// A table as a struct.
pub trait Table: Sized {
    /// Its fields and how we lay them out.
    const LAYOUT: TableLayout;

    /// The table at `position`, which is `depth` deep in its message.
    ///
    /// # Errors
    /// Malformed.
    fn read_at(reader: &mut Reader<'_>, position: usize, depth: u8) -> Result<Self, CodecError>;

    /// Writes the table and says where it is.
    ///
    /// # Errors
    /// Unencodable.
    fn write_to(&self, builder: &mut Builder) -> Result<usize, CodecError>;

    /// The table that is a payload's root.
    ///
    /// # Errors
    /// Malformed.
    fn read(payload: &[u8]) -> Result<Self, CodecError> {
        let mut reader = Reader::new(payload);
        let position = reader.root()?;
        let table = Self::read_at(&mut reader, position, 0)?;
        reader.check_overlaps()?;
        Ok(table)
    }

    /// The payload, byte for byte what every other writer of ours makes.
    ///
    /// # Errors
    /// Unencodable.
    fn write(&self) -> Result<Vec<u8>, CodecError> {
        let mut builder = Builder::default();
        let root = self.write_to(&mut builder)?;
        Ok(builder.finish(root))
    }
}

macro_rules! scalar {
    ($($int:ty),*) => {$(
        impl FieldRead for $int {
            const KIND: Kind = Kind::Scalar(size_of::<$int>());

            fn read(reader: &mut Reader<'_>, at: usize, _depth: u8) -> Result<Self, CodecError> {
                Ok(Self::get(reader.data(), at))
            }
        }

        impl FieldWrite for $int {
            fn write_inline(&self, builder: &mut Builder, _child: usize) {
                builder.plain(size_of::<$int>(), &self.to_le_bytes());
            }
        }
    )*};
}

scalar!(u8, i8, u16, i16, u32, i32, u64, i64);

impl FieldRead for bool {
    const KIND: Kind = Kind::Scalar(1);

    fn read(reader: &mut Reader<'_>, at: usize, _depth: u8) -> Result<Self, CodecError> {
        Ok(reader.data()[at] != 0)
    }
}

impl FieldWrite for bool {
    fn write_inline(&self, builder: &mut Builder, _child: usize) {
        builder.plain(1, &[u8::from(*self)]);
    }
}

impl<const N: usize> FieldRead for [u8; N] {
    const KIND: Kind = Kind::Struct(N);

    fn read(reader: &mut Reader<'_>, at: usize, _depth: u8) -> Result<Self, CodecError> {
        Ok(Self::get(reader.data(), at))
    }
}

impl<const N: usize> FieldWrite for [u8; N] {
    fn write_inline(&self, builder: &mut Builder, _child: usize) {
        builder.plain(STRUCT_ALIGNMENT, self);
    }
}

impl FieldRead for String {
    const KIND: Kind = Kind::Text;

    fn read(reader: &mut Reader<'_>, at: usize, _depth: u8) -> Result<Self, CodecError> {
        reader.text(at).map(str::to_owned)
    }
}

impl FieldWrite for String {
    fn write_child(&self, builder: &mut Builder) -> Result<usize, CodecError> {
        builder.text(self)
    }

    fn write_inline(&self, builder: &mut Builder, child: usize) {
        builder.offset(child);
    }
}

impl FieldRead for Vec<u8> {
    const KIND: Kind = Kind::Bytes;

    fn read(reader: &mut Reader<'_>, at: usize, _depth: u8) -> Result<Self, CodecError> {
        Ok(reader.vector(at, 1, 0)?.to_vec())
    }
}

impl FieldWrite for Vec<u8> {
    fn write_child(&self, builder: &mut Builder) -> Result<usize, CodecError> {
        Ok(builder.bytes(self))
    }

    fn write_inline(&self, builder: &mut Builder, child: usize) {
        builder.offset(child);
    }
}

/// Declares a table: slot, name, type and the value when absent of each field; then how we lay it out.
macro_rules! table {
    (
        $name:ident;
        $($slot:literal, $field:ident: $type:ty = $absent:expr;)*
        order [$($order:literal),*]
        $(fixed $prefix:literal, [$($place:literal),*], $head_size:literal)?
    ) => {
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name {
            $(pub $field: $type,)*
        }

        impl Default for $name {
            /// What an empty table says.
            fn default() -> Self {
                Self { $($field: $absent,)* }
            }
        }

        impl $crate::codec::table::Table for $name {
            const LAYOUT: $crate::codec::table::TableLayout = {
                #[allow(unused_mut, unused_assignments)]
                let mut fixed = None;
                $(
                    fixed = Some($crate::codec::table::FixedLayout {
                        prefix: $prefix,
                        places: &[$($place),*],
                        head_size: $head_size,
                    });
                )?
                let layout = $crate::codec::table::TableLayout {
                    fields: &[$(<$type as $crate::codec::table::FieldRead>::KIND),*],
                    write_order: &[$($order),*],
                    fixed,
                };
                assert!(layout.fields.len() <= $crate::codec::table::FIELDS_MAX);
                layout
            };

            fn read_at(
                reader: &mut $crate::codec::table_reader::Reader<'_>,
                position: usize,
                depth: u8,
            ) -> Result<Self, $crate::codec::CodecError> {
                let places = reader.table(position, Self::LAYOUT.fields, depth)?;
                Ok(Self {
                    $($field: match places[$slot] {
                        0 => $absent,
                        place => <$type as $crate::codec::table::FieldRead>::read(reader, position + place, depth)?,
                    },)*
                })
            }

            fn write_to(
                &self,
                builder: &mut $crate::codec::table_writer::Builder,
            ) -> Result<usize, $crate::codec::CodecError> {
                let fields: &[&dyn $crate::codec::table::FieldWrite] = &[$(&self.$field),*];
                builder.table(fields, Self::LAYOUT.write_order)
            }
        }

        impl $crate::codec::table::FieldRead for Vec<$name> {
            const KIND: $crate::codec::table::Kind = $crate::codec::table::Kind::Tables;

            fn read(
                reader: &mut $crate::codec::table_reader::Reader<'_>,
                at: usize,
                depth: u8,
            ) -> Result<Self, $crate::codec::CodecError> {
                reader.tables(at, depth)
            }
        }

        impl $crate::codec::table::FieldWrite for Vec<$name> {
            fn write_child(
                &self,
                builder: &mut $crate::codec::table_writer::Builder,
            ) -> Result<usize, $crate::codec::CodecError> {
                builder.tables(self)
            }

            fn write_inline(&self, builder: &mut $crate::codec::table_writer::Builder, child: usize) {
                builder.offset(child);
            }
        }
    };
}

/// Declares which table each message has.
macro_rules! messages {
    ($($number:literal, $name:ident;)*) => {
        $(impl $crate::codec::table::Message for $name {
            const NUMBER: u16 = $number;
        })*

        /// The same message, laid out as we lay it out.
        ///
        /// # Errors
        /// `UnknownMessage`, Malformed.
        pub fn rewrite(message_type: u16, payload: &[u8]) -> Result<Vec<u8>, $crate::codec::CodecError> {
            use $crate::codec::table::Table;
            match message_type {
                $($number => $name::read(payload)?.write(),)*
                unknown => Err($crate::codec::CodecError::UnknownMessage(unknown)),
            }
        }
    };
}

/// A table that is the root of a block.
pub trait Message: Table {
    /// Its message type.
    const NUMBER: u16;

    /// A whole block.
    ///
    /// # Errors
    /// Unencodable.
    fn encode(&self, correlation: u32) -> Result<Vec<u8>, CodecError> {
        super::blocks::pack(Self::NUMBER, &self.write()?, correlation)
    }
}

pub(crate) use {messages, table};
