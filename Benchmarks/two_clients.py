#!/usr/bin/env python3
"""Puts one server under the same load by `yuanbench bench --endpoint` and by `vllm bench serve`, in turn, and prints one
Markdown table of medians and ratios.

    yuanbench serve --model shape:smollm2-135m --port 8080 &
    Benchmarks/two_clients.py --url http://127.0.0.1:8080 --model shape:smollm2-135m --tokenizer FILE.gguf \
        --hf-tokenizer FOLDER --concurrency 4 --num-prompts 48 --prompt 128 --generate 32 --rounds 3

Needs Python 3.9; `--vllm` says how vLLM's client is started (vllm_client.py beside this file does it without vLLM's engine).
Every round has its own seeds, so that no prompt comes twice; the order turns from round to round. With `--no-warmup` the means
are also divided by those that `yuanbench serve` itself has taken meanwhile (its /metrics): a host that is slower in one turn
than in the next moves both.
"""
import argparse
import json
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
import urllib.request

TIMES = ["ttft", "tpot", "itl", "e2el"]


def run(command):
    """The standard output of a command; ends the script with the command's own words if it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"{shlex.join(command)}\nended with {done.returncode}:\n{(done.stdout + done.stderr)[-2000:]}")
    return done.stdout


def yuanbench(options, folder, seed):
    command = [
        options.yuanbench, "bench", "--endpoint", options.url, "--model", options.model, "--num-prompts",
        str(options.num_prompts), "--prompt-tokens", str(options.prompt), "--generate-tokens", str(options.generate),
        "--seed", str(seed), "--warmup", "0" if options.no_warmup else "1", "--output", os.path.join(folder, "run"),
        "--quiet", "--json",
    ]
    if options.tokenizer:
        command += ["--tokenizer", options.tokenizer]
    if options.concurrency:
        command += ["--concurrency", str(options.concurrency)]
    else:
        command += ["--request-rate", str(options.request_rate), "--arrivals", options.arrivals]
    point = json.loads(run(command))["serving"][0]
    found = {
        "answered": point["completed"], "input tokens": point["input_tokens"], "output tokens": point["output_tokens"],
        "duration, s": point["duration_s"], "requests/s": point["requests_per_s"],
        "output tokens/s": point["output_tokens_per_s"], "total tokens/s": point["total_tokens_per_s"],
    }
    for name in TIMES:
        for ours, theirs in [("mean", "mean"), ("p50", "median"), ("p99", "p99")]:
            found[f"{name.upper()} {theirs}, ms"] = point[f"{name}_s"][ours] * 1000
    return found


def vllm(options, folder, seed):
    command = shlex.split(options.vllm) + [
        "--backend", "openai", "--base-url", options.url, "--model", options.model, "--tokenizer", options.hf_tokenizer,
        "--dataset-name", "random", "--random-input-len", str(options.prompt), "--random-output-len",
        str(options.generate), "--num-prompts", str(options.num_prompts), "--num-warmups",
        "0" if options.no_warmup else str(options.concurrency or 1), "--ignore-eos", "--temperature", "0", "--seed",
        str(seed),
        "--percentile-metrics", ",".join(TIMES), "--metric-percentiles", "99", "--disable-tqdm", "--save-result",
        "--save-detailed", "--result-dir", folder, "--result-filename", "vllm.json",
    ]
    if options.concurrency:
        command += ["--max-concurrency", str(options.concurrency)]
    else:
        command += [
            "--request-rate", str(options.request_rate), "--burstiness", "inf" if options.arrivals == "fixed" else "1",
        ]
    run(command)
    with open(os.path.join(folder, "vllm.json")) as file:
        result = json.load(file)
    found = {
        "answered": result["completed"], "input tokens": result["total_input_tokens"],
        "output tokens": result["total_output_tokens"], "duration, s": result["duration"],
        "requests/s": result["request_throughput"], "output tokens/s": result["output_throughput"],
        "total tokens/s": result["total_token_throughput"],
    }
    for name in TIMES:
        for word in ["mean", "median", "p99"]:
            found[f"{name.upper()} {word}, ms"] = result[f"{word}_{name}_ms"]
    return found


def own_means(url):
    """A function that tells the server's own mean times in milliseconds since this call; {} where it takes none."""
    names = {"TTFT": "yuanbench_time_to_first_token_seconds", "TPOT": "yuanbench_inter_token_seconds"}

    def read():
        with urllib.request.urlopen(url + "/metrics", timeout=60) as answer:
            lines = [line.split() for line in answer.read().decode().splitlines() if not line.startswith("#")]
        return {line[0]: float(line[1]) for line in lines if len(line) > 1 and "{" not in line[0]}

    before = read()

    def means():
        after, found = read(), {}
        for name, metric in names.items():
            ends = [f"{metric}_sum", f"{metric}_count"]
            total, count = (after.get(end, 0) - before.get(end, 0) for end in ends)
            if count:
                found[name] = total / count * 1000
        return found

    return means


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", required=True)
    parser.add_argument("--model", required=True, help="as the server names it")
    parser.add_argument("--yuanbench", default=os.path.join(here, "../.build/release/yuanbench"))
    parser.add_argument("--vllm", default="vllm bench serve", help="command of vLLM's client")
    parser.add_argument("--tokenizer", help="of the model, for yuanbench")
    parser.add_argument("--hf-tokenizer", required=True, help="the same as a folder, for vLLM's client")
    load = parser.add_mutually_exclusive_group(required=True)
    load.add_argument("--concurrency", type=int)
    load.add_argument("--request-rate", type=float)
    parser.add_argument("--arrivals", choices=["poisson", "fixed"], default="poisson")
    parser.add_argument("--num-prompts", type=int, default=48)
    parser.add_argument("--prompt", type=int, default=128, help="tokens of each prompt")
    parser.add_argument("--generate", type=int, default=32, help="tokens of each answer")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-warmup", action="store_true")
    parser.add_argument("--raw", help="a file for the numbers of every round, as JSON")
    options = parser.parse_args()

    rounds = []
    for number in range(options.rounds):
        both = [yuanbench, vllm]
        found = {}
        for client in both if number % 2 == 0 else both[::-1]:
            with tempfile.TemporaryDirectory() as folder:
                seed = options.seed + 2 * number + both.index(client)
                means = own_means(options.url) if options.no_warmup else dict
                told = found[client.__name__] = client(options, folder, seed)
                for name, mean in means().items():
                    told[f"{name} mean ÷ the server's"] = told[f"{name} mean, ms"] / mean
        rounds.append(found)
        if options.raw:
            with open(options.raw, "w") as file:
                json.dump(rounds, file, indent=1)
    print("| | `yuanbench bench` | `vllm bench serve` | ratio of medians | ratios of the rounds |")
    print("|---|---:|---:|---:|---:|")
    for name in rounds[0]["vllm"]:
        ours, theirs = ([r[who][name] for r in rounds] for who in ["yuanbench", "vllm"])
        ratios = [a / b for a, b in zip(ours, theirs) if b]
        a, b = statistics.median(ours), statistics.median(theirs)
        print(f"| {name} | {a:,.4g} | {b:,.4g} | {a / b if b else float('nan'):.3f} "
              f"| {min(ratios, default=0):.3f} to {max(ratios, default=0):.3f} |")


if __name__ == "__main__":
    main()
