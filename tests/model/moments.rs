//! Moments: planted ones are found, plain videos have none, and what is said about them is true.

use model::{CourseViews, DateRange, Moment, MomentKind, VideoMoments, moments};

use crate::planted::{Made, Manner, Planted, video};

fn found(made: &Made) -> Vec<Moment> {
    moments(&made.views(), 0, DateRange::ALL).found().to_vec()
}

/// Whether a moment is the planted one.
fn is(moment: &Moment, planted: &Planted) -> bool {
    let slack_secs = if planted.kind == MomentKind::Left { 15.0 } else { 0.0 };
    moment.kind == planted.kind
        && moment.start_secs < planted.to_secs + slack_secs
        && moment.end_secs > planted.from_secs - slack_secs
}

/// The share of both that two stretches have in common.
fn agreement(moment: &Moment, planted: &Planted) -> f64 {
    let common = moment.end_secs.min(planted.to_secs) - moment.start_secs.max(planted.from_secs);
    common / (moment.end_secs.max(planted.to_secs) - moment.start_secs.min(planted.from_secs))
}

#[derive(Default)]
struct Score {
    planted: usize,
    found: usize,
    falsely: usize,
    hours: f64,
    agreements: Vec<f64>,
    told: Vec<String>,
}

impl Score {
    fn add(&mut self, seed: u64, made: &Made) {
        self.hours += made.duration_secs / 3600.0;
        let moments = found(made);
        // Fewer than five people are no moment, whatever was planted.
        let planted = made.planted.iter().filter(|planted| planted.people >= 5);
        for planted in planted {
            self.planted += 1;
            match moments.iter().find(|moment| is(moment, planted)) {
                Some(moment) => {
                    self.found += 1;
                    if planted.kind != MomentKind::Left {
                        self.agreements.push(agreement(moment, planted));
                    }
                }
                None => self.told.push(format!("seed {seed}: missed {planted:?} of {} s", made.duration_secs)),
            }
        }
        for moment in moments {
            if !made.planted.iter().any(|planted| is(&moment, planted)) {
                self.falsely += 1;
                self.told.push(format!("seed {seed}: false {moment:?} of {} s, {:?}", made.duration_secs, made.planted));
            }
        }
    }

    fn print(&mut self, what: &str) {
        self.agreements.sort_by(f64::total_cmp);
        let median = self.agreements.get(self.agreements.len() / 2).copied().unwrap_or(1.0);
        let low = self.agreements.get(self.agreements.len() / 20).copied().unwrap_or(1.0);
        println!(
            "{what}: {} of {} found ({:.2} %), {} false in {:.0} hours ({:.3} in ten), borders agree by {median:.2} (5 %: {low:.2})",
            self.found,
            self.planted,
            100.0 * self.found as f64 / self.planted.max(1) as f64,
            self.falsely,
            self.hours,
            10.0 * self.falsely as f64 / self.hours,
        );
    }
}

/// Many seeds; `cargo test --release -p model --test model -- --ignored --nocapture many_seeds`, SEEDS=from..to.
#[test]
#[ignore = "takes a while; the same with fewer seeds runs always"]
fn many_seeds_of_planted_moments() {
    let seeds = std::env::var("SEEDS").unwrap_or_else(|_| "0..2000".to_owned());
    let (from, to) = seeds.split_once("..").unwrap();
    for manner in [Manner::Calm, Manner::Lively] {
        for with_moments in [true, false] {
            let mut score = Score::default();
            for seed in from.parse::<u64>().unwrap()..to.parse().unwrap() {
                score.add(seed, &video(seed, manner, with_moments));
            }
            score.told.iter().take(60).for_each(|told| println!("  {told}"));
            score.print(&format!("{manner:?}, {}", if with_moments { "planted" } else { "plain" }));
        }
    }
}
