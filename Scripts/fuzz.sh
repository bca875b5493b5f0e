#!/usr/bin/env bash
# Fuzzes the readers of foreign files with libFuzzer, guided by coverage: fuzz.sh [--seconds N] [READER…]
# Every reader runs N seconds (20 without --seconds). A crash, more than 1 GiB or more than 10 s for one input is a
# finding: its input stays in .build-fuzz/found/READER; put it into Fuzzing/Found/READER when it is mended.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=20
if [ "${1:-}" = --seconds ]; then
  seconds=$2
  shift 2
fi
export YUANBENCH_FUZZING=1
# -assert-config Debug: unsafe buffers check their bounds, as they otherwise do in debug builds only.
swift build -c release --sanitize fuzzer --scratch-path .build-fuzz --product fuzz -Xswiftc -assert-config -Xswiftc Debug >&2
fuzz=.build-fuzz/release/fuzz
if [ $# -eq 0 ]; then
  # Without a name it says which there are.
  read -ra all <<<"$(YUANBENCH_FUZZ_READER='' $fuzz 2>&1 | sed -n 's/.*must be one of: //p')"
  set -- "${all[@]}"
fi
status=0
for reader in "$@"; do
  work=.build-fuzz/corpus/$reader found=.build-fuzz/found/$reader
  mkdir -p "$work" "$found"
  YUANBENCH_FUZZ_READER=$reader YUANBENCH_FUZZ_SEEDS=$work $fuzz -runs=0 >/dev/null 2>&1 || true
  log=.build-fuzz/$reader.log
  if ! YUANBENCH_FUZZ_READER=$reader $fuzz "$work" -dict="$work.words" -max_len=16384 -max_total_time="$seconds" \
    -timeout=10 -rss_limit_mb=1024 -artifact_prefix="$found/" -print_final_stats=1 >"$log" 2>&1; then
    status=1
    grep -E 'ERROR|Fatal error|Test unit written|must be one of' "$log" | head -5 || true
  fi
  printf '%-20s %10s inputs in %s s, %s inputs kept, coverage %s\n' "$reader" \
    "$(sed -n 's/stat::number_of_executed_units: *//p' "$log")" "$seconds" "$(find "$work" -type f | wc -l)" \
    "$(grep -oE 'cov: [0-9]+' "$log" | tail -1 | cut -d' ' -f2)"
done
exit $status
