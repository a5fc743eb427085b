//! Out for good: not a word is left in the store, its log, what was received or the index, and it does not come back.

use crate::support::House;
use communique::{
    demo::{self, Ports},
    model::{Clock, ReleaseId},
    normalise::text::{fold, words},
    publish::{self, Importer, Line},
    store::{Lookup, Store},
};
use flate2::read::ZlibDecoder;
use jiff::Timestamp;
use rusqlite::{Connection, types::Value};
use std::{
    collections::HashSet,
    fs,
    io::Read,
    path::{Path, PathBuf},
};
use tantivy::{Index, schema::FieldType};
use tempfile::TempDir;

/// What the purged release said: words that no other release uses, and its titles and addresses.
struct Secret {
    words: HashSet<String>,
    phrases: Vec<String>,
    urls: Vec<String>,
}

fn texts(store: &Store) -> Vec<(ReleaseId, String, Vec<String>)> {
    let all = store.reader().indexed_after(i64::MIN, 10_000).unwrap();
    let joined = |found: communique::store::Indexed| {
        let said = found.texts.iter().map(|(_, title, text)| format!("{title}\n{text}")).collect::<Vec<_>>();
        let urls = found.release.publications.iter().map(|page| page.url.clone()).collect();
        (found.release.id, said.join("\n"), urls)
    };
    all.into_iter().map(joined).collect()
}

fn secret(store: &Store, id: &ReleaseId) -> Secret {
    let of = |text: &str| words(&fold(text)).filter(|word| word.len() > 6).map(str::to_owned).collect::<HashSet<_>>();
    let all = texts(store);
    let (_, own, urls) = all.iter().find(|(known, ..)| known == id).unwrap();
    let begin = |word: &String| word.chars().take(5).collect::<String>();
    let others = all
        .iter()
        .filter(|(known, ..)| known != id)
        .flat_map(|(_, text, _)| words(&fold(text)).map(str::to_owned).collect::<Vec<_>>());
    // Another word may have the same stem.
    let others: HashSet<String> = others.map(|word| begin(&word)).collect();
    let own_words = of(own).into_iter().filter(|word| !others.contains(&begin(word))).collect();
    // What other pages say themselves, cards with its title included, is theirs.
    let mut of_others = Vec::new();
    let mut note = |_, draft: communique::model::Draft| {
        if !urls.contains(&draft.url) && !urls.contains(&draft.canonical) {
            of_others.push(fold(&draft.text));
        }
    };
    store.each_draft(&mut note).unwrap();
    let phrases = own
        .lines()
        .filter(|line| line.len() > 60)
        .map(fold)
        .filter(|line| !of_others.iter().any(|other| other.contains(line)))
        .collect();
    let urls = urls.iter().map(|url| url.split_once("//").unwrap().1.trim_end_matches('/').to_owned()).collect();
    Secret { words: own_words, phrases, urls }
}

impl Secret {
    fn is_in(&self, text: &str) -> bool {
        let folded = fold(text);
        self.phrases.iter().any(|phrase| folded.contains(phrase.as_str()))
    }

    fn is_named_in(&self, text: &str) -> bool {
        self.urls.iter().any(|url| text.contains(url.as_str()))
    }
}

/// Every value of every table, blobs inflated where they are deflated.
fn values(data: &Path) -> Vec<(String, String)> {
    let db = Connection::open(data.join("communique.db")).unwrap();
    let mut tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").unwrap();
    let tables: Vec<String> = tables.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
    let mut values = Vec::new();
    for table in tables {
        let mut rows = db.prepare(&format!("SELECT * FROM \"{table}\"")).unwrap();
        let columns = rows.column_count();
        let mut rows = rows.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for column in 0..columns {
                let text = match row.get::<_, Value>(column).unwrap() {
                    Value::Text(text) => text,
                    Value::Blob(bytes) => {
                        let mut inflated = Vec::new();
                        let whole = ZlibDecoder::new(&bytes[..]).read_to_end(&mut inflated).map(|_| inflated);
                        String::from_utf8_lossy(&whole.unwrap_or(bytes)).into_owned()
                    }
                    _ => continue,
                };
                values.push((table.clone(), text));
            }
        }
    }
    values
}

/// Every file of the database, and every deflated stream that can still be found in its bytes, free pages included.
fn leftovers(data: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for name in ["communique.db", "communique.db-wal"] {
        let bytes = fs::read(data.join(name)).unwrap_or_default();
        found.push(String::from_utf8_lossy(&bytes).into_owned());
        for at in 0..bytes.len().saturating_sub(2) {
            // Streams begin so at the level that the store uses.
            if bytes[at] == 0x78 && bytes[at + 1] == 0x01 {
                let mut inflated = vec![0; 1 << 16];
                let mut stream = ZlibDecoder::new(&bytes[at..]);
                let mut length = 0;
                while let Ok(more @ 1..) = stream.read(&mut inflated[length..]) {
                    length += more;
                }
                found.push(String::from_utf8_lossy(&inflated[..length]).into_owned());
            }
        }
    }
    found
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { all.extend(files(&path)) } else { all.push(path) }
    }
    all
}

/// Words of every term dictionary and column, and every stored line.
fn indexed(folder: &Path) -> (HashSet<String>, Vec<String>) {
    let current = folder.join(fs::read_to_string(folder.join("current")).unwrap().trim());
    let index = Index::open_in_dir(current).unwrap();
    let searcher = index.reader().unwrap().searcher();
    let (mut terms, mut lines) = (HashSet::new(), Vec::new());
    for segment in searcher.segment_readers() {
        for (field, entry) in index.schema().fields() {
            let is_indexed =
                matches!(entry.field_type(), FieldType::Str(options) if options.get_indexing_options().is_some());
            if is_indexed {
                let inverted = segment.inverted_index(field).unwrap();
                let mut stream = inverted.terms().stream().unwrap();
                while stream.advance() {
                    terms.insert(String::from_utf8_lossy(stream.key()).into_owned());
                }
            }
            if let Ok(Some(column)) = segment.fast_fields().str(entry.name()) {
                let mut stream = column.dictionary().stream().unwrap();
                while stream.advance() {
                    terms.insert(String::from_utf8_lossy(stream.key()).into_owned());
                }
            }
        }
        let store = segment.get_store_reader(1).unwrap();
        for document in store.iter::<tantivy::TantivyDocument>(None) {
            for (_, value) in document.unwrap().field_values() {
                lines.push(format!("{value:?}"));
                if let Some(bytes) = tantivy::schema::Value::as_bytes(&value) {
                    lines.push(String::from_utf8_lossy(bytes).into_owned());
                }
            }
        }
    }
    (terms, lines)
}

fn assert_nothing_is_left(dir: &Path, secret: &Secret) {
    for (table, value) in values(&dir.join("data")) {
        assert!(!secret.is_in(&value), "left in {table}: {value:.600}");
        // What other pages say themselves, a link to it included, is theirs.
        let is_of_others = table == "reading" || table == "release";
        assert!(is_of_others || !secret.is_named_in(&value), "named in {table}: {value:.600}");
    }
    for bytes in leftovers(&dir.join("data")) {
        assert!(!secret.is_in(&bytes), "left in the bytes of the database: {bytes:.600}");
    }
    let (terms, lines) = indexed(&dir.join("index"));
    let left: Vec<_> = secret.words.intersection(&terms).collect();
    assert!(left.is_empty(), "left in the dictionaries: {left:?}");
    assert!(!lines.iter().any(|line| secret.is_in(line)));
    for file in files(&dir.join("index")) {
        let bytes = String::from_utf8_lossy(&fs::read(&file).unwrap()).into_owned();
        assert!(!secret.is_in(&bytes), "left in {}", file.display());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purged_release_leaves_nothing_and_does_not_come_back() {
    let sites = demo::listen(Ports { action_education: 0, solidarite_laique: 0 }).await.unwrap();
    let dir = TempDir::new().unwrap();
    let path = dir.path().to_owned();
    demo::write_config(&path.join("config"), sites.ports).unwrap();
    let house = House::over(dir);
    house.rounds().await;
    let founding = texts(&house.store)
        .into_iter()
        .find(|(_, text, urls)| urls.len() > 1 && fold(text).contains("alliance"))
        .unwrap();
    let id = founding.0;
    let secret = secret(&house.store, &id);
    let (terms, _) = indexed(&path.join("index"));
    assert!(secret.words.intersection(&terms).count() > 2 && !secret.phrases.is_empty(), "the test can fail");
    assert!(values(&path.join("data")).iter().any(|(_, value)| secret.is_in(value)), "the test can fail");
    let before = house.store.reader().count().unwrap();

    let purged = publish::purge(&house.store, &house.config, id.as_str(), "staff", "asked for by a person").unwrap();
    publish::catch_up(&house.store, &house.index).unwrap();
    assert!(purged.publications >= 2 && purged.captures > 2, "{purged:?}");
    assert_nothing_is_left(&path, &secret);
    assert_eq!(house.store.reader().count().unwrap(), before - 1);
    assert!(matches!(house.store.reader().release(&id).unwrap(), Lookup::Gone(_)));
    let said = house.store.words().unwrap();
    assert!(said.iter().any(|word| word.word == "purge" && word.why == "asked for by a person"), "{said:?}");

    // Every source is read again as if it were new, and names the page again.
    let db = Connection::open(path.join("data/communique.db")).unwrap();
    db.execute_batch(
        "UPDATE source SET body_hash = NULL, etag = NULL, last_modified = NULL; UPDATE member SET memory = ''",
    )
    .unwrap();
    drop(db);
    house.rounds().await;
    house.rounds().await;
    let back = |text: &String, urls: &Vec<String>| secret.is_in(text) || urls.iter().any(|url| secret.is_named_in(url));
    let back: Vec<_> = texts(&house.store).into_iter().filter(|(_, text, urls)| back(text, urls)).collect();
    assert!(back.is_empty(), "{back:#?}");
    for (table, value) in values(&path.join("data")) {
        assert!(!secret.is_in(&value), "back in {table}: {value:.600}");
    }
    let line = format!("{{\"id\":\"{id}\",\"title\":\"Encore\",\"text\":\"Des mots.\",\"lang\":\"fr\"}}");
    let line: Line = serde_json::from_str(&line).unwrap();
    let imported = Importer::new(&house.store, &house.config).import(vec![(1, line)]).unwrap();
    assert_eq!(imported.refused.len(), 1, "{imported:?}");
    sites.stop().await;
}

#[test]
fn a_page_goes_and_its_copy_stays_under_an_id_that_the_old_one_leads_to() {
    let text =
        |n: u32| format!("<p>Les écoliers du village {n} ont reçu des livres, des cahiers et une bibliothèque.</p>");
    let html = |lead: &str| {
        let body: String = (1..9).map(text).collect();
        format!(
            "<html lang=fr><head><title>Une bibliothèque pour neuf villages</title><meta property='og:type' content=article></head><body><main><article>\
             <h1>Une bibliothèque pour neuf villages</h1><time datetime=2024-03-05>5 mars 2024</time>{lead}{body}\
             </article></main></body></html>"
        )
    };
    let house = House::new()
        .page("ecoliers", "/actualites/bibliotheque/", &html(""))
        .page("savoirs", "/communiques/bibliotheque/", &html(""))
        .published();
    let first = house.id_of("https://ecoliers.example/actualites/bibliotheque/");
    assert_eq!(first, house.id_of("https://savoirs.example/communiques/bibliotheque/"), "one release");
    let lead = "https://ecoliers.example/actualites/bibliotheque/";
    publish::purge(&house.store, &house.config, lead, "staff", "the page was a mistake").unwrap();
    publish::catch_up(&house.store, &house.index).unwrap();
    let second = house.id_of("https://savoirs.example/communiques/bibliotheque/");
    assert_ne!(first, second);
    assert_eq!(house.store.reader().release(&first).unwrap(), Lookup::Moved(second.clone()));
    let Lookup::Found(release) = house.store.reader().release(&second).unwrap() else { panic!("the copy is gone") };
    assert_eq!(release.publications.len(), 1);
    assert_eq!(house.index.snapshot().unwrap().total, 1);
    // Read again by chance, it is refused.
    assert!(house.store.is_buried("http://www.ecoliers.example/actualites/bibliotheque").unwrap());
}

#[test]
fn an_address_that_was_never_read_is_kept_from_being_read() {
    let house = House::new();
    let url = "https://ecoliers.example/secret/";
    let purged = publish::purge(&house.store, &house.config, url, "staff", "not ours").unwrap();
    assert_eq!((purged.publications, purged.addresses), (0, 1));
    let member = house.config.members[0].id.clone();
    let task = communique::store::NewTask::new(url, "page");
    assert_eq!(house.store.add_tasks(&member, &[task]).unwrap(), 0);
    let unknown = publish::purge(&house.store, &house.config, "zzzzzzz", "staff", "a slip").unwrap_err();
    assert_eq!(unknown.to_string(), "no release `zzzzzzz`");
}

/// A newsroom of its own process obeys within a second.
#[test]
fn a_running_server_obeys_within_a_second() {
    use std::{
        io::{BufRead, BufReader, Write},
        net::TcpStream,
        process::{Command, Stdio},
        time::{Duration, Instant},
    };
    let dir = TempDir::new().unwrap();
    let folder = dir.path();
    fs::create_dir(folder.join("config")).unwrap();
    fs::write(folder.join("config/communique.toml"), "").unwrap();
    let communique = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_communique"));
        command.current_dir(folder).env("COMMUNIQUE_DATA", "data").env("COMMUNIQUE_INDEX", "index").args(arguments);
        command
    };
    let lines = "{\"id\":\"keep\",\"title\":\"Livres\",\"text\":\"Des livres.\",\"lang\":\"fr\"}\n\
                 {\"id\":\"drop\",\"title\":\"Erreur\",\"text\":\"Une confidence xylographique.\",\"lang\":\"fr\"}\n";
    fs::write(folder.join("lines.jsonl"), lines).unwrap();
    assert!(communique(&["import", "lines.jsonl"]).output().unwrap().status.success());
    let listen = ["serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--quiet"];
    let mut server = communique(&listen).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let (mut first, mut second) = (String::new(), String::new());
    let mut printed = BufReader::new(server.stdout.take().unwrap());
    printed.read_line(&mut first).and_then(|_| printed.read_line(&mut second)).unwrap();
    let address = first.trim().trim_start_matches("http://").trim_end_matches('/').to_owned();
    let get = |path: &str| {
        let mut stream = TcpStream::connect(&address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    };
    let status = |path: &str| get(path).split(' ').nth(1).unwrap_or_default().to_owned();
    let found = |word: &str| get(&format!("/api/v1/releases?q={word}")).contains("\"total\":1");
    let started = Instant::now();
    while !found("xylographique") && started.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(found("xylographique"));
    let purge = communique(&["purge", "drop", "--reason", "a slip"]).output().unwrap();
    assert!(purge.status.success(), "{}", String::from_utf8_lossy(&purge.stderr));
    let purged = Instant::now();
    while found("xylographique") && purged.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(20));
    }
    let obeyed = purged.elapsed();
    assert_eq!((status("/api/v1/releases/drop").as_str(), status("/api/v1/releases/keep").as_str()), ("410", "200"));
    // Files of the old segments may be open a moment longer.
    let is_left = || {
        files(&folder.join("index"))
            .iter()
            .any(|file| fs::read(file).is_ok_and(|bytes| String::from_utf8_lossy(&bytes).contains("xylographique")))
            || indexed(&folder.join("index")).0.iter().any(|term| term.starts_with("xylograph"))
    };
    while is_left() && purged.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(100));
    }
    let left = is_left();
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(obeyed < Duration::from_secs(1), "after {obeyed:?}");
    assert!(!left);
}

/// A second look at the same store by another process finds it sound.
#[test]
fn a_purged_store_is_sound() {
    let dir = TempDir::new().unwrap();
    let clock = Clock::frozen(Timestamp::UNIX_EPOCH);
    let store = Store::open(dir.path(), clock).unwrap();
    store.scrub().unwrap();
    drop(store);
    let found = communique::store::examine(dir.path()).unwrap().unwrap();
    assert!(found.faults.is_empty(), "{:?}", found.faults);
}
