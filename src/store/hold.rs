//! Which process may crawl and write the index?

use super::StoreError;
use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Seek, Write},
    path::Path,
};

/// Name of the lock within the data folder. The system frees it when the process ends, however it ends.
const FILE: &str = "lock";

/// The lock of the one process that crawls and writes the index; dropped, it is free again.
#[derive(Debug)]
pub struct Hold {
    _file: File,
}

/// Takes the lock in `dir` and writes who holds it, or says who does.
pub(super) fn take(dir: &Path, purpose: &str) -> Result<Hold, StoreError> {
    let path = dir.join(FILE);
    let io = |error| StoreError::Io { path: path.clone(), error };
    let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(io)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(held(dir, file)),
        Err(TryLockError::Error(error)) => return Err(io(error)),
    }
    file.set_len(0).map_err(io)?;
    file.rewind().map_err(io)?;
    write!(file, "{} {purpose}", std::process::id()).map_err(io)?;
    file.flush().map_err(io)?;
    Ok(Hold { _file: file })
}

fn held(dir: &Path, mut file: File) -> StoreError {
    let mut said = String::new();
    // The holder may be between lock and name: then it is unknown, and the refusal stands all the same.
    let _ = file.read_to_string(&mut said);
    let (pid, purpose) = said.split_once(' ').unwrap_or(("unknown", "starting"));
    StoreError::Held { path: dir.to_owned(), pid: pid.to_owned(), purpose: purpose.to_owned() }
}
