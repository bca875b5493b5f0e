#!/usr/bin/env python3
"""Times whole runs over the first prompts of HumanEval, raw and greedily continued, by yuanbench and peers in turn; load included.

    Benchmarks/end_to_end.py --data HumanEval.jsonl.gz --model smollm2-bf16.gguf --problems 32 --generate 128 --rounds 3 \
        --llama-server PATH --slots 8,16,32 --peer "OpenVINO=python Benchmarks/peer_openvino.py smollm2-f16.gguf"

Needs Python 3.9 and nothing else; the data set is HumanEval's own file (`yuanbench dataset pull humaneval` says where it lies). A
peer's command gets `--prompts FILE --generate N` (a JSON list of texts) and prints a line {"version": …, "load_s": …, "run_s": …,
"tokens": …}. Peers ignore the end of text and always make N tokens; yuanbench stops at it, so its tokens are counted and printed.
"""
import argparse
import gzip
import http.client
import json
import os
import queue
import shlex
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time


def fail(message):
    sys.exit(f"end_to_end.py: {message}")


def write_set(folder, prompts, generate):
    """The prompts as a problem set whose answers nothing cuts; what they score does not matter."""
    os.makedirs(folder)
    declaration = {
        "name": "raw-prompts", "version": "1", "description": "prompts continued without a stop", "licence": "MIT",
        "kind": "exact-match", "language": "en", "prompt": {"completion": "{prompt}"}, "max_new_tokens": generate,
        "extraction": {"completion": "none"},
        "scorer": {"answer": [{"name": "exact", "rule": "last-line"}], "normalise": ["trim"]},
    }
    with open(os.path.join(folder, "dataset.json"), "w") as file:
        json.dump(declaration, file)
    with open(os.path.join(folder, "problems.jsonl"), "w") as file:
        for index, prompt in enumerate(prompts):
            file.write(json.dumps({"id": str(index), "prompt": prompt, "answer": "none"}) + "\n")


def yuanbench(options, prompts):
    def measure():
        with tempfile.TemporaryDirectory() as folder:
            write_set(os.path.join(folder, "set"), prompts, options.generate)
            command = [
                options.yuanbench, "eval", "--model", options.model, "--dtype", options.dtype, "--prompt", "completion",
                "--dataset", os.path.join(folder, "set"), "--output", os.path.join(folder, "run"), "--quiet", "--json"]
            begin = time.monotonic()
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            seconds = time.monotonic() - begin
        if done.returncode != 0:
            fail(f"{shlex.join(command)}\nended with {done.returncode}:\n{done.stderr[-2000:]}")
        throughput = json.loads(done.stdout)["runs"][0]["throughput"]
        return seconds, throughput["generated_tokens"]

    return measure


def llama_server(options, prompts, slots):
    """From start to the last answer; each slot's connection asks for the next prompt as soon as it has its answer."""
    def measure():
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        begin = time.monotonic()
        server = subprocess.Popen(
            [options.llama_server, "-m", options.model, "-t", str(options.threads), "-tb", str(options.threads), "-np", str(slots),
             "-c", str(slots * options.context), "--port", str(port), "--host", "127.0.0.1"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while not is_healthy(port):
                if server.poll() is not None:
                    fail(f"{options.llama_server} ended with {server.returncode} before it answered")
                time.sleep(0.05)
            todo, made = queue.Queue(), []
            for prompt in prompts:
                todo.put(prompt)

            def work():
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1800)
                while True:
                    try:
                        prompt = todo.get_nowait()
                    except queue.Empty:
                        return
                    body = {
                        "prompt": prompt, "n_predict": options.generate, "temperature": 0, "ignore_eos": True,
                        "cache_prompt": False}
                    connection.request("POST", "/completion", json.dumps(body), {"Content-Type": "application/json"})
                    made.append(json.loads(connection.getresponse().read())["tokens_predicted"])

            workers = [threading.Thread(target=work) for _ in range(slots)]
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()
            seconds = time.monotonic() - begin
        finally:
            server.send_signal(signal.SIGINT)
            server.wait()
        return seconds, sum(made)

    return measure


def is_healthy(port):
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except OSError:
        return False


def other(command, options, prompts):
    def measure():
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(prompts, file)
            file.flush()
            begin = time.monotonic()
            done = subprocess.run(
                shlex.split(command) + ["--prompts", file.name, "--generate", str(options.generate)],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            seconds = time.monotonic() - begin
        if done.returncode != 0:
            fail(f"{command}\nended with {done.returncode}:\n{done.stderr[-2000:]}")
        return seconds, json.loads(done.stdout.strip().splitlines()[-1])["tokens"]

    return measure


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="HumanEval.jsonl.gz")
    parser.add_argument("--model", required=True, help="ours, and a GGUF if --llama-server is to read it")
    parser.add_argument("--dtype", default="bf16", help="ours (default: %(default)s)")
    parser.add_argument("--yuanbench", default=".build/release/yuanbench")
    parser.add_argument("--llama-server", help="path of the program")
    parser.add_argument("--slots", type=lambda text: [int(n) for n in text.split(",")], default=[8, 16, 32])
    parser.add_argument("--context", type=int, default=1024, help="positions of a slot (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--peer", action="append", default=[], metavar="NAME=COMMAND")
    parser.add_argument("--problems", type=int, default=32)
    parser.add_argument("--generate", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()

    with gzip.open(options.data, "rt") as file:
        prompts = [json.loads(line)["prompt"] for line in file][:options.problems]
    contenders = {"yuanbench": yuanbench(options, prompts)}
    if options.llama_server:
        for slots in options.slots:
            contenders[f"llama-server, {slots} slots"] = llama_server(options, prompts, slots)
    for entry in options.peer:
        name, _, command = entry.partition("=")
        contenders[name] = other(command, options, prompts)

    found = {name: [] for name in contenders}
    for number in range(options.rounds):
        names = list(contenders) if number % 2 == 0 else list(contenders)[::-1]
        for name in names:
            found[name].append(contenders[name]())
            print(f"round {number + 1}, {name}: {found[name][-1][0]:.2f} s", file=sys.stderr)

    print(f"{len(prompts)} prompts, {options.generate} new tokens each, {options.rounds} rounds in turn; whole process, load included.")
    print("\n| | seconds | new tokens | yuanbench's time ÷ its |\n|---|---:|---:|---:|")
    for name, rounds in found.items():
        seconds, tokens = [r[0] for r in rounds], rounds[-1][1]
        ratios = [ours[0] / theirs for ours, theirs in zip(found["yuanbench"], seconds)]
        ratio = "–" if name == "yuanbench" else (
            f"**{statistics.median(ratios):.2f}** ({min(ratios):.2f} to {max(ratios):.2f})")
        print(f"| {name} | {statistics.median(seconds):.1f} ({min(seconds):.1f} to {max(seconds):.1f}) | {tokens:,} | {ratio} |")


if __name__ == "__main__":
    main()
