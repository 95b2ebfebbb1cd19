//! `panopto_viewing.twb`: a Tableau workbook that opens the tables beside it, with their types and relationships.
//!
//! It holds no data and no path: the connection's folder is empty, which Tableau takes to mean the workbook's own
//! folder. The dialect is that of Tableau 2020.2 to 2024.2 (format 18.1, features in the `_.fcp.` spelling), which
//! later versions also read. Deliberately absent: filters, sorting, colours and dashboards, because they put data
//! values into the file, and hand-written workbooks are reported to fail because of them. Every ID is derived from a
//! name, so the file is the same each time.
//!
//! The format is public only as a schema and as other people's files; `docs/tableau-workbook.md` says what is known.

use super::elements::{DATA_SOURCE_CAPTION, bracketed, calculated_field, field, id};
use super::fields::{CALCULATIONS, CHUNKED, CHUNKED_FILE, Column, Kind, agree_with_the_files};
use super::sheets::{sheets, window, worksheet};
use super::tables::{Table, tables};
use super::xml::Xml;

const FORMAT: &str = "18.1";
const USER_NAME_SPACE: &str = "http://www.tableausoftware.com/xml/user";

/// Elements of a feature are spelled in such a way that a version without the feature skips them.
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

/// The names by which the parts of the workbook refer to each other.
struct Names {
    data_source: String,
    connection: String,
    tables: Vec<Table>,
}

impl Names {
    fn columns(&self) -> impl Iterator<Item = (&'static str, &'static Column)> {
        self.tables.iter().flat_map(|table| table.columns.iter().map(|column| (table.file, column)))
    }
}

/// The text of the workbook, of two tables or of more.
pub(crate) fn workbook(with_more_tables: bool) -> String {
    debug_assert!(agree_with_the_files(), "the workbook describes the files as they are");
    let names = Names {
        data_source: generated_name("federated", "data source"),
        connection: generated_name("textscan", "connection"),
        tables: tables(with_more_tables),
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
                worksheet(xml, &names.data_source, sheet);
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
                // A text connection is a folder, and all files are in it.
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
            for table in &names.tables {
                relation(xml, "relation", names, table.file, table.columns);
            }
        });
        xml.element("cols", &[], |xml| {
            let mut maps: Vec<(String, String)> = names
                .columns()
                .map(|(file, column)| (bracketed(column.local), format!("[{file}].[{}]", column.header)))
                .collect();
            maps.sort();
            for (key, value) in &maps {
                xml.leaf("map", &[("key", key), ("value", value)]);
            }
        });
        xml.element("metadata-records", &[], |xml| metadata(xml, names));
    });
    xml.leaf("aliases", &[("enabled", "yes")]);
    for (_, column) in names.columns() {
        field(xml, column);
    }
    for calculation in &CALCULATIONS {
        calculated_field(xml, calculation);
    }
    for Table { file, .. } in names.tables.iter().copied() {
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

fn relation(xml: &mut Xml, element: &str, names: &Names, file: &str, columns: &[Column]) {
    // A dot would end the name of a table.
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

fn metadata(xml: &mut Xml, names: &Names) {
    for Table { file, .. } in names.tables.iter().copied() {
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
    for (ordinal, (file, column)) in names.columns().enumerate() {
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

/// The relationships: each table is summed up by itself and only then joined, so nothing is counted twice and videos
/// without viewers stay.
fn object_graph(xml: &mut Xml, names: &Names) {
    xml.element("objects", &[], |xml| {
        let mut tables = names.tables.clone();
        tables.sort_by_key(|table| table.file);
        for Table { file, columns } in tables {
            xml.element("object", &[("caption", file), ("id", &object_id(file))], |xml| {
                xml.element("properties", &[("context", "")], |xml| relation(xml, "relation", names, file, columns));
            });
        }
    });
    let Some((videos, others)) = names.tables.split_first() else { return };
    xml.element("relationships", &[], |xml| {
        for other in others {
            xml.element("relationship", &[], |xml| {
                xml.element("expression", &[("op", "=")], |xml| {
                    xml.leaf("expression", &[("op", &bracketed(videos.video()))]);
                    xml.leaf("expression", &[("op", &bracketed(other.video()))]);
                });
                xml.leaf("first-end-point", &[("object-id", &object_id(videos.file))]);
                xml.leaf("second-end-point", &[("object-id", &object_id(other.file))]);
            });
        }
    });
}
