#!/usr/bin/env bash
# Runs the tests under a sanitizer: sanitize.sh address|thread [ARGUMENT of swift test…]
# Optimised, since the references of the kernels take an hour otherwise. Builds into .build-SANITIZER, some 15 minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
. Scripts/setup.sh
case ${1:-} in
  address) export ASAN_OPTIONS="detect_leaks=0:${ASAN_OPTIONS:-}" ;;
  # What it reports of a Mutex's own values is not counted: it does not see that lock, which the runtime takes without it.
  thread) export TSAN_OPTIONS="suppressions=$PWD/Scripts/thread-sanitizer.txt:${TSAN_OPTIONS:-}" ;;
  *) fail "sanitize.sh: expected address or thread, found '${1:-}'" ;;
esac
options=(-c debug --sanitize "$1" --scratch-path ".build-$1" -Xcc -O1 -Xswiftc -O)
shift
swift build --build-tests "${options[@]}"
swift test --skip-build "${options[@]}" "$@"
