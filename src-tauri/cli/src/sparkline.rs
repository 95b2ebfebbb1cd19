//! Shows counts as a line of small bars on a terminal: `▆▇█▇▆▅▄▃`.
//!
//! Invariant: zero is a blank, and anything more is at least the lowest bar, so that the two are never confused.

const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// One bar for each count; the highest bar stands for `most`.
pub(crate) fn sparkline(counts: &[u32], most: u32) -> String {
    counts
        .iter()
        .map(|count| match count {
            0 => ' ',
            count => {
                let steps = u64::from(*count) * BARS.len() as u64;
                let bar = steps.div_ceil(u64::from(most.max(1))).clamp(1, BARS.len() as u64);
                BARS[bar as usize - 1]
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_blank_and_anything_is_seen() {
        assert_eq!(sparkline(&[0, 1, 400, 800], 800), " ▁▄█");
        assert_eq!(sparkline(&[0, 0], 0), "  ");
        assert_eq!(sparkline(&[5, 3], 2), "██");
    }
}
