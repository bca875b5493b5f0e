#!/usr/bin/env bash
# Kills an evaluation at random moments (-9) and resumes it: kill_test.sh [--tests] [KILLS (200)] [SEED (1)]
# After every kill the records that were safe must still be there and nothing of the box alive; whenever a run ends by
# itself, its report must equal that of an undisturbed run, byte for byte but for what was measured
# (Scripts/same_report.py), and the next run begins.
# --tests: the embedded model on yuanbench-python, whose tests run in the box; without it a tiny model and exact match.
set -euo pipefail
cd "$(dirname "$0")/.."
tests=
[ "${1:-}" = --tests ] && tests=yes && shift
kills=${1:-200} seed=${2:-1}
RANDOM=$seed
yuanbench=${YUANBENCH:-.build/release/yuanbench}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -n "$tests" ]; then
  request=(eval --dataset yuanbench-python --batch-size 16)
else
  request=(eval --model Tests/Fixtures/golden/yuan-tiny --dataset "${DATASET:-yuanbench-exact}" --dtype bf16,fp16
    --prompt completion --max-new-tokens 48 --batch-size 4)
fi
request+=(--quiet ${ISOLATION:+--isolation "$ISOLATION"})

# Process ids below $1, each with the moment it began, which tells it from another that gets its id.
below() {
  python3 - "$1" <<'PY'
import os, sys
parents, begun = {}, {}
for entry in filter(str.isdigit, os.listdir("/proc")):
    try:
        fields = open(f"/proc/{entry}/stat").read().rpartition(")")[2].split()
    except OSError:
        continue
    parents.setdefault(fields[1], []).append(entry)
    begun[entry] = fields[19]
found = list(parents.get(sys.argv[1], []))
for pid in found:
    found += parents.get(pid, [])
print(" ".join(f"{pid}:{begun[pid]}" for pid in found))
PY
}

# Whether one of them is still there.
alive() {
  local each
  for each in "$@"; do
    [ "$(sed 's/.*) //' "/proc/${each%:*}/stat" 2>/dev/null | cut -d' ' -f20)" = "${each#*:}" ] && return 0
  done
  return 1
}

started=$(date +%s%N)
"$yuanbench" "${request[@]}" --output "$work/whole"
whole_ms=$((($(date +%s%N) - started) / 1000000))
lines=$(wc -l <"$work/whole/results.jsonl")
echo "an undisturbed run: $whole_ms ms, $lines records"

killed=0 runs=0 torn=0 safe_kept=0 boxes=0
while [ "$killed" -lt "$kills" ]; do
  runs=$((runs + 1))
  run=$work/run-$runs
  resume=()
  while :; do
    "$yuanbench" "${request[@]}" --output "$run" "${resume[@]}" 2>>"$work/said" &
    process=$!
    # Anywhere from the start of the process to beyond its end.
    milliseconds=$((RANDOM * 32768 + RANDOM))
    milliseconds=$((milliseconds % (whole_ms * 6 / 10 + 20)))
    sleep "$((milliseconds / 1000)).$(printf %03d $((milliseconds % 1000)))"
    children=$(below $process)
    if kill -9 $process 2>/dev/null && ! wait $process 2>/dev/null; then
      killed=$((killed + 1))
    else
      wait $process 2>/dev/null || true
    fi
    if [ -n "$children" ]; then
      boxes=$((boxes + 1))
      for _ in $(seq 100); do alive $children && sleep 0.1 || break; done
      alive $children && { echo "run $runs: of $children something outlives the harness"; exit 1; }
      for each in $children; do
        left=$(find /sys/fs/cgroup -type d -name "yuanbench-${each%:*}-*" 2>/dev/null || true)
        [ -z "$left" ] || { echo "run $runs: the control group $left is left behind"; exit 1; }
      done
    fi
    if [ -e "$run/results.jsonl" ]; then
      # Whole lines of before are the beginning of what is there now.
      if [ -e "$work/before" ]; then
        size=$(stat -c %s "$work/before")
        cmp -n "$size" "$work/before" "$run/results.jsonl" || { echo "run $runs: a safe record is gone"; exit 1; }
        safe_kept=$((safe_kept + 1))
      fi
      python3 - "$run/results.jsonl" "$work/before" <<'PY'
import sys
data = open(sys.argv[1], "rb").read()
open(sys.argv[2], "wb").write(data[:data.rfind(b"\n") + 1])
PY
    fi
    [ -e "$run/run.json" ] && resume=(--resume)
    if [ -e "$run/report.json" ] || [ "$killed" -ge "$kills" ]; then break; fi
  done
  "$yuanbench" "${request[@]}" --output "$run" "${resume[@]}" 2>>"$work/said"
  python3 Scripts/same_report.py "$work/whole" "$run" || { echo "run $runs: its report differs"; exit 1; }
  [ "$(wc -l <"$run/results.jsonl")" = "$lines" ] || { echo "run $runs: a finished problem was done again"; exit 1; }
  [ -e "$run/results.torn" ] && torn=$((torn + 1))
  rm -rf "$run" "$work/before"
done
echo "$killed kills in $runs runs: every report equals the undisturbed one; $safe_kept times the safe records were looked for and found; $torn runs had a torn line; $boxes times a box was killed with its harness, and nothing of it was left"
