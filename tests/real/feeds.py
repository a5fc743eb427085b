"""Real feed readers subscribe to a newsroom and list what it publishes, then live through an edit, a late find and a withdrawal.

newsboat comes from Debian, feedparser from PyPI into a folder of its own; both ask only 127.0.0.1. The newsroom is filled with
`import`, so nothing else is needed.
"""

import html
import json
import os
import re
import sqlite3
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request
import venv
from contextlib import closing
from pathlib import Path

from wordpress.machine import CannotRun, Machine

FEEDPARSER = "feedparser==6.0.14"
# entries of a feed without limit=: releases that are close to the newest one, and at least so many
ENTRIES = 50

# titles that readers have stumbled over
ODD_TITLES = [
    "Paix & dialogue : « l’école d’abord »",
    "R&amp;D pour l’éducation",
    "Un atelier de <paix> et de <b>dialogue</b>",
    "<script>alert(1)</script> fin",
    "Section ]]> suite",
    "🎒 La rentrée 👩‍👩‍👧 au Sénégal 🇸🇳",
    "بيان صحفي: الحق في التعليم",
    "=1+1",
    "5 < 6 > 4",
]

# asks feedparser for each address on a line of standard input: one JSON list of [id, title, link] out
ASK = """
import json, sys, feedparser
for url in sys.stdin.read().split():
    feed = feedparser.parse(url)
    if feed.bozo:
        sys.exit(f"{url}: {feed.bozo_exception}")
    print(json.dumps([[entry.id, entry.title, entry.link] for entry in feed.entries]))
"""


def run(program, _bench):
    Machine().install(["newsboat", "python3-venv"])
    with tempfile.TemporaryDirectory(prefix="communique-feeds-") as folder:
        folder = Path(folder)
        python = with_feedparser(folder / "python")
        with Newsroom(program, folder) as newsroom:
            return story(newsroom, Newsboat(folder / "newsboat"), python)


def with_feedparser(folder):
    """A Python that has feedparser."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    done = subprocess.run([python, "-m", "pip", "install", "-q", FEEDPARSER], capture_output=True, text=True)
    if done.returncode:
        raise CannotRun(f"pip install {FEEDPARSER} failed:\n{done.stderr[-1000:]}")
    return python


def release(number, title=None, **more):
    """A release of its own day, so that the order by date is the order of the feed."""
    month, day = divmod(number, 28)
    return {
        "id": f"r{number:03}",
        "lang": "fr",
        "title": title or f"Communiqué numéro {number}",
        "text": f"Le texte numéro {number} parle de l’école.\nIl a deux lignes.",
        "published": f"2025-{1 + month:02}-{1 + day:02}",
        "url": f"https://exemple.example/communiques/{number}?a=1&b=2",
    } | more


def story(newsroom, newsboat, python):
    faults = []
    releases = [release(number) for number in range(60)]
    releases += [release(100 + number, title) for number, title in enumerate(ODD_TITLES)]
    newsroom.take_in(releases)
    faults += everyone_lists_the_same(newsroom, newsboat, python, "at first")

    listed = re.findall(r'xmlUrl="([^"]+)"', newsroom.get("/opml")[1])
    imported = newsboat.imported(newsroom.url("/opml"))
    if not listed or imported != [html.unescape(url) for url in listed]:
        faults.append(f"newsboat imports {imported} from the list of feeds, not {listed}")

    combined = newsroom.url("/feed.atom")
    if len(newsboat.news(combined)) != ENTRIES:
        faults.append("newsboat does not show a new feed as news")
    newsroom.take_in([release(20, text="Le texte numéro 20 a été corrigé.\nIl a deux lignes.")])
    faults += everyone_lists_the_same(newsroom, newsboat, python, "after an edit")
    if announced := newsboat.news(combined):
        faults.append(f"an edit was announced as news: {announced}")

    newsroom.take_in([release(300, "Trouvé tard", published="2021-05-05", rank=int(time.time() * 1_000_000))])
    if newsroom.listed("/feed.json")[0][1] != "Trouvé tard":
        faults.append(f"a late find does not stand first: {newsroom.listed('/feed.json')[:2]}")
    for round, wanted in enumerate([["Trouvé tard"], []]):
        if (announced := newsboat.news(combined)) != wanted:
            faults.append(f"round {round} after a late find should announce {wanted}, newsboat shows {announced}")

    newsroom.hide("r105")
    if any(id.endswith("/r105") for id, _, _ in newsroom.listed("/feed.json")):
        faults.append("a hidden release is still in the feed")
    return faults


def everyone_lists_the_same(newsroom, newsboat, python, when):
    faults = []
    for query in ("", "?limit=7", "?q=nulle-part"):
        urls = {form: newsroom.url(f"/fr/search.{form}{query}") for form in ("atom", "rss", "json")}
        truth = newsroom.listed(f"/fr/search.json{query}")
        wanted = {"": ENTRIES, "?limit=7": 7, "?q=nulle-part": 0}[query]
        if len(truth) != wanted:
            faults.append(f"{when}: {len(truth)} entries in {urls['json']}, {wanted} expected")
        asked = "\n".join([urls["atom"], urls["rss"]])
        done = subprocess.run([python, "-c", ASK], input=asked, capture_output=True, text=True, timeout=120)
        if done.returncode:
            faults.append(f"{when}: feedparser cannot read a feed: {done.stderr[-500:]}")
            continue
        lists = {f"feedparser {form}": json.loads(line) for form, line in zip(("atom", "rss"), done.stdout.splitlines())}
        lists |= {f"newsboat {form}": newsboat.listed(urls[form]) for form in ("atom", "rss")}
        for reader, listed in lists.items():
            for position, (theirs, ours) in enumerate(zip(listed, truth)):
                if tuple(theirs) != tuple(ours):
                    faults.append(f"{when}: {reader}{query}: entry {position} is {theirs}, not {ours}")
            if len(listed) != len(truth):
                faults.append(f"{when}: {reader}{query}: {len(listed)} entries, not {len(truth)}")
    if not faults:
        print(f"   {when}: newsboat and feedparser list {ENTRIES} entries of Atom and RSS as JSON Feed has them")
    return faults


class Newsboat:
    """newsboat without a terminal, with a cache for each feed: it takes the same id in two feeds for one article."""

    def __init__(self, folder):
        self.folder = folder

    def _reload(self, url):
        home = self.folder / urllib.parse.quote(url, safe="")
        home.mkdir(parents=True, exist_ok=True)
        (home / "config").write_text("use-proxy no\nreload-threads 1\nmax-items 0\n")
        (home / "urls").write_text(url + "\n")
        files = ["-u", home / "urls", "-C", home / "config", "-c", home / "cache.db"]
        environment = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
        done = subprocess.run(["newsboat", *files, "-x", "reload"], env=environment, capture_output=True, text=True, timeout=120)
        if done.returncode:
            raise AssertionError(f"newsboat failed: {done.stdout[-500:]}{done.stderr[-500:]}")
        return sqlite3.connect(home / "cache.db")

    def imported(self, url):
        """The addresses to which it subscribes when it imports a list of feeds."""
        home = self.folder / "imported"
        home.mkdir(parents=True)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=30) as answer:
            (home / "list.opml").write_bytes(answer.read())
        (home / "config").write_text("")
        (home / "urls").write_text("")
        files = ["-u", home / "urls", "-C", home / "config", "-c", home / "cache.db"]
        done = subprocess.run(["newsboat", *files, "-i", home / "list.opml"], capture_output=True, text=True, timeout=120)
        if done.returncode:
            raise AssertionError(f"newsboat cannot import: {done.stdout[-500:]}{done.stderr[-500:]}")
        return [line.split(" ")[0].strip('"') for line in (home / "urls").read_text().splitlines() if line]

    def listed(self, url):
        """Id, title and link of the articles, newest first."""
        with closing(self._reload(url)) as cache:
            items = "SELECT guid, title, url FROM rss_item WHERE deleted = 0 ORDER BY pubDate DESC"
            return cache.execute(items).fetchall()

    def news(self, url):
        """Titles of the articles that are news to it; they are read then."""
        with closing(self._reload(url)) as cache, cache:
            news = cache.execute("SELECT title FROM rss_item WHERE unread = 1 ORDER BY id").fetchall()
            cache.execute("UPDATE rss_item SET unread = 0")
            return [title for (title,) in news]


class Newsroom:
    """`with Newsroom(program, folder) as newsroom:` is a newsroom without members that is being served."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        (folder / "config").mkdir()
        settings = '[server]\ntitle = "Alliance & amis"\n[fetch]\ncontact = "mailto:redaction@exemple.example"\n'
        (folder / "config" / "communique.toml").write_text(settings)
        self.options = [word for name in ("config", "data", "index") for word in (f"--{name}", folder / name)]
        self.listen = "127.0.0.1:0"

    def __enter__(self):
        listen = ["--listen", self.listen, "--admin", "127.0.0.1:0"]
        command = [self.program, "serve", "--quiet", *listen, *self.options]
        self.log = open(self.folder / "log", "w+")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log, text=True)
        self.base = self.process.stdout.readline().strip().rstrip("/")
        if not self.base:
            self.log.seek(0)
            raise AssertionError(f"serve did not start: {self.log.read()[-1000:]}")
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)
        self.process.stdout.close()
        self.log.close()

    def url(self, path):
        return self.base + path

    def get(self, path):
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(self.url(path), timeout=30) as answer:
            return answer.headers, answer.read().decode()

    def listed(self, path):
        """Id, title and link of the items of a JSON Feed."""
        return [(item["id"], item["title"], item["url"]) for item in json.loads(self.get(path)[1])["items"]]

    def _change(self, *command):
        """Runs a short command and waits until the served newsroom shows it."""
        before = self.get("/feed.json")[0]["ETag"]
        done = subprocess.run([self.program, *command, *self.options], capture_output=True, text=True, timeout=120)
        if done.returncode:
            raise AssertionError(f"{command[0]} failed: {done.stderr[-500:]}")
        for _ in range(100):
            if self.get("/feed.json")[0]["ETag"] != before:
                return
            time.sleep(0.1)
        raise AssertionError(f"nobody sees {command[0]} after ten seconds")

    def take_in(self, releases):
        lines = self.folder / "releases.jsonl"
        lines.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in releases), encoding="utf-8")
        self._change("import", lines)

    def hide(self, id):
        self._change("hide", id)
