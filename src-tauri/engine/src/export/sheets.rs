//! The sheets of the workbook: four plain bar charts, enough to see that all the data has arrived and to build on.
//!
//! A sheet names every field it uses twice: as a column, and as the instance of that column on a shelf.

use super::elements::{DATA_SOURCE_CAPTION, bracketed, calculated_field, field, simple_id};
use super::fields::{AVERAGE_MINUTES, CHUNKED, Calculation, Column, SESSIONS, VIEWERS, VIEWERS_COVERED};
use super::xml::Xml;

/// A field on a shelf.
enum Pill {
    /// A column as it is.
    Plain(&'static Column),
    /// A column summed up.
    Sum(&'static Column),
    /// A calculation that does its own aggregation, and the columns it needs.
    Calculated(&'static Calculation, &'static [&'static str]),
}

impl Pill {
    fn local(&self) -> &'static str {
        match self {
            Self::Plain(column) | Self::Sum(column) => column.local,
            Self::Calculated(calculation, _) => calculation.local,
        }
    }

    /// The derivation and its short form, then the scale and its short form.
    fn derivation(&self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self {
            Self::Plain(column) if column.scale() == "nominal" => ("None", "none", "nominal", "nk"),
            Self::Plain(_) => ("None", "none", "ordinal", "ok"),
            Self::Sum(_) => ("Sum", "sum", "quantitative", "qk"),
            Self::Calculated(..) => ("User", "usr", "quantitative", "qk"),
        }
    }

    fn instance(&self) -> String {
        let (_, derivation, _, scale) = self.derivation();
        format!("[{derivation}:{}:{scale}]", self.local())
    }
}

pub(super) struct Sheet {
    pub(super) name: &'static str,
    pills: Vec<Pill>,
    rows: String,
    cols: String,
}

fn column(local: &str) -> &'static Column {
    SESSIONS
        .iter()
        .chain(&CHUNKED)
        .find(|column| column.local == local)
        .expect("the sheets name columns that are described above")
}

/// The sheets, for this data source.
pub(super) fn sheets(data_source: &str) -> Vec<Sheet> {
    let shelf = |pill: &Pill| format!("[{data_source}].{}", pill.instance());
    let video =
        || [Pill::Plain(column("RootFolderName")), Pill::Plain(column("Order")), Pill::Plain(column("SessionName"))];
    // Videos are distinguished by course and order, because names can occur twice.
    let nested = |pills: &[Pill; 3]| format!("({} / ({} / {}))", shelf(&pills[0]), shelf(&pills[1]), shelf(&pills[2]));
    let sheet = |name, dimension: Option<&'static Column>, measures: Vec<Pill>| {
        let video = video();
        let joined: Vec<String> = measures.iter().map(&shelf).collect();
        let measured = if joined.len() > 1 { format!("({})", joined.join(" + ")) } else { joined.concat() };
        let (rows, cols) = match dimension.map(Pill::Plain) {
            Some(across) => (format!("({} * {measured})", nested(&video)), shelf(&across)),
            None => (nested(&video), measured),
        };
        let pills = video.into_iter().chain(dimension.map(Pill::Plain)).chain(measures).collect();
        Sheet { name, pills, rows, cols }
    };
    let viewers = || Pill::Calculated(&VIEWERS, &["UserId"]);
    vec![
        sheet(
            "Videos",
            None,
            vec![Pill::Sum(column("UniqueViewers")), Pill::Sum(column("CompletedViewerCount(75%Coverage)"))],
        ),
        sheet(
            "Viewers across chunks",
            Some(column("ChunkIndex")),
            vec![viewers(), Pill::Calculated(&VIEWERS_COVERED, &["UserId", "Completed(75%)"])],
        ),
        sheet(
            "Average time across chunks",
            Some(column("ChunkIndex")),
            vec![Pill::Calculated(&AVERAGE_MINUTES, &["UserId", "TotalTimeSpent"])],
        ),
        sheet("Viewers across time", Some(column("Date")), vec![viewers()]),
    ]
}

pub(super) fn worksheet(xml: &mut Xml, data_source: &str, sheet: &Sheet) {
    xml.element("worksheet", &[("name", sheet.name)], |xml| {
        xml.element("table", &[], |xml| {
            xml.element("view", &[], |xml| {
                xml.element("datasources", &[], |xml| {
                    xml.leaf("datasource", &[("caption", DATA_SOURCE_CAPTION), ("name", data_source)]);
                });
                xml.element("datasource-dependencies", &[("datasource", data_source)], |xml| {
                    dependencies(xml, &sheet.pills);
                });
                xml.leaf("aggregation", &[("value", "true")]);
            });
            xml.leaf("style", &[]);
            xml.element("panes", &[], |xml| {
                let attributes = [("selection-relaxation-option", "selection-relaxation-allow")];
                xml.element("pane", &attributes, |xml| {
                    xml.element("view", &[], |xml| xml.leaf("breakdown", &[("value", "auto")]));
                    xml.leaf("mark", &[("class", "Bar")]);
                });
            });
            xml.text("rows", &[], &sheet.rows);
            xml.text("cols", &[], &sheet.cols);
        });
        xml.leaf("simple-id", &[("uuid", &simple_id(&format!("sheet {}", sheet.name)))]);
    });
}

/// Every column that a sheet needs, once; then its calculations; then the pills.
fn dependencies(xml: &mut Xml, pills: &[Pill]) {
    let mut columns: Vec<&'static str> = Vec::new();
    for pill in pills {
        match pill {
            Pill::Plain(column) | Pill::Sum(column) => columns.push(column.local),
            Pill::Calculated(_, needed) => columns.extend(*needed),
        }
    }
    let mut seen = Vec::new();
    for local in columns {
        if !seen.contains(&local) {
            seen.push(local);
            field(xml, column(local));
        }
    }
    for pill in pills {
        if let Pill::Calculated(calculation, _) = pill {
            calculated_field(xml, calculation);
        }
    }
    for pill in pills {
        let (derivation, _, scale, _) = pill.derivation();
        xml.leaf(
            "column-instance",
            &[
                ("column", &bracketed(pill.local())),
                ("derivation", derivation),
                ("name", &pill.instance()),
                ("pivot", "key"),
                ("type", scale),
            ],
        );
    }
}

pub(super) fn window(xml: &mut Xml, sheet: &str, is_in_front: bool) {
    let mut attributes = vec![("class", "worksheet"), ("name", sheet)];
    if is_in_front {
        attributes.insert(1, ("maximized", "true"));
    }
    xml.element("window", &attributes, |xml| {
        xml.element("cards", &[], |xml| {
            card_strips(xml, "left", &[("160", &["pages", "filters", "marks"])]);
            let top: [Strip<'_>; 3] = [("2147483647", &["columns"]), ("2147483647", &["rows"]), ("31", &["title"])];
            card_strips(xml, "top", &top);
        });
        xml.leaf("simple-id", &[("uuid", &simple_id(&format!("window {sheet}")))]);
    });
}

/// The size of a strip along an edge of the window, and the cards on it.
type Strip<'a> = (&'a str, &'a [&'a str]);

fn card_strips(xml: &mut Xml, edge: &str, strips: &[Strip<'_>]) {
    xml.element("edge", &[("name", edge)], |xml| {
        for (size, cards) in strips {
            xml.element("strip", &[("size", size)], |xml| {
                for card in *cards {
                    xml.leaf("card", &[("type", card)]);
                }
            });
        }
    });
}
