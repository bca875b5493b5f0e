"""Checks that the training data holds nothing of the bundled problem set: names, sentences, wording, bodies.

    python check_overlap.py [--samples N] [--seed S]

reports, over the first N samples of the training stream, how many share with any bundled problem
  * the function's name,
  * a sentence of the description (lower case, without punctuation),
  * a run of 8 words of the description,
  * the body, after renaming parameters and local variables (constants count).
All four must be 0; the exit code says so.
"""
import argparse
import ast
import json
import pathlib
import re
import sys
import textwrap

PROBLEMS = pathlib.Path(__file__).parents[2] / "Datasets" / "yuanbench-python" / "problems.jsonl"
RUN = 8


class Rename(ast.NodeTransformer):
    """Parameters become p0, p1, …; other bound names v0, v1, … in order of appearance."""

    def __init__(self, function):
        self.names = {a.arg: f"p{i}" for i, a in enumerate(function.args.args)}
        bound = [n for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
        bound += [a for n in ast.walk(function) if isinstance(n, ast.Lambda) for a in n.args.args]
        for n in sorted(bound, key=lambda n: (n.lineno, n.col_offset)):
            self.names.setdefault(n.id if isinstance(n, ast.Name) else n.arg, f"v{len(self.names)}")

    def visit_Name(self, node):
        node.id = self.names.get(node.id, node.id)
        return node

    def visit_arg(self, node):
        node.arg = self.names.get(node.arg, node.arg)
        return node


def normal_body(code):
    function = next(n for n in ast.parse(code).body if isinstance(n, ast.FunctionDef))
    function = Rename(function).visit(function)
    body = function.body
    if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]
    return "\n".join(ast.unparse(s) for s in body)


def sentences(doc):
    found = (re.sub(r"[^a-z0-9 ]+", " ", s.lower()).split() for s in re.split(r"(?<=[.!?:;])\s+", doc))
    return {" ".join(s) for s in found if s}


def runs(doc):
    w = re.findall(r"[a-z0-9]+", doc.lower())
    return {tuple(w[i:i + RUN]) for i in range(len(w) - RUN + 1)}


class Bundled:
    def __init__(self, path=PROBLEMS):
        self.names, self.sentences, self.runs, self.bodies = set(), set(), set(), set()
        for line in open(path, encoding="utf-8"):
            p = json.loads(line)
            doc = " ".join(re.search(r'"""(.*?)(>>>|""")', p["prompt"], re.S)[1].split())
            self.names.add(p["entry_point"])
            self.sentences |= sentences(doc)
            self.runs |= runs(doc)
            self.bodies.add(normal_body(p["solution"]))

    def shared(self, sample):
        """Which kinds of thing a sample shares with the set."""
        kinds = []
        if sample.name in self.names:
            kinds.append("name")
        if sentences(sample.doc) & self.sentences:
            kinds.append("sentence")
        if runs(sample.doc) & self.runs:
            kinds.append("wording")
        if normal_body(f"def {sample.signature}:\n" + textwrap.indent(sample.body, "    ")) in self.bodies:
            kinds.append("body")
        return kinds

    def __call__(self, sample):
        return bool(self.shared(sample))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--samples", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    from stream import training_samples

    bundled = Bundled()
    counts = {"name": 0, "sentence": 0, "wording": 0, "body": 0}
    samples = training_samples(args.seed)
    for _ in range(args.samples):
        for kind in bundled.shared(next(samples)):
            counts[kind] += 1
    print(f"{args.samples} training samples (seed {args.seed}) against {PROBLEMS.name}:")
    for kind, n in counts.items():
        print(f"  shared {kind}: {n}")
    sys.exit(any(counts.values()))
