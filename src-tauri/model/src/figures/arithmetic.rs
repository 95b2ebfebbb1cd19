//! The few operations that several figures share.
//!
//! Invariant: nothing divides by zero; if there is nothing to divide by, there is no result.

/// `part` of `whole` in percent, 0 to 100; `None` if `whole` is 0.
pub(crate) fn percent(part: u32, whole: u32) -> Option<f64> {
    (whole > 0).then(|| f64::from(part) / f64::from(whole) * 100.0)
}

/// `spent_secs` per viewer; 0 if there is none.
pub(super) fn average_secs(spent_secs: f64, viewers: u32) -> f64 {
    if viewers == 0 { 0.0 } else { spent_secs / f64::from(viewers) }
}

/// The middle value, or the mean of the two middle ones; `None` if there are no values. Reorders its argument.
pub(crate) fn median(values: &mut [f64]) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let (middle, odd) = (values.len() / 2, values.len() % 2 == 1);
    let (below, &mut upper, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    if odd {
        return Some(upper);
    }
    let lower = below.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    Some(f64::midpoint(lower, upper))
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn median_is_the_middle_or_the_mean_of_two() {
        assert_eq!(median(&mut []), None);
        assert_eq!(median(&mut [7.0]), Some(7.0));
        assert_eq!(median(&mut [9.0, 1.0, 5.0]), Some(5.0));
        assert_eq!(median(&mut [9.0, 1.0, 5.0, 2.0]), Some(3.5));
    }
}
