"""More shapes of functions: neighbours, halves, clocks, positions in fixed lists, small parsers, loops with limits."""
import words as W
from expressions import CHAR_CLASSES, apply, int_predicate
from families import Function, note, truth_sentence, value_sentence
from grammar import E, Reject
from loops import EFFECTS
from sequences import EASY_MAPS, INT_TO_INT

COMPARE = [
    (">", ["greater than", "larger than", "more than", "above"], "rises"), ("<", ["less than", "smaller than", "below"], "falls"),
    (">=", ["at least as large as", "not smaller than", "greater than or equal to"], "no_falls"), ("<=", ["at most as large as", "not larger than"], "no_rises"),
    ("==", ["equal to", "the same as"], "repeats"), ("!=", ["different from", "not equal to"], "changes"),
]


def free(ctx, *names):
    """No parameter may have the name of a local variable."""
    if set(names) & {p for p, _ in ctx.params}:
        raise Reject


def neighbours(ctx):
    """Each element compared with the one before or after it."""
    kind = ctx.choice(["ints", "ints", "int", "str"])
    n = ctx.param(kind)
    s = ctx.subject(n, kind)
    free(ctx, "a", "b", "s")
    op, say, tag = ctx.choice(COMPARE)
    words = ctx.choice(say)
    one = {"ints": ctx.choice(["value", "number", "element"]), "int": "digit", "str": ctx.choice(["character", "letter"])}[kind]
    if kind == "str" and op not in ("==", "!="):
        words = {">": "later in the alphabet than", "<": "earlier in the alphabet than", ">=": "not earlier in the alphabet than", "<=": "not later in the alphabet than"}[op]
    before = ctx.chance(0.65)
    where = ctx.choice(["the one before it", "the one before", f"the {one} before it", "its predecessor", f"the previous {one}", f"the {one} just before it"]) if before else ctx.choice(["the one after it", f"the next {one}", f"the {one} after it", "its successor", f"the {one} that follows it"])
    pair = f"b {op} a" if before else f"a {op} b"
    source = "s" if kind == "int" else n
    first = [f"s = str({n})"] if kind == "int" else []
    loop = f"for a, b in zip({source}, {source}[1:])"
    at = ctx.choice([f"in {s}", f"of {s}"])
    q = ctx.choice(["count", "count", "all", "any"])
    ctx.op(f"neighbours.{kind}.{q}.{op}", tag)
    if q == "count":
        doc = ctx.choice([f"Count how many {one}s {at} are {words} {where}.", f"Return how many {one}s {at} are {words} {where}.", f"Return the number of {one}s {at} that are {words} {where}.", f"Count the {one}s {at} that are {words} {where}."])
        return Function(doc + note(ctx, "list", n), first + [f"return sum({pair} {loop})"], "int")
    clause = {"all": f"{ctx.choice(['each', 'every'])} {one} {at} is {words} {where}", "any": f"{ctx.choice(['some', 'at least one', 'any'])} {one} {at} is {words} {where}"}[q]
    return Function(truth_sentence(ctx, clause), first + [f"return {q}({pair} {loop})"], "bool")


def halves(ctx):
    kind = ctx.choice(["str", "str", "list"])
    n = ctx.param(kind)
    s = ctx.subject(n, kind)
    one = "character" if kind == "str" else ctx.choice(["item", "element"])
    sep, S = ctx.char(letters=False)
    free(ctx, "h")
    forms = [
        ("first", f"{n}[:h]", ["the first half of {A}, without the middle {O} if there is one", "the first half of {A}; a middle {O} does not belong to it"]),
        ("second", f"{n}[len({n}) - h:]", ["the second half of {A}, without the middle {O} if there is one", "the second half of {A}; a middle {O} does not belong to it"]),
        ("second2", f"{n}[h:]", ["the second half of {A}, with the middle {O} if the length is odd", "the second half of {A}; with an odd length the middle {O} belongs to it"]),
        ("middle", f"{n}[h:len({n}) - h]", ["the middle {O} of {A}, or nothing if the length is even", "the middle of {A}: one {O} if the length is odd, otherwise none"]),
        ("reverse1", f"{n}[:h][::-1] + {n}[h:]", ["{A} with its first half reversed", "{A}, but the first half from back to front"]),
        ("reverse2", f"{n}[:h] + {n}[h:][::-1]", ["{A} with its second half reversed", "{A}, but the second half from back to front"]),
        ("swap", f"{n}[h:] + {n}[:h]", ["{A} with its two halves exchanged; with an odd length the middle {O} belongs to the second half", "the second half of {A} followed by the first half, where a middle {O} counts to the second"]),
    ]
    if kind == "str":
        forms += [
            ("upper", f"{n}[:h].upper() + {n}[h:]", ["{A} with its first half in upper case", "{A}, but the first half in capital letters"]),
            ("cut", f"{n}[:h] + {sep} + {n}[h:]", ["{A} with {S} between its two halves", "the two halves of {A} with {S} in between"]),
        ]
    name, code, say = ctx.choice(forms)
    ctx.op("halves." + name, "half")
    doc = value_sentence(ctx, ctx.choice(say).format(A=s, O=one, S=S)) + note(ctx, "str" if kind == "str" else "list", n)
    return Function(doc, [f"h = len({n}) // 2", f"return {code}"], "str" if kind == "str" else "list")


def clocks(ctx):
    """Places on a ring that begins again at 0."""
    k = ctx.const(3, 60)
    things, thing = ctx.choice([("fields", "field"), ("seats", "seat"), ("hours", "hour"), ("stations", "station"), ("rooms", "room"), ("steps", "step"), ("stops", "stop"), ("minutes", "minute")])
    ring = ctx.choice([f"a ring of {k} {things}", f"a circle with {k} {things}", f"a round track with {k} {things}", f"a dial with {k} {things}", f"a clock with {k} {things}", f"a {k}-{thing} clock"])
    a, b = ctx.choice([("start", "end"), ("here", "there"), ("a", "b"), ("first", "last"), ("origin", "target"), ("now", "later"), ("begin", "goal")])
    ctx.near += [k, 3]
    if ctx.chance(0.5):
        p, q = ctx.param("int", name=a), ctx.param("int", name=b)
        name, code, doc = ctx.choice([
            ("forward", f"({q} - {p}) % {k}", f"Return how many {things} lie from {p} to {q} going forward on {ring}."),
            ("forward", f"({q} - {p}) % {k}", f"Return the number of {things} that one has to go forward from {p} to reach {q} on {ring}."),
            ("back", f"({p} - {q}) % {k}", f"Return the number of {things} that one has to go back from {p} to reach {q} on {ring}."),
            ("back", f"({p} - {q}) % {k}", f"Return how many {things} lie from {p} to {q} going backwards on {ring}."),
            ("short", f"min(({q} - {p}) % {k}, ({p} - {q}) % {k})", f"Return the shorter distance between {p} and {q} on {ring}."),
        ])
        tail = ctx.choice(["", f" Both are between 0 and {k - 1}.", f" If {q} is smaller than {p}, the way goes on behind {k - 1} at 0.", " If both are equal the result is 0.", f" The {things} are numbered from 0."])
    else:
        p = ctx.param("int", name=ctx.choice([a, thing, "place", "position"]))
        q = ctx.param("int", name=ctx.choice(["steps", "k", "n", "moves", "amount"]))
        name, sign, way = ctx.choice([("after", "+", "forward"), ("before", "-", "back")])
        code = f"({p} {sign} {q}) % {k}"
        doc = ctx.choice([f"Return where one arrives after going {q} {things} {way} from {p} on {ring}.", f"Return the {thing} that is reached from {p} by {q} moves {way} on {ring}.", f"Go {q} {things} {way} from {p} on {ring} and return the place."])
        tail = ctx.choice(["", f" The {things} are numbered from 0 to {k - 1}.", f" After {k - 1} comes 0."])
    ctx.op("clock." + name, name)
    return Function(doc + tail, [f"return {code}"], "int")


CYCLES = [
    "spring summer autumn winter", "north east south west", "red yellow green", "red orange yellow green blue violet", "do re mi fa sol la ti",
    "bronze silver gold", "egg caterpillar pupa butterfly", "low middle high", "rock paper scissors", "morning noon evening night", "A B C D E F G",
    "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", "ace king queen jack", "one two three four five", "hearts spades clubs diamonds",
]


def cycles(ctx):
    """The place of a word in a fixed list, and what comes before or after it."""
    things = ctx.choice(CYCLES).split() if ctx.chance(0.6) else [ctx.any_word() for _ in range(ctx.rng.randint(3, 6))]
    if len(set(things)) < len(things):
        raise Reject
    n = ctx.param("str", name=ctx.choice([None, "now", "state", "name", "step", "stage", "current"]))
    v = ctx.choice(["names", "order", "steps", "all_names", "things"])
    ctx.options = things
    k = ctx.param("int", name=ctx.choice(["n", "k", "steps", "count", "moves"])) if ctx.chance(0.5) else None
    if v in (n, k):
        raise Reject
    quoted = [repr(t) for t in things]
    listed = ", ".join(quoted[:-1]) + " and " + quoted[-1]
    intro = ctx.choice([f"The {v.replace('_', ' ')} are {listed}.", f"There are {listed}, in this order.", f"The order is {listed}."])
    size = len(things)
    if k:
        name, code, doc = ctx.choice([
            ("after", f"{v}[({v}.index({n}) + {k}) % {size}]", f"Return the one that comes {k} places after {n}; after the last the first comes again."),
            ("before", f"{v}[({v}.index({n}) - {k}) % {size}]", f"Return the one that comes {k} places before {n}; before the first comes the last."),
        ])
    else:
        name, code, doc = ctx.choice([
            ("next", f"{v}[({v}.index({n}) + 1) % {size}]", f"Return the one after {n}; after the last comes the first."),
            ("previous", f"{v}[({v}.index({n}) - 1) % {size}]", f"Return the one before {n}; before the first comes the last."),
            ("opposite", f"{v}[-1 - {v}.index({n})]", f"Return the one that has the place of {n} counted from the end."),
            ("number", f"{v}.index({n}) + 1", f"Return the place of {n}, where the first has place 1."),
            ("index", f"{v}.index({n})", f"Return the position of {n}, counted from 0."),
        ])
    ctx.op("cycle." + name, name)
    kind = "int" if name in ("number", "index") else "str"
    return Function(f"{intro} {doc}", [f"{v} = [{', '.join(quoted)}]", f"return {code}"], kind)


def marks(ctx):
    """A text with one mark for each number, or a list of them."""
    n = ctx.param("ints")
    s = ctx.subject(n, "ints")
    v = ctx.var(["x", "n", "v"])
    p = int_predicate(ctx, E(v, ""))
    a, b, c = ctx.rng.sample(list("ABCXYZabcxyz.#*+-^_01") + ["up", "down", "yes", "no", "hi", "lo"], 3)
    one = p.text if not p.text.startswith(("a ", "an ")) else p.text
    third = ctx.chance(0.35)
    if third:
        q = int_predicate(ctx, E(v, ""))
        if q.code == p.code:
            raise Reject
        inner = f"'{a}' if {p.code} else '{b}' if {q.code} else '{c}'"
        rule = ctx.choice([f"'{a}' if it is {one}, '{b}' if it is {q.text} and '{c}' otherwise", f"'{a}' for a number that is {one}, else '{b}' for one that is {q.text}, and '{c}' for all others"])
    else:
        inner = f"'{a}' if {p.code} else '{b}'"
        rule = ctx.choice([f"'{a}' if it is {one}, otherwise '{b}'", f"'{a}' for a number that is {one} and '{b}' for any other", f"'{a}' where it is {one} and '{b}' where it is not"])
    ctx.op("marks", "marks")
    if ctx.chance(0.6):
        doc = ctx.choice([f"Return a text with one mark for each number in {s}: {rule}.", f"Write one mark per number of {s}, {rule}, and return them as one text.", f"Return a text that holds for every number in {s} {rule}."])
        return Function(doc, [f"return ''.join({inner} for {v} in {n})"], "str")
    doc = ctx.choice([f"Return a list with one text for each number in {s}: {rule}.", f"Return a list that holds for every number in {s} {rule}."])
    return Function(doc, [f"return [{inner} for {v} in {n}]"], "list[str]")


def move_characters(ctx):
    n = ctx.param("str")
    s = ctx.subject(n, "str")
    free(ctx, "c")
    _, P, N, names = ctx.choice(CHAR_CLASSES)
    what = ctx.choice(names)
    if ctx.chance(0.3):
        lit, text = ctx.char()
        P, N, what = f"c == {lit}", f"c != {lit}", f"characters equal to {text}"
    front = ctx.chance(0.5)
    place = ctx.choice(["the front", "the beginning", "the start"]) if front else ctx.choice(["the end", "the back"])
    ctx.op("movechars." + ("front" if front else "end"), "to_front" if front else "to_end")
    doc = ctx.choice([f"Move all {what} of {s} to {place}.", f"Return {s} with all {what} moved to {place}.", f"Bring the {what} in {s} to {place}."])
    doc += ctx.choice(["", " Otherwise the order stays the same.", " The order within both groups does not change.", " All others keep their order."])
    return Function(doc, [f"return ''.join(sorted({n}, key=lambda c: {N if front else P}))"], "str")


def digit_change(ctx):
    """Digits of a text are changed, all else stays."""
    n = ctx.param("str")
    s = ctx.subject(n, "str")
    k, K = ctx.slot(2, 9, share=0.3)
    free(ctx, "c")
    name, code, text = ctx.choice([
        ("mul", f"str(int(c) * {k} % 10)", f"the last digit of {K} times the digit"), ("nine", "str(9 - int(c))", "9 minus the digit"), ("double", "str(int(c) * 2)", "twice the digit"),
        ("sub", f"str((int(c) - {k}) % 10)", f"the digit minus {K}, modulo 10"), ("next", "str((int(c) + 1) % 10)", "the next digit, where 0 comes after 9"),
        ("times", "c * int(c)", "as many copies of it as it says"), ("stars", "'*' * int(c)", "that number of stars"), ("parity", "str(int(c) % 2)", "0 if it is even and 1 if it is odd"),
    ])
    for q, _ in ctx.params[1:]:
        if q not in code:
            raise Reject
    ctx.bits.append(str(ctx.rng.randint(10, 99)))
    ctx.op("digits." + name, "digits")
    rest = ctx.choice(["All other characters stay the same.", "Everything else is unchanged.", "The rest stays as it is.", "Other characters do not change."])
    doc = ctx.choice([f"Replace every digit in {s} by {text}. {rest}", f"Turn each digit of {s} into {text}. {rest}", f"Return {s} with each digit replaced by {text}. {rest}"])
    return Function(doc, [f"return ''.join({code} if c.isdigit() else c for c in {n})"], "str")


def common_part(ctx):
    a, b = ctx.choice([("a", "b"), ("first", "second"), ("left", "right"), ("one", "two"), ("x", "y"), ("text", "other")])
    ctx.params = [(a, "str"), (b, "str")]
    free(ctx, "n")
    end = ctx.chance(0.5)
    ctx.common = end
    compare = f"{a}[-1 - n] == {b}[-1 - n]" if end else f"{a}[n] == {b}[n]"
    what = ctx.choice(["characters at the end", "final characters"]) if end else ctx.choice(["characters at the beginning", "first characters"])
    result, doc = ctx.choice([("n", f"Return how many {what} {a} and {b} have in common."), ("n", f"Return the number of {what} that are the same in {a} and {b}."), (f"{a}[len({a}) - n:]" if end else f"{b}[:n]", f"Return the {what} that {a} and {b} share."),
                              (f"{a}[:len({a}) - n]" if end else f"{a}[n:]", f"Return {a} without the {what} that it shares with {b}.")])
    ctx.op("common." + ("end" if end else "start"), "common")
    return Function(doc, ["n = 0", f"while n < min(len({a}), len({b})) and {compare}:", "    n += 1", f"return {result}"], "int" if result == "n" else "str")


def parsers(ctx):
    """Numbers written in a text."""
    n = ctx.param("str")
    s = ctx.subject(n, "str")
    lit = ctx.choice(["','", "' '", "'-'", "':'", "'/'", "';'", "'+'", "'x'"])
    c = lit[1]
    name = {",": "commas", " ": "spaces", "-": "dashes", ":": "colons", "/": "slashes", ";": "semicolons", "+": "plus signs", "x": "the letter x"}[c]
    single = {",": "a comma", " ": "a space", "-": "a dash", ":": "a colon", "/": "a slash", ";": "a semicolon", "+": "a plus sign", "x": "an x"}[c]
    v = ctx.var(["p", "part", "t"])
    if ctx.chance(0.5):
        ctx.format = ("numbers", c)
        item = E(f"int({v})", "the numbers")
        if ctx.chance(0.4):
            item = apply(ctx, INT_TO_INT, E(f"int({v})", "@"), "int", small=True, only=EASY_MAPS)
            if item.text.count("@") != 1 or item.code.count("int(") > 1:
                raise Reject
            item = E(item.code, item.text.replace("@", "each of the numbers"))
        reduce, code, words, typ = ctx.choice([("sum", "sum({})", "the sum of {}", "int"), ("max", "max({})", "the largest of {}", "int"), ("list", "[{}]", "a list of {}", "list[int]"), ("min", "min({})", "the smallest of {}", "int"), ("sorted", "sorted({})", "{} in ascending order as a list", "list[int]")])
        ctx.op("parse." + reduce, reduce)
        intro = ctx.choice([f"{s[0].upper() + s[1:] if s != n else s} holds whole numbers separated by {name}.", f"The numbers in {s} are separated by {name}.", f"In {s}, whole numbers are written with {single} between them."])
        return Function(f"{intro} " + value_sentence(ctx, words.format(item.text)), [f"return {code.format(f'{item.code} for {v} in {n}.split({lit})')}"], typ)
    ctx.format = ("two", c)
    a, b = ctx.choice([("a", "b"), ("x", "y"), ("first", "second"), ("left", "right"), ("big", "small"), ("low", "high"), ("hours", "minutes"), ("width", "height")])
    free(ctx, a, b)
    k, K = ctx.slot(2, 60, share=0)
    name, code, words = ctx.choice([("sum", "{a} + {b}", "the sum of both"), ("prod", "{a} * {b}", "the product of both"), ("lin", "{a} * {k} + {b}", f"{K} times {a} plus {b}"), ("diff", "{b} - {a}", f"{b} minus {a}"), ("diff1", "{b} - {a} + 1", f"how many numbers there are from {a} to {b}, both included")])
    text = code.format(a=f"int({a})", b=f"int({b})", k=k)
    ctx.op("parse2." + name, name)
    form = f"'{a}{c}{b}'"
    intro = ctx.choice([f"{s[0].upper() + s[1:] if s != n else s} has the form {form} with two whole numbers.", f"Two whole numbers are written in {s} as {form}.", f"{s[0].upper() + s[1:] if s != n else s} consists of two numbers {a} and {b} with {single} between them."])
    return Function(f"{intro} " + value_sentence(ctx, words), [f"{a}, {b} = {n}.split({lit})", f"return {text}"], "int")


def ranking(ctx):
    """Keys by value and then by name."""
    n = ctx.param("dict")
    s = ctx.subject(n, "dict")
    key = ctx.choice(["name", "key", "word", "k"])
    free(ctx, key, "order")
    high = ctx.chance(0.6)
    value = ctx.choice(["value", "number"])
    sign = "-" if high else ""
    order = ctx.choice([f"sorted by {value} from high to low", f"with the highest {value} first", f"ordered from the highest {value} to the lowest"]) if high else ctx.choice([f"sorted by {value} from low to high", f"with the lowest {value} first", f"ordered from the lowest {value} to the highest"])
    tie = ctx.choice([f"keys with the same {value} in alphabetical order", f"those with equal {value}s by the alphabet", f"equal {value}s in the order of the alphabet"])
    code = f"sorted({n}, key=lambda {key}: ({sign}{n}[{key}], {key}))"
    k, K = ctx.slot(2, 5, share=0.3)
    name, tail, typ, doc = ctx.choice([("all", "", "list[str]", f"Return the keys of {s}, {order}, {tie}."), ("top", f"[:{k}]", "list[str]", f"Return the first {K} keys of {s}, {order}, {tie}."), ("first", "[0]", "str", f"Return the first key of {s}, {order}, {tie}."), ("last", "[-1]", "str", f"Return the last key of {s}, {order}, {tie}.")])
    for q, _ in ctx.params[1:]:
        if q not in tail:
            raise Reject
    ctx.op("ranking." + name, name)
    return Function(doc, [f"return {code}{tail}"], typ)


def pair_state(ctx):
    """A number that changes with each pair of a list."""
    n = ctx.param("list", name=ctx.choice(["pairs", "entries", "events", "changes", "steps", "days", "records", "rounds"]), type_="list[tuple[int, int]]")
    a, b = ctx.choice([("a", "b"), ("x", "y"), ("plus", "minus"), ("won", "lost"), ("gain", "loss"), ("added", "removed"), ("first", "second")])
    state = ctx.choice(["total", "level", "value", "balance", "stock", "amount"])
    start = str(ctx.choice([0, 0, ctx.const(1, 20)]))
    free(ctx, a, b, state)
    name, step, text = ctx.choice([("diff", f"{state} += {a} - {b}", f"first {a} is added and then {b} is taken away"), ("prod", f"{state} += {a} * {b}", f"{a} times {b} is added"), ("sum", f"{state} += {a} + {b}", f"both {a} and {b} are added"), ("clamp", f"{state} = max({state} + {a} - {b}, 0)", f"{a} is added and {b} taken away, but it never falls below 0")])
    end, Doc = ctx.choice([("", "Return the final value."), ("", f"Return the {state} at the end."), ("min", f"Return the smallest {state} on the way, the start included."), ("out", "Return a list of its values after each pair.")])
    intro = ctx.choice([f"A {state} begins at {start}.", f"The {state} is {start} at first.", f"Start with a {state} of {start}."])
    each = ctx.choice([f"For each pair ({a}, {b}) of {n}, {text}.", f"Each element of {n} is a pair ({a}, {b}): {text}."])
    ctx.op(f"pairstate.{name}.{end}", state)
    body = [f"{state} = {start}"] + {"": [], "min": [f"low = {state}"], "out": ["out = []"]}[end] + [f"for {a}, {b} in {n}:", "    " + step]
    body += {"": [f"return {state}"], "min": [f"    low = min(low, {state})", "return low"], "out": [f"    out.append({state})", "return out"]}[end]
    return Function(f"{intro} {each} {Doc}", body, "list[int]" if end == "out" else "int")


def limited_moves(ctx):
    """Letters move a number that stays between limits."""
    n = ctx.param("str", name=ctx.choice(["moves", "commands", "signals", "steps", "events", "keys", "orders", "code", "log", "actions"]))
    a, b = ctx.rng.sample("ABEFGHIJKLMNOPQRSTVXYZ+-<>abcxyz", 2)
    state = ctx.choice(["position", "count", "level", "score", "place", "value", "volume"])
    k = str(ctx.const(3, 20)) if ctx.chance(0.6) else ctx.param("int", name=ctx.choice(["limit", "highest", "size", "maximum", "last"]))
    free(ctx, state, "c")
    (up, U), (down, D) = ctx.choice([e for e in EFFECTS if e[0].startswith("+=")]), ctx.choice([e for e in EFFECTS if e[0].startswith("-=")])
    low = ctx.chance(0.7)
    ctx.bits.append((a + b) * 4)
    ctx.op("limited", state)
    doc = ctx.choice([f"A {state} starts at 0.", f"The {state} is 0 at the beginning."]) + f" In {n}, each '{a}' {U} and each '{b}' {D}. "
    doc += f"It never rises above {k}" + (" and never falls below 0. " if low else ". ") + ctx.choice([f"Return the {state} at the end.", "Return the final value.", f"Return the last {state}."])
    body = [f"{state} = 0", f"for c in {n}:", f"    if c == '{a}':", f"        {state} = min({state} + {up[3:]}, {k})", f"    elif c == '{b}':"]
    body += [f"        {state} = max({state} - {down[3:]}, 0)" if low else f"        {state} -= {down[3:]}", f"return {state}"]
    return Function(doc, body, "int")


def stacking(ctx):
    """How often a growing amount can be taken away, and what it sums up to."""
    n = ctx.param("int")
    start, step = ctx.const(1, 5), ctx.choice([1, 2, 2, 3, 4, 5])
    one, many = ctx.choice([("row", "rows"), ("layer", "layers"), ("step", "steps"), ("day", "days"), ("round", "rounds"), ("group", "groups")])
    size, count = ctx.choice(["size", "need", "width"]), many
    free(ctx, size, count)
    thing = ctx.choice(W.CONTENTS)
    ctx.op("stacking", many)
    ctx.near += [10, 20]
    intro = ctx.choice([f"The first {one} needs {start} {thing} and each further {one} {step} more than the one before.", f"In the first {one} there are {start} {thing}, then {start + step}, then {start + 2 * step}, and so on.", f"The {many} hold {start}, {start + step}, {start + 2 * step} {thing} and so on."])
    if ctx.chance(0.6):
        doc = ctx.choice([f"Return how many full {many} {n} {thing} make.", f"Return the number of complete {many} that can be made of {n} {thing}."])
        body = [f"{count} = 0", f"{size} = {start}", f"while {n} >= {size}:", f"    {n} -= {size}", f"    {size} += {step}", f"    {count} += 1", f"return {count}"]
    else:
        doc = f"Return how many {thing} {n} {many} need together."
        body = [f"return sum({start} + {step} * i for i in range({n}))"] if n != "i" else ["raise"]
        if n == "i":
            raise Reject
    return Function(f"{intro} {doc}", body, "int")


def word_slices(ctx):
    """Some of the words of a text as a list."""
    n = ctx.param("str")
    s = ctx.subject(n, "str")
    k, K = ctx.slot(2, 5, share=0.4)
    kth = k + "-th" if not k.isdigit() else {2: "second", 3: "third", 4: "fourth", 5: "fifth"}[int(k)]
    minus = f"{k} - 1" if not k.isdigit() else str(int(k) - 1)
    forms = [
        ("first", f"{n}.split()[:{k}]", ["the first {K} words of {A} as a list", "a list of the first {K} words in {A}"]), ("last", f"{n}.split()[-{k}:]", ["the last {K} words of {A} as a list", "a list of the last {K} words in {A}"]),
        ("drop", f"{n}.split()[{k}:]", ["a list of all words of {A} but the first {K}"]), ("every", f"{n}.split()[::{k}]", ["every {N} word of {A}, beginning with the first, as a list", "a list of every {N} word of {A}, the first one included"]),
        ("everylast", f"' '.join({n}.split()[{minus}::{k}])", ["every {N} word of {A}, beginning with the {N}, joined by spaces", "a text of every {N} word of {A}, where the {N} word is the first to be taken"]),
        ("chars", f"{n}[{minus}::{k}]", ["every {N} character of {A}, beginning with the {N}", "the characters of {A} at every {N} place, the {N} one first"]),
        ("all", f"{n}.split()", ["a list of the words in {A}"]), ("sorted", f"sorted({n}.split())", ["the words of {A} in alphabetical order as a list"]), ("back", f"{n}.split()[::-1]", ["a list of the words of {A} from last to first"]),
        ("set", f"len(set({n}.split()))", ["how many different words {A} has", "the number of different words in {A}"]), ("longest", f"max({n}.split(), key=len)", ["the longest word of {A}", "the word in {A} with the most characters"]),
    ]
    name, code, say = ctx.choice(forms)
    for q, _ in ctx.params[1:]:
        if q not in code.replace(n, ""):
            raise Reject
    ctx.op("wordslice." + name, name)
    doc = value_sentence(ctx, ctx.choice(say).format(A=s, K=K, N=kth))
    doc += ctx.choice(["", "", " Words are separated by spaces.", " Words are divided by one or more spaces."])
    return Function(doc, [f"return {code}"], "int" if name == "set" else "str" if name in ("everylast", "chars", "longest") else "list[str]")
