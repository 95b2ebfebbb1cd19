//! The user guide, as the window shows it: `docs/user-guide.md`, cut into blocks of text.
//!
//! Deliberately absent: its pictures, because the window itself can be looked at, and whatever Markdown the guide does not
//! use. A test fails where the guide begins to use more.
//!
//! Invariant: the window gets texts and what they are, never markup.

use serde::Serialize;
use ts_rs::TS;

const TEXT: &str = include_str!("../../../docs/user-guide.md");

/// The user guide from its beginning to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "guide.ts")]
pub struct Guide {
    /// Its blocks, in order.
    pub blocks: Vec<GuideBlock>,
}

/// A block of the guide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "type", rename_all = "camelCase")]
#[ts(export_to = "guide.ts")]
pub enum GuideBlock {
    /// A heading.
    Heading {
        /// 1 is the title of the guide.
        level: u8,
        /// What links to it name.
        anchor: String,
        /// Its words.
        text: String,
    },
    /// A paragraph.
    Paragraph {
        /// Its text.
        text: Vec<GuideText>,
    },
    /// A list.
    List {
        /// Whether its items are numbered.
        ordered: bool,
        /// The items.
        items: Vec<Vec<GuideText>>,
    },
    /// A table.
    Table {
        /// The heads of its columns.
        head: Vec<Vec<GuideText>>,
        /// Its rows.
        rows: Vec<Vec<Vec<GuideText>>>,
    },
}

/// A run of text of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "guide.ts")]
pub struct GuideText {
    /// The text.
    pub text: String,
    /// How it is set.
    pub style: GuideStyle,
    /// The anchor of the heading that it leads to.
    pub to: Option<String>,
}

/// How a text is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "guide.ts")]
pub enum GuideStyle {
    /// As it is.
    Plain,
    /// Important.
    Strong,
    /// A word of the window.
    Emphasis,
    /// Typed as it stands there.
    Code,
    /// Both [`Self::Strong`] and [`Self::Emphasis`].
    StrongEmphasis,
}

impl Guide {
    /// The guide of this very version.
    pub(crate) fn of_this_program() -> Self {
        Self { blocks: blocks(&TEXT.replace('\r', "")) }
    }
}

fn blocks(markdown: &str) -> Vec<GuideBlock> {
    markdown.split("\n\n").filter_map(|part| block(part.trim_matches('\n'))).collect()
}

/// `None` for a picture, and for nothing.
fn block(part: &str) -> Option<GuideBlock> {
    if part.is_empty() || part.starts_with("![") {
        return None;
    }
    let marks = part.chars().take_while(|mark| *mark == '#').count();
    if marks > 0 {
        let text = part[marks..].trim().to_owned();
        return Some(GuideBlock::Heading {
            level: u8::try_from(marks).unwrap_or(u8::MAX),
            anchor: anchor(&text),
            text,
        });
    }
    if part.starts_with('|') {
        let mut rows = part.lines().map(cells);
        let head = rows.next()?;
        // The second line only separates head and rows.
        return Some(GuideBlock::Table { head, rows: rows.skip(1).collect() });
    }
    if item(part).is_some() {
        let ordered = !part.starts_with("- ");
        let mut items: Vec<String> = Vec::new();
        for line in part.lines() {
            match (item(line), items.last_mut()) {
                (Some(text), _) => items.push(text.to_owned()),
                (None, Some(last)) => *last = format!("{last} {}", line.trim()),
                (None, None) => {}
            }
        }
        return Some(GuideBlock::List { ordered, items: items.iter().map(|item| texts(item)).collect() });
    }
    let lines: Vec<&str> = part.lines().map(str::trim).collect();
    Some(GuideBlock::Paragraph { text: texts(&lines.join(" ")) })
}

/// The text of a line that begins an item of a list.
fn item(line: &str) -> Option<&str> {
    let numbered = || line.split_once(". ").filter(|(number, _)| number.parse::<u8>().is_ok()).map(|(_, text)| text);
    line.strip_prefix("- ").or_else(numbered)
}

fn cells(row: &str) -> Vec<Vec<GuideText>> {
    row.trim().trim_matches('|').split('|').map(|cell| texts(cell.trim())).collect()
}

/// As links to a heading are written: lower case, without signs, with hyphens.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|sign| sign.is_alphanumeric() || matches!(sign, ' ' | '-'));
    kept.flat_map(char::to_lowercase).map(|sign| if sign == ' ' { '-' } else { sign }).collect()
}

/// The runs of a text: `code`, **strong**, *emphasis*, and links.
fn texts(text: &str) -> Vec<GuideText> {
    let mut runs = Vec::new();
    let mut rest = text;
    let mut plain = String::new();
    while let Some(sign) = rest.chars().next() {
        if let Some((found, length)) = run(rest) {
            if !plain.is_empty() {
                runs.push(GuideText { text: std::mem::take(&mut plain), style: GuideStyle::Plain, to: None });
            }
            runs.push(found);
            rest = &rest[length..];
        } else {
            plain.push(sign);
            rest = &rest[sign.len_utf8()..];
        }
    }
    if !plain.is_empty() {
        runs.push(GuideText { text: plain, style: GuideStyle::Plain, to: None });
    }
    runs
}

/// The run that a text begins with, and how many bytes it takes.
fn run(text: &str) -> Option<(GuideText, usize)> {
    for (mark, style) in [
        ("`", GuideStyle::Code),
        ("***", GuideStyle::StrongEmphasis),
        ("**", GuideStyle::Strong),
        ("*", GuideStyle::Emphasis),
    ] {
        if let Some(inside) = text.strip_prefix(mark) {
            let end = inside.find(mark)?;
            let run = GuideText { text: inside[..end].to_owned(), style, to: None };
            return Some((run, mark.len() * 2 + end));
        }
    }
    let (words, after) = text.strip_prefix('[')?.split_once("](")?;
    let end = after.find(')')?;
    let target = &after[..end];
    // Other documents are not here to be gone to: their name stands for itself.
    let to = target.strip_prefix('#').map(str::to_owned);
    Some((GuideText { text: words.to_owned(), style: GuideStyle::Plain, to }, words.len() + end + 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_texts(guide: &Guide) -> Vec<&GuideText> {
        guide
            .blocks
            .iter()
            .flat_map(|block| match block {
                GuideBlock::Heading { .. } => Vec::new(),
                GuideBlock::Paragraph { text } => text.iter().collect(),
                GuideBlock::List { items, .. } => items.iter().flatten().collect(),
                GuideBlock::Table { head, rows } => head.iter().chain(rows.iter().flatten()).flatten().collect(),
            })
            .collect()
    }

    #[test]
    fn the_guide_has_nothing_that_is_not_understood() {
        let guide = Guide::of_this_program();
        let left = ["**", "](", "![", "```", "<", "\n"];
        for run in all_texts(&guide).into_iter().filter(|run| run.style != GuideStyle::Code) {
            assert!(!left.iter().any(|mark| run.text.contains(mark)) && !run.text.contains(['`', '*']), "{run:?}");
        }
        for block in &guide.blocks {
            if let GuideBlock::Table { head, rows } = block {
                assert!(rows.iter().all(|row| row.len() == head.len()), "{head:?}");
            }
        }
        // Everything that is written is there, in its order.
        let said: String = all_texts(&guide).iter().map(|run| run.text.as_str()).collect();
        for words in ["Three words are used throughout.", "One row for each video", "the list of all shortcuts"] {
            assert!(said.contains(words), "{words}");
        }
    }

    #[test]
    fn every_link_within_the_guide_leads_to_a_heading() {
        let guide = Guide::of_this_program();
        let anchors: Vec<&str> = guide
            .blocks
            .iter()
            .filter_map(
                |block| if let GuideBlock::Heading { anchor, .. } = block { Some(anchor.as_str()) } else { None },
            )
            .collect();
        let links: Vec<&str> = all_texts(&guide).into_iter().filter_map(|run| run.to.as_deref()).collect();
        assert!(links.len() > 10, "{links:?}");
        for link in links {
            assert!(anchors.contains(&link), "{link} is none of {anchors:?}");
        }
    }

    #[test]
    fn each_construct_is_read() {
        let read = blocks(
            "# A b: c\n\n*One* `x*y`\nand [two](#a-b-c), [three](other.md)\n\n- **a**\n  b\n- c\n\n1. d\n\n| h | i |\n|---|---|\n| j | k |",
        );
        let plain = |text: &str| GuideText { text: text.to_owned(), style: GuideStyle::Plain, to: None };
        let styled = |text: &str, style| GuideText { text: text.to_owned(), style, to: None };
        assert_eq!(
            read,
            [
                GuideBlock::Heading { level: 1, anchor: "a-b-c".to_owned(), text: "A b: c".to_owned() },
                GuideBlock::Paragraph {
                    text: vec![
                        styled("One", GuideStyle::Emphasis),
                        plain(" "),
                        styled("x*y", GuideStyle::Code),
                        plain(" and "),
                        GuideText { text: "two".to_owned(), style: GuideStyle::Plain, to: Some("a-b-c".to_owned()) },
                        plain(", "),
                        plain("three"),
                    ]
                },
                GuideBlock::List {
                    ordered: false,
                    items: vec![vec![styled("a", GuideStyle::Strong), plain(" b")], vec![plain("c")]]
                },
                GuideBlock::List { ordered: true, items: vec![vec![plain("d")]] },
                GuideBlock::Table {
                    head: vec![vec![plain("h")], vec![plain("i")]],
                    rows: vec![vec![vec![plain("j")], vec![plain("k")]]]
                },
            ]
        );
    }
}
