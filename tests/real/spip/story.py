"""A member's SPIP is crawled, exported, and compared with what was put into it, as in wordpress/story.py.

SPIP has no API, ten entries in its feed and no date in its sitemap but for edits of the last day.
"""

import tempfile
import time
from pathlib import Path

from wordpress.machine import Machine
from wordpress.releases import truth
from wordpress.story import Newsroom, by_address, compare, fold

from .site import Spip

# requests a document that a first round may cost, and 20 more for the sources; what a round over the unchanged site may
FIRST_ROUND, UNCHANGED_ROUND = 1.1, 5
# what a round may cost after 4 new articles, 4 edits and 4 withdrawals
CHANGES_ROUND = 30
# states that SPIP knows
STATES = ("publish", "draft", "pending", "private", "future", "trash")


def run(program, _bench):
    with Machine("trixie") as machine:
        return [fault for addresses in ("page", "propres") for fault in scenario(program, machine, addresses)]


def scenario(program, machine, addresses):
    records = [record for record in truth() if record["kind"] == "post" and record["state"] in STATES]
    name = f"SPIP, addresses `{addresses}`"
    faults = []
    with Spip(machine, records, addresses) as site, tempfile.TemporaryDirectory(prefix="communique-newsroom-") as folder:
        room = Newsroom(program, Path(folder), site)
        before, started = len(site.requests()), time.monotonic()
        faults += room.crawl()
        first, seconds = len(site.requests()) - before, time.monotonic() - started
        out = sum(record["state"] == "publish" for record in records)
        if first > FIRST_ROUND * out + 20:
            faults.append(f"the first round cost {first} requests for {out} documents")
        lines = room.export(faults)
        faults += compare(site, lines, name)
        before = len(site.requests())
        faults += room.crawl()
        asked = site.requests()[before:]
        if len(asked) > UNCHANGED_ROUND:
            faults.append(f"the second round cost {len(asked)} requests: {'; '.join(asked[:12])} …")
        if room.export(faults) != lines:
            faults.append("the second round over the unchanged site changed the export")
        print(f"   {name}: first round {first} requests in {seconds:.1f} s, second {len(asked)}", flush=True)
        faults += changes(site, room, by_address(lines), name)
    return [f"{name}: {fault}" for fault in faults]


def changes(site, room, before, name):
    """New articles, one of them with an old date, edits and withdrawals are seen in one round, and nothing else moves."""
    faults = []
    text = {record["key"]: record for record in site.records}
    free = [record["key"] for record in site.records if record["state"] == "publish" and not record["pair"]]
    edited, gone = free[20:24], free[60:64]
    news = [record for record in truth(seed=77, count=12, hidden=0) if record["kind"] == "post" and record["lang"] == "fr"][:4]
    for number, record in enumerate(news):
        record["pair"] = None
        if number:
            record["published"] = record["modified"] = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(time.time() - 60))
    plan = [{"do": "insert", "record": record} for record in news]
    plan += [{"do": "edit", "id": site.addresses[key]["id"], "title": text[key]["title"] + " (mise à jour)",
              "paragraphs": [*text[key]["paragraphs"], f"Ajout numéro {number} : {number + 3} réunions à Valparaiso en 2031."]}
             for number, key in enumerate(edited)]
    plan += [{"do": "withdraw", "id": site.addresses[key]["id"]} for key in gone]
    made = [entry["url"] for entry in site.change(plan)]
    asked = len(site.requests())
    faults += room.crawl()
    cost = len(site.requests()) - asked
    after = by_address(room.export(faults))
    print(f"   {name}: a day of changes, {cost} requests", flush=True)
    if cost > CHANGES_ROUND:
        faults.append(f"the round after the changes cost {cost} requests")
    faults += [f"new, but not found: {url}" for url, record in zip(made, news) if url not in after or fold(after[url]["title"]) != fold(record["title"])]
    addresses = {key: site.addresses[key]["url"] for key in (*edited, *gone)}
    faults += [f"edited, but not read again: {addresses[key]}" for key in edited
               if "Valparaiso" not in after.get(addresses[key], {}).get("text", "")]
    untouched = set(before) - set(addresses.values())
    faults += [f"changed without a reason: {url}" for url in untouched if after.get(url) != before[url]]
    faults += [f"announced without a reason: {url}" for url in after if url not in before and url not in made]
    faults += room.crawl()
    left = by_address(room.export(faults))
    faults += [f"withdrawn, but shown after two rounds: {addresses[key]}" for key in gone if addresses[key] in left]
    return faults
