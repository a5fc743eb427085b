#!/usr/bin/env bash
# Reads the feeds of the bench beside feedparser and prints the table of the README; fails below 138 edge cases or with
# a real feed that is not perfect. Further arguments go to run_suite.py (--show ours, --only edge, --repeat 20 …).
#
#   COMMUNIQUE_BENCH=…  the folder that holds bench/ and data/
#   COMMUNIQUE_BIN=…    the program (default: target/release/communique, built if need be)
#   COMMUNIQUE_PEERS=…  where feedparser is installed (default: a folder in the user's cache)
#
# Exit status: 0 all right, 1 something is worse than it must be, 2 could not run.
set -euo pipefail
root="$(cd "$(dirname "$0")/../.." && pwd)"

if [ -z "${COMMUNIQUE_BENCH:-}" ] || [ ! -f "$COMMUNIQUE_BENCH/bench/feeds/run_suite.py" ]; then
    echo "feeds.sh: COMMUNIQUE_BENCH must name the folder that holds bench/ and data/" >&2
    exit 2
fi

peers="${COMMUNIQUE_PEERS:-${XDG_CACHE_HOME:-$HOME/.cache}/communique-peers}/feedparser-6.0.14"
if [ ! -x "$peers/bin/python" ]; then
    python3 -m venv "$peers" && "$peers/bin/pip" install --quiet feedparser==6.0.14 || {
        rm -rf "$peers"
        echo "feeds.sh: cannot install feedparser" >&2
        exit 2
    }
fi

program="${COMMUNIQUE_BIN:-$root/target/release/communique}"
if [ -z "${COMMUNIQUE_BIN:-}" ]; then
    cargo build --release --quiet --manifest-path "$root/Cargo.toml" || exit 2
fi

PYTHONDONTWRITEBYTECODE=1 "$peers/bin/python" "$COMMUNIQUE_BENCH/bench/feeds/run_suite.py" \
    ours="'$program' read-feed --batch" --need 138,100 "$@"
