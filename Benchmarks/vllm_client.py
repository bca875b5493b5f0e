#!/usr/bin/env python3
"""Runs the client of `vllm bench serve` from an unpacked vllm wheel, on hosts where vLLM itself cannot be installed.

    pip download --no-deps --only-binary :all: vllm==0.33.0 && unzip -q vllm-*.whl 'vllm/*.py' -d vllm-src
    pip install aiohttp jinja2 pandas pillow psutil pybase64 pyzmq transformers urllib3
    vllm_client.py vllm-src --base-url http://127.0.0.1:8080 --model NAME …        # as after `vllm bench serve`

Modules of the engine that need a GPU's libraries are replaced by empty ones. A benchmark of texts calls nothing in them: they
are about images, audio, LoRA and the configurations of models.
"""
import sys
from types import ModuleType

ENGINE = [
    "torch", "vllm.distributed", "vllm.distributed.parallel_state", "vllm.env_override", "vllm.inputs", "vllm.lora",
    "vllm.lora.request", "vllm.lora.utils", "vllm.multimodal", "vllm.multimodal.audio", "vllm.multimodal.image",
    "vllm.multimodal.utils", "vllm.transformers_utils.config",
]


class Empty(ModuleType):
    __path__ = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {}) if name[0].isupper() else Empty(name)

    def __call__(self, *_, **__):
        return None


import transformers  # noqa: E402  before the empty torch, which it would take for a broken one
transformers.utils.is_torch_available()

source = sys.argv.pop(1)
sys.path.insert(0, source)
for name in ENGINE:
    sys.modules[name] = Empty(name)

from vllm.benchmarks.serve import add_cli_args, main  # noqa: E402
from vllm.utils.argparse_utils import FlexibleArgumentParser  # noqa: E402

parser = FlexibleArgumentParser(prog="vllm bench serve")
add_cli_args(parser)
main(parser.parse_args())
