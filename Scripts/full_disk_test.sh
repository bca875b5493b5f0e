#!/usr/bin/env bash
# Evaluates on ever larger small disks (tmpfs; needs root): full_disk_test.sh
# On each the run must end with 0 or 74, keep every record that it called safe, and go on to the report of an undisturbed
# run once there is room.
set -euo pipefail
cd "$(dirname "$0")/.."
yuanbench=${YUANBENCH:-.build/release/yuanbench}
work=$(mktemp -d)
mkdir "$work/disk"
trap 'umount "$work/disk" 2>/dev/null || true; rm -rf "$work"' EXIT
request=(eval --model Tests/Fixtures/golden/yuan-tiny --dataset yuanbench-exact --dtype bf16,fp16 --prompt completion
  --max-new-tokens 48 --batch-size 4 --quiet)
"$yuanbench" "${request[@]}" --output "$work/whole" 2>/dev/null
need=$(du -sk --apparent-size "$work/whole" | cut -f1)
echo "an undisturbed run leaves $need KiB"

declare -A count
full=0
for size in 0 4 8 1000 $(seq 1028 8 $((1024 + need + 64))); do
  mount -t tmpfs -o size=1m none "$work/disk"
  mount -o "remount,size=$((size > 0 ? size : 4))k" "$work/disk"
  [ "$size" = 0 ] && head -c 4096 /dev/zero >"$work/disk/filler"
  status=0
  "$yuanbench" "${request[@]}" --output "$work/disk/run" 2>"$work/said" || status=$?
  case $status in
    0) ;;
    74) full=$((full + 1)) ;;
    *) echo "$size KiB: exit $status"; cat "$work/said"; exit 1 ;;
  esac
  count[$status]=$((${count[$status]:-0} + 1))
  safe=$(sed -n 's/.*; \([0-9]*\) results are safe.*/\1/p' "$work/said")
  lines=0
  if [ -e "$work/disk/run/results.jsonl" ]; then
    lines=$(wc -l <"$work/disk/run/results.jsonl")
    cp "$work/disk/run/results.jsonl" "$work/before"
  fi
  if [ "$status" = 74 ] && [ -n "$safe" ] && [ "$safe" != "$lines" ]; then
    echo "$size KiB: said that $safe are safe, $lines are there"; exit 1
  fi
  mount -o remount,size=64m "$work/disk"
  resume=()
  [ -e "$work/disk/run/run.json" ] && resume=(--resume)
  [ "$status" = 0 ] || "$yuanbench" "${request[@]}" --output "$work/disk/run" "${resume[@]}" 2>>"$work/said"
  [ "$lines" = 0 ] || cmp -n "$(stat -c %s "$work/before")" "$work/before" "$work/disk/run/results.jsonl"
  python3 Scripts/same_report.py "$work/whole" "$work/disk/run" || { echo "$size KiB: the report differs"; exit 1; }
  [ -n "${VERBOSE:-}" ] && echo "$size KiB: exit $status, $lines records safe"
  umount "$work/disk"
done
echo "disks that were too small: $full, all ended with 74 and lost nothing; large enough: ${count[0]:-0}"
