"""A member's WordPress is crawled, exported, and compared with what was put into it.

Each scenario opens or shuts sources of the same site and starts from an empty store: all public posts are found and nothing
else, titles, days and texts are right, and a second round over the unchanged site costs a handful of requests and changes
nothing.
"""

import json
import re
import subprocess
import tempfile
import time
import unicodedata
from collections import Counter
from datetime import datetime, timezone
from pathlib import Path

from .releases import local_day, truth
from .machine import Machine
from .site import Site

# what a round may cost after 8 new posts, 6 edits, 3 moves and 6 withdrawals
CHANGES_ROUND = 40
# kill -9 in mid-crawl
KILLS = 8

# name, what is shut, requests a document that a first round may cost, and 20 more for the sources, and what a second
# round over the unchanged site may cost: robots.txt, inventory or sitemap, newest of each listing
OPEN = ("all sources open", {}, 1.1, 5)
NO_REST = ("REST shut", {"rest": False}, 1.1, 5)
NO_REST_NO_SITEMAP = ("REST and sitemap shut", {"rest": False, "sitemap": False}, 1.25, 5)
NOTHING = ("REST, sitemap and feed shut", {"rest": False, "sitemap": False, "feed": False}, 1.25, 6)


def short(program, _bench):
    return scenarios(program, Machine(), [OPEN, NO_REST, NO_REST_NO_SITEMAP])


def long(program, _bench):
    plain = scenarios(program, Machine(), [OPEN, NO_REST, NO_REST_NO_SITEMAP, NOTHING], plain=True)
    return scenarios(program, Machine(), [NOTHING]) + plain + killed(program) + changes(program)


def trixie(program, _bench):
    """The WordPress of the next Debian, whose default theme prints no date on a page."""
    with Machine("trixie") as machine:
        return scenarios(program, machine, [OPEN, NO_REST, NO_REST_NO_SITEMAP, NOTHING])


def scenarios(program, machine, chosen, plain=False):
    records = truth()
    faults = []
    with Site(machine, records, plain) as site:
        for name, switches, most, again in chosen:
            name = f"{name}, addresses ?p=N" if plain else name
            site.switch(**switches)
            faults += [f"{name}: {fault}" for fault in scenario(program, site, name, most, again)]
    return faults


def scenario(program, site, name, most, again):
    with tempfile.TemporaryDirectory(prefix="communique-newsroom-") as folder:
        room = Newsroom(program, Path(folder), site)
        before, started = len(site.requests()), time.monotonic()
        faults = room.crawl()
        first, seconds = len(site.requests()) - before, time.monotonic() - started
        out = sum(record["state"] in ("publish", "protected", "noindex") for record in site.records)
        if first > most * out + 20:
            faults.append(f"the first round cost {first} requests for {out} documents")
        lines = room.export(faults)
        faults += compare(site, lines, name)
        before = len(site.requests())
        faults += room.crawl()
        asked = site.requests()[before:]
        if len(asked) > again:
            faults.append(f"the second round cost {len(asked)} requests: {'; '.join(asked[:12])} …")
        if room.export(faults) != lines:
            faults.append("the second round over the unchanged site changed the export")
        print(f"   {name}: first round {first} requests in {seconds:.1f} s, second {len(asked)}", flush=True)
        return faults


def killed(program):
    """A first crawl that is killed again and again loses nothing, and asks again only for what was in flight."""
    faults = []
    with Site(Machine(), truth()) as site, tempfile.TemporaryDirectory(prefix="communique-newsroom-") as folder:
        room = Newsroom(program, Path(folder), site)
        for kill in range(KILLS):
            crawl = subprocess.Popen([program, "crawl", "--quiet", *room.places], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(0.5 + 0.37 * kill)
            crawl.kill()
            crawl.wait()
        before = len(site.requests())
        faults += room.crawl()
        faults += compare(site, room.export(faults), f"killed {KILLS} times")
        total = len(site.requests())
        print(f"   killed {KILLS} times: {before} requests until then, {total} in all")
        pages = Counter(line.split()[1] for line in site.requests() if "/20" in line and "wp-json" not in line)
        faults += [f"asked {times} times: {page}" for page, times in pages.items() if times > 2]
        if sum(times - 1 for times in pages.values()) > KILLS:
            faults.append(f"{sum(pages.values())} requests for {len(pages)} pages after {KILLS} kills")
    return [f"killed: {fault}" for fault in faults]


def changes(program):
    """A day at the site: what is new, edited, moved and withdrawn is seen in one round, for few requests; nothing else moves."""
    records = truth()
    news = [record for record in truth(seed=77, count=20, hidden=0) if record["kind"] == "post" and record["lang"] == "fr"][:8]
    for number, record in enumerate(news):
        record["key"], record["pair"] = f"new-{number}", None
        if number >= 3:
            # the first three were written long ago and keep their date
            record["published"] = record["modified"] = datetime.now(timezone.utc).replace(microsecond=0).isoformat()
    faults = []
    with Site(Machine(), records) as site, tempfile.TemporaryDirectory(prefix="communique-newsroom-") as folder:
        room = Newsroom(program, Path(folder), site)
        faults += room.crawl()
        faults += room.crawl()
        before = by_address(room.export(faults))
        time.sleep(2)
        expected = change(site, records, news)
        asked = len(site.requests())
        faults += room.crawl()
        cost = len(site.requests()) - asked
        after = by_address(room.export(faults))
        print(f"   a day of changes: {cost} requests")
        if cost > CHANGES_ROUND:
            faults.append(f"the round after the changes cost {cost} requests")
        faults += list(seen(before, after, expected))
        # a page that is gone counts as withdrawn when a second look confirms it
        faults += room.crawl()
        gone = by_address(room.export(faults))
        faults += [f"withdrawn, but shown after two rounds: {url}" for url in expected["withdrawn"] if url in gone]
    return [f"changes: {fault}" for fault in faults]


def change(site, records, news):
    """Makes the changes; returns what must be seen of them, by address."""
    free = [record["key"] for record in records if record["kind"] == "post" and record["state"] == "publish" and not record["pair"]]
    place = {key: site.addresses[key] for key in free}
    edited, moved, gone = free[20:26], free[40:43], free[60:66]
    text = {record["key"]: record for record in records}
    plan = [{"do": "insert", "record": record} for record in news]
    # each with words of its own: a sentence that stands on many pages is no part of any text
    plan += [{"do": "edit", "id": place[key]["id"], "title": text[key]["title"] + " (mise à jour)",
              "paragraphs": [*text[key]["paragraphs"], f"Ajout : {ADDED[number]} se réuniront {number + 3} fois en 2031 à Valparaiso."]}
             for number, key in enumerate(edited)]
    plan += [{"do": "move", "id": place[key]["id"], "slug": f"nouvelle-adresse-{number}"} for number, key in enumerate(moved)]
    ways = ["trash", "trash", "draft", "draft", "delete", "protect"]
    plan += [{"do": way, "id": place[key]["id"]} for way, key in zip(ways, gone)]
    result = [entry["url"] for entry in site.change(plan)]
    return {
        "new": {url: record["title"] for url, record in zip(result, news)},
        "edited": {place[key]["url"]: text[key]["title"] + " (mise à jour)" for key in edited},
        "moved": dict(zip([place[key]["url"] for key in moved], result[len(news) + len(edited):])),
        "withdrawn": [place[key]["url"] for key in gone],
    }


ADDED = ["les marraines", "les délégués", "les jurys", "les comptables", "les archivistes", "les anciennes élèves"]


def seen(before, after, expected):
    """What the round after the changes missed, and what it changed without a reason."""
    for url, title in expected["new"].items():
        if url not in after:
            yield f"new, but not found: {url}"
        elif fold(after[url]["title"]) != fold(title):
            yield f"new, with another title: {after[url]['title']!r}"
    for url, title in expected["edited"].items():
        if url not in after or fold(after[url]["title"]) != fold(title) or "Valparaiso" not in after[url]["text"]:
            yield f"edited, but not read again: {url}"
        elif after[url]["id"] != before[url]["id"]:
            yield f"edited, with a new id: {url}"
    for old, new in expected["moved"].items():
        if new not in after:
            yield f"moved, but not found: {new}"
        elif after[new]["id"] != before[old]["id"]:
            yield f"moved, with a new id: {old} to {new}"
    touched = {*expected["edited"], *expected["moved"], *expected["withdrawn"]}
    for url, item in before.items():
        if url not in touched and after.get(url) != item:
            yield f"changed without a reason: {url}"
    announced = {*expected["new"], *expected["moved"].values()}
    yield from (f"announced without a reason: {url}" for url in after if url not in before and url not in announced)


def by_address(lines):
    """Exported items by the address of each of their publications."""
    items = [json.loads(line) for line in lines.splitlines()]
    return {publication["url"]: item for item in items for publication in item["publications"]}


class Newsroom:
    """The program with a configuration of one member, an empty store and an empty index."""

    def __init__(self, program, folder, site):
        config = folder / "config"
        (config / "members").mkdir(parents=True)
        (config / "communique.toml").write_text(SETTINGS)
        (config / "members/lointain.toml").write_text(MEMBER.format(home=site.url + "/"))
        self.program = program
        self.places = [f"--config={folder}/config", f"--data={folder}/data", f"--index={folder}/index"]

    def run(self, *arguments):
        return subprocess.run([self.program, *arguments, *self.places], capture_output=True, text=True, timeout=900)

    def crawl(self):
        done = self.run("crawl", "--json")
        if done.returncode or "panicked" in done.stderr:
            return [f"crawl: exit status {done.returncode}: {done.stdout[-800:]} {done.stderr[-1500:]}"]
        return []

    def export(self, faults):
        done = self.run("export")
        if done.returncode or "panicked" in done.stderr:
            faults.append(f"export: exit status {done.returncode}: {done.stderr[-1500:]}")
        return done.stdout


def compare(site, lines, name):
    """What differs between the export and the truth."""
    items = [json.loads(line) for line in lines.splitlines()]
    records = {record["key"]: record for record in site.records}
    address = {key: place["url"] for key, place in site.addresses.items()}
    public = {address[key]: record for key, record in records.items() if record["kind"] == "post" and record["state"] == "publish"}
    found = {publication["url"]: (item, publication) for item in items for publication in item["publications"]}
    faults = [f"missing: {url} ({public[url]['title']})" for url in public if url not in found]
    faults += [f"not a public post: {url} ({found[url][1]['title']})" for url in found if url not in public]
    faults += [f"shown: {record['word']} ({record['state']})" for record in records.values() if record.get("word", "\0") in lines]
    faults += list(merged_wrongly(items, public))
    scores = []
    for url, record in public.items():
        if url in found:
            faults += compare_one(*found[url], url, record, scores)
    joined = sum(len(item["publications"]) > 1 for item in items)
    pairs = sum(count == 2 for count in Counter(record["pair"] for record in public.values() if record["pair"]).values())
    mean = sum(scores) / len(scores) if scores else 0
    print(f"   {name}: {len(found)} of {len(public)} found, text F1 {mean:.4f} over {len(scores)}, {joined} of {pairs} pairs joined")
    if scores and mean < 0.99:
        faults.append(f"text: mean F1 {mean:.4f}")
    return faults


def compare_one(item, publication, url, record, scores):
    faults = []
    if fold(publication["title"]) != fold(record["title"]):
        faults.append(f"title of {url}: {publication['title']!r} in place of {record['title']!r}")
    day = (publication.get("published") or "")
    day = local_day(day) if "T" in day else day
    if day != local_day(record["published"]):
        faults.append(f"day of {url}: {publication.get('published')!r} in place of {record['published']!r}")
    if publication.get("lang") != record["lang"]:
        faults.append(f"language of {url}: {publication.get('lang')!r}")
    # the export carries the text of the leading publication
    if item["url"] == url:
        scores.append(word_f1(item.get("text") or "", " ".join(record["paragraphs"])))
        if scores[-1] < 0.95:
            faults.append(f"text of {url}: F1 {scores[-1]:.3f}: {(item.get('text') or '')[:160]!r}")
    return faults


def merged_wrongly(items, public):
    """Releases that join what is neither one text nor its translation."""
    for item in items:
        pairs = {public[publication["url"]]["pair"] or publication["url"] for publication in item["publications"] if publication["url"] in public}
        if len(pairs) > 1:
            yield f"joined, but different: {[publication['url'] for publication in item['publications']]}"


def fold(text):
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


def word_f1(ours, gold):
    ours, gold = (Counter(re.findall(r"\w+", text.lower())) for text in (ours, gold))
    common = sum((ours & gold).values())
    return 2 * common / (sum(ours.values()) + sum(gold.values())) if common else 0.0


SETTINGS = """[fetch]
contact = "mailto:test@example.org"
delay_ms = 0
open_networks = ["127.0.0.0/8"]
"""

MEMBER = """id = "lointain"
name = "Écoles du Lointain"
home = "{home}"

[languages]
"/" = "fr"
"/en/" = "en"
"""
