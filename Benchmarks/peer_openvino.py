#!/usr/bin/env python3
"""Times OpenVINO GenAI's continuous batching on a GGUF; prints one line of JSON for side_by_side.py.

    python peer_openvino.py MODEL.gguf --threads 2 --prompt 128 --generate 16 --batch 1,8

Needs openvino-genai. The GGUF must hold a vocabulary. Every sequence of a batch has its own prompt of random ids; prefill ends
when the last sequence has its first token, decode is every token after it, as in `yuanbench bench`. With `--prompts FILE` (a
JSON list of texts) all of them are continued at once instead, for end_to_end.py.
"""
import argparse
import json
import random
import time

import numpy
import openvino
import openvino_genai

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("model")
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--precision", help="INFERENCE_PRECISION_HINT: bf16, f16 or f32 (default: OpenVINO's own for the host)")
parser.add_argument("--prompt", type=int, default=128)
parser.add_argument("--generate", type=int, default=16)
parser.add_argument("--prompts", help="a JSON list of texts to continue")
parser.add_argument("--batch", type=lambda text: [int(n) for n in text.split(",")], default=[1])
options = parser.parse_args()

texts = []
if options.prompts:
    with open(options.prompts) as file:
        texts = json.load(file)
settings = openvino_genai.SchedulerConfig()
if texts:
    settings.max_num_seqs, settings.max_num_batched_tokens, settings.cache_size = len(texts), 4096, 2
else:
    settings.max_num_seqs = max(options.batch)
    settings.max_num_batched_tokens = max(options.batch) * options.prompt
    settings.cache_size = 0
    settings.num_kv_blocks = max(options.batch) * ((options.prompt + options.generate) // 16 + 4)
settings.enable_prefix_caching = False
properties = {"INFERENCE_NUM_THREADS": options.threads}
if options.precision:
    properties["INFERENCE_PRECISION_HINT"] = options.precision
begin = time.perf_counter()
pipeline = openvino_genai.ContinuousBatchingPipeline(options.model, settings, "CPU", properties)
chance = random.Random(1)


def measure(batch, generate):
    """Prefill and decode in tokens/s."""
    config = openvino_genai.GenerationConfig()
    config.max_new_tokens, config.ignore_eos, config.do_sample = generate, True, False
    start = time.perf_counter()
    handles = []
    for index in range(batch):
        ids = numpy.array([[chance.randrange(300, 30000) for _ in range(options.prompt)]], dtype=numpy.int64)
        handles.append(pipeline.add_request(index, openvino.Tensor(ids), config))
    first = None
    waiting = set(range(batch))
    while pipeline.has_non_finished_requests():
        pipeline.step()
        waiting -= {i for i in waiting if handles[i].can_read()}
        if first is None and not waiting:
            first = time.perf_counter()
    end = time.perf_counter()
    return batch * options.prompt / (first - start), batch * (generate - 1) / (end - first)


def continue_texts():
    """Seconds of the load and of continuing all texts, and the number of new tokens."""
    config = openvino_genai.GenerationConfig()
    config.max_new_tokens, config.ignore_eos, config.do_sample = options.generate, True, False
    config.apply_chat_template = False
    loaded = time.perf_counter()
    pipeline.generate(texts, [config] * len(texts))
    return {"load_s": loaded - begin, "run_s": time.perf_counter() - loaded, "tokens": len(texts) * options.generate}


result = {"version": f"OpenVINO GenAI {openvino_genai.__version__}, {options.precision or 'its own precision'}"}
if texts:
    result |= continue_texts()
for batch in [] if texts else options.batch:
    measure(batch, 2)
    result[f"prefill {batch}"], result[f"decode {batch}"] = measure(batch, options.generate)
print(json.dumps(result))
