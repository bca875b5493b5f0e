#!/usr/bin/env bash
# Builds yuanbench and runs its main job once: SmolLM2-135M-Instruct on the bundled problems, in bf16.
set -euo pipefail
cd "$(dirname "$0")/.."
. Scripts/setup.sh

say "building (a few minutes the first time)"
swift build -c release --product yuanbench
model=$(smollm2)

say "evaluating"
.build/release/yuanbench eval --model "$model" --dataset yuanbench-python --dtype bf16 --output runs/demo "$@"
