//! What the data source and the sheets of the workbook share: IDs, names in brackets, and fields.

use uuid::Uuid;

use super::fields::{Calculation, Column};
use super::xml::Xml;

/// The name that people see in Tableau's list of data sources.
pub(super) const DATA_SOURCE_CAPTION: &str = "Panopto viewing";
/// The name space of all IDs in the workbook.
const NAME_SPACE: Uuid = Uuid::from_u128(0x7b0a_3a52_6c3e_4a7e_9d0f_5f1c_2f6b_8e41);

pub(super) fn id(what: &str) -> Uuid {
    Uuid::new_v5(&NAME_SPACE, what.as_bytes())
}

pub(super) fn simple_id(what: &str) -> String {
    id(what).braced().to_string().to_uppercase()
}

pub(super) fn bracketed(name: &str) -> String {
    format!("[{name}]")
}

pub(super) fn field(xml: &mut Xml, column: &Column) {
    let name = bracketed(column.local);
    let mut attributes = vec![("datatype", column.kind.word()), ("name", &name)];
    if column.caption != column.local {
        attributes.insert(0, ("caption", column.caption));
    }
    attributes.extend([("role", column.role()), ("type", column.scale())]);
    xml.leaf("column", &attributes);
}

pub(super) fn calculated_field(xml: &mut Xml, calculation: &Calculation) {
    let name = bracketed(calculation.local);
    let mut attributes = vec![("caption", calculation.caption), ("datatype", calculation.kind.word())];
    attributes.extend(calculation.format.map(|format| ("default-format", format)));
    attributes.extend([("name", name.as_str()), ("role", "measure"), ("type", "quantitative")]);
    xml.element("column", &attributes, |xml| {
        xml.leaf("calculation", &[("class", "tableau"), ("formula", calculation.formula)]);
    });
}
