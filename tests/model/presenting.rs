//! An attacker sits in the class, sees everything that is presented, and subtracts.
//!
//! They know the rules and see each number as it is shown. They try: one group from the whole, two groups, two ranges, two
//! videos, two files made on different days, and every combination of values that fits what they see. They win where
//! only one number of people is left for a group that is smaller than 5.

use std::collections::BTreeSet;

use model::{Presented, presented_groups};

/// The numbers of people that a shown number can stand for.
fn possible(shown: Presented) -> std::ops::RangeInclusive<u32> {
    match shown {
        Presented::Nobody => 0..=0,
        Presented::FewerThanFive => 1..=4,
        Presented::AtLeast(least) => least..=least + 4,
    }
}

/// For each group, the numbers that are left when the whole is known as well: every combination is tried.
fn left(groups: &[Presented], whole: Presented) -> Vec<BTreeSet<u32>> {
    fn walk(groups: &[Presented], whole: Presented, taken: &mut Vec<u32>, left: &mut [BTreeSet<u32>]) {
        let Some(next) = groups.get(taken.len()) else {
            if possible(whole).contains(&taken.iter().sum()) {
                taken.iter().zip(left).for_each(|(people, left)| {
                    left.insert(*people);
                });
            }
            return;
        };
        for people in possible(*next) {
            taken.push(people);
            walk(groups, whole, taken, left);
            taken.pop();
        }
    }
    let mut found = vec![BTreeSet::new(); groups.len()];
    walk(groups, whole, &mut Vec::new(), &mut found);
    found
}

/// Every division of up to 34 people into so many groups.
fn divisions(groups: usize) -> Vec<Vec<u32>> {
    let sizes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 14];
    let mut all = vec![Vec::new()];
    for _ in 0..groups {
        all = all
            .into_iter()
            .flat_map(|division: Vec<u32>| {
                sizes.map(|size| {
                    let mut longer = division.clone();
                    longer.push(size);
                    longer
                })
            })
            .collect();
    }
    all
}

#[test]
fn no_small_group_follows_from_the_others_and_the_whole() {
    for groups in 1..=4 {
        for division in divisions(groups) {
            let (whole, shown) = presented_groups(&division);
            let Some(shown) = shown else { continue };
            for (place, left) in left(&shown, whole).into_iter().enumerate() {
                if (1..5).contains(&division[place]) {
                    assert!(left.len() > 1, "{division:?} is shown as {shown:?} of {whole:?}: {left:?}");
                }
            }
        }
    }
}

#[test]
fn more_groups_than_are_safe_are_not_shown() {
    assert_eq!(presented_groups(&[9, 9, 9, 9, 4]).1, None, "the remainders of 9 would leave only 4");
    let shown: Vec<Presented> = [9, 9, 9, 9, 4].map(Presented::of).to_vec();
    assert_eq!(left(&shown, Presented::of(40))[4], BTreeSet::from([4]), "this is what would be seen");
    assert_eq!(presented_groups(&[1, 1, 1, 1]).1, None, "four groups of four people are one each");
}

#[test]
fn no_difference_of_two_numbers_is_a_small_group() {
    for one in 0..200 {
        for other in 0..200 {
            let (Some(one), Some(other)) = (Presented::of(one).least(), Presented::of(other).least()) else { continue };
            assert!(!(1..5).contains(&one.abs_diff(other)), "{one} and {other}");
        }
    }
}

#[test]
fn two_ranges_two_videos_or_two_files_that_differ_by_a_few_people_never_tell_how_many() {
    // Whatever is added to a group: from the two numbers shown, at least two sizes of what was added remain.
    for before in 0..60 {
        for added in 1..5 {
            let (first, second) = (Presented::of(before), Presented::of(before + added));
            let remaining: BTreeSet<u32> = possible(first)
                .flat_map(|first| possible(second).filter_map(move |second| second.checked_sub(first)))
                .collect();
            assert!(remaining.len() > 1, "{first:?} and then {second:?}: {remaining:?}");
        }
    }
}

#[test]
fn asking_again_tells_nothing_new() {
    for people in 0..200 {
        assert_eq!(Presented::of(people), Presented::of(people));
    }
    let numbers: Vec<String> = (0..200).map(|people| Presented::of(people).text()).collect();
    for text in numbers {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let number: u32 = digits.parse().unwrap();
        assert!(text.starts_with("fewer than") || number.is_multiple_of(5), "{text}");
    }
}
