#!/usr/bin/env bash
# Runs the products of the arm64 kernels under an emulator, with and without BF16 dot products: arm64_kernels.sh
# Needs clang, and `apt-get install gcc-aarch64-linux-gnu qemu-user`.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for file in Sources/CKernels/*.c Tests/Arm64/products.c; do
  clang --target=aarch64-linux-gnu --sysroot=/usr/aarch64-linux-gnu -isystem /usr/aarch64-linux-gnu/include \
    -O3 -ffp-contract=off -Wall -ISources/CKernels/include -c "$file" -o "$work/$(basename "$file" .c).o"
done
aarch64-linux-gnu-gcc -static "$work"/*.o -o "$work/products" -lpthread -lm
for cpu in cortex-a72 max; do
  echo "qemu-aarch64 -cpu $cpu"
  qemu-aarch64 -cpu "$cpu" "$work/products"
done
