//! Reads the cells of a row: first the usual spelling at its usual length, then anything else that CSV allows.
//!
//! A quote is special only at the start of a cell. Anything between the closing quote and the comma belongs to the
//! cell. A CR before the line end does not.

use std::borrow::Cow;

use memchr::{memchr, memchr2, memrchr};

use super::WANTED;
use crate::activity::Problem;
use crate::moment::Moment;
use crate::number::{parse_as_pandas, read_short_decimal};

/// Where a cell ends: the index of the comma or line end after it.
pub(super) type End = usize;

/// Room for IDs whose quotes had to be removed.
#[derive(Default)]
pub(super) struct Scratch {
    pub(super) session: Vec<u8>,
    pub(super) user: Vec<u8>,
}

/// Length of an ID in its usual spelling.
const ID_LENGTH: usize = 36;

/// Whether a cell of the usual length ends here, so that its end need not be searched for. The code that reads the cell
/// must still check that no separator lies within it.
#[inline]
fn ends_at(block: &[u8], end: usize) -> bool {
    matches!(block.get(end), Some(b',' | b'\n'))
}

#[inline]
pub(super) fn read_id<'b>(block: &'b [u8], at: usize, scratch: Option<&'b mut Vec<u8>>, id: &mut &'b [u8]) -> End {
    let usual = at + ID_LENGTH;
    if ends_at(block, usual) {
        let text = &block[at..usual];
        // The hyphens must be in place. Hexadecimal digits are all greater than the comma and the line end, so this
        // also excludes separators.
        if text[8] == b'-'
            && text[13] == b'-'
            && text[18] == b'-'
            && text[23] == b'-'
            && text.iter().all(|byte| *byte > b',')
        {
            *id = text;
            return usual;
        }
    }
    let (cell, end) = slow_cell(block, at);
    *id = match (cell, scratch) {
        (Cow::Borrowed(cell), _) => cell.trim_ascii(),
        (Cow::Owned(cell), Some(scratch)) => {
            *scratch = cell;
            scratch.trim_ascii()
        }
        // Only possible in a file with two columns of one name, of which only the first is used.
        (Cow::Owned(_), None) => &[],
    };
    end
}

#[inline]
pub(super) fn read_moment(block: &[u8], at: usize, moment: &mut Moment) -> Result<End, Problem> {
    // "2021-09-08 15:00:12.123000+00:00", and the same without microseconds.
    for usual in [at + 32, at + 25] {
        if ends_at(block, usual)
            && let Some(read) = Moment::parse_usual(&block[at..usual])
        {
            *moment = read;
            return Ok(usual);
        }
    }
    let (cell, end) = slow_cell(block, at);
    *moment = Moment::parse(&cell)
        .ok_or_else(|| Problem::new(WANTED[2], &cell, "a date and time such as 2021-09-08 15:00:12+00:00"))?;
    Ok(end)
}

#[inline]
pub(super) fn read_position(block: &[u8], at: usize, column: &str, position: &mut f64) -> Result<End, Problem> {
    if let Some((number, length)) = read_short_decimal(&block[at..])
        && ends_at(block, at + length)
    {
        *position = number;
        return Ok(at + length);
    }
    let (cell, end) = slow_cell(block, at);
    *position = parse_as_pandas(&cell).ok_or_else(|| Problem::new(column, &cell, "a number of seconds"))?;
    Ok(end)
}

/// The end of a cell whose contents are not needed.
#[inline]
pub(super) fn pass_cell(block: &[u8], at: usize, usual: usize) -> End {
    let rest = &block[at..];
    if usual > 0 && ends_at(block, at + usual) && rest[..usual].iter().all(|byte| *byte > b',') {
        return at + usual;
    }
    // Reasons and numbers are a few bytes long, so looking at each byte beats a search made for long texts.
    for (length, byte) in rest.iter().enumerate() {
        match byte {
            b',' | b'\n' => return at + length,
            b'"' if length == 0 => return slow_cell(block, at).1,
            _ => {}
        }
    }
    block.len()
}

/// A cell with its quotes removed, and where it ends.
pub(super) fn slow_cell(block: &[u8], at: usize) -> (Cow<'_, [u8]>, End) {
    let rest = &block[at.min(block.len())..];
    if rest.first() != Some(&b'"') {
        let length = memchr2(b',', b'\n', rest).unwrap_or(rest.len());
        let cell = &rest[..length];
        let ends_line = rest.get(length) != Some(&b',');
        return (Cow::Borrowed(if ends_line { cell.strip_suffix(b"\r").unwrap_or(cell) } else { cell }), at + length);
    }
    let mut cell = Vec::new();
    let mut from = 1;
    while let Some(length) = memchr(b'"', &rest[from..]) {
        cell.extend_from_slice(&rest[from..from + length]);
        from += length + 1;
        if rest.get(from) != Some(&b'"') {
            // Anything between the closing quote and the comma belongs to the cell.
            let length = memchr2(b',', b'\n', &rest[from..]).unwrap_or(rest.len() - from);
            let after = &rest[from..from + length];
            let ends_line = rest.get(from + length) != Some(&b',');
            cell.extend_from_slice(if ends_line { after.strip_suffix(b"\r").unwrap_or(after) } else { after });
            return (Cow::Owned(cell), at + from + length);
        }
        cell.push(b'"');
        from += 1;
    }
    cell.extend_from_slice(&rest[from..]);
    (Cow::Owned(cell), block.len())
}

/// The index of the line end after the row that starts at `at`. `None` if the block ends before it, or within quotes.
pub(super) fn row_end(block: &[u8], at: usize) -> Option<usize> {
    let mut at = at;
    loop {
        let rest = block.get(at..)?;
        if rest.first() == Some(&b'"') {
            let mut from = at + 1;
            loop {
                from += memchr(b'"', block.get(from..)?)? + 1;
                match block.get(from) {
                    Some(b'"') => from += 1,
                    _ => break,
                }
            }
            at = from;
        }
        let rest = block.get(at..)?;
        let length = memchr2(b',', b'\n', rest)?;
        if rest[length] == b'\n' {
            return Some(at + length);
        }
        at += length + 1;
    }
}

/// The length of the part of `bytes` that ends with its last whole row. `None` if it holds no whole row.
pub(super) fn whole_rows(bytes: &[u8]) -> Option<usize> {
    if memchr(b'"', bytes).is_none() {
        return memrchr(b'\n', bytes).map(|end| end + 1);
    }
    let mut whole = None;
    let mut at = 0;
    while let Some(end) = row_end(bytes, at) {
        at = end + 1;
        whole = Some(at);
    }
    whole
}
