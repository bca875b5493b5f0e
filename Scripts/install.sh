#!/usr/bin/env bash
# Builds yuanbench and installs it: bin/yuanbench, its problem sets, shell completions and manual page.
#
#   bash Scripts/install.sh [PREFIX]     default: /usr/local as root, ~/.local otherwise; DESTDIR is respected
set -euo pipefail
cd "$(dirname "$0")/.."
[ -n "${YUANBENCH_BINARY:-}" ] || links_statically=yes
. Scripts/setup.sh

if [ "$(id -u)" -eq 0 ]; then default=/usr/local; else default=$HOME/.local; fi
prefix=${1:-$default}
root=${DESTDIR:-}$prefix

binary=${YUANBENCH_BINARY:-} # a binary that is built already
if [ -z "$binary" ]; then
  # The version line names the commit; a tree without git builds as "unknown". The Swift runtime is linked in, so that
  # the binary runs without the toolchain.
  export YUANBENCH_COMMIT=${YUANBENCH_COMMIT:-$(git rev-parse --short=12 HEAD 2>/dev/null || true)}
  say "building (a few minutes the first time)"
  swift build -c release --static-swift-stdlib --product yuanbench
  binary=$(swift build -c release --static-swift-stdlib --show-bin-path)/yuanbench
fi

say "installing below $root"
install -D -m 755 "$binary" "$root/bin/yuanbench"
# Problem sets are looked for beside the binary and above it.
mkdir -p "$root/share/yuanbench"
rm -rf "$root/share/yuanbench/Datasets"
cp -R Datasets "$root/share/yuanbench/Datasets"

complete() { # complete SHELL FILE
  mkdir -p "$(dirname "$2")"
  "$binary" --generate-completion-script "$1" >"$2"
}
complete bash "$root/share/bash-completion/completions/yuanbench"
complete zsh "$root/share/zsh/site-functions/_yuanbench"
complete fish "$root/share/fish/vendor_completions.d/yuanbench.fish"

mkdir -p "$root/share/man/man1"
"$binary" --experimental-dump-help | python3 Scripts/make_manual.py >"$root/share/man/man1/yuanbench.1"

"$root/bin/yuanbench" --version
