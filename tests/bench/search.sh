#!/usr/bin/env bash
# How well and how fast does search answer, beside raw Tantivy (and Lucene) on the same machine in the same hour?
#
#   search.sh                 both parts
#   search.sh relevance       nDCG@10 through the API over four collections; fails below a goal
#   search.sh speed [N]       server CPU per query over N made-up releases (100,000); fails above a bound
#
#   COMMUNIQUE_BENCH=…   the folder that holds bench/ and data/
#   COMMUNIQUE_BIN=…     the program (default: target/release/communique, built if need be)
#   COMMUNIQUE_TBENCH=…  raw Tantivy (default: built from the bench into a folder of the user's cache)
#   COMMUNIQUE_LUCENE=…  a jar with Lucene 9 (core, analysis, Jackson), for one row more; left out when unset
#
# Exit status: 0 all goals met, 1 one is missed, 2 could not run.
set -euo pipefail
root="$(cd "$(dirname "$0")/../.." && pwd)"
export PYTHONDONTWRITEBYTECODE=1

stop() {
    echo "search.sh: $1" >&2
    exit 2
}

part="${1:-all}"
releases="${2:-100000}"
case "$part" in all | relevance | speed) ;; *) stop "no such part: $part (relevance, speed)" ;; esac
[ -n "${COMMUNIQUE_BENCH:-}" ] && [ -f "$COMMUNIQUE_BENCH/bench/search/evalir.py" ] ||
    stop "COMMUNIQUE_BENCH must name the folder that holds bench/ and data/"
bench="$COMMUNIQUE_BENCH/bench/search"
data="$COMMUNIQUE_BENCH/data/search"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/communique-peers"

program="${COMMUNIQUE_BIN:-$root/target/release/communique}"
[ -n "${COMMUNIQUE_BIN:-}" ] || cargo build --release --quiet --manifest-path "$root/Cargo.toml" || exit 2

tbench="${COMMUNIQUE_TBENCH:-$cache/tbench/release/tbench}"
if [ ! -x "$tbench" ]; then
    mkdir -p "$cache/tbench-source"
    cp -r "$bench/tbench/." "$cache/tbench-source"
    CARGO_TARGET_DIR="$cache/tbench" cargo build --release --quiet --manifest-path "$cache/tbench-source/Cargo.toml" ||
        stop "cannot build raw Tantivy"
fi

work="$(mktemp -d)"
server=""
cleanup() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT

# house NAME IMPORT [THEMES]: a newsroom of its own that holds IMPORT; sets `house`.
make_house() {
    house="$work/house-$1"
    mkdir -p "$house/config"
    printf '[fetch]\ncontact = "mailto:bench@example.org"\n' >"$house/config/communique.toml"
    [ -z "${3:-}" ] || cp "$3" "$house/config/themes.ttl"
    places=(--config "$house/config" --data "$house/data" --index "$house/index")
    "$program" import "$2" "${places[@]}" --quiet >"$house/import.log" 2>&1 || {
        cat "$house/import.log" >&2
        stop "cannot import $2"
    }
}

# serve: sets `server` (process) and `base` (address).
serve() {
    "$program" serve "${places[@]}" --quiet --listen 127.0.0.1:0 --admin 127.0.0.1:0 >"$house/out" 2>"$house/err" &
    server=$!
    for _ in $(seq 300); do
        base="$(head -n 1 "$house/out")"
        base="${base%/}"
        [ -z "$base" ] || curl -fs -o "$house/first" "$base/api/v1/releases?limit=1" && return
        kill -0 "$server" 2>/dev/null || break
        sleep 0.2
    done
    cat "$house/err" >&2
    stop "the server does not answer"
}

unserve() {
    kill "$server"
    wait "$server" 2>/dev/null || true
    server=""
}

ndcg() {
    python3 -c 'import json, sys; print(json.load(sys.stdin)["ndcg@10"])'
}

# What raw Tantivy makes of a collection with one of its analysers, title counted twice.
raw_tantivy() {
    "$tbench" index "$data/$1/corpus.jsonl" "$work/raw" "$2" 2 1 >"$work/raw.log"
    "$tbench" run "$work/raw" "$data/$1/queries.jsonl" 100 2.0 >"$work/run.trec"
    python3 "$bench/evalir.py" "$data/$1" --run "$work/run.trec" | ndcg
}

lucene() {
    [ -n "${COMMUNIQUE_LUCENE:-}" ] || {
        echo "-"
        return
    }
    [ -f "$work/LuceneBench.class" ] ||
        javac -nowarn -cp "$COMMUNIQUE_LUCENE" -d "$work" "$bench/lucene/LuceneBench.java" >"$work/javac.log" 2>&1
    java -cp "$COMMUNIQUE_LUCENE:$work" LuceneBench index "$data/$1/corpus.jsonl" "$work/lucene" "$2" >"$work/lucene.log" 2>&1
    java -cp "$COMMUNIQUE_LUCENE:$work" LuceneBench run "$work/lucene" "$data/$1/queries.jsonl" 100 "$2" 1.2 0.75 \
        >"$work/run.trec" 2>>"$work/lucene.log"
    rm -rf "$work/lucene"
    python3 "$bench/evalir.py" "$data/$1" --run "$work/run.trec" | ndcg
}

ours() {
    make_house "$1" <(python3 -c '
import json, sys
for line in open(sys.argv[1], encoding="utf-8"):
    print(json.dumps({"lang": sys.argv[2]} | json.loads(line), ensure_ascii=False))' "$data/$1/corpus.jsonl" "$2")
    serve
    python3 "$bench/evalir.py" "$data/$1" --http "$base/api/v1/releases?q={q}&limit=100" --json-path 'items.*.id' \
        --per-query "${COMMUNIQUE_PER_QUERY:-$work}/$1.tsv" | ndcg >"$work/ours"
    unserve
    rm -rf "$house"
}

relevance() {
    local missed=0 name lang goal mark
    printf '%-14s %8s %8s %10s %10s %8s\n' "nDCG@10" ours goal tantivy stemmed lucene
    for row in "cranfield en .372" "cisi en .400" "debian-fr-fr fr .778" "debian-fr-en en .430"; do
        read -r name lang goal <<<"$row"
        ours "$name" "$lang"
        mark=""
        awk "BEGIN { exit !($(cat "$work/ours") < $goal) }" && missed=1 mark="  below the goal"
        printf '%-14s %8.4f %8.3f %10s %10s %8s%s\n' "$name" "$(cat "$work/ours")" "$goal" \
            "$(raw_tantivy "$name" default)" "$(raw_tantivy "$name" "$lang")" "$(lucene "$name" "$lang")" "$mark"
    done
    return $missed
}

# cpu_seconds COMMAND…: user and system time of a command, in seconds.
cpu_seconds() {
    local TIMEFORMAT='%U %S'
    { time "$@" >"$work/timed.log" 2>&1; } 2>&1 | awk '{ print $1 + $2 }'
}

# Requests of the corpus, and those with counts once more without them.
requests() {
    python3 -c '
import json, sys
for line in open(sys.argv[1], encoding="utf-8"):
    request = json.loads(line)
    print(json.dumps(request))
    if request["class"] == "facet":
        print(json.dumps({"class": "nofacets", "path": request["path"].replace("&facets=%2A", "")}))' "$1"
}

# Compares what http_cost.py printed with raw Tantivy: 1.5 times its time and 0.1 ms; counts at most double a query.
judge() {
    python3 - "$work/cost" "$work/raw.before" "$work/raw.after" <<'PYTHON'
import json, sys
cost, *yards = sys.argv[1:]
ours = {}
for line in open(cost).readlines()[1:]:
    name, _, cpu, _, p50, p99, wrong = line.split()
    ours[name] = (float(cpu), p50, p99, int(wrong))
raw = {}
for yard in yards:
    for row in map(json.loads, open(yard)):
        raw.setdefault(row["class"], []).append(row["cpu_ms"])
missed = False
print(f"{'CPU ms a query':14} {'ours':>8} {'tantivy':>8} {'bound':>8} {'p50':>8} {'p99':>8}")
for name, (cpu, p50, p99, wrong) in ours.items():
    if name == "nofacets":
        tantivy, bound = float("nan"), float("inf")
    else:
        tantivy = sum(raw[name]) / len(raw[name])
        bound = 1.5 * tantivy + 0.1
    over = cpu > bound or wrong > 0
    missed |= over
    print(f"{name:14} {cpu:8.3f} {tantivy:8.3f} {bound:8.3f} {p50:>8} {p99:>8}{'  over' if over else ''}")
ratio = ours["facet"][0] / ours["nofacets"][0]
missed |= ratio > 2
print(f"all counts cost {ratio:.2f} times the same query without them (at most 2)")
sys.exit(missed)
PYTHON
}

speed() {
    local missed=0 corpus="$work/corpus" raw_bytes index_bytes seconds raw_seconds
    python3 "$bench/make_corpus.py" "$releases" "$corpus" >"$work/corpus.log" 2>&1 || {
        cat "$work/corpus.log" >&2
        stop "cannot make the corpus (PyPI: numpy, wordfreq)"
    }
    python3 "$bench/to_newsroom.py" "$corpus"
    raw_bytes="$(python3 -c '
import json, sys
print(sum(len((r["title"] + r["text"]).encode()) for r in map(json.loads, open(sys.argv[1], encoding="utf-8"))))' "$corpus/import.jsonl")"
    requests "$corpus/requests.jsonl" >"$work/requests.jsonl"
    make_house speed "$corpus/import.jsonl" "$corpus/themes.ttl"
    seconds="$(cpu_seconds "$program" reindex "${places[@]}")"
    raw_seconds="$("$tbench" index "$corpus/docs.jsonl" "$work/raw" folded 2 1 |
        python3 -c 'import json, sys; print(json.load(sys.stdin)["cpu_s"])')"
    index_bytes="$(du -sb "$house/index" | cut -f 1)"
    awk -v n="$releases" -v ours="$seconds" -v raw="$raw_seconds" -v index_bytes="$index_bytes" -v raw_bytes="$raw_bytes" 'BEGIN {
        printf "indexing: %.0f releases a CPU-second from the store (goal 3500), raw Tantivy %.0f\n", n / ours, n / raw
        printf "index: %.2f times the raw text (at most 1.1)\n", index_bytes / raw_bytes
        exit n / ours < 3500 || index_bytes > 1.1 * raw_bytes }' || missed=1
    serve
    NO_STORE=1 "$tbench" query "$work/raw" "$corpus/queries.jsonl" 3 >"$work/raw.before"
    python3 "$bench/http_cost.py" "$base" "$server" "$work/requests.jsonl" 3 >"$work/cost"
    NO_STORE=1 "$tbench" query "$work/raw" "$corpus/queries.jsonl" 3 >"$work/raw.after"
    judge || missed=1
    if command -v wrk >/dev/null; then
        echo "mixed load, 8 connections (goal: 6,000 a second, p50 1 ms, p99 8 ms on two quiet cores):"
        wrk -t2 -c8 -d20s --latency -s "$bench/http_paths.lua" "$base" -- "$corpus/requests.jsonl" |
            grep -E '50%|99%|Requests/sec|Non-2xx' || missed=1
    fi
    unserve
    return $missed
}

status=0
[ "$part" = speed ] || relevance || status=1
[ "$part" = relevance ] || speed || status=1
exit $status
