//! The table of a web page that an export calls `.xls`.
//!
//! Reads the cells of its first table and nothing else: no style, no script, no link. Deliberately absent: a parser of HTML;
//! what is not a row or a cell of a table is passed over.
//!
//! Invariant: markup never gets into a cell.

use crate::error::{Problem, Unreadable};
use crate::table::{MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Row, Rows, plain};

/// Whether a text is a web page with a table.
pub(crate) fn is_html(text: &str) -> bool {
    let begin = text.trim_start();
    let starts = |tag: &str| begin.get(..tag.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(tag));
    starts("<table")
        || starts("<html")
        || starts("<!doctype html")
        || (starts("<?xml") && find_tag(text, "table").is_some())
}

/// Where a tag opens.
fn find_tag(text: &str, name: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(found) = text[from..].find('<') {
        let at = from + found + 1;
        if tag_is(&text[at..], name) {
            return Some(at - 1);
        }
        from = at;
    }
    None
}

/// Whether what follows `<` is this tag.
fn tag_is(rest: &str, name: &str) -> bool {
    rest.get(..name.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(name))
        && !rest[name.len()..].starts_with(|next: char| next.is_ascii_alphanumeric())
}

/// The rows of the first table.
pub(crate) fn rows(text: &str) -> Result<Rows, Unreadable> {
    let begin = find_tag(text, "table").ok_or(Unreadable::new(0, Problem::NotText))?;
    let mut rows = Vec::new();
    let mut row: Option<Vec<String>> = None;
    let mut cell: Option<String> = None;
    let (mut number, mut cells) = (0, 0);
    let mut rest = &text[begin..];
    while let Some(open) = rest.find('<') {
        if let Some(cell) = &mut cell {
            cell.push_str(&rest[..open]);
        }
        rest = &rest[open + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let is_end = tag_is(rest, "/table");
        let begins_row = tag_is(rest, "tr");
        let begins_cell = tag_is(rest, "td") || tag_is(rest, "th");
        let ends_cell = tag_is(rest, "/td") || tag_is(rest, "/th");
        if let Some(cell) = &mut cell
            && tag_is(rest, "br")
        {
            cell.push(' ');
        }
        if (begins_row || begins_cell || ends_cell || is_end || tag_is(rest, "/tr"))
            && let (Some(done), Some(row)) = (cell.take(), &mut row)
        {
            row.push(plain(&unescaped(&done)));
            cells += 1;
            if cells > MOST_CELLS {
                return Err(Unreadable::new(number, Problem::TooMany("cells")));
            }
            if row.len() > MOST_COLUMNS {
                return Err(Unreadable::new(number, Problem::TooMany("columns")));
            }
        }
        if begins_row || is_end || tag_is(rest, "/tr") {
            keep(&mut rows, row.take(), number)?;
        }
        if is_end {
            return Ok(rows);
        }
        if begins_row {
            number += 1;
            row = Some(Vec::new());
        }
        if begins_cell {
            row.get_or_insert_default();
            cell = Some(String::new());
        }
        rest = rest.find('>').map_or("", |end| &rest[end + 1..]);
    }
    Err(Unreadable::new(number, Problem::DamagedSheet))
}

fn keep(rows: &mut Rows, row: Option<Vec<String>>, line: usize) -> Result<(), Unreadable> {
    let Some(cells) = row else { return Ok(()) };
    let row = Row { line, cells };
    if row.is_blank() {
        return Ok(());
    }
    if rows.len() >= MOST_ROWS {
        return Err(Unreadable::new(line, Problem::TooMany("rows")));
    }
    rows.push(row);
    Ok(())
}

/// The text of a cell with its named and numbered characters resolved; an unknown one stays as it is.
fn unescaped(text: &str) -> String {
    let mut resolved = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        resolved.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(12).position(|byte| byte == b';');
        if let Some((character, end)) = end.and_then(|end| Some((character(&rest[1..end])?, end))) {
            resolved.push(character);
            rest = &rest[end + 1..];
        } else {
            resolved.push('&');
            rest = &rest[1..];
        }
    }
    resolved.push_str(rest);
    resolved
}

/// The names of the characters from U+00A0 to U+00FF, in their order.
#[rustfmt::skip]
const LATIN_1: [&str; 96] = [
    "nbsp", "iexcl", "cent", "pound", "curren", "yen", "brvbar", "sect", "uml", "copy", "ordf", "laquo", "not",
    "shy", "reg", "macr", "deg", "plusmn", "sup2", "sup3", "acute", "micro", "para", "middot", "cedil", "sup1",
    "ordm", "raquo", "frac14", "frac12", "frac34", "iquest", "Agrave", "Aacute", "Acirc", "Atilde", "Auml",
    "Aring", "AElig", "Ccedil", "Egrave", "Eacute", "Ecirc", "Euml", "Igrave", "Iacute", "Icirc", "Iuml", "ETH",
    "Ntilde", "Ograve", "Oacute", "Ocirc", "Otilde", "Ouml", "times", "Oslash", "Ugrave", "Uacute", "Ucirc",
    "Uuml", "Yacute", "THORN", "szlig", "agrave", "aacute", "acirc", "atilde", "auml", "aring", "aelig", "ccedil",
    "egrave", "eacute", "ecirc", "euml", "igrave", "iacute", "icirc", "iuml", "eth", "ntilde", "ograve", "oacute",
    "ocirc", "otilde", "ouml", "divide", "oslash", "ugrave", "uacute", "ucirc", "uuml", "yacute", "thorn", "yuml",
];

fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        name if !name.starts_with('#') => {
            let place = LATIN_1.iter().position(|known| *known == name)?;
            char::from_u32(0xa0 + place as u32)
        }
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_text_without_markup() {
        let page = "<html><table border=1><tr><th>Name<th>E-mail</tr>\n<TR><td><b>O&#39;Neil</b>,<br>Ann &amp; Co</td>\
                    <td><a href='javascript:x'>a@example.edu</a></td></TR><!-- <tr><td>x --></table><script>1</script>";
        let rows = rows(page).unwrap();
        let cells: Vec<Vec<String>> = rows.into_iter().map(|row| row.cells).collect();
        assert_eq!(cells, [vec!["Name", "E-mail"], vec!["O'Neil, Ann & Co", "a@example.edu"]]);
    }

    #[test]
    fn a_table_that_is_cut_off_is_refused() {
        assert!(rows("<table><tr><td>a").is_err());
        assert!(is_html("  <!DOCTYPE html><p>") && !is_html("Name <mail>"));
    }
}
