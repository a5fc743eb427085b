"""A member's site lives through an edit, a late find, a withdrawal and a move to another domain; four real feed readers that
follow the newsroom announce what is news, once, and nothing else.

newsboat and rss2email come from Debian, feedparser from PyPI, rss-parser from npm, the last two into temporary folders. The
site is served here under `vieux.localhost` and `neuf.localhost`; everything stays on loopback.
"""

import http.server
import json
import mailbox
import os
import shutil
import subprocess
import tempfile
import threading
from email.header import decode_header, make_header
from pathlib import Path

from feeds import Newsboat, Newsroom, with_feedparser
from wordpress.machine import CannotRun, Machine

RSS_PARSER = "rss-parser@3.13.0"

NODE = """
const Parser = require('rss-parser');
new Parser().parseURL(process.argv[1]).then(
  feed => console.log(JSON.stringify(feed.items.map(item => [item.id || item.guid, item.title, item.link]))),
  error => { console.error(error); process.exit(1); });
"""

PYTHON = """
import json, sys, feedparser
feed = feedparser.parse(sys.argv[1])
if feed.bozo:
    sys.exit(str(feed.bozo_exception))
print(json.dumps([[entry.id, entry.title, entry.link] for entry in feed.entries]))
"""


def run(program, _bench):
    node = [] if shutil.which("npm") else ["nodejs", "npm"]  # that of nodejs.org holds both
    Machine().install(["newsboat", "rss2email", "python3-venv", *node])
    with tempfile.TemporaryDirectory(prefix="communique-member-") as folder:
        folder = Path(folder)
        readers = {
            "newsboat": Newsboat(folder / "newsboat"),
            "rss2email": Rss2email(folder / "rss2email"),
            "feedparser": Lister([with_feedparser(folder / "python"), "-c", PYTHON]),
            "rss-parser": Lister(["node", "-e", NODE], with_rss_parser(folder / "node")),
        }
        with Site() as site, Life(program, folder / "newsroom", site) as life:
            return story(site, life, readers)


def with_rss_parser(folder):
    """A folder that has rss-parser."""
    folder.mkdir()
    done = subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", RSS_PARSER], cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise CannotRun(f"npm install {RSS_PARSER} failed:\n{done.stderr[-1000:]}")
    return folder


def story(site, life, readers):
    faults = []

    def expect(when, news):
        for form in ("atom", "rss"):
            url = life.url(f"/fr/search.{form}?member=asso")
            for name, reader in readers.items():
                announced = sorted(reader.news(url))
                if announced != sorted(news):
                    faults.append(f"{when}: {name} announces {announced} from {form}, not {sorted(news)}")
        print(f"   {when}: {len(news)} announced")

    def listed():
        return {id: (title, link) for id, title, link in life.listed("/feed.json")}

    for name, day in (("rentree", "2026-03-02"), ("colloque", "2026-04-11"), ("rapport", "2026-05-20")):
        site.put(name, day)
    life.round()
    expect("at first", [title_of(name) for name in ("rentree", "colloque", "rapport")])
    first = listed()

    site.put("colloque", "2026-04-11", "Le colloque aura lieu à Dakar et non à Lomé.")
    life.round()
    expect("an edit", [])
    corrections = life.get("/corrections.atom")[1]
    if title_of("colloque") not in corrections or "Dakar" not in corrections:
        faults.append(f"the edit does not stand in /corrections.atom: {corrections[-1500:]!r}")
    if list(listed()) != list(first):
        faults.append("an edit moved an entry")

    site.put("ancien", "2019-06-30")
    life.round()
    expect("a late find", [title_of("ancien")])
    if list(listed().values())[0][0] != title_of("ancien"):
        faults.append(f"a late find does not come first: {list(listed().values())}")

    site.remove("rapport")
    for _ in range(3):
        life.round()
    expect("a withdrawal", [])
    gone = [id for id in first if id not in listed()]
    if [first[id][0] for id in gone] != [title_of("rapport")]:
        faults.append(f"after a withdrawal these are gone: {gone}")
    corrections = life.get("/corrections.atom")[1]
    if any(f'deleted-entry ref="{id}"' not in corrections and f'ref="{id}"' not in corrections for id in gone):
        faults.append("the withdrawal has no deleted-entry in /corrections.atom")

    before = listed()
    site.host = "neuf.localhost"
    life.configure()
    for _ in range(2):
        life.round()
    expect("a move to another domain", [])
    after = listed()
    if list(after) != list(before):
        faults.append(f"the move changed ids or order: {list(before)} became {list(after)}")
    if not all("neuf.localhost" in link for _, link in after.values()):
        faults.append(f"links do not lead to the new domain: {list(after.values())}")
    return faults


def title_of(name):
    return f"Communiqué : {name} de l’association"


class Site:
    """A member's site with a feed that tells of edits and a sitemap that lists all there is. Under another name than `host` it leads to the same page of that name."""

    def __init__(self):
        self.host, self.articles = "vieux.localhost", {}
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                status, headers, body = site.answer(self.headers.get("Host", ""), self.path)
                body = body.encode()
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            do_HEAD = do_GET

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    @property
    def home(self):
        return f"http://{self.host}:{self.port}/"

    def put(self, name, day, more=""):
        self.articles[name] = (day, more)

    def remove(self, name):
        del self.articles[name]

    def answer(self, host, path):
        if not host.startswith(self.host):
            return 301, {"Location": self.home + path.lstrip("/")}, ""
        if path == "/":
            items = "".join(f'<li><a href="/actu/{name}">{title_of(name)}</a></li>' for name in self.articles)
            feed = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
            return 200, {"Content-Type": "text/html; charset=utf-8"}, f"<!DOCTYPE html><html lang=fr><head><title>Asso</title>{feed}</head><body><ul>{items}</ul></body></html>"
        if path == "/feed.xml":
            items = "".join(
                f"<item><title>{title_of(name)}</title><link>{self.home}actu/{name}</link><pubDate>{day}</pubDate><description>{more}</description></item>"
                for name, (day, more) in self.articles.items()
            )
            return 200, {"Content-Type": "application/rss+xml; charset=utf-8"}, f'<rss version="2.0"><channel><title>Asso</title><link>{self.home}</link>{items}</channel></rss>'
        if path == "/sitemap.xml":
            items = "".join(f"<url><loc>{self.home}actu/{name}</loc></url>" for name in self.articles)
            return 200, {"Content-Type": "application/xml"}, f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{items}</urlset>'
        name = path.removeprefix("/actu/")
        if path.startswith("/actu/") and name in self.articles:
            return 200, {"Content-Type": "text/html; charset=utf-8"}, self.page(name)
        return 404, {"Content-Type": "text/html"}, "<!DOCTYPE html><title>404</title>"

    def page(self, name):
        day, more = self.articles[name]
        said = " ".join(f"Le {name} numéro {n} réunit {name}-{n} et des familles de la région {name}." for n in range(6))
        return (
            f'<!DOCTYPE html><html lang="fr"><head><title>{title_of(name)}</title><meta property="og:type" content="article">'
            f'<meta property="article:published_time" content="{day}T09:00:00+01:00"></head><body><main><article><h1>{title_of(name)}</h1>'
            f"<p>Communiqué de presse. Les écoles rouvrent après trois mois. {more}</p><p>{said}</p></article></main></body></html>"
        )


class Life(Newsroom):
    """A newsroom that follows the site. A round needs the store, so the newsroom is served anew at the same address after it."""

    def __init__(self, program, folder, site):
        folder.mkdir()
        super().__init__(program, folder)
        self.site, self.listen = site, "127.0.0.1:0"
        (folder / "config" / "members").mkdir()
        self.homes = []
        self.configure()

    def configure(self):
        """The member as it is now: its home page, and the hosts that it had before."""
        settings = '[server]\ntitle = "Alliance & amis"\n[fetch]\ncontact = "mailto:redaction@exemple.example"\ndelay_ms = 0\nopen_networks = ["127.0.0.0/8"]\n'
        (self.folder / "config" / "communique.toml").write_text(settings)
        former = "".join(f'[[hosts]]\nname = "{host}:{self.site.port}"\n' for host in self.homes if host != self.site.host)
        member = f'id = "asso"\nname = "Association"\nhome = "{self.site.home}"\nlang = "fr"\n{former}'
        (self.folder / "config" / "members" / "asso.toml").write_text(member)
        self.homes.append(self.site.host)

    def round(self):
        """One round of the member; then the newsroom is served again, at the same address."""
        self.__exit__()
        done = subprocess.run([self.program, "crawl", "--quiet", *self.options], capture_output=True, text=True, timeout=300)
        if done.returncode:
            raise AssertionError(f"crawl failed: {done.stdout[-500:]}{done.stderr[-500:]}")
        self.listen = self.base.removeprefix("http://")
        self.__enter__()


class Lister:
    """A reader without a memory: what it lists for the first time is news."""

    def __init__(self, command, folder=None):
        self.command, self.folder, self.seen = command, folder, {}

    def news(self, url):
        done = subprocess.run([*self.command, url], cwd=self.folder, capture_output=True, text=True, timeout=120)
        if done.returncode:
            raise AssertionError(f"{url} cannot be read: {done.stderr[-500:]}")
        seen = self.seen.setdefault(url, set())
        fresh = [title for id, title, _ in json.loads(done.stdout) if id not in seen]
        seen.update(id for id, _, _ in json.loads(done.stdout))
        return fresh


class Rss2email:
    """rss2email, with a mailbox for each feed: each mail is an announcement."""

    def __init__(self, folder):
        self.folder = folder

    def news(self, url):
        home = self.folder / url.rsplit("/", 1)[1].split("?")[0]
        command = ["r2e", "-c", home / "cfg", "-d", home / "data.json"]
        environment = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
        if not home.exists():
            home.mkdir(parents=True)
            mailbox.Maildir(str(home / "mail"), create=True).add_folder("inbox")
            (home / "cfg").write_text(
                "[DEFAULT]\nfrom = a@localhost\nto = b@localhost\nemail-protocol = maildir\n"
                f"maildir-path = {home}/mail\nmaildir-mailbox = inbox\nhtml-mail = False\nuse-publisher-email = False\n"
            )
            subprocess.run([*command, "add", "flux", url], env=environment, capture_output=True, check=True)
        inbox = mailbox.Maildir(str(home / "mail" / "inbox"))
        before = set(inbox.keys())
        done = subprocess.run([*command, "run"], env=environment, capture_output=True, text=True, timeout=120)
        if done.returncode or "error" in done.stderr.lower():
            raise AssertionError(f"rss2email failed: {done.stderr[-500:]}")
        fresh = set(mailbox.Maildir(str(home / "mail" / "inbox")).keys()) - before
        return [str(make_header(decode_header(inbox.get(key)["Subject"]))) for key in fresh]
