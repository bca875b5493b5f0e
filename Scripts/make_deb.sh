#!/usr/bin/env bash
# Makes a Debian package of yuanbench in the current folder: bash Scripts/make_deb.sh
set -euo pipefail
origin=$PWD
cd "$(dirname "$0")/.."
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
DESTDIR=$stage bash Scripts/install.sh /usr >&2
version=$("$stage/usr/bin/yuanbench" --version | sed -n '1s/^yuanbench \([^ ]*\).*/\1/p')
architecture=$(dpkg --print-architecture)
mkdir -p "$stage/DEBIAN"
gzip -9n "$stage/usr/share/man/man1/yuanbench.1"
cat >"$stage/DEBIAN/control" <<CONTROL
Package: yuanbench
Version: $version
Architecture: $architecture
Maintainer: YuanBench contributors
Section: devel
Priority: optional
Depends: libc6, libstdc++6, libopenblas0, libcurl4, libxml2
Recommends: python3, python3-pip, ca-certificates
Description: measures how well and how fast a code model works on this host
 Runs Yuan2, Llama and Qwen2 checkpoints on the CPU, scores coding problems by
 running tests in a box, and writes one report in several forms.
CONTROL
file=$origin/yuanbench_${version}_${architecture}.deb
dpkg-deb --root-owner-group --build "$stage" "$file" >&2
echo "$file"
