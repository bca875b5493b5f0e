#!/usr/bin/env python3
"""Prints a report without what was measured, so that two reports of the same request can be compared byte for byte.

    python3 Scripts/same_report.py RUN > a.json
    python3 Scripts/same_report.py RUN OTHER    # says what differs; exit 1 if anything does

Measured are times, rates, memory, and the load and date of the run; the command line differs by --output and --resume.
"""
import json
import pathlib
import sys

# By place; [] stands for every element. Everything else must be the same.
MEASURED = [
    "created_at", "command", "host.load_average",
    "runs[].throughput", "runs[].memory",
    "runs[].problems[].ttft_s", "runs[].problems[].generation_s", "runs[].problems[].test_cpu_s",
]
# A run that a resume found complete loads no model, and so has nothing to say about its weights and threads.
LOADED = ["runs[].model.weights_changed", "runs[].settings.threads"]


def without(value, place=""):
    if isinstance(value, dict):
        places = {key: f"{place}.{key}".lstrip(".") for key in value}
        return {key: without(each, places[key]) for key, each in value.items()
                if places[key] not in MEASURED + LOADED}
    if isinstance(value, list):
        return [without(each, place + "[]") for each in value]
    return value


def read(run):
    path = pathlib.Path(run)
    text = (path / "report.json" if path.is_dir() else path).read_text()
    return json.dumps(without(json.loads(text)), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def main():
    if len(sys.argv) == 2:
        sys.stdout.write(read(sys.argv[1]))
        return 0
    first, second = (read(run).splitlines() for run in sys.argv[1:3])
    if first == second:
        return 0
    for number, (a, b) in enumerate(zip(first, second), 1):
        if a != b:
            print(f"line {number}: {a.strip()[:200]} | {b.strip()[:200]}")
            break
    else:
        print(f"{len(first)} and {len(second)} lines")
    return 1


sys.exit(main())
