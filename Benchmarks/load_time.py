#!/usr/bin/env python3
"""Puts the load time of a checkpoint beside a two-thread copy of the same file into fresh memory, in turn, and the peak of
memory beside its bound of 1.15 x (weights + KV cache) + 100 MiB.

    Benchmarks/load_time.py model.gguf --dtype bf16 --rounds 3

The file is read once before, so that both sides find it in the page cache. Needs Python 3.9 and Linux.
"""
import argparse
import json
import mmap
import os
import statistics
import subprocess
import tempfile
import threading
import time

PIECE = 8 << 20


def copy_seconds(path, threads=2):
    """Seconds to copy a file into fresh anonymous memory, each thread its own part, 8 MiB at a time."""
    size = os.path.getsize(path)
    share = -(-size // threads // PIECE) * PIECE
    file = os.open(path, os.O_RDONLY)
    begin = time.monotonic()
    memory = mmap.mmap(-1, size)
    memory.madvise(mmap.MADV_HUGEPAGE)
    view = memoryview(memory)

    def work(start):
        for at in range(start, min(start + share, size), PIECE):
            end = min(at + PIECE, start + share, size)
            while at < end:
                at += os.preadv(file, [view[at:end]], at)

    workers = [threading.Thread(target=work, args=(n * share,)) for n in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    seconds = time.monotonic() - begin
    view.release()
    memory.close()
    os.close(file)
    return seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", help="a .gguf, or a folder with one file of weights")
    parser.add_argument("--dtype", default="bf16")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--yuanbench", default=".build/release/yuanbench")
    options = parser.parse_args()
    weights = options.file
    if os.path.isdir(weights):
        weights = max((os.path.join(weights, name) for name in os.listdir(weights)), key=os.path.getsize)
    copy_seconds(weights)
    copies, loads, peaks = [], [], []
    for _ in range(options.rounds):
        copies.append(copy_seconds(weights))
        with tempfile.TemporaryDirectory() as folder:
            command = [
                options.yuanbench, "bench", "--model", options.file, "--dtype", options.dtype, "--prompt-tokens", "16",
                "--generate-tokens", "2", "--batch", "1", "--repetitions", "1", "--warmup", "0", "--output", folder, "--quiet",
                "--json",
            ]
            report = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        run = report["benchmarks"][0]
        bound = 1.15 * (run["weights_bytes"] + run["kv_cache_peak_bytes"]) + (100 << 20)
        loads.append(run["load_s"])
        peaks.append(run["peak_rss_bytes"] / bound)
    ratios = [load / copy for load, copy in zip(loads, copies)]
    print(f"copy of the file, 2 threads: {statistics.median(copies):.2f} s ({min(copies):.2f} to {max(copies):.2f})")
    print(f"load, {options.dtype}: {statistics.median(loads):.2f} s ({min(loads):.2f} to {max(loads):.2f}), "
          f"{statistics.median(ratios):.2f} x ({min(ratios):.2f} to {max(ratios):.2f})")
    print(f"peak of the whole process: {statistics.median(peaks):.2f} of the bound")


if __name__ == "__main__":
    main()
