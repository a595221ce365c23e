//! Numbers from a seed, the same on every machine.

/// A `SplitMix64` generator.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }

    /// Below `end`, which is small beside 2^64.
    pub(crate) fn below(&mut self, end: i64) -> i64 {
        (self.next() % end.cast_unsigned()).cast_signed()
    }

    /// A place in a list of this length.
    pub(crate) fn place(&mut self, length: usize) -> usize {
        usize::try_from(self.next() % length as u64).expect("fits")
    }

    /// True so many times in a hundred.
    pub(crate) fn percent(&mut self, percent: i64) -> bool {
        self.below(100) < percent
    }

    /// From 1 to `end`, the more often the smaller: every size has its share.
    pub(crate) fn near(&mut self, end: i64) -> i64 {
        let reach = 1 + self.below(end);
        1 + self.below(reach)
    }
}

/// Another number for each number.
pub(crate) const fn mix(number: u64) -> u64 {
    let mut mixed = number;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}
