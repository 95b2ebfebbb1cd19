//! The tables of an export in another form than CSV: a folder for each table, and in it a file for each course.
//!
//! ```text
//! chunked_data/CourseID=<folder ID>/chunked_data.<ending>
//! ```
//!
//! Programs for much data read such a folder as one table, and only the files of the courses that a question is about. What
//! is in a file is up to a [`TableForm`], so that the engine knows no format but CSV.
//!
//! Invariants: the rows are those of the CSV files, cell for cell and course for course; no file is replaced before all are
//! written, and each is whole at every instant; when it is done, the folders hold the courses of this export and no others.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tokio_util::sync::CancellationToken;

use super::definitions::definition;
use super::tables::{Table, tables};
use super::{
    ExportContents, ExportProgress, ExportReport, ExportRequest, Kind, Ready, ViewerNames, WrittenFile, check,
    course_to_tell, make_ready,
};
use crate::chunk::{ClaimedVideos, claimed_rows, for_each_claimed_block};
use crate::store::course_list::ListedCourse;
use crate::store::refusal::disk_error;
use crate::store::{DataFolder, Disk, Durability, FolderLock, Replacement, disk};
use crate::{Error, Result};

/// How a folder of a course begins; its ID follows.
const PARTITION: &str = "CourseID=";

/// A column of a table.
#[derive(Debug, Clone, Copy)]
pub struct ColumnShape {
    /// Its header in the CSV file.
    pub name: &'static str,
    /// The type of its cells.
    pub kind: Kind,
    /// Whether a cell may be empty although its kind is not text.
    pub may_be_empty: bool,
    /// What it means.
    pub definition: &'static str,
}

/// A table: its name and its columns.
#[derive(Debug, Clone)]
pub struct TableShape {
    /// The name of its CSV file without the ending.
    pub name: &'static str,
    /// The columns, in order.
    pub columns: Vec<ColumnShape>,
}

impl TableShape {
    fn of(table: &Table) -> Self {
        let columns = table.columns.iter().map(|column| ColumnShape {
            name: column.header,
            kind: column.kind,
            may_be_empty: column.header == "Duration",
            definition: definition(table.file, column.header).unwrap_or_default(),
        });
        Self { name: table.file.trim_end_matches(".csv"), columns: columns.collect() }
    }
}

/// A form in which tables are written.
pub trait TableForm {
    /// How the names of its files end, without the dot.
    fn ending(&self) -> &'static str;

    /// Begins a file that holds this table and, as its own description, `about`: names and what they mean here.
    fn begin<'f>(
        &self,
        table: &TableShape,
        about: &[(&'static str, String)],
        out: Box<dyn Write + Send + 'f>,
    ) -> io::Result<Box<dyn TableRows + 'f>>;
}

/// The rows of a file that is being written.
pub trait TableRows {
    /// Adds whole rows, written as in the CSV file, without its header.
    fn add(&mut self, rows: &[u8]) -> io::Result<()>;

    /// Ends the file.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// Exports like [`super::export`], in another form and without a workbook.
pub fn export_by_course(
    folder: &DataFolder,
    lock: &FolderLock,
    request: &ExportRequest,
    form: &dyn TableForm,
    cancel: &CancellationToken,
    on_progress: &(dyn Fn(ExportProgress) + Sync),
) -> Result<ExportReport> {
    let tables = tables(request.tables);
    check(folder, request)?;
    for table in &tables {
        // A folder below the target may be a link.
        folder.refuse_own_place(&table_dir(&request.target, table))?;
    }
    let Ready { courses, not_synced } = make_ready(folder, lock, request, cancel, on_progress)?;
    let (courses, ready): (Vec<_>, Vec<_>) = courses.into_iter().unzip();
    let mut written = Written { disk: folder.disk(), made: Vec::new(), files: Vec::new() };
    let mut contents = ExportContents { videos: 0, rows: 0 };
    let mut claims = ClaimedVideos::default();
    let mut names = request.pseudonyms.as_ref().map(ViewerNames::new);
    let total_bytes = ready.iter().map(|course| course.counts.bytes).sum();
    let mut written_bytes = 0;
    for (listed, ready) in courses.iter().zip(&ready) {
        let mut files = written.begin(folder, request, &tables, listed, form.ending())?;
        let new = claims.claim(ready.rows.iter().map(|row| row.session_id));
        let mut out = files.open(form, &tables, &about(request, listed))?;
        let of_videos = claimed_rows(&ready.rows, ready.viewings.iter().copied(), &new, request.texts());
        out.add(0, &of_videos.text, of_videos.videos)?;
        for_each_claimed_block(folder.disk(), &ready.course.chunked(), &ready.rows, &new, |block| {
            if cancel.is_cancelled() {
                return Err(Error::cancelled());
            }
            if let Some(names) = &mut names {
                names.replace_in(block);
            }
            written_bytes += block.len() as u64;
            on_progress(ExportProgress::Writing { written_bytes, total_bytes });
            out.add(1, block, 0)
        })?;
        out.counted(1, of_videos.chunk_rows);
        if request.tables {
            let course = course_to_tell(folder, request, listed, ready, &new);
            course.tell(cancel, &mut |table, rows| out.add(2 + table, &rows.text, rows.count))?;
        }
        out.finish()?;
        contents.videos += of_videos.videos;
        contents.rows += of_videos.chunk_rows;
        written.keep(files)?;
    }
    let files = written.commit()?;
    let removed = remove_others(folder, &request.target, &tables, &courses, form.ending())?;
    Ok(ExportReport { files, courses, not_synced, contents, removed })
}

/// What each file says about itself, beside its columns.
fn about(request: &ExportRequest, course: &ListedCourse) -> [(&'static str, String); 3] {
    let viewers = if request.pseudonyms.is_some() { "pseudonyms" } else { "as Panopto gives them" };
    [
        ("course_id", course.id.to_string()),
        ("time_zone", request.chunk.zone.name().to_owned()),
        ("viewer_ids", viewers.to_owned()),
    ]
}

fn table_dir(target: &Path, table: &Table) -> PathBuf {
    target.join(table.file.trim_end_matches(".csv"))
}

fn file_name(table: &Table, ending: &str) -> String {
    format!("{}.{ending}", table.file.trim_end_matches(".csv"))
}

/// One file that is being written, and what is in it.
struct OpenFile<'d> {
    file: Replacement<'d>,
    rows: u64,
    bytes: u64,
}

/// The files of one course, a file for each table.
struct FilesOfCourse<'d>(Vec<OpenFile<'d>>);

impl FilesOfCourse<'_> {
    fn open<'f>(
        &'f mut self,
        form: &dyn TableForm,
        tables: &[Table],
        about: &[(&'static str, String)],
    ) -> Result<CourseRows<'f>> {
        let (mut tables_out, mut paths, mut rows) = (Vec::new(), Vec::new(), Vec::new());
        for (open, table) in self.0.iter_mut().zip(tables) {
            let path = open.file.path().to_owned();
            let out = Box::new(Counted { file: &mut open.file, bytes: &mut open.bytes });
            let begun = form.begin(&TableShape::of(table), about, out);
            tables_out.push(begun.map_err(|error| disk_error("write", &path, error))?);
            paths.push(path);
            rows.push(&mut open.rows);
        }
        Ok(CourseRows { tables: tables_out, paths, rows })
    }
}

/// The tables of one course while their rows arrive.
struct CourseRows<'f> {
    tables: Vec<Box<dyn TableRows + 'f>>,
    paths: Vec<PathBuf>,
    rows: Vec<&'f mut u64>,
}

impl CourseRows<'_> {
    fn add(&mut self, table: usize, text: &[u8], rows: u64) -> Result<()> {
        self.counted(table, rows);
        let added = self.tables[table].add(text);
        Ok(added.map_err(|error| disk_error("write", &self.paths[table], error))?)
    }

    fn counted(&mut self, table: usize, rows: u64) {
        *self.rows[table] += rows;
    }

    fn finish(self) -> Result<()> {
        for (table, path) in self.tables.into_iter().zip(&self.paths) {
            table.finish().map_err(|error| disk_error("write", path, error))?;
        }
        Ok(())
    }
}

/// Counts what is written.
struct Counted<'f, 'd> {
    file: &'f mut Replacement<'d>,
    bytes: &'f mut u64,
}

impl Write for Counted<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        *self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Everything that is written and not yet in place. Dropped before that, it takes the folders away that it made.
struct Written<'d> {
    disk: &'d dyn Disk,
    made: Vec<PathBuf>,
    files: Vec<OpenFile<'d>>,
}

impl<'d> Written<'d> {
    fn begin(
        &mut self,
        folder: &DataFolder,
        request: &ExportRequest,
        tables: &[Table],
        course: &ListedCourse,
        ending: &str,
    ) -> Result<FilesOfCourse<'d>> {
        let mut files = Vec::new();
        for table in tables {
            let above = table_dir(&request.target, table);
            let directory = above.join(format!("{PARTITION}{}", course.id));
            folder.refuse_own_place(&directory)?;
            for directory in [above, directory.clone()] {
                if !folder.exists(&directory)? {
                    folder.make_dir(&directory)?;
                    self.made.push(directory);
                }
            }
            let file = Replacement::begin(self.disk, &directory.join(file_name(table, ending)), Durability::Remakable)?;
            files.push(OpenFile { file, rows: 0, bytes: 0 });
        }
        Ok(FilesOfCourse(files))
    }

    /// Hands the files of a course to the system, so that none of them stays open.
    fn keep(&mut self, files: FilesOfCourse<'d>) -> Result<()> {
        for mut open in files.0 {
            open.file.finish_writing()?;
            self.files.push(open);
        }
        Ok(())
    }

    /// Puts all files in place.
    fn commit(mut self) -> Result<Vec<WrittenFile>> {
        let mut written = Vec::new();
        for OpenFile { file, rows, bytes } in std::mem::take(&mut self.files) {
            let path = file.path().to_owned();
            file.commit()?;
            disk::remove_leftovers_of(self.disk, &[&path]);
            written.push(WrittenFile { path, rows: Some(rows), bytes });
        }
        Ok(written)
    }
}

impl Drop for Written<'_> {
    fn drop(&mut self) {
        // Their half-written files go first.
        self.files.clear();
        for directory in self.made.iter().rev() {
            remove_if_empty(self.disk, directory);
        }
    }
}

/// An empty folder in the way harms nothing, so a refusal is not told.
fn remove_if_empty(disk: &dyn Disk, directory: &Path) {
    if disk.list(directory).is_ok_and(|entries| entries.is_empty()) {
        let _ = disk.remove_dir_all(directory);
    }
}

/// Removes the files of courses that are not in this export. Whatever else is in the folders is not ours and stays.
fn remove_others(
    folder: &DataFolder,
    target: &Path,
    tables: &[Table],
    courses: &[ListedCourse],
    ending: &str,
) -> Result<Vec<PathBuf>> {
    let disk = folder.disk();
    let mut removed = Vec::new();
    for table in tables {
        let above = table_dir(target, table);
        for entry in disk.list(&above).map_err(|error| disk_error("read", &above, error))? {
            let id = entry.name.to_str().and_then(|name| name.strip_prefix(PARTITION));
            let Some(id) = id.and_then(|id| model::FolderId::parse(id).ok()) else { continue };
            if !entry.is_dir || courses.iter().any(|course| course.id == id) {
                continue;
            }
            let directory = above.join(&entry.name);
            folder.refuse_own_place(&directory)?;
            let path = directory.join(file_name(table, ending));
            if folder.exists(&path)? {
                disk.remove_file(&path).map_err(|error| disk_error("remove", &path, error))?;
                removed.push(path);
            }
            remove_if_empty(disk, &directory);
        }
    }
    Ok(removed)
}
