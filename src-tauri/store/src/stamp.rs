//! Recognises whether a file is unchanged, without reading it more often than needed.
//!
//! A stamp holds a file's length, time of writing, identity and a hash of its bytes. What counts is equal bytes; the
//! rest only saves the reading, and only once the stamp is *settled*: two minutes after the file was last written, and
//! with the file flushed. Before that, a second write could hide within the resolution of the clock, and a power loss
//! could take the bytes but leave length and time. A file that was copied or restored has another time but the same
//! bytes, and is recognised too.

use std::io::{self, Read};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

use super::disk::{Disk, Stat};

/// Longer than any system keeps written bytes away from the disk (Linux: 30 s), and than the resolution of any file
/// system's clock (FAT: 2 s).
const SETTLED_AFTER: Duration = Duration::from_secs(120);

/// Distinguishes one state of a file from another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    length: u64,
    /// Time of the last write in nanoseconds since 1970-01-01, as precisely as the file system knows it.
    modified_nanos: u64,
    identity: u64,
    /// 128 bits of XXH3 over the bytes, in hexadecimal.
    hash: String,
    settled: bool,
}

/// The result of looking at a file again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Look {
    /// The bytes are the same. The stamp may be newer; keep it instead of the old one.
    Same(Stamp),
    /// The bytes differ, or the file is gone.
    Changed,
}

impl Stamp {
    /// The stamp of a file with these bytes, as it is now; `None` if it is gone.
    pub fn of(disk: &dyn Disk, path: &Path, length: u64, hash: u128) -> io::Result<Option<Self>> {
        Ok(disk
            .stat(path)?
            .filter(|stat| !stat.is_dir && stat.length == length)
            .map(|stat| Self::new(stat, hash, false)))
    }

    fn new(stat: Stat, hash: u128, settled: bool) -> Self {
        Self {
            length: stat.length,
            modified_nanos: nanos(stat.modified),
            identity: stat.identity,
            hash: format!("{hash:032x}"),
            settled,
        }
    }

    /// Whether both stamps describe the same bytes.
    pub fn same_bytes(&self, other: &Self) -> bool {
        self.length == other.length && self.hash == other.hash
    }

    /// Length of the file in bytes.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Checks whether the file still has these bytes. Reads it only if its stat does not settle that.
    pub fn look(&self, disk: &dyn Disk, path: &Path, now: SystemTime) -> io::Result<Look> {
        let Some(stat) = disk.stat(path)?.filter(|stat| !stat.is_dir && stat.length == self.length) else {
            return Ok(Look::Changed);
        };
        let same_stat = nanos(stat.modified) == self.modified_nanos && stat.identity == self.identity;
        if self.settled && same_stat {
            return Ok(Look::Same(self.clone()));
        }
        let (length, hash) = hash_file(disk, path)?;
        if length != self.length || format!("{hash:032x}") != self.hash {
            return Ok(Look::Changed);
        }
        let old_enough =
            stat.modified.is_some_and(|modified| now.duration_since(modified).is_ok_and(|age| age >= SETTLED_AFTER));
        let settled = old_enough && disk.sync_file(path).is_ok() && disk.stat(path)? == Some(stat);
        Ok(Look::Same(Self::new(stat, hash, settled)))
    }
}

fn nanos(modified: Option<SystemTime>) -> u64 {
    modified
        .and_then(|modified| modified.duration_since(UNIX_EPOCH).ok())
        .and_then(|since| u64::try_from(since.as_nanos()).ok())
        .unwrap_or(0)
}

/// Length and XXH3 hash of a file.
pub fn hash_file(disk: &dyn Disk, path: &Path) -> io::Result<(u64, u128)> {
    let mut file = disk.open(path)?;
    let mut block = vec![0; 1 << 18];
    let (mut length, mut hasher) = (0, Xxh3::new());
    loop {
        match file.read(&mut block)? {
            0 => return Ok((length, hasher.digest128())),
            read => {
                hasher.update(&block[..read]);
                length += read as u64;
            }
        }
    }
}
