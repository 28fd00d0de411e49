//! What both generators draw from: numbers that are the same for the same seed, and pools of entities.

/// The splitmix64 generator (G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators",
/// OOPSLA 2014): enough for made-up facts, and no dependency whose next version draws other numbers.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`, which is not 0. The bias is far below what anyone could measure here.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap_or(0)
    }

    pub(crate) fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    #[expect(clippy::indexing_slicing, reason = "`below` gives a number below the length")]
    pub(crate) fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

/// The entities of one kind.
pub(crate) struct Pool {
    /// What their ids begin with; also the kind.
    pub(crate) stem: &'static str,
    pub(crate) count: usize,
    /// At most so many.
    most: usize,
    /// Chance in a thousand of somebody new.
    new: usize,
    /// Everybody who was mentioned, once for each mention.
    mentions: Vec<usize>,
}

impl Pool {
    pub(crate) fn new(stem: &'static str, most: usize, new: usize) -> Self {
        Pool { stem, count: 0, most, new, mentions: Vec::new() }
    }

    #[allow(clippy::allow_attributes, dead_code, reason = "one of the generators needs it")]
    pub(crate) fn pick(&mut self, dice: &mut Dice) -> String {
        let number = self.pick_number(dice);
        format!("{}-{number}", self.stem)
    }

    #[expect(clippy::indexing_slicing, reason = "`below` gives a number below the length")]
    pub(crate) fn pick_number(&mut self, dice: &mut Dice) -> usize {
        // The first mentions are mostly of somebody new, lest the very first one stays ahead of all others.
        let early = dice.below(self.mentions.len() + 40) < 40;
        let number = if self.mentions.is_empty() || (self.count < self.most && (early || dice.below(1000) < self.new)) {
            self.count += 1;
            self.count - 1
        } else {
            self.mentions[dice.below(self.mentions.len())]
        };
        self.mentions.push(number);
        number
    }
}
