"""Writes held-out problems as data sets that `yuanbench eval` runs, one for each kind of held-out material.

    python heldout.py OUTPUT_FOLDER [--count N]

  fresh        nothing held out, but functions that were not drawn for training
  name         a parameter or noun that no training function has
  wording      a phrasing that no training description has
  constant     a number or character that no training function has
  composition  operations that were never combined in training
"""
import argparse
import json
import pathlib
import random

from check_overlap import PROBLEMS, Bundled
from data import draw

KINDS = ["fresh", "name", "wording", "constant", "composition"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=200)
    args = parser.parse_args()
    declaration = json.loads((PROBLEMS.parent / "dataset.json").read_text())
    declaration["prompt"].pop("languages")
    forbidden = Bundled()
    for kind in KINDS:
        rng = random.Random("heldout:" + kind)
        folder = args.output / f"nano-{kind}"
        folder.mkdir(parents=True, exist_ok=True)
        with open(folder / "problems.jsonl", "w") as out:
            for i in range(args.count):
                s = draw(rng, "train" if kind == "fresh" else kind, forbidden, tests=6)
                prompt, _ = s.completion()
                text = s.chat()[0].removesuffix("\n\nAnswer with the complete function in one Python code block.")
                tests = [f"assert {call} == {value}" for call, value in s.examples + s.tests]
                row = {"id": f"{kind}/{i + 1:03}", "prompt": prompt, "text": text, "entry_point": s.name, "solution": s.code,
                       "tests": tests, "setup": "", "tags": [s.family.replace("_", "-")], "difficulty": "easy"}
                out.write(json.dumps(row) + "\n")
        own = declaration | {"name": f"nano-{kind}", "description": f"Held out from training yuan2-nano: {kind}."}
        (folder / "dataset.json").write_text(json.dumps(own, indent=2) + "\n")


if __name__ == "__main__":
    main()
