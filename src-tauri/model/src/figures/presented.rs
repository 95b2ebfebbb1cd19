//! Figures as they are presented: shown to a class that must not learn what one of them did.
//!
//! Every number of people is in fives or *fewer than 5* ([`Presented`](crate::Presented)); shares are of these numbers. Times,
//! medians and first and last days follow from single people and are taken out, so that a page that shows them has nothing to
//! show. Deliberately absent: words, which [`Telling`] has.
//!
//! Invariant: nothing here follows from a number of people but the presented one, so two figures of one range, or of two, tell
//! no more than the numbers that are shown.

use super::{CourseFigures, Figure, FigureOfVideo, Statistic, VideoFigures, VideoRow, VideoTotals, percent};
use crate::{CHUNK_COUNT, Telling};

const IN_FIVES: Telling = Telling::InFives;

impl CourseFigures {
    /// The same as they are presented.
    #[must_use]
    pub fn presented(&self) -> Self {
        Self {
            range: self.range,
            telling: IN_FIVES,
            unique_viewers: IN_FIVES.told(self.unique_viewers),
            watch_secs: 0.0,
            viewers_per_day: Vec::new(),
            rows: self.rows.iter().map(VideoRow::presented).collect(),
        }
    }
}

impl VideoRow {
    fn presented(&self) -> Self {
        Self {
            order: self.order,
            totals: self.totals.presented(),
            reached: self.reached.map(|people| IN_FIVES.told(people)),
            covered: self.covered.map(|people| IN_FIVES.told(people)),
            average_secs: [0.0; CHUNK_COUNT],
            again_secs: [0.0; CHUNK_COUNT],
            usual_reached_percent: None,
            difference_of_terms: None,
        }
    }
}

impl VideoFigures {
    /// The same as they are presented.
    #[must_use]
    pub fn presented(&self) -> Self {
        let chunks = self.chunks.iter().map(|chunk| super::ChunkFigures {
            start_secs: chunk.start_secs,
            end_secs: chunk.end_secs,
            reached: IN_FIVES.told(chunk.reached),
            covered: IN_FIVES.told(chunk.covered),
            spent_secs: 0.0,
            average_secs: 0.0,
        });
        Self {
            video: self.video,
            range: self.range,
            totals: self.totals.presented(),
            data_through: self.data_through,
            viewers_per_day: Vec::new(),
            chunks: chunks.collect(),
        }
    }
}

impl VideoTotals {
    fn presented(&self) -> Self {
        let (viewers, covered) = (IN_FIVES.told(self.unique_viewers), IN_FIVES.told(self.covered_viewers));
        let share = self.duration_secs.and_then(|_| percent(covered, viewers));
        Self {
            telling: IN_FIVES,
            duration_secs: self.duration_secs,
            unique_viewers: viewers,
            covered_viewers: covered,
            covered_percent: Statistic::of_part(IN_FIVES, covered, viewers, share),
            ..Self::default()
        }
    }
}

impl FigureOfVideo {
    /// Whether it can be presented: it counts people, or follows from such counts or from the video alone.
    pub fn can_be_presented(&self) -> bool {
        matches!(
            self.figure,
            Figure::Duration | Figure::UniqueViewers | Figure::CoveredViewers | Figure::CoveredPercent
        )
    }
}

#[cfg(test)]
mod tests {
    use super::super::FIGURES_OF_VIDEO;
    use super::*;

    fn texts(viewers: u32, covered: u32) -> Vec<String> {
        let totals = VideoTotals {
            duration_secs: Some(600.0),
            unique_viewers: viewers,
            covered_viewers: covered,
            watch_secs: 12_345.0,
            typical_percent: Statistic::Value(33.3),
            first_viewed: Some(crate::Day::new(18_000)),
            ..VideoTotals::default()
        };
        let presented = totals.presented();
        let told = FIGURES_OF_VIDEO.iter().filter(|figure| figure.can_be_presented());
        told.map(|figure| figure.text(&presented)).collect()
    }

    #[test]
    fn counts_are_in_fives_and_shares_follow_from_them() {
        assert_eq!(texts(118, 117), ["0:10:00", "115+", "115+", "100.0 %"], "nobody is the one who has not");
        assert_eq!(texts(62, 3), ["0:10:00", "60+", "<5", "too few"]);
        assert_eq!(texts(3, 1), ["0:10:00", "<5", "<5", "too few"]);
        assert_eq!(texts(4, 4), texts(1, 1), "all small groups look alike");
        assert_eq!(texts(12, 0), ["0:10:00", "10+", "0", "0.0 %"]);
    }

    #[test]
    fn what_follows_from_single_people_is_taken_out() {
        let totals =
            VideoTotals { watch_secs: 12_345.0, replayed_secs: 10.0, unique_viewers: 7, ..VideoTotals::default() };
        let expected = VideoTotals { telling: IN_FIVES, unique_viewers: 5, ..VideoTotals::default() };
        assert_eq!(totals.presented(), expected);
    }
}
