#!/usr/bin/env bash
# The gate of this project's own CI: the embedded yuan2-nano on the bundled problems, against the committed baseline.
#
#   bash Scripts/ci_gate.sh [--refresh]     exits as `yuanbench eval --baseline` does: 0 not worse, 1 regression, 2 cannot tell
#
# --refresh makes the baseline anew, where model, prompts or problems were changed on purpose.
set -euo pipefail
cd "$(dirname "$0")/.."
binary=${YUANBENCH_BINARY:-.build/release/yuanbench}
baseline=Reports/baselines/yuan2-nano/report.json
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
request=(eval --model yuan2-nano --dataset yuanbench-python --dtype bf16 --output "$work/run")

if [ "${1:-}" = --refresh ]; then
  "$binary" "${request[@]}"
  mkdir -p "$(dirname "$baseline")"
  # On one line: the baseline is for programs.
  python3 -c 'import json, sys
report = json.load(sys.stdin)
report["command"] = ["yuanbench", "eval", "--model", "yuan2-nano", "--dataset", "yuanbench-python", "--dtype", "bf16"]
print(json.dumps(report, ensure_ascii=False, sort_keys=True, separators=(",", ":")))' <"$work/run/report.json" >"$baseline"
  echo "wrote $baseline"
else
  "$binary" "${request[@]}" --baseline "$baseline"
fi
