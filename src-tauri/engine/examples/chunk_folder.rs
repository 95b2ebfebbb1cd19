//! Chunks a data folder, or exports it, and prints how long that took: what the benchmarks run.
//!
//! `chunk_folder DIR [--export TARGET] [--threads N] [--timezone IANA]`

use std::time::Instant;

use engine::chunk::{ChunkOptions, CourseChunks, chunk};
use engine::export::{ExportRequest, export};
use engine::store::DataFolder;
use engine::time_zone::time_zone_named;
use tokio_util::sync::CancellationToken;

#[allow(clippy::print_stdout)]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = DataFolder::open(arguments.next().ok_or("a data folder is needed")?)?;
    let mut options = ChunkOptions::new(time_zone_named("America/Los_Angeles")?);
    let mut target = None;
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or("a value is needed")?;
        match name.as_str() {
            "--export" => target = Some(value),
            "--threads" => options.threads = Some(value.parse()?),
            "--timezone" => options.zone = time_zone_named(&value)?,
            _ => return Err(format!("unknown argument {name}").into()),
        }
    }
    let begun = Instant::now();
    let lock = folder.lock()?;
    let cancel = CancellationToken::new();
    if let Some(target) = target {
        let request = ExportRequest { chunk: options, ..ExportRequest::new(target, options.zone) };
        let report = export(&folder, &lock, &request, &cancel, &|_| {})?;
        println!("{{\"seconds\": {:.4}, \"rows\": {}}}", begun.elapsed().as_secs_f64(), report.contents.rows);
        return Ok(());
    }
    let report = chunk(&folder, &lock, options, &cancel, &|_| {})?;
    if let Some((course, error)) = report.first_failure() {
        return Err(format!("{}: {error}", course.name).into());
    }
    let (mut records, mut rows, mut made) = (0, 0, 0);
    for (_, chunks) in &report.courses {
        if let CourseChunks::Chunked(counts) | CourseChunks::Unchanged(counts) = chunks {
            records += counts.records;
            rows += counts.rows;
        }
        made += u64::from(matches!(chunks, CourseChunks::Chunked(_)));
    }
    println!(
        "{{\"seconds\": {:.4}, \"records\": {records}, \"rows\": {rows}, \"courses_made\": {made}}}",
        begun.elapsed().as_secs_f64()
    );
    Ok(())
}
