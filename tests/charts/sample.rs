//! A made-up course that has what real ones have: people who leave, who skim, who come back before the exam; a video
//! that nobody watched, one without a length, and long and hostile names.

use model::{CourseViews, Day, Run, SessionId, VideoInfo};

/// Tue 8 Sept 2020.
pub(crate) const FIRST_DAY: i32 = 18_513;

/// A small generator of numbers, always the same ones.
pub(crate) struct Numbers(u64);

impl Numbers {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    pub(crate) fn below(&mut self, limit: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 33) % u64::from(limit.max(1))) as u32
    }

    pub(crate) fn share(&mut self) -> f64 {
        f64::from(self.below(10_000)) / 10_000.0
    }
}

const NAMES: [&str; 14] = [
    "Welcome",
    "Costs I: where the money goes",
    "Costs II",
    "Break-even analysis, worked example with three products and a very long title that will not fit anywhere",
    "Análisis & 数据 – été",
    "Budgets <script>alert(\"1\")</script>",
    "Midterm review",
    "Variances",
    "مقدمة في المحاسبة الإدارية",
    "Transfer pricing",
    "Guest lecture (not watched yet)",
    "Live recording without a length",
    "Capital budgeting",
    "Final review",
];

pub(crate) fn videos() -> Vec<VideoInfo> {
    NAMES
        .iter()
        .enumerate()
        .map(|(index, name)| VideoInfo {
            session_id: SessionId::from_bytes([index as u8 + 1; 16]),
            name: (*name).into(),
            folder_name: "COMM 290".into(),
            duration_secs: match index {
                0 => Some(412.3),
                2 => Some(7199.4),
                11 => None,
                _ => Some(1500.0 + 487.0 * ((index * 7) % 5) as f64),
            },
            order: index as u32 + 1,
        })
        .collect()
}

pub(crate) fn course() -> CourseViews {
    let videos = videos();
    let mut numbers = Numbers::new(290);
    let mut runs = Vec::new();
    for (index, video) in videos.iter().enumerate().filter(|(index, _)| *index != 10) {
        let audience = 187.0 * (0.95 - 0.05 * index as f64).max(0.3);
        let duration_secs = video.duration_secs.unwrap_or(1800.0);
        let released = (index as u32 * 5).min(68);
        for viewer in 0..187u32 {
            if numbers.share() > audience / 187.0 {
                continue;
            }
            // Half of the viewers leave somewhere on the way, the others watch to the end; some come back before the
            // exam.
            let leaves_at = if numbers.share() < 0.5 { numbers.share().sqrt() } else { 1.0 };
            let mut day = released + numbers.below(6) * numbers.below(3) / 2;
            let mut at = 0.0;
            while at < leaves_at * duration_secs {
                let length = (60.0 + 900.0 * numbers.share()).min(leaves_at * duration_secs - at);
                runs.push(run(index, viewer, day, at, at + length));
                at += length;
                if numbers.share() < 0.25 {
                    at += 0.08 * duration_secs * numbers.share();
                }
                if numbers.share() < 0.15 {
                    day += 1 + numbers.below(3);
                }
            }
            if numbers.share() < 0.35 {
                let start = (0.45 + 0.1 * numbers.share()) * duration_secs;
                runs.push(run(index, viewer, 62 + numbers.below(12), start, start + 0.12 * duration_secs));
            }
        }
    }
    CourseViews::new(videos, runs)
}

fn run(video: usize, viewer: u32, day: u32, start_secs: f64, stop_secs: f64) -> Run {
    Run { video: video as u32, viewer, day: Day::new(FIRST_DAY + day.min(75).cast_signed()), start_secs, stop_secs }
}
