#!/usr/bin/env bash
# Builds yuanbench and runs its main job once: the embedded yuan2-nano on the bundled problems in three dtypes, without
# network. `Scripts/demo.sh smollm2 [flags]` takes SmolLM2-135M-Instruct in bf16 instead, which is fetched the first time.
# Other arguments go to `yuanbench eval`.
set -euo pipefail
cd "$(dirname "$0")/.."
. Scripts/setup.sh

say "building (a few minutes the first time)"
# The flags of test.sh, so that neither builds anew what the other has built.
swift build -c release --product yuanbench -Xswiftc -enable-testing

if [ "${1:-}" = smollm2 ]; then
    shift
    model=$(smollm2)
    say "evaluating SmolLM2-135M-Instruct"
    exec .build/release/yuanbench eval --model "$model" --dataset yuanbench-python --dtype bf16 --output runs/demo-smollm2 "$@"
fi
say "evaluating yuan2-nano"
exec .build/release/yuanbench eval --dtype bf16,fp16,fp32 --dataset yuanbench-python --output runs/demo "$@"
