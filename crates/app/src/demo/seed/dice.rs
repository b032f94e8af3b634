//! Small dice that always fall the same way: every demo tells the same story.

/// A generator (SplitMix64), good enough to scatter sample data and nothing else.
pub struct Dice(u64);

impl Dice {
    /// Dice that begin at a number.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `least` up to and including `most`.
    pub fn between(&mut self, least: u32, most: u32) -> u32 {
        let span = u64::from(most.saturating_sub(least)) + 1;
        least.saturating_add(u32::try_from(self.next() % span).unwrap_or(0))
    }

    /// True once in so many throws.
    pub fn once_in(&mut self, throws: u32) -> bool {
        self.between(1, throws.max(1)) == 1
    }

    /// One of a list; nothing of an empty one.
    pub fn one_of<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        let last = u32::try_from(list.len()).unwrap_or(u32::MAX).checked_sub(1)?;
        list.get(usize::try_from(self.between(0, last)).unwrap_or(0))
    }

    /// So many decimal digits.
    pub fn digits(&mut self, count: usize) -> String {
        (0..count)
            .map(|_| char::from(b'0' + u8::try_from(self.between(0, 9)).unwrap_or(0)))
            .collect()
    }
}
