//! Captions: whatever files hold, the cues are sound; what is found is what a reader finds word by word.

use std::fmt::Write as _;
use std::sync::Arc;

use model::{Captions, Cue, Query, WordIndex};
use proptest::prelude::*;

fn read(text: &str) -> Vec<(f64, f64, String)> {
    let captions = Captions::read(text);
    captions.cues().iter().map(|cue| (cue.start_secs, cue.end_secs, cue.text.clone())).collect()
}

fn cue(start: f64, end: f64, text: &str) -> (f64, f64, String) {
    (start, end, text.to_owned())
}

#[test]
fn subrip_as_panopto_sends_it() {
    let text = "\u{feff}1\r\n00:00:00,240 --> 00:00:06,090\r\n[Auto-generated transcript. Edits may have been applied \
                for clarity.]\r\nGood afternoon,\r\n\r\n2\r\n00:00:06,090 --> 00:00:08,000\r\nthis is <i>entropy</i> &amp; \
                heat.\r\n\r\n";
    assert_eq!(read(text), [cue(0.24, 6.09, "Good afternoon,"), cue(6.09, 8.0, "this is entropy & heat.")]);
}

#[test]
fn webvtt_with_all_its_parts() {
    let text = "WEBVTT - Lecture 3\nX-TIMESTAMP-MAP=LOCAL:0\n\nSTYLE\n::cue { color: red }\n\nNOTE\nnobody says this\n\n\
                intro\n00:01.500 --> 00:03.000 align:start position:10%\n<v Prof. X>Two lines\nof <c.loud>te</c>xt\n\n\
                NOTE again\n\n01:00:00.000 --> 100:00:00.5\nlate <00:00:01.000>words\n";
    assert_eq!(read(text), [cue(1.5, 3.0, "Two lines of text"), cue(3600.0, 360_000.5, "late words")]);
}

#[test]
fn what_is_wrong_with_real_files_costs_little() {
    // No numbers, a full stop for the comma, no blank line between cues, a blank line inside one, no order.
    let text = "00:00:05.000 --> 00:00:06.000\nfive\n2\n00:00:01,000-->00:00:02,000\none\n\nand a half\n\n00:00:03,5 --> 00:00:03,0\nthree\n";
    assert_eq!(read(text), [cue(1.0, 2.0, "one and a half"), cue(3.5, 5.0, "three"), cue(5.0, 6.0, "five")]);
    // The last one has no usable end and no successor; cues overlap; some say nothing.
    let text = "1\n0:0:1,0 --> 0:0:9,0\na\n\n2\n0:0:2,0 --> 0:0:3,0\n<b></b> &nbsp;\n\n3\n0:0:4,0 --> 0:0:4,0\nb\n";
    assert_eq!(read(text), [cue(1.0, 9.0, "a"), cue(4.0, 6.0, "b")]);
    // Every line followed by a blank one.
    let text =
        "1\r\r\n00:00:01,000 --> 00:00:02,000\r\r\nfirst\r\r\n\r\r\n2\r\r\n00:00:02,000 --> 00:00:03,000\r\r\n42\r\r\n";
    assert_eq!(read(text), [cue(1.0, 2.0, "first")], "a number by itself between cues is taken for theirs");
    // Text that looks like markup, and characters that would turn the writing direction.
    let text = "00:01 --> 00:02\na < b && c > d {x} &bogus; &#x48;&#105;\u{202e}!\u{0}\n";
    assert_eq!(read(text), [cue(1.0, 2.0, "a < b && c > d {x} &bogus; Hi!")]);
    for nothing in
        ["", "\u{feff}", "WEBVTT", "1\n\n2\n", "<!DOCTYPE html><html>--></html>", "--> -->", "1:2:3:4 --> 0:1\nx"]
    {
        assert_eq!(read(nothing), [], "{nothing}");
    }
}

#[test]
fn the_words_of_a_second_and_of_a_stretch() {
    let text =
        "00:10 --> 00:12\nten\n\n00:12 --> 00:14\ntwelve\n\n00:13 --> 00:15\nthirteen\n\n00:30 --> 00:31\nthirty\n";
    let captions = Captions::read(text);
    let at = |secs| captions.at(secs).map(|cue: &Cue| cue.text.as_str());
    for (secs, expected) in [
        (10.0, Some("ten")),
        (11.999, Some("ten")),
        (12.0, Some("twelve")),
        (13.5, Some("thirteen")),
        (5.0, Some("ten")),
        (4.9, None),
        (20.0, Some("thirteen")),
        (20.1, None),
        (25.0, Some("thirty")),
        (36.0, Some("thirty")),
        (36.1, None),
        (f64::NAN, None),
        (f64::INFINITY, None),
    ] {
        assert_eq!(at(secs), expected, "{secs}");
    }
    assert_eq!(captions.words_of(11.0, 13.0).as_deref(), Some("ten twelve"));
    assert_eq!(captions.words_of(15.0, 30.0), None);
    assert_eq!(captions.words_of(22.0, 22.0).as_deref(), Some("twelve thirteen thirty"), "ten seconds on either side");
    let long = Captions::read(&format!("00:00 --> 00:09\n{}\n", "word ".repeat(31)));
    assert_eq!(long.words_of(0.0, 1.0), Some(format!("{}…", ["word"; 30].join(" "))));
    let endless = Captions::read(&format!("00:00 --> 00:09\n{}\n", "語".repeat(100_000)));
    assert!(endless.words_of(0.0, 1.0).is_some_and(|words| words.chars().count() <= 240 && words.ends_with('…')));
}

fn index(videos: &[&[&str]]) -> WordIndex {
    let captions = videos.iter().map(|cues| {
        let text: Vec<String> =
            cues.iter().enumerate().map(|(at, text)| format!("0:{at} --> 0:{}\n{text}\n\n", at + 1)).collect();
        Arc::new(Captions::read(&text.concat()))
    });
    WordIndex::new(captions.collect())
}

/// Video, second and sentence, with the words that were asked for in brackets.
fn found(index: &WordIndex, query: &str) -> Vec<(usize, f64, String)> {
    let found = index.find(&Query::parse(query), 100);
    assert_eq!(found.total, found.places.len());
    let marked =
        |part: &model::SentencePart| if part.is_found { format!("[{}]", part.text) } else { part.text.clone() };
    let told = found
        .places
        .iter()
        .map(|place| (place.video, place.start_secs, place.sentence.iter().map(marked).collect::<String>()));
    told.collect()
}

#[test]
fn words_and_phrases_are_found_across_cues_whatever_their_case_and_accents() {
    let index = index(&[
        &["That was the first law. Now look", "at the second", "law of Thermodynamics. It says"],
        &[],
        &["La chaleur de l'été,", "the law that came second"],
    ]);
    let second_law = "Now look at the [second] [law] of Thermodynamics.".to_owned();
    assert_eq!(found(&index, "\"second law\""), [(0, 1.0, second_law.clone())]);
    assert_eq!(
        found(&index, "SECOND  law thermo"),
        [(0, 1.0, "Now look at the [second] [law] of [Thermodynamics].".to_owned())]
    );
    assert_eq!(found(&index, "ete"), [(2, 0.0, "La chaleur de l'[été], the law that came second".to_owned())]);
    assert_eq!(found(&index, "L'ÉTÉ chal").len(), 1);
    assert_eq!(found(&index, "\"law second\""), []);
    assert_eq!(found(&index, "\"secon\""), [], "a closed phrase matches whole words");
    assert_eq!(found(&index, "\"second la").len(), 1, "an open one is still being typed");
    for nothing in ["", "  ", "\"\"", "…", "entropy", "second chaleur thermo"] {
        assert_eq!(found(&index, nothing), [], "{nothing}");
    }
}

#[test]
fn a_place_is_one_sentence_and_not_one_for_each_of_its_words() {
    let index = index(&[&["well, well, well", "all is well", "Chinese: 数据分析"]]);
    assert_eq!(found(&index, "well").iter().map(|place| place.1).collect::<Vec<_>>(), [0.0, 1.0]);
    assert_eq!(found(&index, "数据").len(), 1);
    let many = index.find(&Query::parse("well"), 1);
    assert_eq!((many.total, many.places.len(), many.places[0].end_secs), (2, 1, 1.0));
}

#[test]
fn a_sentence_without_end_is_cut_around_what_was_found() {
    let text = format!("{}needle {}", "before ".repeat(500), "after ".repeat(500));
    let sentence = &found(&index(&[&[&text]]), "needle")[0].2;
    assert_eq!(*sentence, format!("… {}[needle] {}…", "before ".repeat(12), "after ".repeat(18)));
    let one_word = "x".repeat(1 << 20);
    let places = found(&index(&[&[&one_word, "end"]]), "xxx");
    assert!(places[0].2.chars().count() <= 402, "{}", places[0].2.len());
}

const VOCABULARY: [&str; 6] = ["heat", "work", "Héat", "heating", "entropy", "law"];

/// A video as words, and where cues break.
fn videos() -> impl Strategy<Value = Vec<Vec<Vec<&'static str>>>> {
    let cue = prop::collection::vec(prop::sample::select(&VOCABULARY[..]), 1..6);
    prop::collection::vec(prop::collection::vec(cue, 0..40), 1..4)
}

fn alike(word: &str) -> String {
    word.to_lowercase().replace('é', "e")
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(300),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_text_gives_sound_cues(
        pieces in prop::collection::vec(
            prop_oneof![
                any::<String>(),
                "[0-9:,. \\->]{0,30}",
                prop::sample::select(vec![
                    "00:00:01,000 --> 00:00:02,000", "--> ", "\n", "\r\n", "\r", "\n\n", "7", "<i>", "</", "<", ">", "&amp;",
                    "&#x202e;", "&#0;", "&", ";", "{\\an8}", "WEBVTT\n", "NOTE ", "\u{feff}", "[x]", "word", "\u{301}", "é", "語",
                ]).prop_map(str::to_owned),
            ],
            0..40,
        ),
        query in prop_oneof![any::<String>(), "[a-z\"é语 ]{0,12}"],
    ) {
        let captions = Captions::read(&pieces.concat());
        for cue in captions.cues() {
            prop_assert!(cue.start_secs >= 0.0 && cue.end_secs > cue.start_secs && cue.end_secs.is_finite());
            prop_assert!(!cue.text.trim().is_empty());
            let turns = |c: char| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c) || ('\u{2066}'..='\u{2069}').contains(&c);
            prop_assert!(!cue.text.contains(turns));
        }
        prop_assert!(captions.cues().is_sorted_by(|a, b| a.start_secs <= b.start_secs));
        for secs in [0.0, 1.0, 1e9] {
            let _ = (captions.at(secs), captions.words_of(secs, secs + 60.0));
        }
        for end_secs in [0, 1, 600] {
            let said = captions.by_second(end_secs);
            prop_assert!(said.is_sorted_by(|a, b| a.to_secs <= b.from_secs));
            prop_assert!(said.iter().all(|said| said.from_secs < said.to_secs && said.to_secs <= end_secs));
        }
        let index = WordIndex::new(vec![Arc::new(captions)]);
        for place in index.find(&Query::parse(&query), 10).places {
            prop_assert!(place.end_secs > place.start_secs && !place.words().is_empty());
        }
    }

    #[test]
    fn the_words_of_each_second_are_those_at_it(
        cues in prop::collection::vec((0..60_000_u32, 1..30_000_u32), 0..14),
        end_secs in 0..120_u32,
    ) {
        // Whole and half seconds, so that cues touch, overlap and are equally far away.
        let time = |milli: u32| format!("00:{:02}:{:02},{:03}", milli / 60_000, milli / 1000 % 60, milli % 1000);
        let rounded = |milli: u32| milli / 500 * 500;
        let texts = cues.iter().enumerate().map(|(at, (start, length))| {
            let (start, length) = (rounded(*start), rounded(*length).max(500));
            format!("{} --> {}\nwords {at}\n\n", time(start), time(start + length))
        });
        let captions = Captions::read(&texts.collect::<String>());
        let said = captions.by_second(end_secs);
        for second in 0..end_secs {
            let here: Vec<_> = said.iter().filter(|said| (said.from_secs..said.to_secs).contains(&second)).collect();
            prop_assert!(here.len() <= 1);
            prop_assert_eq!(here.first().map(|said| said.cue), captions.at(f64::from(second)), "at {}", second);
        }
        prop_assert!(said.is_sorted_by(|a, b| a.to_secs <= b.from_secs));
        prop_assert!(said.iter().all(|said| said.from_secs < said.to_secs && said.to_secs <= end_secs));
    }

    #[test]
    fn what_is_written_is_read_whatever_the_habits_of_the_writer(
        cues in prop::collection::vec((0..3_600_000_u32, 1..9_000_u32, "[A-Za-z][a-zé,]{0,9}( [a-zé]{1,9}){0,5}"), 0..30),
        bom: bool, crlf: bool, numbers: bool, comma: bool, two_lines: bool,
    ) {
        let end = if crlf { "\r\n" } else { "\n" };
        let time = |milli: u32| {
            let (secs, fraction) = (milli / 1000, milli % 1000);
            format!("{:02}:{:02}:{:02}{}{fraction:03}", secs / 3600, secs / 60 % 60, secs % 60, if comma { ',' } else { '.' })
        };
        let mut text = if bom { "\u{feff}".to_owned() } else { String::new() };
        for (number, (start, length, words)) in cues.iter().enumerate() {
            if numbers {
                let _ = write!(text, "{}{end}", number + 1);
            }
            let words = if two_lines { words.replacen(' ', end, 1) } else { words.clone() };
            let _ = write!(text, "{} --> {}{end}{words}{end}{end}", time(*start), time(start + length));
        }
        let secs = |milli: u32| f64::from(milli) / 1000.0;
        let mut expected: Vec<_> = cues.iter().map(|(start, length, words)| cue(secs(*start), secs(start + length), words)).collect();
        expected.sort_by(|a, b| a.0.total_cmp(&b.0));
        prop_assert_eq!(read(&text), expected);
    }

    #[test]
    fn what_is_found_is_what_a_reader_finds(
        videos in videos(),
        asked in prop::collection::vec((prop::sample::select(&VOCABULARY[..]), any::<bool>()), 1..4),
    ) {
        let index = WordIndex::new(videos.iter().map(|cues| {
            let text: Vec<String> = cues.iter().enumerate().map(|(at, words)| format!("0:{at} --> 0:{}\n{}\n\n", at + 1, words.join(" "))).collect();
            Arc::new(Captions::read(&text.concat()))
        }).collect());
        let query: Vec<String> =
            asked.iter().map(|(word, whole)| if *whole { format!("\"{word}\"") } else { (*word).to_owned() }).collect();
        let found = index.find(&Query::parse(&query.join(" ")), usize::MAX);
        let fits = |said: &str, (asked, whole): &(&str, bool)| {
            if *whole { alike(said) == alike(asked) } else { alike(said).starts_with(&alike(asked)) }
        };
        for (video, cues) in videos.iter().enumerate() {
            let said: Vec<(usize, &str)> =
                cues.iter().enumerate().flat_map(|(cue, words)| words.iter().map(move |word| (cue, *word))).collect();
            let is_there = (0..said.len()).any(|from| {
                let near = &said[from..(from + 30).min(said.len())];
                asked.iter().all(|asked| near.iter().any(|(_, word)| fits(word, asked)))
            });
            let here: Vec<_> = found.places.iter().filter(|place| place.video == video).collect();
            prop_assert_eq!(is_there, !here.is_empty());
            for place in &here {
                let words = || said.iter().filter(|(cue, _)| (place.start_secs..place.end_secs).contains(&(*cue as f64)));
                prop_assert!(asked.iter().all(|asked| words().any(|(_, word)| fits(word, asked))));
            }
            prop_assert!(here.is_sorted_by(|a, b| a.end_secs <= b.start_secs || (a.start_secs <= b.start_secs && a.end_secs <= b.end_secs)));
            if let [one] = asked.as_slice() {
                let cues: std::collections::BTreeSet<usize> =
                    said.iter().filter(|(_, word)| fits(word, one)).map(|(cue, _)| *cue).collect();
                let seconds: Vec<usize> = here.iter().map(|place| place.start_secs as usize).collect();
                prop_assert_eq!(cues.into_iter().collect::<Vec<_>>(), seconds);
            }
        }
    }
}
