//! Rows of a CSV file byte for byte, without reading their cells.

use std::io::{self, BufRead};

/// Reads one row with its line end; a quoted cell may span several lines. `false` at the end of the file.
pub(crate) fn read_row(reader: &mut impl BufRead, row: &mut Vec<u8>) -> io::Result<bool> {
    row.clear();
    let mut in_quotes = false;
    loop {
        let begin = row.len();
        if reader.read_until(b'\n', row)? == 0 {
            return Ok(!row.is_empty());
        }
        in_quotes ^= memchr::memchr_iter(b'"', &row[begin..]).count() % 2 == 1;
        if !in_quotes {
            return Ok(true);
        }
    }
}

/// Whether the cells of a row hold nothing but blanks. Readers of records skip such rows.
pub(crate) fn is_blank(row: &[u8]) -> bool {
    row.iter().all(|byte| byte.is_ascii_whitespace() || matches!(byte, b',' | b'"'))
}
