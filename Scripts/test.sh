#!/usr/bin/env bash
# Builds yuanbench and passes all its tests. Arguments go to `swift test` (--filter NAME, say).
set -euo pipefail
cd "$(dirname "$0")/.."
. Scripts/setup.sh

say "checking the format"
swift format lint --strict --recursive --parallel Sources Tests Fuzzing Package.swift

say "checking the links of the documents"
python3 Scripts/check_docs.py

say "building"
swift build -c release --build-tests -Xswiftc -enable-testing
# The tests that need a real small model run where it can be had, and say so where it cannot.
if model=$(smollm2); then export YUANBENCH_SMOLLM2=$model; fi

say "testing"
# The tests write these pages for the browser check below.
YUANBENCH_HTML=$(mktemp -d)
export YUANBENCH_HTML
swift test -c release --skip-build -Xswiftc -enable-testing "$@"

if [ $# -eq 0 ]; then
  say "checking quoted help texts and committed reports"
  python3 Scripts/check_help.py .build/release/yuanbench
  python3 Scripts/check_reports.py .build/release/yuanbench
  say "passing the gate"
  bash Scripts/ci_gate.sh
fi

if [ -e "$YUANBENCH_HTML/sample.html" ]; then
  say "looking at report.html in a browser"
  python3 Scripts/check_html.py "$YUANBENCH_HTML"/*.html || [ $? -eq 69 ]
  say "using the pages of yuanbench serve in a browser"
  python3 Scripts/check_pages.py .build/release/yuanbench || [ $? -eq 69 ]
fi
