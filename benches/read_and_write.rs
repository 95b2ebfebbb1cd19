//! Only reading and writing: the same bytes as chunking reads and writes, with nothing computed in between.
//!
//! `read_and_write DATA_FOLDER TARGET` reads every file of `database`. For every file of `output[CHUNKED]` it writes as
//! many bytes into a file of the same name below TARGET. It uses two threads, blocks of a megabyte, and temporary names
//! that are renamed at the end, and does not wait for the disk. Prints seconds and bytes as JSON.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "a benchmark reads and writes by itself")]

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Instant;

const BLOCK: usize = 1 << 20;

enum Work {
    Read(PathBuf),
    Write(PathBuf, u64),
}

#[allow(clippy::print_stdout)]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let data = arguments.next().ok_or("a data folder is needed")?;
    let target = arguments.next().ok_or("a target folder is needed")?;
    let mut work = Vec::new();
    let output = data.join("output[CHUNKED]");
    for path in files(&output)? {
        let copy = target.join(path.strip_prefix(&output)?);
        fs::create_dir_all(copy.parent().ok_or("a folder")?)?;
        work.push(Work::Write(copy, fs::metadata(&path)?.len()));
    }
    work.extend(files(&data.join("database"))?.into_iter().map(Work::Read));
    let begun = Instant::now();
    let work = Mutex::new(work);
    let bytes: u64 = std::thread::scope(|threads| {
        let threads: Vec<_> = (0..2).map(|_| threads.spawn(|| until_done(&work))).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().map_err(|_| io::Error::other("a thread ended early"))?)
            .sum::<io::Result<u64>>()
    })?;
    println!("{{\"seconds\": {:.4}, \"bytes\": {bytes}}}", begun.elapsed().as_secs_f64());
    Ok(())
}

fn files(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}

fn until_done(work: &Mutex<Vec<Work>>) -> io::Result<u64> {
    let mut block = vec![b'7'; BLOCK];
    let mut bytes = 0;
    loop {
        let Some(next) = work.lock().map_err(|_| io::Error::other("a thread ended early"))?.pop() else {
            return Ok(bytes);
        };
        match next {
            Work::Read(path) => {
                let mut file = File::open(path)?;
                loop {
                    let got = file.read(&mut block)?;
                    if got == 0 {
                        break;
                    }
                    bytes += got as u64;
                }
            }
            Work::Write(path, length) => {
                let passing = path.with_extension("part");
                let mut file = File::create(&passing)?;
                let mut left = length;
                while left > 0 {
                    let now = left.min(BLOCK as u64);
                    file.write_all(&block[..now as usize])?;
                    left -= now;
                }
                drop(file);
                fs::rename(passing, path)?;
                bytes += length;
            }
        }
    }
}
