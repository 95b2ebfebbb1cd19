//! `panopto_viewing.twb`: a Tableau workbook that opens the two files beside it, related and typed.
//!
//! It holds no data and no path: the connection's folder is empty, which Tableau takes for the workbook's own. The dialect
//! is that of Tableau 2020.2 to 2024.2 (format 18.1, features in the `_.fcp.` spelling), which later versions read too.
//! Deliberately absent: filters, sorting, colours and dashboards, which put data values into the file and are what
//! hand-written workbooks are reported to fail with. Every ID follows from a name, so the file is the same each time.
//!
//! The format is public only as a schema and as other people's files; `docs/tableau-workbook.md` tells what is known.

use uuid::Uuid;

use super::fields::{
    AVERAGE_MINUTES, CALCULATIONS, CHUNKED, CHUNKED_FILE, CHUNKED_SESSION, Calculation, Column, Kind, SESSIONS,
    SESSIONS_FILE, TABLES, VIEWERS, VIEWERS_COVERED, agree_with_the_files,
};
use super::xml::Xml;

/// What people see in Tableau's list of data sources.
const DATA_SOURCE_CAPTION: &str = "Panopto viewing";
/// All IDs of the workbook lie in this name space.
const NAME_SPACE: Uuid = Uuid::from_u128(0x7b0a_3a52_6c3e_4a7e_9d0f_5f1c_2f6b_8e41);
const FORMAT: &str = "18.1";
const USER_NAME_SPACE: &str = "http://www.tableausoftware.com/xml/user";

/// Elements of a feature are spelled so that a version without the feature passes over them.
macro_rules! with_feature {
    ($feature:literal, $name:literal) => {
        concat!("_.fcp.", $feature, ".true...", $name)
    };
}
macro_rules! without_feature {
    ($feature:literal, $name:literal) => {
        concat!("_.fcp.", $feature, ".false...", $name)
    };
}

fn id(what: &str) -> Uuid {
    Uuid::new_v5(&NAME_SPACE, what.as_bytes())
}

/// Tableau's names for connections and data sources: a class and 28 letters or digits.
fn generated_name(class: &str, what: &str) -> String {
    let mut number = id(what).as_u128();
    let mut digits = [0_u8; 28];
    for digit in digits.iter_mut().rev() {
        *digit = b"0123456789abcdefghijklmnopqrstuvwxyz"[(number % 36) as usize];
        number /= 36;
    }
    format!("{class}.{}", String::from_utf8_lossy(&digits))
}

fn object_id(file: &str) -> String {
    format!("{file}_{}", id(&format!("table {file}")).simple().to_string().to_uppercase())
}

fn simple_id(what: &str) -> String {
    id(what).braced().to_string().to_uppercase()
}

fn bracketed(name: &str) -> String {
    format!("[{name}]")
}

/// The names that the parts of the workbook use for each other.
struct Names {
    data_source: String,
    connection: String,
}

/// The text of the workbook.
pub(crate) fn workbook() -> String {
    debug_assert!(agree_with_the_files(), "the workbook describes the files as they are");
    let names = Names {
        data_source: generated_name("federated", "data source"),
        connection: generated_name("textscan", "connection"),
    };
    let sheets = sheets(&names.data_source);
    let mut xml = Xml::new();
    let attributes = [
        ("original-version", FORMAT),
        ("source-build", "0.0.0 (0000.0.0.0)"),
        ("source-platform", "win"),
        ("version", FORMAT),
        ("xmlns:user", USER_NAME_SPACE),
    ];
    xml.element("workbook", &attributes, |xml| {
        xml.element("document-format-change-manifest", &[], |xml| {
            xml.leaf(with_feature!("ObjectModelEncapsulateLegacy", "ObjectModelEncapsulateLegacy"), &[]);
            xml.leaf(with_feature!("ObjectModelTableType", "ObjectModelTableType"), &[]);
            xml.leaf(with_feature!("SchemaViewerObjectModel", "SchemaViewerObjectModel"), &[]);
            xml.leaf("SheetIdentifierTracking", &[]);
            xml.leaf("WindowsPersistSimpleIdentifiers", &[]);
        });
        xml.element("preferences", &[], |xml| {
            xml.leaf("preference", &[("name", "ui.encoding.shelf.height"), ("value", "24")]);
            xml.leaf("preference", &[("name", "ui.shelf.height"), ("value", "26")]);
        });
        xml.element("datasources", &[], |xml| {
            let attributes = [
                ("caption", DATA_SOURCE_CAPTION),
                ("inline", "true"),
                ("name", &names.data_source),
                ("version", FORMAT),
            ];
            xml.element("datasource", &attributes, |xml| data_source(xml, &names));
        });
        xml.element("worksheets", &[], |xml| {
            for sheet in &sheets {
                worksheet(xml, &names, sheet);
            }
        });
        xml.element("windows", &[("source-height", "30")], |xml| {
            for (index, sheet) in sheets.iter().enumerate() {
                window(xml, sheet.name, index == 0);
            }
        });
    });
    xml.finish()
}

fn data_source(xml: &mut Xml, names: &Names) {
    xml.element("connection", &[("class", "federated")], |xml| {
        xml.element("named-connections", &[], |xml| {
            let attributes = [("caption", DATA_SOURCE_CAPTION), ("name", names.connection.as_str())];
            xml.element("named-connection", &attributes, |xml| {
                // A text connection is a folder; both files lie in it.
                xml.leaf(
                    "connection",
                    &[
                        ("class", "textscan"),
                        ("directory", ""),
                        ("filename", CHUNKED_FILE),
                        ("password", ""),
                        ("server", ""),
                    ],
                );
            });
        });
        relation(xml, without_feature!("ObjectModelEncapsulateLegacy", "relation"), names, CHUNKED_FILE, &CHUNKED);
        xml.element(with_feature!("ObjectModelEncapsulateLegacy", "relation"), &[("type", "collection")], |xml| {
            for (file, columns) in TABLES {
                relation(xml, "relation", names, file, columns);
            }
        });
        xml.element("cols", &[], |xml| {
            let mut maps: Vec<(String, String)> = all_columns()
                .map(|(file, column)| (bracketed(column.local), format!("[{file}].[{}]", column.header)))
                .collect();
            maps.sort();
            for (key, value) in &maps {
                xml.leaf("map", &[("key", key), ("value", value)]);
            }
        });
        xml.element("metadata-records", &[], metadata);
    });
    xml.leaf("aliases", &[("enabled", "yes")]);
    for (_, column) in all_columns() {
        field(xml, column);
    }
    for calculation in &CALCULATIONS {
        calculated_field(xml, calculation);
    }
    for (file, _) in TABLES {
        let name = format!("[__tableau_internal_object_id__].[{}]", object_id(file));
        xml.leaf(
            with_feature!("ObjectModelTableType", "column"),
            &[("caption", file), ("datatype", "table"), ("name", &name), ("role", "measure"), ("type", "quantitative")],
        );
    }
    xml.leaf(
        "layout",
        &[
            (without_feature!("SchemaViewerObjectModel", "dim-percentage"), "0.5"),
            (without_feature!("SchemaViewerObjectModel", "measure-percentage"), "0.5"),
            ("dim-ordering", "alphabetic"),
            ("measure-ordering", "alphabetic"),
            ("show-structure", "true"),
        ],
    );
    xml.element(with_feature!("ObjectModelEncapsulateLegacy", "object-graph"), &[], |xml| object_graph(xml, names));
}

fn all_columns() -> impl Iterator<Item = (&'static str, &'static Column)> {
    TABLES.into_iter().flat_map(|(file, columns)| columns.iter().map(move |column| (file, column)))
}

fn relation(xml: &mut Xml, element: &str, names: &Names, file: &str, columns: &[Column]) {
    // In the name of a table a dot would end the name.
    let table = bracketed(&file.replace('.', "#"));
    let attributes = [("connection", names.connection.as_str()), ("name", file), ("table", &table), ("type", "table")];
    xml.element(element, &attributes, |xml| {
        // This list fixes types and decimal point, whatever language Tableau runs in.
        let attributes = [("character-set", "UTF-8"), ("header", "yes"), ("locale", "en_US"), ("separator", ",")];
        xml.element("columns", &attributes, |xml| {
            for (ordinal, column) in columns.iter().enumerate() {
                let attributes =
                    [("datatype", column.kind.word()), ("name", column.header), ("ordinal", &ordinal.to_string())];
                xml.leaf("column", &attributes);
            }
        });
    });
}

fn metadata(xml: &mut Xml) {
    for (file, _) in TABLES {
        xml.element("metadata-record", &[("class", "capability")], |xml| {
            xml.leaf("remote-name", &[]);
            xml.text("remote-type", &[], "0");
            xml.text("parent-name", &[], &bracketed(file));
            xml.leaf("remote-alias", &[]);
            xml.text("aggregation", &[], "Count");
            xml.text("contains-null", &[], "true");
            xml.element("attributes", &[], |xml| {
                for (name, value) in [
                    ("character-set", "UTF-8"),
                    ("collation", "en_US"),
                    ("field-delimiter", ","),
                    ("header-row", "true"),
                    ("locale", "en_US"),
                    ("single-char", ""),
                ] {
                    let attributes = [("datatype", "string"), ("name", name)];
                    xml.text("attribute", &attributes, &format!("\"{value}\""));
                }
            });
        });
    }
    for (ordinal, (file, column)) in all_columns().enumerate() {
        let is_text = column.kind == Kind::Text;
        xml.element("metadata-record", &[("class", "column")], |xml| {
            xml.text("remote-name", &[], column.header);
            xml.text("remote-type", &[], &column.kind.remote_type().to_string());
            xml.text("local-name", &[], &bracketed(column.local));
            xml.text("parent-name", &[], &bracketed(file));
            xml.text("remote-alias", &[], column.header);
            xml.text("ordinal", &[], &ordinal.to_string());
            xml.text("local-type", &[], column.kind.word());
            xml.text("aggregation", &[], column.kind.aggregation());
            if is_text {
                xml.text("scale", &[], "1");
                xml.text("width", &[], "1073741823");
            }
            xml.text("contains-null", &[], "true");
            if is_text {
                xml.leaf("collation", &[("flag", "0"), ("name", "LEN_RUS")]);
            }
            let object = bracketed(&object_id(file));
            xml.text(with_feature!("ObjectModelEncapsulateLegacy", "object-id"), &[], &object);
        });
    }
}

fn field(xml: &mut Xml, column: &Column) {
    let name = bracketed(column.local);
    let mut attributes = vec![("datatype", column.kind.word()), ("name", &name)];
    if column.caption != column.local {
        attributes.insert(0, ("caption", column.caption));
    }
    attributes.extend([("role", column.role()), ("type", column.scale())]);
    xml.leaf("column", &attributes);
}

fn calculated_field(xml: &mut Xml, calculation: &Calculation) {
    let name = bracketed(calculation.local);
    let mut attributes = vec![("caption", calculation.caption), ("datatype", calculation.kind.word())];
    attributes.extend(calculation.format.map(|format| ("default-format", format)));
    attributes.extend([("name", name.as_str()), ("role", "measure"), ("type", "quantitative")]);
    xml.element("column", &attributes, |xml| {
        xml.leaf("calculation", &[("class", "tableau"), ("formula", calculation.formula)]);
    });
}

/// The relationship: each table is summed up by itself and only then joined, so nothing is counted twice and videos
/// without viewers stay.
fn object_graph(xml: &mut Xml, names: &Names) {
    xml.element("objects", &[], |xml| {
        let mut tables = TABLES;
        tables.sort_by_key(|(file, _)| *file);
        for (file, columns) in tables {
            xml.element("object", &[("caption", file), ("id", &object_id(file))], |xml| {
                xml.element("properties", &[("context", "")], |xml| relation(xml, "relation", names, file, columns));
            });
        }
    });
    xml.element("relationships", &[], |xml| {
        xml.element("relationship", &[], |xml| {
            xml.element("expression", &[("op", "=")], |xml| {
                xml.leaf("expression", &[("op", "[SessionId]")]);
                xml.leaf("expression", &[("op", &bracketed(CHUNKED_SESSION))]);
            });
            xml.leaf("first-end-point", &[("object-id", &object_id(SESSIONS_FILE))]);
            xml.leaf("second-end-point", &[("object-id", &object_id(CHUNKED_FILE))]);
        });
    });
}

/// A field on a shelf.
enum Pill {
    /// A column as it is.
    Plain(&'static Column),
    /// A column summed up.
    Sum(&'static Column),
    /// A calculation that sums up by itself, and the columns it needs.
    Calculated(&'static Calculation, &'static [&'static str]),
}

impl Pill {
    fn local(&self) -> &'static str {
        match self {
            Self::Plain(column) | Self::Sum(column) => column.local,
            Self::Calculated(calculation, _) => calculation.local,
        }
    }

    /// Derivation, its short form, and scale with its short form.
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

struct Sheet {
    name: &'static str,
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

/// Four plain bar charts: enough to see that everything has arrived, and to go on from.
fn sheets(data_source: &str) -> Vec<Sheet> {
    let shelf = |pill: &Pill| format!("[{data_source}].{}", pill.instance());
    let video =
        || [Pill::Plain(column("RootFolderName")), Pill::Plain(column("Order")), Pill::Plain(column("SessionName"))];
    // Videos are told apart by course and order: names occur twice.
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

fn worksheet(xml: &mut Xml, names: &Names, sheet: &Sheet) {
    xml.element("worksheet", &[("name", sheet.name)], |xml| {
        xml.element("table", &[], |xml| {
            xml.element("view", &[], |xml| {
                xml.element("datasources", &[], |xml| {
                    xml.leaf("datasource", &[("caption", DATA_SOURCE_CAPTION), ("name", &names.data_source)]);
                });
                xml.element("datasource-dependencies", &[("datasource", &names.data_source)], |xml| {
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

/// Every column that a sheet needs, once, then its calculations, then the pills.
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

fn window(xml: &mut Xml, sheet: &str, is_in_front: bool) {
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
