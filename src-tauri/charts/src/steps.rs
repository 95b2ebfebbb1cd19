//! Borders between the colours of a quantity without an upper end: where this course's values differ.
//!
//! An even scale from zero to the largest value shows a course in one colour as soon as a single value is far out. Here
//! the values are parted into a few groups of which each is as much alike as can be (the least sum of squares of their
//! logarithms: twice as much is as far as half as much). Borders are numbers that people count in, at least 15 % apart, and
//! none lies at one, around which most values do: what was played about once has one colour, and noise has none.
//!
//! Deliberately absent: colours, words. Invariant: borders rise; the same values give the same borders in whatever order.

/// Colours at the most.
const MOST_COLOURS: usize = 6;

/// Numbers that may be borders, in tenths. Larger values than the last share a colour.
const BORDERS_TENTHS: [u32; 36] = [
    1, 2, 3, 4, 5, 7, 9, 11, 13, 15, 20, 25, 30, 40, 50, 60, 80, 100, 120, 150, 200, 250, 300, 400, 500, 600, 800,
    1_000, 1_200, 1_500, 2_000, 2_500, 3_000, 4_000, 5_000, 10_000,
];

/// Borders where there are no values to choose them by.
const USUAL_TENTHS: [u32; 4] = [5, 9, 11, 20];

/// A value in tenths, as it is shown: what reads `1.2 times` has the colour of 1.2 and more.
pub(crate) fn tenths(value: f64) -> u32 {
    (value * 10.0).round().clamp(0.0, f64::from(u32::MAX)) as u32
}

/// Values between two neighbouring numbers of [`BORDERS_TENTHS`].
#[derive(Debug, Clone, Copy, Default)]
struct Bin {
    /// Its lower end; 0 for the first.
    from_tenths: u32,
    count: f64,
    sum: f64,
    sum_of_squares: f64,
}

/// The borders for some values in tenths, rising; zeros count, values that are none do not belong here.
pub(crate) fn borders(values_tenths: impl Iterator<Item = u32>) -> Vec<u32> {
    let bins = bins(values_tenths);
    match bins.as_slice() {
        [] => USUAL_TENTHS.to_vec(),
        // All alike: the colour in the middle, with both ends of the bin named.
        [only] => {
            let next = BORDERS_TENTHS.into_iter().find(|border| *border > only.from_tenths);
            (only.from_tenths > 0).then_some(only.from_tenths).into_iter().chain(next).collect()
        }
        bins => part(bins),
    }
}

/// The bins that have values.
fn bins(values_tenths: impl Iterator<Item = u32>) -> Vec<Bin> {
    let mut all = [Bin::default(); BORDERS_TENTHS.len() + 1];
    for (bin, border) in all[1..].iter_mut().zip(BORDERS_TENTHS) {
        bin.from_tenths = border;
    }
    for value in values_tenths {
        let bin = &mut all[BORDERS_TENTHS.partition_point(|border| *border <= value)];
        let far = f64::from(value).max(0.5).ln();
        bin.count += 1.0;
        bin.sum += far;
        bin.sum_of_squares += far * far;
    }
    all.into_iter().filter(|bin| bin.count > 0.0).collect()
}

/// Parts bins into as many groups as there are colours, or bins where these are fewer: the lower ends of all groups but the
/// first.
fn part(bins: &[Bin]) -> Vec<u32> {
    // How unlike the values of some bins are.
    let unlike = |bins: &[Bin]| {
        let (count, sum, squares) = bins.iter().fold((0.0, 0.0, 0.0), |(count, sum, squares), bin| {
            (count + bin.count, sum + bin.sum, squares + bin.sum_of_squares)
        });
        (squares - sum * sum / count).max(0.0)
    };
    // For each end: the best parting of the bins before it into as many groups as there were rounds.
    let mut best: Vec<Option<(f64, Vec<u32>)>> =
        (0..=bins.len()).map(|end| (end > 0).then(|| (unlike(&bins[..end]), Vec::new()))).collect();
    for groups in 2..=MOST_COLOURS.min(bins.len()) {
        best = (0..=bins.len())
            .map(|end| {
                (groups - 1..end)
                    .filter_map(|start| {
                        let (before, borders) = best[start].as_ref()?;
                        Some((before + unlike(&bins[start..end]), start, borders))
                    })
                    .min_by(|one, other| one.0.total_cmp(&other.0))
                    .map(|(sum, start, borders)| (sum, [borders.as_slice(), &[bins[start].from_tenths]].concat()))
            })
            .collect();
    }
    best.pop().flatten().map_or_else(Vec::new, |(_, borders)| borders)
}

#[cfg(test)]
mod tests {
    use super::{BORDERS_TENTHS, MOST_COLOURS, borders};
    use proptest::prelude::*;

    fn of(values: &[(u32, usize)]) -> Vec<u32> {
        borders(values.iter().flat_map(|(value, count)| std::iter::repeat_n(*value, *count)))
    }

    #[test]
    fn one_value_far_out_has_a_colour_and_the_others_keep_theirs() {
        let body = [(6, 40), (8, 200), (9, 150), (10, 180), (12, 90), (14, 30), (16, 20)];
        let with_outlier = [body.as_slice(), &[(400, 1)]].concat();
        assert_eq!(of(&body), [7, 9, 11, 13, 15]);
        assert_eq!(of(&with_outlier), [7, 9, 11, 13, 400]);
    }

    #[test]
    fn values_that_are_all_alike_lie_in_the_middle() {
        assert_eq!(of(&[(9, 10), (10, 30)]), [9, 11]);
        assert_eq!(of(&[(8, 30)]), [7, 9]);
        assert_eq!(of(&[(0, 3)]), [1]);
        assert_eq!(of(&[(99_000, 3)]), [10_000]);
        assert_eq!(of(&[]), [5, 9, 11, 20]);
    }

    proptest! {
        #[test]
        fn borders_rise_are_few_and_tell_the_values_apart(
            values in prop::collection::vec(prop_oneof![0u32..40, 0u32..3_000, any::<u32>()], 1..200),
        ) {
            let found = borders(values.iter().copied());
            prop_assert!(found.windows(2).all(|pair| pair[0] < pair[1]), "{found:?}");
            prop_assert!((1..MOST_COLOURS).contains(&found.len()), "{found:?}");
            prop_assert!(found.iter().all(|border| BORDERS_TENTHS.contains(border)), "{found:?}");
            // No colour without a value, unless all values have one and the same.
            let colour = |value: u32| found.partition_point(|border| *border <= value);
            let mut used: Vec<usize> = values.iter().map(|value| colour(*value)).collect();
            used.sort_unstable();
            used.dedup();
            prop_assert!(used.len() == 1 || used.len() == found.len() + 1, "{found:?} {used:?}");
            let mut turned = values.clone();
            turned.reverse();
            prop_assert_eq!(borders(turned.into_iter()), found);
        }
    }
}
