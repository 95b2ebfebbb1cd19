//! Why a file is no class list, in a form that says the line and what to do.
//!
//! Invariant: no sentence repeats what a cell holds, because that may be a person's name.

use std::fmt;

/// A file that cannot be used, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// The line, or the row of a sheet, from 1; 0 where it is the file as a whole.
    pub line: usize,
    /// What is wrong.
    pub problem: Problem,
}

impl Unreadable {
    pub(crate) const fn new(line: usize, problem: Problem) -> Self {
        Self { line, problem }
    }
}

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// It has no bytes, or only blanks.
    Empty,
    /// It has more bytes than any class list.
    TooLarge,
    /// It has more rows, columns or cells than any class list.
    TooMany(&'static str),
    /// It is neither text nor a sheet.
    NotText,
    /// It begins as UTF-16 and is cut off.
    CutUtf16,
    /// No encoding has this name.
    UnknownEncoding(String),
    /// It is not in the encoding that was chosen.
    NotInEncoding(&'static str),
    /// A sheet that is damaged.
    DamagedSheet,
    /// A sheet behind a password.
    Locked,
    /// It has no column that could tell people apart.
    NoPeople,
    /// Its first lines hold no names of columns and more than one column.
    NoHeader,
    /// A quotation mark is opened and not closed.
    OpenQuote,
    /// It is a document, a picture or a program that cannot hold a list.
    WrongKind(&'static str),
    /// A gradebook without the column that should be filled.
    NoColumn,
    /// A gradebook where several columns have the name that should be filled.
    SeveralColumns,
}

impl Problem {
    /// What to do about it.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Empty => "Export the list again and choose the new file",
            Self::TooLarge | Self::TooMany(_) => "Keep only the columns and rows of the class list and save it again",
            Self::NotText | Self::NotInEncoding(_) | Self::CutUtf16 => {
                "Export the list as CSV in UTF-8, or choose its encoding"
            }
            Self::UnknownEncoding(_) => "Name it as web pages do, such as utf-8 or windows-1252",
            Self::DamagedSheet => "Open it in a spreadsheet, save it as CSV, and choose that file",
            Self::Locked => "Remove the password in the spreadsheet, or save the list as CSV",
            Self::NoPeople => {
                "The list needs a column with e-mail addresses, user names or student numbers, named in its first lines"
            }
            Self::NoHeader => {
                "Put the names of the columns into the first line, such as Name, E-mail, Username, Student number"
            }
            Self::OpenQuote => "Close the quotation mark in that line, or export the list again",
            Self::WrongKind(_) => "Export the list as CSV or as a spreadsheet and choose that file",
            Self::NoColumn => "Make the column in the gradebook, export it again, and give the name of the column",
            Self::SeveralColumns => "Rename one of the columns in the gradebook and export it again",
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the file is empty"),
            Self::TooLarge => f.write_str("the file is larger than any class list"),
            Self::TooMany(what) => write!(f, "the file has more {what} than any class list"),
            Self::NotText => f.write_str("the file is neither text nor a spreadsheet"),
            Self::CutUtf16 => f.write_str("the file begins as UTF-16 text and is cut off or damaged"),
            Self::UnknownEncoding(name) => {
                write!(f, "no encoding is called `{}`", model::line::quotable(name))
            }
            Self::NotInEncoding(name) => write!(f, "the file is not text in {name}"),
            Self::DamagedSheet => f.write_str("the spreadsheet is damaged"),
            Self::Locked => f.write_str("the spreadsheet is locked with a password"),
            Self::NoPeople => f.write_str("no column tells who the people are"),
            Self::NoHeader => f.write_str("no line names the columns"),
            Self::OpenQuote => f.write_str("a quotation mark is opened and not closed"),
            Self::WrongKind(kind) => write!(f, "the file is {kind}, not a list"),
            Self::NoColumn => f.write_str("the gradebook has no such column"),
            Self::SeveralColumns => f.write_str("the gradebook has several such columns"),
        }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => self.problem.fmt(f),
            line => write!(f, "in line {line}, {}", self.problem),
        }
    }
}

impl std::error::Error for Unreadable {}
