#!/usr/bin/env python3
"""Lets vLLM's own code compute the numbers of a run of `yuanbench bench --endpoint` from its requests, and compares.

    yuanbench bench --endpoint http://127.0.0.1:8080 --goodput ttft:40 tpot:15 --output run
    Benchmarks/vllm_formulas.py vllm-src run

vllm-src is an unpacked wheel; vllm_client.py beside this file says where it comes from and what else is needed. Exits 1 if a
number differs by more than 1e-9 of it.
"""
import contextlib
import io
import json
import os
import runpy
import sys

source, run = sys.argv[1:]
sys.argv = ["vllm_client.py", source, "--help"]
with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    runpy.run_path(os.path.join(os.path.dirname(os.path.abspath(__file__)), "vllm_client.py"))

from vllm.benchmarks.datasets import SampleRequest  # noqa: E402
from vllm.benchmarks.lib.endpoint_request_func import RequestFuncOutput  # noqa: E402
from vllm.benchmarks.serve import calculate_metrics  # noqa: E402

with open(os.path.join(run, "report.json")) as file:
    report = json.load(file)
with open(os.path.join(run, "requests.jsonl")) as file:
    requests = [json.loads(line) for line in file]

numbers, worst = 0, 0.0
for load, point in enumerate(report["serving"]):
    outputs = [
        RequestFuncOutput(
            success=request["error"] is None, latency=request["e2el_s"] or 0, ttft=request["ttft_s"] or 0,
            itl=request["itl_s"], output_tokens=request["output_tokens"] or 0, prompt_len=request["input_tokens"] or 0,
            start_time=request["start_s"])
        for request in requests if request["load"] == load
    ]
    prompts = [SampleRequest(prompt="", prompt_len=1, expected_output_len=1) for _ in outputs]
    limits = {key[:-2]: limit * 1000 for key, limit in (point["load"]["goodput"] or {}).items() if limit is not None}
    with contextlib.redirect_stdout(io.StringIO()):
        theirs, _ = calculate_metrics(prompts, outputs, point["duration_s"], None, [90, 95, 99], limits)
    pairs = {
        "completed": theirs.completed, "failed": theirs.failed, "input_tokens": theirs.total_input,
        "output_tokens": theirs.total_output, "requests_per_s": theirs.request_throughput,
        "output_tokens_per_s": theirs.output_throughput, "total_tokens_per_s": theirs.total_token_throughput,
    }
    if limits:
        pairs["goodput_per_s"] = theirs.request_goodput
    pairs = {name: (point[name], value) for name, value in pairs.items()}
    for name in ["ttft", "tpot", "itl", "e2el"]:
        ours = point[f"{name}_s"]
        for key, word in [("mean", "mean"), ("std", "std"), ("p50", "median")]:
            pairs[f"{name}_s.{key}"] = (ours[key] * 1000, getattr(theirs, f"{word}_{name}_ms"))
        for percentile, value in getattr(theirs, f"percentiles_{name}_ms"):
            pairs[f"{name}_s.p{percentile:.0f}"] = (ours[f"p{percentile:.0f}"] * 1000, value)
    for name, (ours, value) in pairs.items():
        difference = abs(ours - value) / max(abs(value), 1e-12)
        numbers, worst = numbers + 1, max(worst, difference)
        if difference > 1e-9:
            print(f"serving[{load}].{name} is {ours}, and {value} by vLLM's code")
print(f"{numbers} numbers of {len(report['serving'])} loads, largest relative difference {worst:.1e}")
sys.exit(worst > 1e-9)
