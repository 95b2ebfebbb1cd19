//! A page about a course or a video that stands alone: one HTML document with its drawings in it, to be read in any
//! browser, printed, or kept.
//!
//! Deliberately absent: files, scripts, fonts and anything that is fetched; the document's own policy refuses them.
//! Invariant: names from a server are text and nothing else.

use model::Figure;
use model::line::one_line;

use crate::canvas::escape;
use crate::chart::Chart;

/// What a report says.
#[derive(Debug, Clone, Default)]
pub struct Report<'a> {
    /// The name of the course or video.
    pub subject: &'a str,
    /// The course of a video; empty where the subject is the course.
    pub course: &'a str,
    /// Under which dates: `all dates, 15 Sept – 14 Dec 2025`.
    pub range: String,
    /// How far the data go: `Data up to Mon 23 Nov 2026`; empty where that is not known.
    pub freshness: String,
    /// Its figures, each with what it counts.
    pub facts: Vec<ReportFact>,
    /// Its drawings, saved ones: they say themselves what they show.
    pub charts: Vec<Chart>,
    /// A table under them: the heads of its columns, and its rows; none where there are no rows.
    pub table: (&'a [&'a str], Vec<Vec<String>>),
}

/// One figure of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportFact {
    /// Which figure.
    pub figure: Figure,
    /// `111`, `62.0 %`.
    pub text: String,
    /// `62.5 % of viewers`.
    pub detail: Option<String>,
}

/// How it looks: on paper and on a screen alike.
const LOOK: &str = "\
    @page{size:A4;margin:12mm}\
    body{margin:0;background:#fff;color:#000;font:14px/1.45 system-ui,-apple-system,'Segoe UI','Noto Sans',Arial,sans-serif}\
    main{max-width:960px;margin:0 auto;padding:24px}\
    h1{margin:0;font-size:24px;line-height:1.25}\
    .about{margin:4px 0 20px;color:#444}\
    .facts{display:flex;flex-wrap:wrap;gap:12px 40px;margin:0 0 20px;padding:12px 0;border:solid #bbb;border-width:1px 0}\
    .facts div{margin:0}dt{color:#444}dd{margin:0}dd strong{display:block;font-size:20px;font-weight:600}\
    table{width:100%;border-collapse:collapse;font-size:12px}th,td{padding:3px 8px 3px 0;border-bottom:1px solid #ccc;\
    text-align:left;font-weight:400;vertical-align:top}th{color:#444}tr{break-inside:avoid}\
    figure{margin:0 0 16px;break-inside:avoid}svg{display:block;max-width:100%;height:auto}\
    .counts{margin-top:24px;color:#444;font-size:12px}.counts p{margin:0 0 4px;break-inside:avoid}\
    @media print{main{max-width:none;padding:0}h1{font-size:20px}}";

/// The document. The same report gives the same bytes.
pub fn report_page(report: &Report<'_>) -> String {
    let mut page = String::with_capacity(64 * 1024);
    page.push_str("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.push_str(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n",
    );
    page.push_str("<meta name=\"viewport\" content=\"width=device-width\">\n<title>");
    text(&mut page, report.subject);
    page.push_str("</title>\n<style>");
    page.push_str(LOOK);
    page.push_str("</style>\n</head>\n<body>\n<main>\n");
    element(&mut page, "h1 dir=\"auto\"", report.subject);
    if !report.course.is_empty() {
        element(&mut page, "p class=\"about\" dir=\"auto\"", report.course);
    }
    let about = [report.range.as_str(), report.freshness.as_str()].map(capital);
    let about: Vec<String> = about.into_iter().filter(|part| !part.is_empty()).collect();
    element(&mut page, "p class=\"about\"", &about.join(" · "));
    page.push_str("<dl class=\"facts\">\n");
    for fact in &report.facts {
        page.push_str("<div>");
        element(&mut page, "dt", fact.figure.name());
        page.push_str("<dd>");
        element(&mut page, "strong", &fact.text);
        text(&mut page, fact.detail.as_deref().unwrap_or_default());
        page.push_str("</dd></div>\n");
    }
    page.push_str("</dl>\n");
    for chart in &report.charts {
        page.push_str("<figure>\n");
        page.push_str(&chart.svg);
        page.push_str("</figure>\n");
    }
    let (heads, rows) = &report.table;
    if !rows.is_empty() {
        page.push_str("<table>\n<thead><tr>");
        for head in *heads {
            element(&mut page, "th scope=\"col\"", head);
        }
        page.push_str("</tr></thead>\n<tbody>\n");
        for row in rows {
            page.push_str("<tr>");
            for cell in row {
                element(&mut page, "td dir=\"auto\"", cell);
            }
            page.push_str("</tr>\n");
        }
        page.push_str("</tbody>\n</table>\n");
    }
    page.push_str("<section class=\"counts\">\n");
    for figure in report.facts.iter().map(|fact| fact.figure) {
        let caveat = figure.caveat().map(|caveat| format!(" {caveat}.")).unwrap_or_default();
        element(&mut page, "p", &format!("{}. {}{caveat}", figure.name(), figure.definition()));
    }
    page.push_str("</section>\n</main>\n</body>\n</html>\n");
    page
}

/// An element with text in it; `opening` is its name with its attributes.
fn element(page: &mut String, opening: &str, inside: &str) {
    let name = opening.split(' ').next().unwrap_or(opening);
    page.push('<');
    page.push_str(opening);
    page.push('>');
    text(page, inside);
    page.push_str("</");
    page.push_str(name);
    page.push_str(">\n");
}

fn text(page: &mut String, inside: &str) {
    escape(&one_line(inside), page);
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
