#!/usr/bin/env bash
# Looks into every malformed model of a corpus under limits: bad_models_test.sh [FOLDER (Tests/Fixtures/badmodels)]
# 1 GiB of address space, 5 s of CPU, 20 s of wall time; exit 0 or 65 as manifest.json asks
# (where it asks nothing, either), and no control characters on the terminal. BadModelsTests checks what is said.
set -euo pipefail
cd "$(dirname "$0")/.."
exec python3 - "${1:-Tests/Fixtures/badmodels}" "${YUANBENCH:-.build/release/yuanbench}" <<'PY'
import json, pathlib, resource, subprocess, sys, time

folder, program = pathlib.Path(sys.argv[1]), sys.argv[2]
entries = json.loads((folder / "manifest.json").read_text())
entries = entries if isinstance(entries, list) else entries["files"]


def run(path, space):
    def limits():
        resource.setrlimit(resource.RLIMIT_AS, (space, space))
        resource.setrlimit(resource.RLIMIT_CPU, (5, 5))
    started = time.monotonic()
    done = subprocess.run([program, "model", "inspect", str(path)], capture_output=True, timeout=20, preexec_fn=limits)
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return done, time.monotonic() - started, usage.ru_maxrss


space, bad, slowest, peak = 1 << 30, 0, 0, 0
for entry in entries:
    name, expect = entry["file"], entry["expect"]
    try:
        done, seconds, rss = run(folder / name, space)
    except subprocess.TimeoutExpired:
        bad += 1
        print(f"{name}: hangs")
        continue
    slowest, peak = max(slowest, seconds), max(peak, rss)
    allowed = {"reject": [65], "ok": [0], "ok_escaped": [0]}.get(expect, [0, 65])
    said = (done.stdout + done.stderr).decode(errors="replace")
    controls = [c for c in said if ord(c) < 32 and c not in "\n\t" or c == "\x7f"]
    if done.returncode not in allowed or controls or "Fatal" in said:
        bad += 1
        print(f"{name}: exit {done.returncode}, expected {expect}: {said.strip()[:300]}")
print(f"{len(entries)} files, {bad} wrong; slowest {slowest:.2f} s, largest resident {peak / 1024:.0f} MiB, 1 GiB of address space each")
sys.exit(bad > 0)
PY
