"""Makes training samples: a function with signature, description, two examples and a body, in both prompt forms."""
import builtins
import keyword
import random
import re
import textwrap
from dataclasses import dataclass, field

import sequences as C
import families as F
import loops as L
import patterns as P
import words as W
from grammar import Ctx, Reject, held_out

FAMILIES = [
    (F.number_function, 10), (F.number_truth, 7), (F.number_choice, 5), (F.number_tiers, 3), (F.conversion, 6),
    (F.text_function, 12), (F.text_number, 5), (F.text_truth, 8), (F.text_choice, 3), (F.text_and_number, 5),
    (F.two_texts, 5), (F.number_in_text, 3), (C.numbers_pipeline, 9), (C.numbers_count, 4), (C.numbers_truth, 4),
    (C.list_slice, 9), (C.numbers_value, 5), (C.words_pipeline, 7), (C.text_words, 4), (C.per_character, 3),
    (C.ranges, 4), (C.two_lists, 4), (C.dictionaries, 4), (L.build_dict, 3), (L.pair_list, 3), (L.accumulate, 4),
    (L.letter_moves, 2), (L.runs, 3), (L.while_loops, 2),
    (P.neighbours, 3), (P.halves, 2), (P.clocks, 2), (P.cycles, 2), (P.marks, 2), (P.move_characters, 2), (P.digit_change, 2),
    (P.common_part, 1), (P.parsers, 2), (P.ranking, 2), (P.pair_state, 2), (P.limited_moves, 2), (P.stacking, 1), (P.word_slices, 3),
]
MAKERS, WEIGHTS = [f for f, _ in FAMILIES], [w for _, w in FAMILIES]
VERBS = """get make find compute calc give show build check take return_ do new my the run apply pick""".split()


@dataclass
class Sample:
    name: str
    signature: str
    doc: str
    body: str
    examples: list  # (call, repr of the result)
    family: str
    ops: tuple
    tests: list = field(default_factory=list)  # more such pairs, for held-out evaluation

    @property
    def code(self):
        return f"def {self.signature}:\n" + textwrap.indent(self.body, "    ") + "\n"

    def completion(self):
        """The prompt that ends where the body begins, and the body."""
        lines = textwrap.fill(self.doc, width=79, initial_indent='    """', subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
        shown = "".join(f"    >>> {call}\n    {value}\n" for call, value in self.examples)
        shown = shown and "\n" + shown
        return f'def {self.signature}:\n{lines}\n{shown}    """\n', textwrap.indent(self.body, "    ") + "\n"

    def chat(self):
        """The user's message, the opening of the answer, and the answer."""
        shown = " and ".join(f"`{call}` returns `{value}`" for call, value in self.examples)
        shown = shown and f"For example, {shown}.\n"
        user = f"Write the Python function `{self.signature}`. {self.doc}\n{shown}\nAnswer with the complete function in one Python code block."
        return user, "```python\n", self.code + "```\n"


def word(rng):
    r = rng.random()
    if r < 0.6:
        return rng.choice(W.SAMPLE_WORDS)
    if r < 0.75:
        return rng.choice(W.NOUNS)
    if r < 0.93:
        w = W.invented(rng)
        return w.capitalize() if rng.random() < 0.3 else w
    return "".join(rng.choice("abcdefghijklmnopqrstuvwxyzABC0123456789") for _ in range(rng.randint(1, 5)))


def text(ctx):
    rng, r = ctx.rng, ctx.rng.random()
    if ctx.options:
        return rng.choice(ctx.options)
    if ctx.format:
        kind, separator = ctx.format
        return separator.join(str(rng.choice([rng.randint(0, 9), rng.randint(0, 60)])) for _ in range(2 if kind == "two" else rng.randint(1, 4)))
    if r < 0.55:
        s = word(rng)
    elif r < 0.75:
        s = word(rng) + rng.choice([" ", " ", "-", ", "]) + word(rng)
    elif r < 0.85:
        s = " ".join(word(rng) for _ in range(3))
    elif r < 0.9:
        s = str(rng.randint(1, 999))
    elif r < 0.93:
        s = rng.choice(["", " x ", "Abc", "a1b2", "aa", "OK"])
    else:
        s = "".join(rng.choice("aabbccd") for _ in range(rng.randint(3, 6)))
    if ctx.bits and rng.random() < 0.5:
        b = rng.choice(ctx.bits)
        if len(b) > 5 and b.isalnum() is False or len(b) > 6:
            return "".join(rng.sample(b, min(len(b), rng.randint(2, 6))))
        i = rng.choice([0, len(s), rng.randint(0, len(s))])
        s = s[:i] + b + s[i:]
        if rng.random() < 0.3:
            s += b
    return s


def integer(ctx):
    rng = ctx.rng
    if ctx.near and rng.random() < 0.5:
        return max(rng.choice(ctx.near) + rng.choice([-3, -2, -1, 0, 0, 1, 2, 3, 5, 8]), 0 if rng.random() < 0.9 else -9)
    return rng.choice([rng.randint(0, 9), rng.randint(0, 20), rng.randint(1, 99), -rng.randint(1, 9)])


def argument(ctx, type_):
    rng = ctx.rng
    if type_ == "int":
        return integer(ctx)
    if type_ == "str":
        if ctx.common is None:
            return text(ctx)
        if not ctx.shared or rng.random() < 0.2:
            ctx.shared = W.invented(rng)
        return text(ctx) + ctx.shared if ctx.common else ctx.shared + text(ctx)
    size = rng.choice([2, 3, 3, 3, 4, 4, 5])
    if type_ == "list[int]":
        return [integer(ctx) for _ in range(size if rng.random() < 0.93 else rng.choice([0, 1]))]
    if type_ == "list[tuple[int, int]]":
        return [(integer(ctx), integer(ctx)) for _ in range(rng.choice([1, 2, 2, 3]))]
    if type_ == "list[str]":
        return [text(ctx) for _ in range(rng.choice([2, 2, 3, 3]) if rng.random() < 0.95 else 0)]
    if type_ == "list":
        return [rng.randint(1, 9) for _ in range(size)] if rng.random() < 0.6 else [rng.choice("abcdefgh") for _ in range(size)]
    if type_ == "dict[str, int]":
        return {rng.choice(W.SAMPLE_WORDS): integer(ctx) for _ in range(rng.choice([2, 2, 3]))}
    raise Reject


def examples(ctx, name, params, code, wanted=2, tries=14):
    """Calls and results by running the function; results differ where a few tries can make them."""
    scope = {}
    exec(code, scope)
    found = []
    for _ in range(tries):
        args = [argument(ctx, t) for _, t in params]
        call = f"{name}({', '.join(map(repr, args))})"
        try:
            value = repr(scope[name](*args))
        except Exception:  # an argument the function is not made for
            continue
        if len(call) > 64 or len(value) > 50 or "e+" in value or len(value) > 20 and value.isdigit():
            continue
        if any(call == c for c, _ in found) or len(found) == wanted - 1 and any(value == v for _, v in found) and _ < tries - 4:
            continue
        found.append((call, value))
        if len(found) == wanted:
            return found
    raise Reject


def function_name(ctx, returns):
    """Some words of what it does and some of what it is about, or neither."""
    rng = ctx.rng
    tags = [t for t in dict.fromkeys(ctx.tags) if t]
    r = rng.random()
    parts = []
    if r < 0.55 and tags:
        parts = tags[: rng.choice([1, 2, 3])]
        if rng.random() < 0.5:
            parts = [ctx.noun()] + parts if rng.random() < 0.4 else parts + [ctx.noun()]
    elif r < 0.9:
        parts = [ctx.noun() for _ in range(rng.choice([1, 2, 2, 3]))]
    else:
        parts = ["".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(rng.randint(3, 7))) for _ in range(rng.choice([1, 2]))]
    if returns == "bool" and rng.random() < 0.5:
        parts = [rng.choice(["is", "is", "is", "has", "has", "are", "can"])] + parts
    elif rng.random() < 0.3:
        parts = [rng.choice(VERBS).rstrip("_")] + parts
    name = "_".join(parts).replace(" ", "_")
    if keyword.iskeyword(name) or hasattr(builtins, name):
        name += "_" + ctx.noun()
    return name


def draw(rng, mode="train", forbidden=None, tests=0):
    """One sample. `forbidden(sample)` says whether it is too close to the evaluation set. `tests` is how many examples
    are drawn beside the two that are shown."""
    while True:
        ctx = Ctx(rng, mode)
        maker = rng.choices(MAKERS, WEIGHTS)[0]
        try:
            f = maker(ctx)
            names = [p for p, _ in ctx.params]
            key = "+".join(ctx.ops)
            if len(ctx.ops) >= 2 and held_out("composition:" + key, 10):
                ctx.used.add("composition")
            name = function_name(ctx, f.returns)
            if name in names or len(name) > 40:
                raise Reject
            signature = f"{name}({', '.join(f'{p}: {t}' for p, t in ctx.params)}) -> {f.returns}"
            if ctx.used != (set() if mode == "train" else {mode}):
                raise Reject
            doc = f.doc[0].upper() + f.doc[1:] if not any(f.doc.startswith(n + " ") for n in names) else f.doc
            if len(doc) > 330 or "@" in doc.replace("'@'", "").replace("@'", "").replace("'@", ""):
                raise Reject
            body = "\n".join(f.body)
            if not all(re.search(rf"\b{n}\b", body) for n in names):
                raise Reject
            code = f"def {signature}:\n" + textwrap.indent(body, "    ") + "\n"
            shown = examples(ctx, name, ctx.params, code)
            hidden = examples(ctx, name, ctx.params, code, wanted=tests, tries=40) if tests else []
        except Reject:
            continue
        sample = Sample(name, signature, " ".join(doc.split()) if "  " not in body else doc, body, shown, maker.__name__, tuple(ctx.ops), hidden)
        if forbidden is not None and forbidden(sample):
            continue
        return sample


if __name__ == "__main__":
    import sys

    rng = random.Random(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
    for _ in range(int(sys.argv[2]) if len(sys.argv) > 2 else 5):
        p, b = draw(rng, sys.argv[3] if len(sys.argv) > 3 else "train").completion()
        print(p + b)
