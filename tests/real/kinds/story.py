"""Each site of `systems.py` is crawled from nothing but its home page, and compared with what is on it."""

import json
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from wordpress.releases import local_day
from wordpress.story import Newsroom, fold, word_f1

from .systems import SYSTEMS

# what rounds may cost: the first a request for each post and some for lists, the next one a handful
FIRST_ROUND = 1.25
LISTS = 60
SECOND_ROUND = 6


def run(program, _bench):
    faults = []
    for system in SYSTEMS:
        faults += [f"{system.__name__}: {fault}" for fault in crawl(program, system())]
    return faults


def crawl(program, site):
    listener = Listener(site)
    with tempfile.TemporaryDirectory(prefix="communique-newsroom-") as folder:
        room = Newsroom(program, Path(folder), listener)
        faults = room.crawl()
        first = len(listener.asked)
        lines = room.export(faults)
        faults += compare(site, lines)
        faults += room.crawl()
        again = len(listener.asked) - first
        if first > FIRST_ROUND * len(site.posts) + LISTS:
            faults.append(f"the first round cost {first} requests for {len(site.posts)} posts")
        if again > SECOND_ROUND:
            faults.append(f"the second round cost {again} requests: {listener.asked[first:first + 12]}")
        if room.export(faults) != lines:
            faults.append("the second round over the unchanged site changed the export")
        print(f"   {type(site).__name__}: {len(lines.splitlines())} of {len(site.posts)}, first round {first} requests, second {again}", flush=True)
    listener.close()
    return faults


class Listener:
    """The site on a loopback port; `asked` has every request."""

    def __init__(self, site):
        asked = self.asked = []

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                asked.append(self.path)
                parts = urlsplit(self.path)
                found = site.answer(unquote(parts.path), dict(parse_qsl(parts.query)))
                kind, text = found or ("text/html; charset=utf-8", "<title>Page non trouvée</title><h1>Page non trouvée</h1>")
                body = text.encode()
                self.send_response(200 if found else 404)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = site.base = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()


def compare(site, lines):
    items = [json.loads(line) for line in lines.splitlines()]
    found = {publication["url"]: (item, publication) for item in items for publication in item["publications"]}
    wanted = {site.base + post["path"]: post for post in site.posts}
    faults = [f"missing: {url}" for url in wanted if url not in found]
    faults += [f"no post: {url}" for url in found if url not in wanted]
    for url in wanted.keys() & found.keys():
        (item, publication), post = found[url], wanted[url]
        day = publication.get("published") or ""
        day = local_day(day) if "+" in day or day.endswith("Z") else day[:10]
        if day != local_day(post["published"]):
            faults.append(f"day of {url}: {publication.get('published')!r} in place of {post['published']!r}")
        if fold(publication["title"]) != fold(post["title"]):
            faults.append(f"title of {url}: {publication['title']!r}")
        likeness = word_f1(item["text"], " ".join(post["paragraphs"]))
        if item["url"] == url and likeness < 0.98:
            faults.append(f"text of {url}: F1 {likeness:.3f}: {item['text'][:160]!r}")
    return faults
