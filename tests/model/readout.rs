//! What is read out for one place of a chart, a map or a table.

use model::{CourseFigures, CourseViews, DateRange, Day, Run, TOO_FEW, VideoFigures, VideoInfo, readout};

use crate::oracle;

/// A lecture of 2000 s. Each of its viewers watched the first 1700 s on day 1, and the end on day 9.
fn course(viewers: u32) -> CourseViews {
    let name = "Costs\u{202e} II\n".into();
    let lecture = VideoInfo { name, ..oracle::video(0, Some(2000)) };
    let runs = (0..viewers).flat_map(|viewer| {
        [(1, 0.0, 1700.0), (9, 1700.0, 2000.0)].map(|(day, start_secs, stop_secs)| Run {
            video: 0,
            viewer,
            day: Day::new(day),
            start_secs,
            stop_secs,
        })
    });
    let live = VideoInfo { duration_secs: None, ..oracle::video(1, None) };
    CourseViews::new(vec![lecture, live], runs.collect())
}

#[test]
fn a_video_is_read_out_with_all_that_the_original_showed() {
    let views = course(12);
    let figures = CourseFigures::new(&views, DateRange::ALL);
    let said = readout::video(&views.videos()[0], &figures.rows[0]);
    assert_eq!(said.name, "Costs II");
    assert_eq!(said.viewers, "12 viewers");
    assert_eq!(said.covered.as_deref(), Some("12 (100.0 %) covered at least 75 %"));
    assert_eq!(said.duration, "0:33:20 long");
    assert_eq!(said.watched.as_deref(), Some("6 h 40 min watched"));
    assert_eq!(said.too_few, None);
    let live = readout::video(&views.videos()[1], &figures.rows[1]);
    assert_eq!((live.viewers.as_str(), live.covered, live.watched), ("0 viewers", None, None));
    assert_eq!(live.duration, "length not known");
}

#[test]
fn a_part_has_the_number_of_the_dataset() {
    let figures = VideoFigures::new(&course(12), 0, DateRange::ALL);
    let said = readout::part(&figures, 7).unwrap();
    assert_eq!(said.part, "part 7, 0:11:40 – 0:13:20");
    assert_eq!(said.reached, "12 of 12 viewers have watched some of part 7 (100.0 %)");
    assert_eq!(said.covered, "12 have covered at least 75 % of it (100.0 %)");
    assert_eq!(said.played.as_deref(), Some("played 1.00 times by a viewer who reached it"));
    assert_eq!(said.time.as_deref(), Some("0:01:40 per viewer"));
    assert_eq!(readout::part(&figures, 20), None);
    let first_day = DateRange::between(Day::new(1), Day::new(1));
    let nobody = readout::part(&VideoFigures::new(&course(12), 0, first_day), 19).unwrap();
    assert_eq!(nobody.reached, "0 of 12 viewers have watched some of part 19 (0.0 %)");
    assert_eq!((nobody.played, nobody.time), (None, None));
}

#[test]
fn one_person_is_a_count_and_no_share() {
    let views = course(1);
    let said = readout::part(&VideoFigures::new(&views, 0, DateRange::ALL), 0).unwrap();
    assert_eq!(said.reached, "1 of 1 viewer has watched some of part 0");
    assert_eq!(said.covered, "1 has covered at least 75 % of it");
    assert_eq!((said.played, said.time, said.too_few), (None, None, Some(TOO_FEW)));
    let figures = CourseFigures::new(&views, DateRange::ALL);
    let said = readout::video(&views.videos()[0], &figures.rows[0]);
    assert_eq!((said.covered.as_deref(), said.too_few), (Some("1 covered at least 75 %"), Some(TOO_FEW)));
}

#[test]
fn the_facts_of_a_course_stand_beside_those_of_all_dates() {
    let views = course(12);
    let all = CourseFigures::new(&views, DateRange::ALL);
    assert_eq!(readout::course(&all, &all), "2 videos · 12 viewers · 6 h 40 min watched");
    let later = CourseFigures::new(&views, DateRange::between(Day::new(5), Day::new(20)));
    assert_eq!(readout::course(&later, &all), "2 videos · 12 of 12 viewers · 1 h of 6 h 40 min watched");
}
