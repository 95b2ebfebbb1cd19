//! Spreadsheets: `xlsx`, `xls` and `ods`, read by `calamine` after a look at how much there is.
//!
//! A workbook of a few kilobytes can name a cell in its last column and last row, or repeat one cell a thousand million times;
//! the reader would make room for all of it. So the size is counted first: what a zip really holds, the rows and columns that
//! an old workbook names, the repeats of an OpenDocument. Deliberately absent: formulas (their last values are read), styles
//! (except the zeros before a number), hidden sheets.
//!
//! Invariant: nothing that a file claims makes this program take more memory than [`MOST_UNPACKED`] and [`MOST_CELLS`] allow.

use std::io::{Cursor, Read as _};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, DataRef, Ods, Reader as _, SheetVisible, Xls, XlsError, Xlsx, XlsxError};

use crate::error::{Problem, Unreadable};
use crate::table::{Container, MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Row, Rows, plain};

/// What a zip may hold when unpacked.
const MOST_UNPACKED: u64 = 96 << 20;
/// Files within a workbook.
const MOST_PARTS: usize = 2_000;
/// Sheets that are looked at.
const MOST_SHEETS: usize = 50;

const DAMAGED: Unreadable = Unreadable::new(0, Problem::DamagedSheet);

/// The sheets of a zip: `xlsx` or `ods`.
pub(crate) fn zipped(bytes: &[u8]) -> Result<(Container, Vec<Rows>), Unreadable> {
    let (mut is_xlsx, mut content) = (false, None);
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| DAMAGED)?;
    if archive.len() > MOST_PARTS {
        return Err(Unreadable::new(0, Problem::TooMany("parts")));
    }
    let mut left = MOST_UNPACKED;
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|_| DAMAGED)?;
        let name = part.name().map_err(|_| DAMAGED)?.into_owned();
        is_xlsx |= name.eq_ignore_ascii_case("xl/workbook.xml") || name.eq_ignore_ascii_case("[Content_Types].xml");
        let mut unpacked = Vec::new();
        let read = part.by_ref().take(left + 1).read_to_end(&mut unpacked).map_err(|_| DAMAGED)? as u64;
        left = left.checked_sub(read).ok_or(Unreadable::new(0, Problem::TooLarge))?;
        if name == "content.xml" {
            content = Some(unpacked);
        }
    }
    match content {
        Some(content) if !is_xlsx => {
            if repeated_cells(&content) > MOST_CELLS {
                return Err(Unreadable::new(0, Problem::TooMany("cells")));
            }
            Ok((Container::Ods, guarded(|| ods(bytes))?))
        }
        _ if is_xlsx => Ok((Container::Xlsx, guarded(|| xlsx(bytes))?)),
        _ => Err(Unreadable::new(0, Problem::WrongKind("an archive"))),
    }
}

/// What a reader of somebody else makes of hostile bytes: a fault in it is a damaged sheet, not the end of this program.
fn guarded(read: impl FnOnce() -> Result<Vec<Rows>, Unreadable>) -> Result<Vec<Rows>, Unreadable> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or(Err(DAMAGED))
}

fn xlsx(bytes: &[u8]) -> Result<Vec<Rows>, Unreadable> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsxError::Password => Unreadable::new(0, Problem::Locked),
        _ => DAMAGED,
    })?;
    let mut sheets = Vec::new();
    let mut cells = 0;
    for name in visible(book.sheets_metadata()) {
        // Sheets of charts have no cells.
        let Ok(mut reader) = book.worksheet_cells_reader(&name) else { continue };
        let zeros: Vec<usize> = reader.styles().iter().map(leading_zeros).collect();
        let mut sheet = SheetRows::default();
        while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(|_| DAMAGED)? {
            let text = match cell.get_value() {
                DataRef::SharedString(text) => (*text).to_owned(),
                other => shown(&Data::from(other.clone()), zeros.get(style).copied().unwrap_or(0)),
            };
            cells += 1;
            if cells > MOST_CELLS {
                return Err(Unreadable::new(0, Problem::TooMany("cells")));
            }
            sheet.put(cell.get_position(), &text)?;
        }
        sheets.push(sheet.rows());
    }
    Ok(sheets)
}

/// How many digits a format such as `0000000` fills up with zeros.
fn leading_zeros(style: &calamine::Style) -> usize {
    let code = style.number_format.as_ref().map_or("", |format| format.format_code.as_str());
    if code.len() > 1 && code.len() <= 20 && code.bytes().all(|byte| byte == b'0') { code.len() } else { 0 }
}

/// The sheets of a workbook from before 2007.
pub(crate) fn xls(bytes: &[u8]) -> Result<Vec<Rows>, Unreadable> {
    guarded(|| {
        check_old_workbook(bytes)?;
        let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
            XlsError::Password => Unreadable::new(0, Problem::Locked),
            _ => DAMAGED,
        })?;
        read_ranges(&mut book)
    })
}

fn ods(bytes: &[u8]) -> Result<Vec<Rows>, Unreadable> {
    let mut book: Ods<_> = Ods::new(Cursor::new(bytes)).map_err(|error| match error {
        calamine::OdsError::Password => Unreadable::new(0, Problem::Locked),
        _ => DAMAGED,
    })?;
    read_ranges(&mut book)
}

fn read_ranges<'b, B: calamine::Reader<Cursor<&'b [u8]>>>(book: &mut B) -> Result<Vec<Rows>, Unreadable> {
    let mut sheets = Vec::new();
    for name in visible(book.sheets_metadata()) {
        let Ok(range) = book.worksheet_range(&name) else { continue };
        let (first_row, first_column) = range.start().unwrap_or_default();
        let mut sheet = SheetRows::default();
        for (row, column, value) in range.used_cells() {
            sheet.put((first_row + row as u32, first_column + column as u32), &shown(value, 0))?;
        }
        sheets.push(sheet.rows());
    }
    Ok(sheets)
}

fn visible(sheets: &[calamine::Sheet]) -> Vec<String> {
    let shown = sheets.iter().filter(|sheet| sheet.visible == SheetVisible::Visible);
    shown.take(MOST_SHEETS).map(|sheet| sheet.name.clone()).collect()
}

/// A cell as text: a whole number without a decimal point.
fn shown(value: &Data, zeros: usize) -> String {
    match value {
        Data::Int(number) => format!("{number:0zeros$}"),
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
            format!("{:0zeros$}", *number as i64)
        }
        Data::Float(number) => number.to_string(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Bool(is_true) => if *is_true { "TRUE" } else { "FALSE" }.to_owned(),
        Data::DateTime(moment) => moment.as_f64().to_string(),
        Data::Error(_) | Data::Empty => String::new(),
    }
}

/// The rows of a sheet, from cells in the order of their rows.
#[derive(Default)]
struct SheetRows {
    rows: std::collections::BTreeMap<u32, Vec<String>>,
    cells: usize,
}

impl SheetRows {
    fn put(&mut self, (row, column): (u32, u32), text: &str) -> Result<(), Unreadable> {
        let text = plain(text);
        if text.is_empty() {
            return Ok(());
        }
        let line = row as usize + 1;
        if column as usize >= MOST_COLUMNS {
            return Err(Unreadable::new(line, Problem::TooMany("columns")));
        }
        let cells = self.rows.entry(row).or_default();
        let missing = (column as usize + 1).saturating_sub(cells.len());
        self.cells += missing;
        if self.cells > MOST_CELLS {
            return Err(Unreadable::new(line, Problem::TooMany("cells")));
        }
        if missing > 0 {
            cells.resize(column as usize + 1, String::new());
        }
        cells[column as usize] = text;
        if self.rows.len() > MOST_ROWS {
            return Err(Unreadable::new(line, Problem::TooMany("rows")));
        }
        Ok(())
    }

    fn rows(self) -> Rows {
        self.rows.into_iter().map(|(row, cells)| Row { line: row as usize + 1, cells }).collect()
    }
}

/// How many cells an OpenDocument's rows come to, repeats counted, blank ends of rows not.
fn repeated_cells(content: &[u8]) -> usize {
    let (mut cells, mut blank): (usize, usize) = (0, 0);
    let mut rest = content;
    while let Some(open) = rest.iter().position(|byte| *byte == b'<') {
        rest = &rest[open + 1..];
        let tag = &rest[..tag_length(rest)];
        if tag.starts_with(b"table:table-row") {
            blank = 0;
        } else if tag.starts_with(b"table:table-cell") || tag.starts_with(b"table:covered-table-cell") {
            let repeats = repeats(tag);
            if tag.ends_with(b"/") && !holds(tag, b"office:") && !holds(tag, b"formula") {
                blank = blank.saturating_add(repeats);
            } else {
                cells = cells.saturating_add(blank).saturating_add(repeats);
                blank = 0;
            }
        }
        rest = &rest[tag.len()..];
    }
    cells
}

/// How far it is to the end of a tag; a `>` within quotation marks does not end it.
fn tag_length(rest: &[u8]) -> usize {
    let mut quote = None;
    for (at, byte) in rest.iter().enumerate() {
        match (quote, *byte) {
            (Some(open), byte) if byte == open => quote = None,
            (None, b'"' | b'\'') => quote = Some(*byte),
            (None, b'>') => return at,
            (Some(_) | None, _) => {}
        }
    }
    rest.len()
}

fn holds(tag: &[u8], word: &[u8]) -> bool {
    tag.windows(word.len()).any(|piece| piece == word)
}

fn repeats(tag: &[u8]) -> usize {
    const NAME: &[u8] = b"number-columns-repeated";
    let Some(at) = tag.windows(NAME.len()).position(|piece| piece == NAME) else { return 1 };
    let digits = tag[at + NAME.len()..].iter().skip_while(|byte| !byte.is_ascii_digit());
    let digits = digits.take_while(|byte| byte.is_ascii_digit()).take(12);
    digits.fold(0_usize, |number, digit| number.saturating_mul(10).saturating_add(usize::from(digit - b'0')))
}

/// Refuses an old workbook whose records name a row or column that no class list has. The records are walked from the
/// beginning and from each sheet, as the reader does.
fn check_old_workbook(bytes: &[u8]) -> Result<(), Unreadable> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|_| DAMAGED)?;
    let name = ["/Workbook", "/Book"].into_iter().find(|name| file.is_stream(name)).ok_or(DAMAGED)?;
    let mut stream = Vec::new();
    let opened = file.open_stream(name).map_err(|_| DAMAGED)?;
    opened.take(crate::table::MOST_BYTES as u64).read_to_end(&mut stream).map_err(|_| DAMAGED)?;
    let sheets = check_records(&stream)?;
    if sheets.len() > MOST_SHEETS {
        return Err(Unreadable::new(0, Problem::TooMany("sheets")));
    }
    for sheet in sheets {
        check_records(stream.get(sheet..).unwrap_or_default())?;
    }
    Ok(())
}

/// Checks the records of a stream and returns where its sheets begin.
fn check_records(mut stream: &[u8]) -> Result<Vec<usize>, Unreadable> {
    const SHEET: u16 = 0x85;
    const SIZE: u16 = 0x200;
    const CELLS: [u16; 9] = [0x203, 0x204, 0xd6, 0x205, 0x27e, 0xfd, 0xbd, 0x6, 0x201];
    let number = |data: &[u8], at: usize| data.get(at..at + 2).map_or(0, |two| u16::from_le_bytes([two[0], two[1]]));
    let mut sheets = Vec::new();
    while let [kind_low, kind_high, length_low, length_high, rest @ ..] = stream {
        let kind = u16::from_le_bytes([*kind_low, *kind_high]);
        let length = usize::from(u16::from_le_bytes([*length_low, *length_high]));
        let data = &rest[..length.min(rest.len())];
        let (rows, columns) = match kind {
            SHEET => {
                sheets.push(usize::from(number(data, 0)) | usize::from(number(data, 2)) << 16);
                (0, 0)
            }
            // Sixteen bits for rows before 1997, thirty-two after.
            SIZE if data.len() >= 14 => {
                (usize::from(number(data, 4)) | usize::from(number(data, 6)) << 16, number(data, 10))
            }
            SIZE => (usize::from(number(data, 2)), number(data, 6)),
            kind if CELLS.contains(&kind) => (usize::from(number(data, 0)), number(data, 2)),
            _ => (0, 0),
        };
        if rows > MOST_ROWS
            || usize::from(columns) > MOST_COLUMNS
            || (rows * usize::from(columns.max(1))) > MOST_CELLS * 4
        {
            return Err(Unreadable::new(0, Problem::TooMany("rows or columns")));
        }
        stream = &rest[data.len()..];
    }
    Ok(sheets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repeats_of_an_open_document_are_counted_and_its_blank_ends_are_not() {
        let row = |cells: &str| format!("<table:table-row a='>'>{cells}</table:table-row>");
        let end = "<table:table-cell table:number-columns-repeated=\"16380\"/>";
        let cell = "<table:table-cell office:value-type=\"string\"><text:p>x</text:p></table:table-cell>";
        assert_eq!(repeated_cells(row(&format!("{cell}{end}")).repeat(10).as_bytes()), 10);
        assert_eq!(repeated_cells(row(&format!("{end}{cell}")).as_bytes()), 16381);
        let many = "<table:table-cell table:number-columns-repeated=\"99999999999\" office:value=\"1\"/>";
        assert!(repeated_cells(row(many).as_bytes()) > MOST_CELLS);
    }

    #[test]
    fn an_old_workbook_that_names_far_cells_is_refused() {
        let record = |kind: u16, data: &[u8]| {
            let mut bytes = kind.to_le_bytes().to_vec();
            bytes.extend((data.len() as u16).to_le_bytes());
            bytes.extend(data);
            bytes
        };
        let size = |rows: u32, columns: u16| {
            let mut data = [0; 14];
            data[4..8].copy_from_slice(&rows.to_le_bytes());
            data[10..12].copy_from_slice(&columns.to_le_bytes());
            record(0x200, &data)
        };
        assert!(check_records(&size(200, 30)).is_ok());
        assert!(check_records(&size(4_000_000_000, 30)).is_err());
        assert!(check_records(&size(60_000, 2_000)).is_err());
        assert!(check_records(&record(0x203, &[1, 0, 0xff, 0xff])).is_err());
        assert_eq!(check_records(&record(0x85, &[0x34, 0x12, 1, 0])).unwrap(), [0x1_1234]);
    }

    #[test]
    fn whole_numbers_are_numbers_of_students() {
        assert_eq!(shown(&Data::Float(12345.0), 0), "12345");
        assert_eq!(shown(&Data::Float(12345.0), 7), "0012345");
        assert_eq!(shown(&Data::Float(1.5), 0), "1.5");
    }
}
