"""Families whose body is a loop with a running state, lists of pairs, and dictionaries that are built up."""
import words as W
from expressions import CHAR_CLASSES, apply, int_predicate, INT_TO_INT, STR_TO_STR, str_predicate
from families import Function
from grammar import E, Reject


def build_dict(ctx):
    kind = ctx.choice(["strs", "strs", "str", "ints"])
    n = ctx.param(kind)
    s = ctx.subject(n, kind)
    var, one = {"strs": ("w", "text"), "str": ("c", "character"), "ints": ("x", "number")}[kind]
    v = ctx.var([var, "x"])
    if v == "x" and var != "x":
        raise Reject
    key, how = v, ""
    if kind == "strs" and ctx.chance(0.6):
        item = apply(ctx, STR_TO_STR, E(v, "each text"), "str", only={"lower", "upper", "strip", "first", "last", "capital", "firstk"})
        key, how = item.code, item.text
    elif kind == "ints" and ctx.chance(0.3):
        item = apply(ctx, INT_TO_INT, E(v, "each number"), "int", small=True, only={"mod", "div", "lastdigit", "abs"})
        key, how = item.code, item.text
    cond, only = "", ""
    if ctx.chance(0.35):
        if kind == "ints":
            p = int_predicate(ctx, E(v, ""))
            only = f" Numbers count only if they are {p.text}." if not p.text.startswith(("a ", "an ")) else f" A number counts only if it is {p.text}."
        elif kind == "strs":
            p = str_predicate(ctx, E(v, ""))
            only = f" A text counts only if it {p.text}."
        else:
            _, code, _, names = ctx.choice(CHAR_CLASSES)
            p, only = E(code, ""), f" Only {ctx.choice(names)} count."
        cond = p.code
    ctx.op("builddict")
    base = ctx.say("builddict", [f"Count how often each {one} occurs in {s} and return a dictionary.", f"Return a dictionary that maps each {one} of {s} to the number of times it occurs.", f"Return a dictionary with the count of each {one} in {s}.", f"Count each {one} of {s}. Return a dictionary with the counts.", f"Return how many times each {one} occurs in {s}, as a dictionary."])
    if how:
        base = ctx.choice([f"Return a dictionary that counts {how} for {s}.", f"Take {how} of {s} and return a dictionary with the count of each result.", f"Return a dictionary that says how often each result occurs when taking {how}."])
    body = ["result = {}", f"for {v} in {n}:"]
    pad = "    "
    if cond:
        body.append(f"    if {cond}:")
        pad = "        "
    if key != v:
        body.append(f"{pad}key = {key}")
        key = "key"
    body += [f"{pad}result[{key}] = result.get({key}, 0) + 1", "return result"]
    if "result" == n or "key" == n:
        raise Reject
    typ = "dict[int, int]" if kind == "ints" else "dict[str, int]"
    return Function(base + only, body, typ)


def pair_list(ctx):
    n = ctx.param("list", name=ctx.choice(["pairs", "pairs", "entries", "points", "items", "orders", "records", "rows", "data", None]), type_="list[tuple[int, int]]")
    a, b = ctx.choice([("a", "b"), ("x", "y"), ("first", "second"), ("price", "count"), ("start", "end"), ("width", "height"), ("low", "high"), ("left", "right"), ("amount", "price"), ("plus", "minus"), ("won", "lost")])
    if a == n or b == n:
        raise Reject
    k, K = ctx.slot(2, 12)
    if k in (a, b):
        raise Reject
    ops = [("sum", f"{a} + {b}", "the sum of both numbers", "sums"), ("prod", f"{a} * {b}", f"{a} times {b}", "products"), ("diff", f"{a} - {b}", f"{a} minus {b}", "differences"), ("rdiff", f"{b} - {a}", f"{b} minus {a}", "differences"), ("max", f"max({a}, {b})", f"the larger of {a} and {b}", "larger numbers"), ("min", f"min({a}, {b})", f"the smaller of {a} and {b}", "smaller numbers"), ("dist", f"abs({a} - {b})", f"the distance between {a} and {b}", "distances"), ("lin", f"{a} * {k} + {b}", f"{K} times {a}, plus {b}", "values")]
    name, code, text, plural = ctx.choice(ops)
    reduce = ctx.choice(["sum", "max", "min", "list", "count", "swap", "first", "second", "gt", "sorted"])
    ctx.op(f"pairs.{reduce}.{name}", plural)
    intro = ctx.choice([f"Each entry of {n} is a pair ({a}, {b}).", f"{n[0].upper() + n[1:]} holds pairs ({a}, {b}).", f"The list holds pairs ({a}, {b}).", f"Each element is a pair ({a}, {b})."])
    loop = f"for {a}, {b} in {n}"
    if reduce in ("sum", "max", "min"):
        word = {"sum": ["sum", "total"], "max": ["largest value", "maximum"], "min": ["smallest value", "minimum"]}[reduce]
        typ, doc, body = "int", f"Return the {ctx.choice(word)} of {text} over all pairs.", f"return {reduce}({code} {loop})"
    elif reduce == "list":
        typ, doc, body = "list[int]", ctx.choice([f"Return a list with {text} for each pair.", f"Return {text} of each pair as a list.", f"Return the list of {text} for all pairs."]), f"return [{code} {loop}]"
    elif reduce == "count":
        typ, doc, body = "int", f"Return how many pairs there are where {text} is greater than {K}.", f"return sum({code} > {k} {loop})"
    elif reduce == "swap":
        typ, doc, body = "list[tuple]", ctx.choice(["Return the pairs with their two numbers swapped.", f"Return a list of the pairs ({b}, {a})."]), f"return [({b}, {a}) {loop}]"
    elif reduce == "first":
        typ, doc, body = "list[int]", ctx.choice([f"Return a list of all {a}.", "Return a list of the first numbers of the pairs."]), f"return [{a} {loop}]"
    elif reduce == "second":
        typ, doc, body = "list[int]", ctx.choice([f"Return a list of all {b}.", "Return a list of the second numbers of the pairs."]), f"return [{b} {loop}]"
    elif reduce == "gt":
        op, word = ctx.choice([(">", "greater than"), ("<", "less than"), ("==", "equal to")])
        typ, doc, body = "int", f"Return in how many pairs {a} is {word} {b}.", f"return sum({a} {op} {b} {loop})"
    else:
        typ, doc, body = "list[tuple]", ctx.choice([f"Return the pairs sorted by {b}.", "Return the pairs ordered by their second number."]), f"return sorted({n}, key=lambda p: p[1])"
    if k in [p for p, _ in ctx.params] and k not in body:
        raise Reject
    return Function(f"{intro} {doc}", [body], typ)


def accumulate(ctx):
    """A counter that starts somewhere and goes through a list of changes."""
    n = ctx.param("ints")
    s = ctx.subject(n, "ints")
    v = ctx.var(["x", "v", "d"])
    state = ctx.choice(["total", "result", "level", "value", "height", "balance", "points"])
    start, S = "0", ctx.choice(["0", "zero"])
    r = ctx.rng.random()
    if r < 0.3:
        start = ctx.param("int", name=ctx.choice(["start", "begin", "initial", "first", "base"]))
        S = start
    elif r < 0.55:
        start = S = str(ctx.const(1, 20))
    if state in [p for p, _ in ctx.params]:
        raise Reject
    k, K = ctx.slot(2, 20)
    p = int_predicate(ctx, E(v, ""))
    unit = ctx.choice(["number", "value", "entry"])
    steps = [
        ("clamp0", [f"{state} = max({state} + {v}, 0)"], [f"Add each {unit} of {s} to it, but it never falls below 0.", f"Each {unit} of {s} is added, and a result below zero becomes 0."]),
        ("cap", [f"{state} = min({state} + {v}, {k})"], [f"Add each {unit} of {s} to it, but it never rises above {K}.", f"Each {unit} of {s} is added, and a result above {K} becomes {K}."]),
        ("skipover", [f"if {state} + {v} <= {k}:", f"    {state} += {v}"], [f"Add each {unit} of {s} to it unless that would make it greater than {K}.", f"Each {unit} of {s} is added, but one that would lift it above {K} is left out."]),
        ("cond", [f"if {p.code}:", f"    {state} += {v}", "else:", f"    {state} -= {v}"], [f"Add each {unit} of {s} that is {p.text} and subtract the others.", f"Each {unit} that is {p.text} is added, every other one is subtracted."]),
        ("condk", [f"if {p.code}:", f"    {state} += {k}"], [f"It grows by {K} for each {unit} of {s} that is {p.text}.", f"Add {K} for each {unit} of {s} that is {p.text}."]),
        ("reset", [f"if {v} == 0:", f"    {state} = 0", "else:", f"    {state} += {v}"], [f"Add each {unit} of {s} to it; a 0 sets it back to zero."]),
        ("mulk", [f"{state} = {state} * {k} + {v}"], [f"For each {unit} of {s} multiply it by {K} and add the {unit}."]),
        ("sub", [f"{state} -= {v}"], [f"Subtract each {unit} of {s} from it.", f"Each {unit} of {s} is taken away from it."]),
    ]
    name, step, say = ctx.choice(steps)
    history = ctx.chance(0.25)
    best = not history and ctx.chance(0.2)
    text = ctx.choice(say)
    used = " ".join(step)
    for q, _ in ctx.params[1:]:
        if q not in used and q != start:
            raise Reject
    ctx.op("accumulate." + name + (".history" if history else ".best" if best else ""), state)
    intro = ctx.choice([f"A {state} starts at {S}.", f"The {state} begins with {S}.", f"Start with {S}.", f"A counter starts at {S}."])
    body = [f"{state} = {start}"]
    if history:
        body.append("out = []")
    if best:
        body.append(f"best = {state}")
    body.append(f"for {v} in {n}:")
    body += ["    " + line for line in step]
    if history:
        body += [f"    out.append({state})", "return out"]
        end = ctx.choice(["Return a list of its value after each step.", "Return the list of all values it takes."])
    elif best:
        body += [f"    best = max(best, {state})", "return best"]
        end = ctx.choice(["Return the largest value it takes.", "Return the highest value it reaches."])
    else:
        body.append(f"return {state}")
        end = ctx.choice(["Return the final value.", "Return its value at the end.", "Return the result."])
    if {"best", "out"} & {q for q, _ in ctx.params}:
        raise Reject
    return Function(f"{intro} {text} {end}", body, "list[int]" if history else "int")


EFFECTS = [("+= 1", "adds 1"), ("-= 1", "takes away 1"), ("+= 1", "moves one up"), ("-= 1", "moves one down"), ("*= 2", "doubles it"), ("+= 2", "adds 2"), ("-= 2", "takes away 2"), ("= 0", "sets it to zero"), ("+= 5", "adds 5"), ("+= 10", "adds 10"), ("*= 3", "triples it"), ("+= 3", "adds 3")]


def letter_moves(ctx):
    """A text of commands, one letter each, changes a number."""
    n = ctx.param("str", name=ctx.choice(["moves", "commands", "signals", "steps", "events", "keys", "orders", "code", "log", "actions"]))
    letters = ctx.rng.sample("ABEFGHIJKLMNOPQRSTVXYZ+-<>abcxyz", 3)
    state = ctx.choice(["position", "count", "total", "level", "score", "place", "value"])
    start = str(ctx.choice([0, 0, ctx.const(1, 12)]))
    if start != "0" and ctx.is_held_constant(int(start)) and ctx.mode != "constant":
        raise Reject
    effects = ctx.rng.sample(EFFECTS, 3)
    many = ctx.choice([2, 2, 3])
    body = [f"{state} = {start}", f"for c in {n}:"]
    parts = []
    for i in range(many):
        body += [f"    {'if' if i == 0 else 'elif'} c == '{letters[i]}':", f"        {state} {effects[i][0]}"]
        parts.append(f"'{letters[i]}' {effects[i][1]}")
    body.append(f"return {state}")
    ctx.bits.append("".join(letters[:many]) * 4)
    ctx.op("letters", state)
    doc = f"A {state} starts at {start}. In the text {n} each {', '.join(parts[:-1])} and each {parts[-1]}. " + ctx.choice(["Return the final value.", f"Return the {state} at the end.", f"Return the {state} after the last letter."])
    return Function(doc, body, "int")


def runs(ctx):
    """Runs of equal things, or of things with a property."""
    if ctx.chance(0.5):
        n = ctx.param("ints")
        s, v = ctx.subject(n, "ints"), ctx.var(["x", "v"])
        p = int_predicate(ctx, E(v, ""))
        cond, what = p.code, f"{ctx.choice(['numbers', 'values'])} in {s} that are {p.text}"
        if p.text.startswith(("a ", "an ")):
            raise Reject
    else:
        n = ctx.param("str")
        s, v = ctx.subject(n, "str"), ctx.var(["c", "x"])
        _, cond, _, names = ctx.choice(CHAR_CLASSES)
        what = f"{ctx.choice(names)} in {s}"
        if v != "c":
            raise Reject
        if ctx.chance(0.45):
            lit, text = ctx.char()
            if ctx.chance(0.5):
                lit = lit.upper()
                text = ctx.choice([lit, f"the letter {lit[1]}", f"the character {lit}"])
            ctx.bits.append(lit[1] * 2)
            cond, what = f"c == {lit}", f"characters in {s} that are equal to {text}"
            if ctx.chance(0.4):
                word = W.invented(ctx.rng) if ctx.chance(0.5) else ctx.noun()
                what = f"{word}s in {s}, where {lit} stands for a {word}"
    if {"best", "run"} & {q for q, _ in ctx.params}:
        raise Reject
    ctx.op("runs", "longest_run")
    doc = ctx.say("runs", [f"Return the length of the longest run of {what}.", f"Return the largest number of neighbouring {what}.", f"Return how long the longest unbroken sequence of {what} is.", f"Find the longest series of consecutive {what} and return its length."])
    body = ["best = 0", "run = 0", f"for {v} in {n}:", f"    run = run + 1 if {cond} else 0", "    best = max(best, run)", "return best"]
    return Function(doc, body, "int")


def while_loops(ctx):
    n = ctx.param("int")
    k, K = ctx.slot(2, 9, share=0)  # a parameter could make the loop endless
    s = n
    forms = [
        ("halvings", ["count = 0", f"while {n} > {k}:", f"    {n} //= 2", "    count += 1", "return count"], ["Return how often {s} must be halved, rounding down, until it is {K} or less.", "Halve {s}, rounding down, as long as it is greater than {K}. Return how many times that was done."]),
        ("divk", ["count = 0", f"while {n} > 0 and {n} % {k} == 0:", f"    {n} //= {k}", "    count += 1", "return count"], ["Return how many times {s} can be divided by {K} without a remainder."]),
        ("pow", ["p = 1", f"while p < {n}:", f"    p *= {k}", "return p"], ["Return the smallest power of {K} that is not less than {s}.", "Return the first power of {K} that is at least {s}."]),
        ("subk", ["count = 0", f"while {n} >= {k}:", f"    {n} -= {k}", "    count += 1", "return count"], ["Return how many times {K} can be subtracted from {s} before it is less than {K}."]),
        ("grow", ["steps = 0", "value = 1", f"while value < {n}:", f"    value += {k}", "    steps += 1", "return steps"], ["A value starts at 1 and grows by {K} in each step. Return after how many steps it is at least {s}."]),
        ("double", ["days = 0", f"value = {k}", f"while value < {n}:", "    value *= 2", "    days += 1", "return days"], ["A value starts at {K} and doubles every day. Return after how many days it is at least {s}."]),
        ("next", [f"while {n} % {k} != 0:", f"    {n} += 1", f"return {n}"], ["Return the smallest multiple of {K} that is not less than {s}.", "Round {s} up to the next multiple of {K}."]),
        ("prev", [f"return {n} - {n} % {k}"], ["Return the largest multiple of {K} that is not greater than {s}.", "Round {s} down to a multiple of {K}."]),
        ("factorial", ["result = 1", f"for i in range(2, {n} + 1):", "    result *= i", "return result"], ["Return the product of all numbers from 1 to {s}.", "Return the factorial of {s}."]),
        ("fib", ["a, b = 0, 1", f"for _ in range({n}):", "    a, b = b, a + b", "return a"], ["Return the Fibonacci number with index {s}, where the first two are 0 and 1."]),
    ]
    name, body, say = ctx.choice(forms)
    if {n, k} & {"count", "p", "steps", "value", "days", "result", "i", "a", "b"}:
        raise Reject
    for q, _ in ctx.params[1:]:
        if q not in " ".join(body):
            raise Reject
    ctx.op("while." + name, name)
    ctx.near.append(20)
    return Function(ctx.choice(say).format(s=s, K=K), body, "int")
