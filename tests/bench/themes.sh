#!/usr/bin/env bash
# Tags the official SDG targets and indicators with labels alone and prints micro-F1 of the first theme, for all texts
# and for the half that nothing was tuned on (by the hash of their ids); fails below .70 in a language, where the
# languages are more than .02 apart, or where a tag is not explained.
#
#   COMMUNIQUE_BENCH=…  the folder that holds bench/ and data/
#   COMMUNIQUE_BIN=…    the program (default: target/release/communique, built if need be)
#
# Exit status: 0 all right, 1 something is worse than it must be, 2 could not run.
set -euo pipefail
root="$(cd "$(dirname "$0")/../.." && pwd)"

if [ -z "${COMMUNIQUE_BENCH:-}" ] || [ ! -f "$COMMUNIQUE_BENCH/bench/themes/score.py" ]; then
    echo "themes.sh: COMMUNIQUE_BENCH must name the folder that holds bench/ and data/" >&2
    exit 2
fi

program="${COMMUNIQUE_BIN:-$root/target/release/communique}"
if [ -z "${COMMUNIQUE_BIN:-}" ]; then
    cargo build --release --quiet --manifest-path "$root/Cargo.toml" || exit 2
fi

saved="$(mktemp -d)"
trap 'rm -rf "$saved"' EXIT
for lang in en fr; do
    python3 -B "$COMMUNIQUE_BENCH/bench/themes/score.py" "$COMMUNIQUE_BENCH/data/themes/sdgtargets-$lang" --limit 1 \
        --save "$saved/$lang.jsonl" --out "$saved/all.jsonl" \
        --cmd "'$program' classify --batch --vocab {vocab}" >/dev/null || exit 2
done

python3 -B - "$saved" "$COMMUNIQUE_BENCH/data/themes" <<'PYTHON'
import hashlib, json, sys

saved, data = sys.argv[1:]
unseen = lambda id: hashlib.md5(id.encode()).digest()[0] % 2 == 1
figures, failed = {}, False
for line in open(f"{saved}/all.jsonl", encoding="utf8"):
    score = json.loads(line)
    lang = score["dataset"][-2:]
    found = {x["id"]: x["concepts"] for x in map(json.loads, open(f"{saved}/{lang}.jsonl", encoding="utf8"))}
    right = given = gold = 0
    for text in map(json.loads, open(f"{data}/{score['dataset']}/test.jsonl", encoding="utf8")):
        if unseen(text["id"]):
            best = sorted(found[text["id"]], key=lambda x: -x["score"])[:1]
            right += sum(x["id"] in text["concepts"] for x in best)
            given, gold = given + len(best), gold + len(text["concepts"])
    figures[lang] = score["micro_f1"]
    half = 2 * right / (given + gold)
    print(f"{lang}: micro-F1 {score['micro_f1']:.3f}, unseen half {half:.3f}, explained {score['explained']:.0%}")
    failed |= score["micro_f1"] < 0.70 or score["explained"] < 1
sys.exit(failed or abs(figures["en"] - figures["fr"]) > 0.02)
PYTHON
