//! The description of the two tables that every export has, for Tableau: each column's type, role and caption, and the calculated fields.

use crate::chunk::{CHUNKED_HEADER, OVERVIEW_HEADER};

/// The file of videos; also the name of its table.
pub(super) const SESSIONS_FILE: &str = "sessions_overview.csv";
/// The file of chunk rows; also the name of its table.
pub(super) const CHUNKED_FILE: &str = "chunked_data.csv";

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text in UTF-8; IDs too.
    Text,
    /// A whole number.
    Whole,
    /// A number as the shortest decimal that gives it back.
    Real,
    /// A day as `YYYY-MM-DD`.
    Date,
    /// `True` or `False`.
    Truth,
}

impl Kind {
    /// Tableau's word for this type.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Whole => "integer",
            Self::Real => "real",
            Self::Date => "date",
            Self::Truth => "boolean",
        }
    }

    /// The number of the corresponding OLE DB type, which Tableau calls the remote type.
    pub(super) const fn remote_type(self) -> u32 {
        match self {
            Self::Text => 129,
            Self::Whole => 20,
            Self::Real => 5,
            Self::Date => 133,
            Self::Truth => 11,
        }
    }

    /// How Tableau combines several values by default.
    pub(super) const fn aggregation(self) -> &'static str {
        match self {
            Self::Text | Self::Truth => "Count",
            Self::Whole | Self::Real => "Sum",
            Self::Date => "Year",
        }
    }
}

/// A column of one of the files.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    /// The header in the file.
    pub(super) header: &'static str,
    /// The name within the data source, where every name occurs only once.
    pub(super) local: &'static str,
    /// The name that people see.
    pub(super) caption: &'static str,
    pub(super) kind: Kind,
    /// Whether it is a quantity to sum up rather than a field to group by.
    pub(super) is_measure: bool,
}

impl Column {
    pub(super) const fn role(&self) -> &'static str {
        if self.is_measure { "measure" } else { "dimension" }
    }

    pub(super) const fn scale(&self) -> &'static str {
        match (self.is_measure, self.kind) {
            (true, _) => "quantitative",
            (false, Kind::Text | Kind::Truth) => "nominal",
            (false, _) => "ordinal",
        }
    }
}

pub(super) const fn dimension(header: &'static str, caption: &'static str, kind: Kind) -> Column {
    Column { header, local: header, caption, kind, is_measure: false }
}

pub(super) const fn measure(header: &'static str, caption: &'static str, kind: Kind) -> Column {
    Column { header, local: header, caption, kind, is_measure: true }
}

/// The columns of `sessions_overview.csv`, in order.
pub(super) const SESSIONS: [Column; 11] = [
    dimension("Order", "Order", Kind::Whole),
    dimension("SessionId", "Video ID", Kind::Text),
    dimension("SessionName", "Video", Kind::Text),
    dimension("Description", "Description", Kind::Text),
    measure("Duration", "Duration (seconds)", Kind::Real),
    dimension("RootFolderID", "Course ID", Kind::Text),
    dimension("RootFolderName", "Course", Kind::Text),
    dimension("ContainingFolderID", "Folder ID", Kind::Text),
    dimension("ContainingFolderName", "Folder", Kind::Text),
    measure("UniqueViewers", "Unique viewers (all dates)", Kind::Whole),
    measure("CompletedViewerCount(75%Coverage)", "Viewers who covered 75% of the video (all dates)", Kind::Whole),
];

/// The columns of `chunked_data.csv`, in order.
pub(super) const CHUNKED: [Column; 9] = [
    // The second column of this name in the data source needs a different name.
    Column { local: "SessionId (chunked_data.csv)", ..dimension("SessionId", "Video ID (chunks)", Kind::Text) },
    dimension("UserId", "Viewer ID", Kind::Text),
    dimension("Date", "Date", Kind::Date),
    dimension("ChunkIndex", "Chunk", Kind::Whole),
    measure("ChunkStart", "Chunk start (seconds)", Kind::Real),
    measure("ChunkEnd", "Chunk end (seconds)", Kind::Real),
    measure("ChunkPercentCovered", "Percent of chunk covered", Kind::Real),
    measure("TotalTimeSpent", "Time spent (seconds)", Kind::Real),
    dimension("Completed(75%)", "Chunk covered by 75%", Kind::Truth),
];

/// A field that Tableau calculates.
#[derive(Debug, Clone, Copy)]
pub(super) struct Calculation {
    pub(super) local: &'static str,
    pub(super) caption: &'static str,
    pub(super) kind: Kind,
    /// Tableau's number format, if not the default.
    pub(super) format: Option<&'static str>,
    pub(super) formula: &'static str,
}

pub(super) const VIEWERS: Calculation = Calculation {
    local: "Calculation_5100000000000001",
    caption: "Viewers",
    kind: Kind::Whole,
    format: None,
    formula: "COUNTD([UserId])",
};
pub(super) const VIEWERS_COVERED: Calculation = Calculation {
    local: "Calculation_5100000000000002",
    caption: "Viewers who covered 75% of the chunk",
    kind: Kind::Whole,
    format: None,
    formula: "COUNTD(IF [Completed(75%)] THEN [UserId] END)",
};
/// By viewer, not by row: the original tool's average counted a viewer once for each day.
pub(super) const AVERAGE_MINUTES: Calculation = Calculation {
    local: "Calculation_5100000000000003",
    caption: "Average time per viewer (minutes)",
    kind: Kind::Real,
    format: Some("n#,##0.0;-#,##0.0"),
    formula: "SUM([TotalTimeSpent]) / COUNTD([UserId]) / 60",
};
/// In hours, because a time of day starts again after 24.
const WATCH_HOURS: Calculation = Calculation {
    local: "Calculation_5100000000000004",
    caption: "Watch time (hours)",
    kind: Kind::Real,
    format: Some("n#,##0.0;-#,##0.0"),
    formula: "SUM([TotalTimeSpent]) / 3600",
};
const COVERED_SHARE: Calculation = Calculation {
    local: "Calculation_5100000000000005",
    caption: "Share of viewers who covered 75% of the video (all dates)",
    kind: Kind::Real,
    format: Some("p0.0%"),
    formula: "SUM([CompletedViewerCount(75%Coverage)]) / SUM([UniqueViewers])",
};
const DURATION_MINUTES: Calculation = Calculation {
    local: "Calculation_5100000000000006",
    caption: "Duration (minutes)",
    kind: Kind::Real,
    format: Some("n#,##0.0;-#,##0.0"),
    formula: "[Duration] / 60",
};
const CHUNK_START_MINUTES: Calculation = Calculation {
    local: "Calculation_5100000000000007",
    caption: "Chunk start (minutes)",
    kind: Kind::Real,
    format: Some("n#,##0.0;-#,##0.0"),
    formula: "[ChunkStart] / 60",
};

pub(super) const CALCULATIONS: [Calculation; 7] =
    [VIEWERS, VIEWERS_COVERED, AVERAGE_MINUTES, WATCH_HOURS, COVERED_SHARE, DURATION_MINUTES, CHUNK_START_MINUTES];

/// Whether these descriptions still match the files. Checked when a debug build writes the workbook, and by a test.
pub(super) fn agree_with_the_files() -> bool {
    let chunked: Vec<&str> = CHUNKED.iter().map(|column| column.header).collect();
    SESSIONS.iter().map(|column| column.header).eq(OVERVIEW_HEADER)
        && format!("{}\n", chunked.join(",")).as_bytes() == CHUNKED_HEADER
}
