"""Pieces that run over the bench: saved pages and feeds, robots.txt vectors, the hostile origin.

Each takes the program and the folder that holds bench/ and data/, and returns what is wrong.
"""

import gzip
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def read(program, bench):
    """Every page of data/reading gets an answer that is not an error, in order."""
    faults = []
    lists = sorted(Path(bench, "data/reading").glob("*.jsonl"))
    for listing in lists:
        with tempfile.TemporaryDirectory(prefix="communique-pages-") as folder:
            lines = listing.read_text(encoding="utf-8").splitlines()
            jobs = [unpacked(listing, json.loads(line), Path(folder, f"{number}.html")) for number, line in enumerate(lines)]
            list_file = Path(folder, "list.jsonl")
            list_file.write_text("".join(json.dumps(job) + "\n" for job in jobs))
            done = subprocess.run([program, "read", "--batch", list_file], capture_output=True, text=True, timeout=1200)
        faults += [f"{listing.stem}: {fault}" for fault in judged(done, jobs, lambda answer: "error" not in answer)]
        print(f"   {listing.stem}: {len(jobs)} pages")
    return faults if lists else ["no lists in data/reading"]


def unpacked(listing, line, page):
    """The job of one line; its page is saved packed beside the list."""
    page.write_bytes(gzip.decompress((listing.parent / line["file"]).read_bytes()))
    return {"path": str(page), "url": line["url"]}


def read_feed(program, bench):
    """Every feed of data/feeds gets an answer; what is no feed is told so."""
    files = sorted(path for folder in ("edge-dev", "real-dev") for path in Path(bench, "data/feeds", folder).rglob("*") if path.is_file())
    jobs = [{"path": str(path), "url": "https://feeds.example/feed"} for path in files if path.suffix not in (".jsonl", ".md")]
    if not jobs:
        return ["no feeds in data/feeds"]
    lines = "".join(json.dumps(job) + "\n" for job in jobs)
    done = subprocess.run([program, "read-feed", "--batch"], input=lines, capture_output=True, text=True, timeout=600)
    print(f"   {len(jobs)} feeds")
    return judged(done, jobs, lambda answer: answer.get("ok") is True or bool(answer.get("error")))


def judged(done, jobs, good):
    """What is wrong about a batch: its exit, a panic, missing or broken lines, answers that are not good."""
    faults = []
    if done.returncode not in (0, 1):
        faults.append(f"exit status {done.returncode}")
    if "panicked" in done.stderr:
        faults.append(done.stderr[-2000:])
    answers = done.stdout.splitlines()
    if len(answers) != len(jobs):
        faults.append(f"{len(answers)} answers to {len(jobs)} jobs; {done.stderr[-500:]}")
    for job, line in zip(jobs, answers):
        try:
            answer = json.loads(line)
        except ValueError:
            answer = None
        if not isinstance(answer, dict) or not good(answer):
            faults.append(f"{job['path']}: {line[:300]}")
    return faults


def robots(_program, bench):
    """The vectors are judged by an integration test, which has the library at hand."""
    command = ["cargo", "test", "--quiet", "--test", "it", "--", "--ignored", "--exact", "robots_vectors::every_vector_is_right", "--nocapture"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment(bench))
    told = [line for line in done.stdout.splitlines() if "vectors right" in line]
    print(f"   {told[0] if told else 'no figure'}")
    return [] if done.returncode == 0 and told else [done.stdout[-3000:] + done.stderr[-1000:]]


def feeds_hostile(_program, bench):
    """Judged by an integration test as well."""
    name = "feeds_published::whatever_the_edge_cases_send_we_publish_clean_feeds"
    command = ["cargo", "test", "--quiet", "--test", "it", "--", "--ignored", "--exact", name, "--nocapture"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment(bench))
    told = [line for line in done.stdout.splitlines() if "entries of ours" in line]
    print(f"   {told[0] if told else 'no figure'}")
    return [] if done.returncode == 0 and told else [done.stdout[-3000:] + done.stderr[-1000:]]


def environment(bench):
    return os.environ | {"COMMUNIQUE_BENCH": str(bench)}


# a TLS origin that nobody may trust sees no request; the origin can't tell the entry page of trap-path from the trap
NEVER_ASKED = ("tls-", "trap-path")


def hostile(program, bench):
    """Crawls every case of the hostile origin; no run may hang, crash, reach the inner service or pass 256 MB."""
    script = Path(bench, "bench/crawl/hostile.py")
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder, "rows.json")
        command = [program, "crawl", "--config", "{config}", "--data", "{data}", "--index", "{index}", "--json"]
        done = subprocess.run([sys.executable, script, "probe", "--json", result, "--", *command], stdout=sys.stdout, stderr=sys.stderr)
        if not result.exists():
            return [f"the probe ended with {done.returncode} and no rows"]
        rows = json.loads(result.read_text())["rows"]
    faults = []
    for row in rows:
        wrong = [name for name in ("crash", "internal", "secret") if row[name]]
        if row["not_asked"] and not row["id"].startswith(NEVER_ASKED):
            wrong.append("was never asked for")
        wrong += [] if row["ended"] else ["did not end"]
        wrong += ["memory"] if row["rss_mb"] > 256 else []
        if wrong:
            faults.append(f"{row['attack']} {row['id']}: {', '.join(wrong)} ({row['secs']} s, {row['rss_mb']} MB, must: {row['must']})")
    return faults
