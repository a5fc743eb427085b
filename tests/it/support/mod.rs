//! A test house: a store, an index and a configuration in a folder of their own, a frozen clock, and a server in front
//! of them that is asked over loopback.

mod http;
pub mod rules;
mod site;

pub use http::{Answer, raw};
pub use site::{Reply, Site};

use bytes::Bytes;
use communique::{
    config::{self, Config},
    crawl::{self, Crawler, Report},
    extract,
    fetch::Fetcher,
    index::Index,
    model::{Clock, Member, ReleaseId},
    publish,
    search::Engine,
    server,
    store::{Capture, Reading, Store},
};
use jiff::Timestamp;
use std::{fs, net::SocketAddr, path::PathBuf, sync::Arc};
use tempfile::TempDir;
use tokio::{sync::oneshot, task::JoinHandle};

/// Two associations that publish in French, the second with a part translated by a machine, and a few themes.
const MEMBERS: [(&str, &str); 2] = [
    (
        "ecoliers",
        "id = \"ecoliers\"\nname = \"Les Écoliers du Monde\"\nhome = \"https://ecoliers.example/\"\nlang = \"fr\"\n",
    ),
    (
        "savoirs",
        "id = \"savoirs\"\nname = \"Savoirs Partagés\"\nhome = \"https://savoirs.example/\"\n[languages]\n\"/\" = \"fr\"\n\"/en/\" = { lang = \"en\", machine_translated = true }\n",
    ),
];

const THEMES: &str = r#"@prefix : <> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<> a skos:ConceptScheme ; skos:hasTopConcept :right-to-education, :peace .
:right-to-education a skos:Concept ; skos:inScheme <> ; skos:topConceptOf <> ;
    skos:prefLabel "Droit à l’éducation"@fr, "Right to education"@en ;
    skos:scopeNote "Chaque enfant a droit à l’école."@fr, "Every child has a right to school."@en ;
    skos:narrower :girls-education .
:girls-education a skos:Concept ; skos:inScheme <> ; skos:broader :right-to-education ;
    skos:prefLabel "Éducation des filles"@fr, "Girls’ education"@en ;
    skos:altLabel "scolarisation des filles"@fr ;
    skos:exactMatch <http://vocabularies.unesco.org/thesaurus/concept3606> .
:peace a skos:Concept ; skos:inScheme <> ; skos:topConceptOf <> ; skos:prefLabel "Paix"@fr, "Peace"@en .
"#;

/// Store, index and configuration; pages are read into it, then it is served.
pub struct House {
    _dir: TempDir,
    pub store: Store,
    pub index: Index,
    pub config: Config,
}

impl House {
    /// An empty house with two members and three themes, at noon on 24 November 2026 (UTC).
    pub fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let write = |name: &str, text: &str| {
            let path: PathBuf = dir.path().join("config").join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("communique.toml", "[fetch]\ncontact = \"mailto:staff@example.org\"\n");
        write("themes.ttl", THEMES);
        for (id, text) in MEMBERS {
            write(&format!("members/{id}.toml"), text);
        }
        Self::over(dir)
    }

    /// An empty house over the folder `config` of `dir`, at the same hour.
    pub fn over(dir: TempDir) -> Self {
        Self::by(dir, Clock::frozen("2026-11-24T12:00:00Z".parse().unwrap()))
    }

    /// The same by another clock.
    pub fn by(dir: TempDir, clock: Clock) -> Self {
        let config = config::read(&dir.path().join("config")).unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
        let store = Store::open(&dir.path().join("data"), clock).unwrap();
        let index = Index::open(&dir.path().join("index")).unwrap();
        Self { _dir: dir, store, index, config }
    }

    fn member(&self, id: &str) -> &Member {
        self.config.members.iter().find(|member| member.id.as_str() == id).unwrap()
    }

    /// Reads a page of `member` as a crawl does.
    pub fn page(self, member: &str, path: &str, html: &str) -> Self {
        let member = self.member(member);
        let url = format!("{}{}", member.home, path.trim_start_matches('/'));
        let now: Timestamp = self.store.clock().now();
        let page = extract::Page {
            url: &url,
            content_type: Some("text/html; charset=utf-8"),
            robots_tag: None,
            body: html.as_bytes(),
        };
        let context = extract::Context { member: Some(member), now: Some(now), ..extract::Context::default() };
        let draft = extract::page(&page, &context);
        let capture = Capture {
            member: member.id.clone(),
            requested: url.clone(),
            url: url.clone(),
            status: 200,
            headers: Vec::new(),
            body: Bytes::copy_from_slice(html.as_bytes()),
            at: now,
        };
        let reading = Reading {
            member,
            url: &url,
            aliases: &[],
            capture: self.store.put_capture(&capture).unwrap(),
            reader: 1,
            draft: &draft,
            found_by: None,
            token: "",
            etag: None,
            last_modified: None,
        };
        self.store.record(&reading).unwrap();
        self
    }

    /// What crawls into this house.
    pub fn crawler(&self) -> Crawler {
        Crawler {
            store: self.store.clone(),
            fetcher: Fetcher::new(&self.config.settings.fetch, self.store.clock().clone()).unwrap(),
            index: self.index.clone(),
            config: Arc::new(self.config.clone()),
            progress: Arc::new(|_| {}),
            stop: Arc::default(),
        }
    }

    /// One round of every member, in the order of the configuration.
    pub async fn rounds(&self) -> Vec<Report> {
        let crawler = self.crawler();
        let mut reports = Vec::new();
        for member in &self.config.members {
            reports.push(crawl::once(&crawler, member).await.unwrap());
        }
        reports
    }

    /// Makes everything that was read visible.
    pub fn published(self) -> Self {
        publish::settle(&self.store, &self.config).unwrap();
        publish::catch_up(&self.store, &self.index).unwrap();
        self
    }

    /// The id of the visible release that shows the page at `url`.
    pub fn id_of(&self, url: &str) -> ReleaseId {
        let all = self.store.reader().indexed_after(i64::MIN, 1_000).unwrap();
        let mut releases = all.into_iter().map(|found| found.release);
        let shows = |release: &communique::model::Release| release.publications.iter().any(|page| page.url == url);
        releases.find(shows).unwrap_or_else(|| panic!("no release shows {url}")).id
    }

    /// Serves it on ports of its own.
    pub async fn served(self) -> Newsroom {
        let any: SocketAddr = "127.0.0.1:0".parse().unwrap();
        let (public, admin) = (server::bind(any).await.unwrap(), server::bind(any).await.unwrap());
        let addresses = (public.local_addr().unwrap(), admin.local_addr().unwrap());
        let vocabulary = Arc::new(self.config.vocabulary.clone());
        let members = Arc::new(self.config.members.clone());
        let reader = self.store.reader();
        let texts = move |id: &ReleaseId, lang| reader.text_in(id, lang).ok().flatten().map(|text| text.text);
        let engine = Engine::new(self.index.clone(), vocabulary, members, Arc::new(texts)).unwrap();
        let options = server::ServeOptions {
            public,
            admin,
            engine,
            store: self.store.clone(),
            config: Arc::new(self.config.clone()),
            clock: self.store.clock().clone(),
        };
        let (stop, stopped) = oneshot::channel();
        let running = tokio::spawn(server::run(options, async {
            let _ = stopped.await;
        }));
        Newsroom { public: addresses.0, admin: addresses.1, stop, running, house: self }
    }
}

/// A house that is being served.
pub struct Newsroom {
    pub public: SocketAddr,
    pub admin: SocketAddr,
    pub stop: oneshot::Sender<()>,
    pub running: JoinHandle<std::io::Result<()>>,
    pub house: House,
}

impl Newsroom {
    /// Asks the public listener.
    pub async fn get(&self, path: &str) -> Answer {
        http::get(self.public, path, &[]).await
    }

    /// Asks the public listener with headers of the test's choice.
    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        http::get(self.public, path, headers).await
    }

    /// Asks the admin listener.
    pub async fn admin(&self, path: &str) -> Answer {
        http::get(self.admin, path, &[]).await
    }
}
