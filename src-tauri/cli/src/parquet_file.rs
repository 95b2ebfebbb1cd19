//! Tables as Parquet files, for `export --format parquet`.
//!
//! Numbers, days and truths have their types, an empty cell of such a column is null, and text is UTF-8. What the columns
//! mean is in the file's own key-value metadata: `definition.<column>` for each, beside the table's name, the course, the
//! reporting time zone and the program.
//!
//! Deliberately absent: which rows, which files and how they take their places, which is `engine::export`'s; and the window,
//! whose program does not contain this.
//!
//! Invariant: the rows of the CSV file, cell for cell. A cell that is not of its column's type ends the file; nothing is
//! rounded, replaced or left out.

use std::io::{self, Write};
use std::mem;
use std::sync::Arc;

use chrono::NaiveDate;
use csv::ByteRecord;
use engine::export::{ColumnShape, Kind, TableForm, TableRows, TableShape};
use parquet::basic::{Compression, LogicalType, Repetition, Type as PhysicalType};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::Type;

/// Rows that are held in memory and become one group of the file, whose columns lie one behind the other.
const ROWS_IN_GROUP: usize = 100_000;
/// A group also ends when its texts have this size.
const TEXT_BYTES_IN_GROUP: usize = 32 << 20;

/// The form of Parquet files.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ParquetFiles;

impl TableForm for ParquetFiles {
    fn ending(&self) -> &'static str {
        "parquet"
    }

    fn begin<'f>(
        &self,
        table: &TableShape,
        about: &[(&'static str, String)],
        out: Box<dyn Write + Send + 'f>,
    ) -> io::Result<Box<dyn TableRows + 'f>> {
        let fields: Result<Vec<_>, ParquetError> =
            table.columns.iter().map(|column| field(column).map(Arc::new)).collect();
        let schema = Type::group_type_builder(table.name).with_fields(fields.map_err(refused)?).build();
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(format!("panopto-analytics {}", env!("CARGO_PKG_VERSION")))
            .set_key_value_metadata(Some(description(table, about)))
            .build();
        let file = SerializedFileWriter::new(out, Arc::new(schema.map_err(refused)?), Arc::new(properties));
        Ok(Box::new(ParquetRows {
            file: file.map_err(refused)?,
            columns: table
                .columns
                .iter()
                .map(|column| Column { shape: *column, cells: Cells::of(column.kind) })
                .collect(),
            rows: 0,
            text_bytes: 0,
        }))
    }
}

fn description(table: &TableShape, about: &[(&'static str, String)]) -> Vec<KeyValue> {
    let mut entries = vec![KeyValue::new("table".to_owned(), table.name.to_owned())];
    entries.extend(about.iter().map(|(name, what)| KeyValue::new((*name).to_owned(), what.clone())));
    let definitions = table.columns.iter();
    entries.extend(
        definitions.map(|column| KeyValue::new(format!("definition.{}", column.name), column.definition.to_owned())),
    );
    entries
}

fn field(column: &ColumnShape) -> Result<Type, ParquetError> {
    let (physical, logical) = match column.kind {
        Kind::Text => (PhysicalType::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Whole => (PhysicalType::INT64, None),
        Kind::Real => (PhysicalType::DOUBLE, None),
        Kind::Date => (PhysicalType::INT32, Some(LogicalType::Date)),
        Kind::Truth => (PhysicalType::BOOLEAN, None),
    };
    let repetition = if column.may_be_empty { Repetition::OPTIONAL } else { Repetition::REQUIRED };
    Type::primitive_type_builder(column.name, physical).with_logical_type(logical).with_repetition(repetition).build()
}

/// A file that is being written, with the rows of its next group.
struct ParquetRows<'f> {
    file: SerializedFileWriter<Box<dyn Write + Send + 'f>>,
    columns: Vec<Column>,
    rows: usize,
    text_bytes: usize,
}

impl TableRows for ParquetRows<'_> {
    fn add(&mut self, rows: &[u8]) -> io::Result<()> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(rows);
        let mut record = ByteRecord::new();
        while reader.read_byte_record(&mut record).map_err(io::Error::other)? {
            if record.len() != self.columns.len() {
                return Err(io::Error::other("a row has more or fewer cells than its table has columns"));
            }
            for (column, cell) in self.columns.iter_mut().zip(&record) {
                column.push(cell)?;
            }
            self.rows += 1;
            self.text_bytes += record.as_slice().len();
            if self.rows == ROWS_IN_GROUP || self.text_bytes > TEXT_BYTES_IN_GROUP {
                self.write_group()?;
            }
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        if self.rows > 0 {
            self.write_group()?;
        }
        self.file.close().map(drop).map_err(refused)
    }
}

impl ParquetRows<'_> {
    fn write_group(&mut self) -> io::Result<()> {
        let mut group = self.file.next_row_group().map_err(refused)?;
        for column in &mut self.columns {
            let Some(mut out) = group.next_column().map_err(refused)? else { break };
            column.write(&mut out).map_err(refused)?;
            out.close().map_err(refused)?;
        }
        group.close().map_err(refused)?;
        (self.rows, self.text_bytes) = (0, 0);
        Ok(())
    }
}

/// A column with its cells of the next group.
struct Column {
    shape: ColumnShape,
    cells: Cells,
}

/// Cells; `None` for an empty one.
enum Cells {
    Text(Texts),
    Whole(Vec<Option<i64>>),
    Real(Vec<Option<f64>>),
    Date(Vec<Option<i32>>),
    Truth(Vec<Option<bool>>),
}

/// Texts one behind the other, so that a group costs one piece of memory and not one for each cell.
#[derive(Default)]
struct Texts {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Cells {
    fn of(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text(Texts::default()),
            Kind::Whole => Self::Whole(Vec::new()),
            Kind::Real => Self::Real(Vec::new()),
            Kind::Date => Self::Date(Vec::new()),
            Kind::Truth => Self::Truth(Vec::new()),
        }
    }
}

impl Column {
    fn push(&mut self, cell: &[u8]) -> io::Result<()> {
        let text = std::str::from_utf8(cell).map_err(|_| self.not_of_its_type())?;
        if text.is_empty() && !matches!(self.cells, Cells::Text(_)) && !self.shape.may_be_empty {
            return Err(self.not_of_its_type());
        }
        let read = match &mut self.cells {
            Cells::Text(texts) => {
                texts.bytes.extend_from_slice(cell);
                texts.ends.push(texts.bytes.len());
                Some(())
            }
            Cells::Whole(cells) => push(cells, text, |text| text.parse().ok()),
            Cells::Real(cells) => push(cells, text, |text| text.parse().ok().filter(|number: &f64| number.is_finite())),
            Cells::Date(cells) => push(cells, text, day),
            Cells::Truth(cells) => push(cells, text, |text| match text {
                "True" => Some(true),
                "False" => Some(false),
                _ => None,
            }),
        };
        read.ok_or_else(|| self.not_of_its_type())
    }

    /// The cell itself is not told: it may be somebody's.
    fn not_of_its_type(&self) -> io::Error {
        let message = format!("a cell of `{}` is not of its column's type", self.shape.name);
        io::Error::new(io::ErrorKind::InvalidData, message)
    }

    fn write(&mut self, out: &mut SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
        let may_be_empty = self.shape.may_be_empty;
        match &mut self.cells {
            Cells::Text(texts) => {
                let Texts { bytes, ends } = mem::take(texts);
                let all = ByteArray::from(bytes);
                let starts = std::iter::once(0).chain(ends.iter().copied());
                let texts = starts.zip(&ends).map(|(start, end)| Some(all.slice(start, end - start)));
                write::<ByteArrayType>(out, texts.collect(), may_be_empty)
            }
            Cells::Whole(cells) => write::<Int64Type>(out, mem::take(cells), may_be_empty),
            Cells::Real(cells) => write::<DoubleType>(out, mem::take(cells), may_be_empty),
            Cells::Date(cells) => write::<Int32Type>(out, mem::take(cells), may_be_empty),
            Cells::Truth(cells) => write::<BoolType>(out, mem::take(cells), may_be_empty),
        }
    }
}

/// Adds an empty cell, or what the text of another one means; `None` if it means nothing.
fn push<T>(cells: &mut Vec<Option<T>>, text: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<()> {
    let cell = if text.is_empty() { None } else { Some(read(text)?) };
    cells.push(cell);
    Some(())
}

/// The days from 1970-01-01, which is how Parquet counts them.
fn day(text: &str) -> Option<i32> {
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    i32::try_from((date - NaiveDate::default()).num_days()).ok()
}

/// Writes a column of a group. Where cells may be empty, a level for each says whether there is a value.
fn write<T: DataType>(
    out: &mut SerializedColumnWriter<'_>,
    cells: Vec<Option<T::T>>,
    may_be_empty: bool,
) -> Result<(), ParquetError> {
    let levels: Option<Vec<i16>> = may_be_empty.then(|| cells.iter().map(|cell| i16::from(cell.is_some())).collect());
    let values: Vec<T::T> = cells.into_iter().flatten().collect();
    out.typed::<T>().write_batch(&values, levels.as_deref(), None).map(drop)
}

/// What the system said, where it was the system that refused.
fn refused(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(system) => *system,
            Err(other) => io::Error::other(other),
        },
        other => io::Error::other(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_is_not_of_its_type_is_refused() {
        let column = |kind, may_be_empty| Column {
            shape: ColumnShape { name: "X", kind, may_be_empty, definition: "x" },
            cells: Cells::of(kind),
        };
        for (kind, good, bad) in [
            (Kind::Whole, ["0", "19"], ["", "1.0"]),
            (Kind::Real, ["0.0", "1e-05"], ["NaN", "inf"]),
            (Kind::Date, ["1969-12-31", "2024-02-29"], ["2023-02-29", "2024-1-1x"]),
            (Kind::Truth, ["True", "False"], ["true", ""]),
        ] {
            for cell in good {
                assert!(column(kind, false).push(cell.as_bytes()).is_ok(), "{cell}");
            }
            for cell in bad {
                assert!(column(kind, false).push(cell.as_bytes()).is_err(), "{cell}");
            }
            assert!(column(kind, true).push(b"").is_ok());
        }
        assert!(column(Kind::Text, false).push(b"").is_ok());
        assert!(column(Kind::Text, false).push(b"\xff").is_err());
        assert_eq!((day("1970-01-01"), day("1969-12-31"), day("2024-03-01")), (Some(0), Some(-1), Some(19_783)));
    }
}
