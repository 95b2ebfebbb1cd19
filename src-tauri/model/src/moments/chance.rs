//! How likely a number of people is by chance alone.

/// The probability that a Poisson count with this expectation reaches `count`, 0 to 1.
pub(super) fn at_least(count: u32, expected: f64) -> f64 {
    if count == 0 {
        return 1.0;
    }
    if expected <= 0.0 {
        return 0.0;
    }
    let count = f64::from(count);
    if count <= expected {
        // The true value is a half or so, and nobody asks for it where that matters.
        return 1.0;
    }
    // The first term of the tail comes from its logarithm, the others from their ratio, which is less than 1.
    let mut term = (count * expected.ln() - expected - ln_factorial(count)).exp();
    let mut tail = 0.0;
    let mut number = count;
    while term > tail * 1e-9 {
        tail += term;
        number += 1.0;
        term *= expected / number;
        if term == 0.0 {
            break;
        }
    }
    tail.min(1.0)
}

/// The logarithm of n!: a sum if n is small, otherwise Stirling's series.
fn ln_factorial(n: f64) -> f64 {
    if n < 32.0 {
        return (2..=n as u32).map(|factor| f64::from(factor).ln()).sum();
    }
    n * n.ln() - n + 0.5 * (2.0 * std::f64::consts::PI * n).ln() + 1.0 / (12.0 * n)
}

#[cfg(test)]
mod tests {
    use super::{at_least, ln_factorial};

    #[test]
    fn tails_are_those_of_the_tables() {
        for (count, expected, tail) in
            [(5, 1.0, 3.660e-3), (5, 0.1, 7.668e-8), (10, 3.0, 1.102_5e-3), (60, 30.0, 9.252e-7), (0, 2.0, 1.0)]
        {
            let found = at_least(count, expected);
            assert!((found / tail - 1.0).abs() < 0.001, "{count} of {expected}: {found:e}");
        }
        assert!(at_least(5, 0.0).abs() < f64::EPSILON);
        assert!(at_least(100_000, 1.0) >= 0.0);
    }

    #[test]
    fn factorials_join_without_a_step() {
        assert!((ln_factorial(32.0) - ln_factorial(31.0) - 32.0_f64.ln()).abs() < 1e-6);
        assert!((ln_factorial(5.0) - 120.0_f64.ln()).abs() < 1e-12);
    }
}
