//! # Which folder is the index in?
//!
//! `index/current` names it: `v1-0003` is the third one of schema version 1. A new one is filled beside it and the name
//! is swapped by renaming a file, so a crash leaves either the old index or the new one, never half of one.

use super::schema::VERSION;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

const CURRENT: &str = "current";

/// The folder of all indexes.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The folder `root`, made if it is not there.
    pub fn open(root: &Path) -> io::Result<Self> {
        fs::create_dir_all(root)?;
        Ok(Self { root: root.to_owned() })
    }

    /// The index in use, or why there is none.
    pub fn current(&self) -> Result<PathBuf, String> {
        let name = fs::read_to_string(self.root.join(CURRENT)).map_err(|_| "there is no index yet".to_owned())?;
        let name = name.trim();
        let Some((version, _)) = split(name) else {
            return Err("the file `current` of the index names no folder".to_owned());
        };
        if version != VERSION {
            return Err(format!("the index is of version {version}, this program writes version {VERSION}"));
        }
        let path = self.root.join(name);
        if path.join("meta.json").is_file() { Ok(path) } else { Err(format!("the folder {name} of the index is gone")) }
    }

    /// A new empty folder, not in use yet.
    pub fn fresh(&self) -> io::Result<PathBuf> {
        fs::create_dir_all(&self.root)?;
        let taken = self.names()?.iter().filter_map(|name| split(name)).map(|(_, number)| number).max().unwrap_or(0);
        let path = self.root.join(format!("v{VERSION}-{:04}", taken + 1));
        fs::create_dir_all(&path)?;
        Ok(path)
    }

    /// Makes `path`, which [`Folder::fresh`] gave, the index in use, and removes all others.
    pub fn switch_to(&self, path: &Path) -> io::Result<()> {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let draft = self.root.join("current.new");
        let mut file = File::create(&draft)?;
        writeln!(file, "{name}")?;
        file.sync_all()?;
        fs::rename(&draft, self.root.join(CURRENT))?;
        File::open(&self.root)?.sync_all()?;
        for other in self.names()?.iter().filter(|other| **other != name && split(other).is_some()) {
            fs::remove_dir_all(self.root.join(other))?;
        }
        Ok(())
    }

    fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.root)? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        Ok(names)
    }
}

/// Version and number of a folder's name.
fn split(name: &str) -> Option<(u32, u32)> {
    let (version, number) = name.strip_prefix('v')?.split_once('-')?;
    Some((version.parse().ok()?, number.parse().ok()?))
}
