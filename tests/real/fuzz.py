"""Fuzzing: tests/it/fuzz on a release build, for a time and with a seed.

The inputs are our own fixtures, and the bench's where COMMUNIQUE_BENCH names it. A finding is printed with its seed and round
and kept in a file; the same seed finds it again.
"""

import os
import re
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def short(target):
    """Half a minute, the same inputs in every run."""
    return lambda _program, bench: run(target, 30, 1, bench)


def long(target):
    """An hour of inputs that no run before had."""
    return lambda _program, bench: run(target, 3600, int(time.time()), bench)


def run(target, seconds, seed, bench):
    environment = os.environ | {"COMMUNIQUE_FUZZ_SECONDS": str(seconds), "COMMUNIQUE_FUZZ_SEED": str(seed)}
    if bench:
        environment["COMMUNIQUE_BENCH"] = str(bench)
    name = f"fuzz::{target}::long"
    command = ["cargo", "test", "--release", "--quiet", "--test", "it", "--", "--ignored", "--exact", name, "--nocapture"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment)
    told = re.findall(r"^.*inputs in .*$", done.stdout, re.MULTILINE)
    print(f"   {told[0] if told else 'no figure'}, seed {seed}")
    return [] if done.returncode == 0 and told else [done.stdout[-3000:] + done.stderr[-2000:]]
