#!/usr/bin/env python3
"""Measures yuanbench and peers in turn and prints one Markdown table of medians and ratios.

    Benchmarks/side_by_side.py --model shape:llama-2b --gguf llama-2b-bf16.gguf \
        --llama-bench PATH --llama-batched-bench PATH --batch 1,8,32 --rounds 3

Needs Python 3.9 and nothing else. A round runs every contender once, the order turning from round to round, with a probe of
the host's read bandwidth before each; a ratio is taken within a round, so that a host that changes from minute to minute
changes both sides. README.md beside this file says how to read the result.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile


def fail(message):
    sys.exit(f"side_by_side.py: {message}")


def run(command):
    """The standard output of a command; ends the script with the command's own words if it fails."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    except OSError as error:
        fail(f"{command[0]}: cannot be run ({error.strerror}); give the path of the program")
    if done.returncode != 0:
        tail = "\n".join(done.stderr.strip().splitlines()[-5:])
        fail(f"{' '.join(command)}\nended with {done.returncode}:\n{tail}")
    return done.stdout


class Contender:
    """A program with its measurements: one dictionary {test: tokens/s} a round."""

    def __init__(self, name, version, measure):
        self.name, self.version, self.measure, self.rounds, self.bandwidth = name, version, measure, [], []


def yuanbench(options, weights="auto"):
    def measure():
        with tempfile.TemporaryDirectory() as folder:
            text = run([
                options.yuanbench, "bench", "--model", options.model, "--dtype", options.dtype, "--prompt-tokens",
                str(options.prompt), "--generate-tokens", str(options.generate), "--batch",
                ",".join(map(str, options.batch)), "--threads", str(options.threads), "--kernels", options.kernels, "--weights", weights,
                "--repetitions", "1", "--warmup", "1", "--output", os.path.join(folder, "run"), "--quiet", "--json",
            ])
        points = {}
        for point in json.loads(text)["benchmarks"]:
            points[("prefill", point["batch_size"])] = point["prefill_tokens_per_s"]
            points[("decode", point["batch_size"])] = point["decode_tokens_per_s"]
        return points

    version = ", ".join(run([options.yuanbench, "--version"]).split("\n")[:-1])
    name = "yuanbench" if weights == "auto" else f"yuanbench, {weights} weights"
    return Contender(name, f"{version}, {options.model} in {options.dtype}", measure)


def llama_bench(options):
    """One sequence: the prompt at depth 0, generation at the depth of the prompt."""
    def one(*test):
        text = run([
            options.llama_bench, "-m", options.gguf, "-t", str(options.threads), "-r", "1", "-o", "json", *test])
        return json.loads(text)[0]

    def measure():
        return {
            ("prefill", 1): one("-p", str(options.prompt), "-n", "0")["avg_ts"],
            ("decode", 1): one("-p", "0", "-n", str(options.generate), "-d", str(options.prompt))["avg_ts"],
        }

    return Contender("llama-bench", llama_version(options.llama_bench, options), measure)


def llama_batched_bench(options):
    def measure():
        positions = max(options.batch) * (options.prompt + options.generate)
        text = run([
            options.llama_batched_bench, "-m", options.gguf, "-t", str(options.threads), "-c", str(positions), "-npp",
            str(options.prompt), "-ntg", str(options.generate), "-npl", ",".join(map(str, options.batch)),
            "--output-format", "jsonl"])
        points = {}
        for line in text.splitlines():
            if line.startswith("{"):
                row = json.loads(line)
                points[("prefill", row["pl"])] = row["speed_pp"]
                points[("decode", row["pl"])] = row["speed_tg"]
        if not points:
            fail(f"{options.llama_batched_bench}: printed no results; is it of 2025 or later?")
        return points

    return Contender("llama-batched-bench", llama_version(options.llama_batched_bench, options), measure)


def llama_version(program, options):
    done = subprocess.run([program, "--version"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    lines = [line for line in done.stdout.splitlines() if line.startswith("version:")]
    return f"llama.cpp {lines[0][9:] if lines else 'of unknown version'}, {os.path.basename(options.gguf)}"


def other(entry):
    """NAME=COMMAND: any program that prints one JSON object {"prefill 1": tokens/s, "decode 8": …, "version": …}."""
    name, _, command = entry.partition("=")
    if not name or not command:
        fail(f"--peer {entry}: expected NAME=COMMAND")
    contender = Contender(name, "", None)

    def measure():
        text = run(["sh", "-c", command])
        row = json.loads(text.strip().splitlines()[-1])
        contender.version = row.pop("version", "")
        return {(key.split()[0], int(key.split()[1])): float(value) for key, value in row.items()}

    contender.measure = measure
    return contender


def doctor(options):
    return json.loads(run([options.yuanbench, "doctor", "--json"]))


def bandwidth(findings, threads):
    """GB/s with the threads of the run, or the nearest number of them that doctor measures."""
    limits = min(findings["limits"], key=lambda limit: abs(limit["threads"] - threads))
    return (limits["read_bytes_per_s"] or 0) / 1e9


def table(contenders, options, findings):
    ours, peers = contenders[0], contenders[1:]
    host = findings["host"]
    lines = [
        f"{host['cpu']}, {host['logical_cores']} logical cores, kernels {host['kernels']}, OpenBLAS "
        f"{host['blas']['version']} ({host['blas']['core']}), {host['kernel']}; {options.threads} threads, prompt "
        f"{options.prompt}, {options.generate} new tokens, {options.rounds} rounds in turn. Tokens/s: medians; ratios: median of "
        "the rounds' own, with the range.", "",
    ]
    lines += [f"- {c.name}: {c.version}" for c in contenders]
    seen = [value for c in contenders for value in c.bandwidth]
    lines += [
        f"- read bandwidth before the turns: {min(seen):.0f} to {max(seen):.0f} GB/s, median "
        f"{statistics.median(seen):.0f}", "",
        "| test | " + " | ".join(c.name for c in contenders) + " | "
        + " | ".join(f"ratio to {p.name}" for p in peers) + (" |" if peers else ""),
        "|---|" + "---:|" * (len(contenders) + len(peers)),
    ]

    def median(contender, test):
        values = [r[test] for r in contender.rounds if r.get(test)]
        return f"{statistics.median(values):.1f}" if values else "–"

    def ratio(peer, test):
        values = [a[test] / b[test] for a, b in zip(ours.rounds, peer.rounds) if a.get(test) and b.get(test)]
        if not values:
            return "–"
        return f"**{statistics.median(values):.2f}** ({min(values):.2f} to {max(values):.2f})"

    for kind in ("prefill", "decode"):
        for batch in options.batch:
            test = (kind, batch)
            cells = [median(c, test) for c in contenders] + [ratio(p, test) for p in peers]
            lines.append(f"| {kind}, batch {batch} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--yuanbench", default=".build/release/yuanbench", help="default: %(default)s")
    parser.add_argument("--model", default="shape:llama-2b", help="ours (default: %(default)s)")
    parser.add_argument("--dtype", default="bf16", help="ours (default: %(default)s)")
    parser.add_argument("--kernels", default="auto", help="ours (default: %(default)s)")
    parser.add_argument("--weights", action="append", default=[], help="ours once more, with plain or compact weights")
    parser.add_argument("--gguf", help="the model of llama.cpp's tools")
    parser.add_argument("--llama-bench", help="path of the program")
    parser.add_argument("--llama-batched-bench", help="path of the program")
    parser.add_argument("--peer", action="append", default=[], metavar="NAME=COMMAND", help=other.__doc__)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--prompt", type=int, default=128)
    parser.add_argument("--generate", type=int, default=32)
    parser.add_argument("--batch", type=lambda text: [int(n) for n in text.split(",")], default=[1, 8, 32])
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()

    if (options.llama_bench or options.llama_batched_bench) and not options.gguf:
        fail("llama.cpp's tools need --gguf, a model of the same dimensions as --model")
    contenders = [yuanbench(options)]
    if options.llama_bench:
        contenders.append(llama_bench(options))
    if options.llama_batched_bench:
        contenders.append(llama_batched_bench(options))
    contenders += [yuanbench(options, weights) for weights in options.weights]
    contenders += [other(entry) for entry in options.peer]
    if len(contenders) == 1:
        fail("no peer given; see --help for --llama-bench, --llama-batched-bench, --weights and --peer")

    findings = doctor(options)
    for turn in range(options.rounds):
        order = contenders[turn % len(contenders):] + contenders[:turn % len(contenders)]
        for contender in order:
            contender.bandwidth.append(bandwidth(doctor(options), options.threads))
            contender.rounds.append(contender.measure())
            print(f"round {turn + 1} of {options.rounds}: {contender.name} done", file=sys.stderr)
    print(table(contenders, options, findings))


if __name__ == "__main__":
    main()
