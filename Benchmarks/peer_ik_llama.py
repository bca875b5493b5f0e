#!/usr/bin/env python3
"""A peer of side_by_side.py: the llama-bench of ik_llama.cpp, with weights repacked at run time.

    Benchmarks/side_by_side.py … --prompt 128 --generate 16 --batch 1 \
        --peer "ik_llama.cpp=python3 Benchmarks/peer_ik_llama.py build/bin/llama-bench model.gguf --prompt 128 --generate 16"

Needs Python 3.9. That llama-bench has no -d; its -gp measures generation behind a prompt, as the others are measured.
"""
import argparse
import json
import subprocess


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", help="llama-bench of ik_llama.cpp")
    parser.add_argument("gguf")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--prompt", type=int, default=128)
    parser.add_argument("--generate", type=int, default=16)
    parser.add_argument("--plain", action="store_true", help="leave the weights as they are")
    options = parser.parse_args()

    def rate(*test):
        text = subprocess.run(
            [options.program, "-m", options.gguf, "-t", str(options.threads), "-r", "1", "-o", "json", "-n", "0",
             "-rtr", "0" if options.plain else "1", *test], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
        return json.loads(text[text.index("["):text.rindex("]") + 1])[-1]["avg_ts"]

    print(json.dumps({
        "version": "as given, " + ("weights as they are" if options.plain else "weights repacked at run time"),
        "prefill 1": rate("-p", str(options.prompt)),
        "decode 1": rate("-p", "0", "-gp", f"{options.prompt},{options.generate}"),
    }))


if __name__ == "__main__":
    main()
