#!/usr/bin/env bash
# Crawls 2,000 static pages with everything on (reading, store, index), beside Scrapy and the bare reqwest + scraper
# floor in the same run, and prints pages/s, CPU-seconds per 1,000 pages and peak memory of each. Fails below 8 times
# Scrapy's pages/s or a quarter of the floor's, above 6 CPU-seconds per 1,000 pages or 100 MiB. Needs nginx, GNU time.
# Argument: rounds (default 3).
#
#   COMMUNIQUE_BENCH=…  the folder that holds bench/ and data/
#   COMMUNIQUE_BIN=…    the program (default: target/release/communique, built if need be)
#   COMMUNIQUE_PEERS=…  where Scrapy and the floor are installed (default: a folder in the user's cache)
#
# Exit status: 0 all right, 1 something is worse than it must be, 2 could not run.
set -euo pipefail
root="$(cd "$(dirname "$0")/../.." && pwd)"

bench="${COMMUNIQUE_BENCH:-}/bench/crawl/throughput"
if [ -z "${COMMUNIQUE_BENCH:-}" ] || [ ! -f "$bench/run.sh" ]; then
    echo "crawl.sh: COMMUNIQUE_BENCH must name the folder that holds bench/ and data/" >&2
    exit 2
fi
for tool in nginx /usr/bin/time; do
    command -v "$tool" >/dev/null || { echo "crawl.sh: $tool is missing" >&2; exit 2; }
done

peers="${COMMUNIQUE_PEERS:-${XDG_CACHE_HOME:-$HOME/.cache}/communique-peers}"
scrapy="$peers/scrapy"
if [ ! -x "$scrapy/bin/scrapy" ]; then
    mkdir -p "$peers"
    python3 -m venv "$scrapy" && "$scrapy/bin/pip" install --quiet scrapy || {
        rm -rf "$scrapy"
        echo "crawl.sh: cannot install Scrapy" >&2
        exit 2
    }
fi
if [ ! -x "$peers/floor" ]; then
    CARGO_TARGET_DIR="$peers/floor-target" cargo build --release --quiet --manifest-path "$bench/floor-rs/Cargo.toml" || exit 2
    cp "$peers/floor-target/release/floor" "$peers/floor"
fi
program="${COMMUNIQUE_BIN:-$root/target/release/communique}"
if [ -z "${COMMUNIQUE_BIN:-}" ]; then
    cargo build --release --quiet --manifest-path "$root/Cargo.toml" || exit 2
fi

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
cp "$program" "$work/bin/communique"
cp "$peers/floor" "$work/bin/floor"
table="$(PY="$scrapy/bin/python" bash "$bench/run.sh" "$work" "${1:-3}" | tee /dev/stderr | sed -n '/^peer /,$p')"

# peer pages requests pages/s x-Scrapy CPU-s/1,000 MiB
awk '
    { rate[$1] = $4; cpu[$1] = $6; memory[$1] = $7; pages[$1] = $2 }
    function need(what, is, least) { if (is + 0 < least + 0) { print "crawl.sh: " what ": " is ", at least " least " wanted"; failed = 1 } }
    function most(what, is, limit) { if (is + 0 > limit + 0) { print "crawl.sh: " what ": " is ", at most " limit " wanted"; failed = 1 } }
    END {
        # Where a sitemap tells which pages there are, archives are not walked: 1,818 articles, and the home page.
        need("pages", pages["communique"], 1818)
        need("times the pages/s of Scrapy", rate["communique"] / rate["scrapy"], 8)
        need("of the pages/s of the floor", rate["communique"] / rate["floor"], 0.25)
        most("CPU-seconds per 1,000 pages", cpu["communique"], 6)
        most("MiB at the peak", memory["communique"], 100)
        exit failed
    }' <<<"$table"
