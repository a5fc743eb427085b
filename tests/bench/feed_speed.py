#!/usr/bin/env python3
"""How fast are feeds, beside nginx serving the same bytes as a static file?

    tests/bench/feed_speed.py [--seconds 5] [--rounds 3] [--large 100000]

Fills two newsrooms by `import`, one with 1,000 releases and one with 100,000 (--large), and measures in one run:

- answers a second to `If-None-Match` (304), to plain requests and to requests that take gzip, by the served newsroom and
  by nginx with the same document as a file (and as .gz beside it), each on one core and never at the same time; wrk asks
  from the other core. The best of --rounds rounds counts. Goal: at least half of nginx.
- the first answer with the combined feed after a start, at both sizes; the median of --rounds starts. Goal: at most three
  times as long.

Needs Debian's nginx and wrk (installed when run as root) and at least two cores. The program is target/release/communique;
COMMUNIQUE_BIN names another one. Everything happens in a temporary folder and on loopback.

Exit status: 0 both goals are met, 1 not, 2 could not run.
"""

import argparse
import gzip
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "real"))

from wordpress.machine import CannotRun, Machine  # noqa: E402

SMALL = 1000
SERVER_CORE, CLIENT_CORE = "0", "1"
CONNECTIONS = 32
SHARE, GROWTH = 0.5, 3.0

WORDS = "école filles Sénégal rentrée éducation paix formation enseignants Sahel droits enfants solidarité classe lecture mobilisation".split()


SYLLABLES = "la ré pu tion gou ver ne ment so li da ri té en fan ce pro jet ac com pa gne fa mil le vil la ge co mu ni qué par te nai re".split()


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seconds", type=int, default=5, help="time of each measurement")
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--large", type=int, default=100_000, help="releases of the large newsroom")
    options = asked.parse_args()
    program = os.environ.get("COMMUNIQUE_BIN", ROOT / "target" / "release" / "communique")
    try:
        if not Path(program).exists():
            raise CannotRun(f"{program} is not there: cargo build --release, or set COMMUNIQUE_BIN")
        if len(os.sched_getaffinity(0)) < 2:
            raise CannotRun("needs two cores")
        Machine().install(["nginx-light", "wrk"])
    except CannotRun as reason:
        print(f"could not run: {reason}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="communique-speed-") as folder:
        folder = Path(folder)
        folder.chmod(0o755)
        small, large = Newsroom(program, folder / "small", SMALL), Newsroom(program, folder / "large", options.large)
        fast = throughput(small, folder, options)
        cheap = first_build(small, large, options.rounds)
    return 0 if fast and cheap else 1


class Newsroom:
    """A newsroom of `count` generated releases in a folder."""

    def __init__(self, program, folder, count):
        self.program, self.folder, self.count = program, folder, count
        (folder / "config").mkdir(parents=True)
        (folder / "config" / "communique.toml").write_text('[server]\ntitle = "Alliance"\n[fetch]\ncontact = "mailto:a@exemple.example"\n')
        self.options = [str(word) for name in ("config", "data", "index") for word in (f"--{name}", folder / name)]
        lines = folder / "releases.jsonl"
        with lines.open("w", encoding="utf-8") as out:
            for number in range(count):
                out.write(json.dumps(release(number), ensure_ascii=False) + "\n")
        started = time.monotonic()
        done = subprocess.run([program, "import", lines, *self.options], capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"import failed: {done.stderr[-1000:]}")
        lines.unlink()
        print(f"{count:,} releases imported in {time.monotonic() - started:.0f} s", flush=True)

    def __enter__(self):
        command = ["taskset", "-c", SERVER_CORE, self.program, "serve", "--quiet", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"]
        self.process = subprocess.Popen([*command, *self.options], stdout=subprocess.PIPE, text=True)
        self.base = self.process.stdout.readline().strip().rstrip("/")
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(30)
        self.process.stdout.close()


def release(number):
    """Text of the length of a press release, with a day of its own as far as there are days."""
    dice = random.Random(number)
    words = [dice.choice(WORDS) if dice.random() < 0.4 else "".join(dice.choices(SYLLABLES, k=dice.randint(1, 4))) for _ in range(260)]
    text = "\n".join(" ".join(words[start : start + 40]) + f" {number}." for start in range(0, 260, 40))
    return {
        "id": f"s{number:06}",
        "lang": "fr",
        "title": f"Communiqué {number} : {' '.join(words[:8])}",
        "text": text,
        "published": f"{2000 + number % 25}-{1 + number // 25 % 12:02}-{1 + number // 300 % 28:02}",
        "url": f"https://exemple.example/communiques/{number}",
    }


class Nginx:
    """nginx with one worker that serves a document, and the same compressed beside it."""

    def __init__(self, folder, document):
        self.folder = folder
        (folder / "files").mkdir(parents=True)
        folder.chmod(0o755)
        (folder / "files" / "feed.atom").write_bytes(document)
        (folder / "files" / "feed.atom.gz").write_bytes(gzip.compress(document))
        self.port = free_port()
        (folder / "nginx.conf").write_text(f"""
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; keepalive_requests 100000000; gzip_static on; etag on;
  types {{ application/atom+xml atom; }}
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3; uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{ listen 127.0.0.1:{self.port}; root {folder}/files; }}
}}""")
        self.base = f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        command = ["taskset", "-c", SERVER_CORE, "nginx", "-e", self.folder / "error.log", "-p", self.folder, "-c", self.folder / "nginx.conf"]
        self.process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        for _ in range(100):
            try:
                get(self.base + "/feed.atom")
                return self
            except OSError:
                time.sleep(0.05)
        raise SystemExit("nginx did not start: " + (self.folder / "error.log").read_text()[-500:])

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(30)


def free_port():
    import socket

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def get(url, **headers):
    request = urllib.request.Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
        return answer.headers, answer.read()


def throughput(newsroom, folder, options):
    """Whether every kind of answer comes at least half as often as from nginx."""
    with newsroom:
        _, document = get(newsroom.base + "/feed.atom")
        nginx = Nginx(folder / "nginx", document)
        print(f"/feed.atom: {len(document):,} bytes, {len(gzip.compress(document)):,} compressed; answers a second on one core")
        kinds = [("304", "304"), ("plain", "200"), ("gzip", "200")]
        best = {(kind, who): 0.0 for kind, _ in kinds for who in ("ours", "nginx")}
        with nginx:
            for _ in range(options.rounds):
                for kind, status in kinds:
                    for who, server in (("ours", newsroom), ("nginx", nginx)):
                        best[kind, who] = max(best[kind, who], rate(server.base, kind, status, options.seconds))
    good = True
    for kind, _ in kinds:
        ours, theirs = best[kind, "ours"], best[kind, "nginx"]
        fits = ours >= SHARE * theirs
        good = good and fits
        print(f"  {kind:6} ours {ours:9,.0f}   nginx {theirs:9,.0f}   {ours / theirs:5.0%}   {'ok' if fits else f'below {SHARE:.0%}'}")
    return good


def rate(base, kind, status, seconds):
    """Answers a second, all of the wanted status."""
    url = base + "/feed.atom"
    headers = {"304": {"If-None-Match": get(url)[0]["ETag"]}, "plain": {}, "gzip": {"Accept-Encoding": "gzip"}}[kind]
    flags = [word for name, value in headers.items() for word in ("-H", f"{name}: {value}")]
    command = ["taskset", "-c", CLIENT_CORE, "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", *flags, url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said and status == "200" or "Socket errors" in said:
        raise SystemExit(f"{kind}: {said}")
    # wrk counts 304 as neither success nor failure of the kind above, so one is asked for here
    if kind == "304":
        try:
            get(url, If_None_Match=headers["If-None-Match"])
            raise SystemExit(f"{url} does not answer 304")
        except urllib.error.HTTPError as answer:
            assert answer.code == 304, answer.code
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said).group(1))


def first_build(small, large, rounds):
    """Whether the first combined feed after a start costs little more in a large newsroom than in a small one."""
    medians = []
    for newsroom in (small, large):
        times = []
        for _ in range(max(rounds, 3)):
            with newsroom:
                ready(newsroom)
                started = time.perf_counter()
                get(newsroom.base + "/feed.atom")
                times.append(time.perf_counter() - started)
        medians.append(statistics.median(times))
        print(f"  first feed at {newsroom.count:,} releases: {medians[-1] * 1000:.1f} ms (of {', '.join(f'{t * 1000:.1f}' for t in times)})")
    growth = medians[1] / medians[0]
    fits = growth <= GROWTH
    print(f"  {growth:.1f} times as long   {'ok' if fits else f'more than {GROWTH}'}")
    return fits


def ready(newsroom):
    """Waits until the index is there, by asking for something that makes no feed."""
    for _ in range(1200):
        try:
            get(newsroom.base + "/api/v1/releases?limit=0")
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("the newsroom does not become ready")


if __name__ == "__main__":
    sys.exit(main())
