//! # Index: from words to releases
//!
//! Floor 3. The only room that writes Tantivy. Everything here is derived from the store: the folder may be deleted at
//! any time, [`Index::needs_rebuild`] then says so and [`Index::rebuild`] fills a new one. Corruption is found when the
//! index is opened (checksums) or first read, and leads to the same.
//!
//! `publish` writes through [`Writer`]; `search` reads [`Snapshot`]s.

pub mod analyse;
mod folder;
mod lines;
mod rows;
mod schema;
mod snapshot;
#[cfg(test)]
mod stories;
mod tokens;
mod values;
mod writer;

pub use rows::{Rows, UNDATED};
pub use schema::{COLUMNS, Fields, VERSION};
pub use snapshot::{Segment, Snapshot};
pub use values::{FACET_COUNTRY, FACET_LANG, FACET_THEME, Value, ValueId, Values};
pub use writer::{IndexDoc, Writer};

use crate::model::{ReleaseId, Vocabulary};
use folder::Folder;
use lines::Lines;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use tantivy::index::SegmentId;
use tantivy::merge_policy::NoMergePolicy;
use tantivy::{IndexReader, IndexSettings, IndexWriter, ReloadPolicy};

/// Memory of a writer that follows changes, bytes.
const WRITER_MEMORY: usize = 64 << 20;

/// Memory of each thread of a writer that fills a new index, bytes.
const REBUILD_MEMORY: usize = 160 << 20;

/// Bytes of release lines that are compressed together: small, because a list reads them one by one.
const LINE_BLOCK: usize = 2_048;

/// What can go wrong with the index. None of it loses anything: the store has it all.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The folder cannot be used.
    #[error("cannot use the index folder {}: {source}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// There is no sound index to write to.
    #[error("the index has to be rebuilt first: {0}")]
    NeedsRebuild(String),
    /// A release that does not go into JSON.
    #[error("cannot write the line of release {id}: {source}")]
    Line {
        /// The release.
        id: ReleaseId,
        /// Why.
        source: serde_json::Error,
    },
    /// Tantivy said no.
    #[error("the index failed: {0}")]
    Tantivy(#[from] tantivy::TantivyError),
}

/// The index. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Index {
    inner: Arc<Inner>,
}

struct Inner {
    folder: Folder,
    root: PathBuf,
    fields: Arc<Fields>,
    vocabulary: RwLock<Arc<Vocabulary>>,
    values: Mutex<Arc<Values>>,
    rows: Mutex<HashMap<SegmentId, Arc<Rows>>>,
    lines: Arc<Lines>,
    live: RwLock<Live>,
    /// The writer between two uses.
    writer: Mutex<Option<IndexWriter>>,
}

/// What answers now.
#[derive(Default)]
struct Live {
    opened: Option<(tantivy::Index, IndexReader)>,
    snapshot: Option<Arc<Snapshot>>,
    damage: Option<String>,
}

impl Index {
    /// Opens the index in `dir`. A missing, old or damaged one is no error: see [`Index::needs_rebuild`].
    pub fn open(dir: &Path) -> Result<Self, IndexError> {
        let folder = Folder::open(dir).map_err(|source| IndexError::Folder { path: dir.to_owned(), source })?;
        let index = Self {
            inner: Arc::new(Inner {
                folder,
                root: dir.to_owned(),
                fields: Arc::new(schema::fields()),
                vocabulary: RwLock::default(),
                values: Mutex::default(),
                rows: Mutex::default(),
                lines: Arc::default(),
                live: RwLock::default(),
                writer: Mutex::default(),
            }),
        };
        let opened = index.inner.folder.current().and_then(|path| sound(&path));
        let used = opened.and_then(|opened| index.use_opened(opened).map_err(|error| error.to_string()));
        if let Err(reason) = used {
            index.report_damage(reason);
        }
        Ok(index)
    }

    /// Whose broader themes count for narrower ones: `theme=education` also finds what is tagged `girls-education`.
    pub fn use_vocabulary(&self, vocabulary: Arc<Vocabulary>) -> Result<(), IndexError> {
        *self.inner.vocabulary.write().unwrap_or_else(PoisonError::into_inner) = vocabulary;
        lock(&self.inner.rows).clear();
        if self.snapshot().is_some() { self.publish_snapshot() } else { Ok(()) }
    }

    /// `seq` of the newest commit; 0 when there is none or the index has to be rebuilt.
    pub fn committed(&self) -> u64 {
        self.snapshot().map_or(0, |snapshot| snapshot.generation)
    }

    /// Why the index has to be rebuilt: missing, of another version, damaged, deleted while we run.
    pub fn needs_rebuild(&self) -> Option<String> {
        let damage = self.inner.live.read().unwrap_or_else(PoisonError::into_inner).damage.clone();
        damage.or_else(|| self.inner.folder.current().err())
    }

    /// Whether what has to be rebuilt is there but broken, rather than missing or of another version.
    pub fn is_damaged(&self) -> bool {
        let live = self.inner.live.read().unwrap_or_else(PoisonError::into_inner);
        live.damage.is_some() && self.inner.folder.current().is_ok()
    }

    /// Notes that reading failed; queries are refused until the index is rebuilt.
    pub fn report_damage(&self, reason: String) {
        let mut live = self.inner.live.write().unwrap_or_else(PoisonError::into_inner);
        *live = Live { damage: Some(reason), ..Live::default() };
        drop(live);
        lock(&self.inner.writer).take();
    }

    /// What queries see; `None` while the index is rebuilt.
    pub fn snapshot(&self) -> Option<Arc<Snapshot>> {
        self.inner.live.read().unwrap_or_else(PoisonError::into_inner).snapshot.clone()
    }

    /// A writer that adds to the index.
    pub fn writer(&self) -> Result<Writer, IndexError> {
        if let Some(reason) = self.needs_rebuild() {
            return Err(IndexError::NeedsRebuild(reason));
        }
        Ok(Writer::new(self.clone(), self.tantivy_writer()?, None))
    }

    /// The writer that was kept, or a new one.
    fn tantivy_writer(&self) -> Result<IndexWriter, IndexError> {
        if let Some(kept) = lock(&self.inner.writer).take() {
            return Ok(kept);
        }
        let opened = self.inner.live.read().unwrap_or_else(PoisonError::into_inner).opened.clone();
        let (tantivy, _) = opened.ok_or_else(|| IndexError::NeedsRebuild("it is closed".to_owned()))?;
        Ok(tantivy.writer_with_num_threads(1, WRITER_MEMORY)?)
    }

    /// Keeps a writer for its next use.
    fn keep_writer(&self, writer: IndexWriter) {
        if self.snapshot().is_some() {
            *lock(&self.inner.writer) = Some(writer);
        }
    }

    /// A writer that fills a new index beside the old one; its first commit swaps them.
    pub fn rebuild(&self) -> Result<Writer, IndexError> {
        if let Some(reason) = self.needs_rebuild() {
            self.report_damage(reason);
        }
        let failed = |source| IndexError::Folder { path: self.inner.root.clone(), source };
        let path = self.inner.folder.fresh().map_err(failed)?;
        let settings = IndexSettings { docstore_blocksize: LINE_BLOCK, ..IndexSettings::default() };
        let tantivy = tantivy::Index::builder()
            .schema(self.inner.fields.schema.clone())
            .settings(settings)
            .tokenizers(schema::tokenizers())
            .create_in_dir(&path)?;
        let threads = std::thread::available_parallelism().map_or(1, |n| n.get().min(4));
        let inner = tantivy.writer_with_num_threads(threads, threads * REBUILD_MEMORY)?;
        inner.set_merge_policy(Box::new(NoMergePolicy));
        Ok(Writer::new(self.clone(), inner, Some(path)))
    }

    fn fields(&self) -> &Fields {
        &self.inner.fields
    }

    /// Makes the new index at `path` the one that answers.
    fn take_over(&self, tantivy: tantivy::Index, path: &Path) -> Result<(), IndexError> {
        let failed = |source| IndexError::Folder { path: self.inner.root.clone(), source };
        let opened = with_reader(tantivy)?;
        lock(&self.inner.writer).take();
        self.inner.folder.switch_to(path).map_err(failed)?;
        self.use_opened(opened)
    }

    /// Shows the newest commit.
    fn reload(&self) -> Result<(), IndexError> {
        let opened = self.inner.live.read().unwrap_or_else(PoisonError::into_inner).opened.clone();
        if let Some((_, reader)) = opened {
            reader.reload()?;
        }
        self.publish_snapshot()
    }

    /// Whether the folder of `tantivy` holds no file of a segment that is not in use.
    fn holds_only(&self, tantivy: &tantivy::Index) -> Result<bool, IndexError> {
        let failed = |source| IndexError::Folder { path: self.inner.root.clone(), source };
        let used = tantivy.load_metas()?.list_segment_files();
        let Ok(path) = self.inner.folder.current() else { return Ok(true) };
        for entry in std::fs::read_dir(path).map_err(failed)? {
            let name = PathBuf::from(entry.map_err(failed)?.file_name());
            let ending = name.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            if (PARTS.contains(&ending) || ending == "del") && !used.contains(&name) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn use_opened(&self, opened: (tantivy::Index, IndexReader)) -> Result<(), IndexError> {
        self.inner.live.write().unwrap_or_else(PoisonError::into_inner).opened = Some(opened);
        self.publish_snapshot()
    }

    /// Prepares the rows of new segments, then swaps the snapshot: queries never wait for either.
    fn publish_snapshot(&self) -> Result<(), IndexError> {
        let opened = self.inner.live.read().unwrap_or_else(PoisonError::into_inner).opened.clone();
        let Some((tantivy, reader)) = opened else { return Ok(()) };
        let searcher = reader.searcher();
        let (rows, values) = self.rows_of(&searcher)?;
        let generation = payload(&tantivy);
        let snapshot =
            Snapshot::new(searcher, self.inner.fields.clone(), rows, values, generation, self.inner.lines.clone());
        let mut live = self.inner.live.write().unwrap_or_else(PoisonError::into_inner);
        live.snapshot = Some(Arc::new(snapshot));
        live.damage = None;
        Ok(())
    }

    fn rows_of(&self, searcher: &tantivy::Searcher) -> Result<(Vec<Arc<Rows>>, Arc<Values>), IndexError> {
        let vocabulary = self.inner.vocabulary.read().unwrap_or_else(PoisonError::into_inner).clone();
        let mut known = lock(&self.inner.rows);
        let mut values = lock(&self.inner.values);
        let mut rows = Vec::new();
        let mut kept = HashMap::new();
        for reader in searcher.segment_readers() {
            let id = reader.segment_id();
            let found = match known.get(&id) {
                Some(found) => found.clone(),
                None => Arc::new(Rows::read(reader, Arc::make_mut(&mut values), &vocabulary)?),
            };
            kept.insert(id, found.clone());
            rows.push(found);
        }
        *known = kept;
        Ok((rows, values.clone()))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Files that every segment has.
const PARTS: [&str; 6] = ["idx", "pos", "term", "fast", "fieldnorm", "store"];

/// Opens what is at `path`, or says what is wrong with it.
fn sound(path: &Path) -> Result<(tantivy::Index, IndexReader), String> {
    let said = |error: tantivy::TantivyError| format!("the index is damaged: {error}");
    let mut tantivy = tantivy::Index::open_in_dir(path).map_err(said)?;
    if tantivy.schema() != schema::fields().schema {
        return Err("the index has another schema".to_owned());
    }
    tantivy.set_tokenizers(schema::tokenizers());
    // every file that the index names, and not only those that Tantivy's own list of files remembers
    for file in tantivy.load_metas().map_err(said)?.list_segment_files() {
        if !path.join(&file).exists() {
            if PARTS.iter().any(|part| file.extension().is_some_and(|ending| ending == *part)) {
                return Err(format!("the index is damaged: {} is missing", file.display()));
            }
        } else if !tantivy.directory().validate_checksum(&file).unwrap_or(false) {
            return Err(format!("the index is damaged: wrong checksum of {}", file.display()));
        }
    }
    with_reader(tantivy).map_err(said)
}

fn with_reader(tantivy: tantivy::Index) -> tantivy::Result<(tantivy::Index, IndexReader)> {
    let reader = tantivy.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    Ok((tantivy, reader))
}

/// `seq` of the newest commit.
fn payload(tantivy: &tantivy::Index) -> u64 {
    tantivy.load_metas().ok().and_then(|metas| metas.payload?.parse().ok()).unwrap_or(0)
}
