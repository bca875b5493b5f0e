"""Families of functions on numbers and texts. Each takes a Ctx and returns a Function."""
from dataclasses import dataclass, field

import words as W
from expressions import INT_TO_INT, STR_TO_INT, STR_TO_STR, apply, int_predicate, str_predicate
from grammar import E, Reject


@dataclass
class Function:
    doc: str
    body: list
    returns: str
    notes: list = field(default_factory=list)


def value_sentence(ctx, x):
    return ctx.say("frame.value", ["Return {}.", "Return {}.", "Return {}.", "Return {}.", "Compute {}.", "Give back {}.", "Find {}.", "Calculate and return {}.", "Find and return {}."]).format(x)


def truth_sentence(ctx, clause):
    return ctx.say("frame.truth", ["Return True if {}.", "Return True if {}, otherwise return False.", "Return True if {}, and False otherwise.", "Return True if {}, else False.", "Check whether {}.", "Return whether {}.", "Tell whether {}.", "Return True exactly when {}.", "Return True when {}, otherwise False."]).format(clause)


def ret(x):
    return ["return " + x.code]


def note(ctx, kind, subject):
    """A remark that changes nothing."""
    if not ctx.chance(0.2):
        return ""
    plain = subject if subject.startswith("the ") else "the " + subject.replace("_", " ")
    plain = plain[0].upper() + plain[1:]
    return " " + ctx.choice({
        "int": [f"{plain} is a whole number.", f"{plain} is not negative.", f"{plain} is at least 1.", "All numbers are whole numbers.", f"{plain} may be negative.", f"{plain} is never less than 0.", f"It is known that {subject} is not zero.", "The result is a whole number."],
        "str": [f"{plain} has at least one character.", f"{plain} is not empty.", f"{plain} may be empty.", f"{plain} may contain spaces.", "Upper case and lower case are different.", f"{plain} consists of lower-case letters.", f"{plain} is never empty.", f"{plain} always has two or more characters.", "All characters count, also spaces.", f"It may be assumed that {subject} has some characters."],
        "list": [f"{plain} is not empty.", f"{plain} may be empty.", f"{plain} has at least two elements.", f"{plain} must not be changed.", "The order stays the same.", f"{plain} is never empty.", "The list is never empty.", f"It may be assumed that {subject} has elements.", "The original list is not changed."],
    }[kind])


# -- numbers
def int_value(ctx, depth=None):
    """An expression on one to three whole numbers."""
    count = ctx.choice([1, 1, 2, 2, 2, 3])
    if count == 1:
        n = ctx.param("int")
        s = ctx.subject(n, "int")
        x = apply(ctx, INT_TO_INT, E(n, s), "int")
        if depth != 1 and ctx.chance(0.5):
            if x.text.count(" or ") or x.text.count("but"):
                raise Reject
            x = apply(ctx, INT_TO_INT, x, "int")
        return x, n
    names = [ctx.param("int") for _ in range(count)]
    texts = [ctx.subject(n, "int", sole=False) for n in names]
    if ctx.chance(0.6):
        texts = names
    (a, b), (A, B) = names[:2], texts[:2]
    if count == 3:
        c, C = names[2], texts[2]
        forms = [
            ("sum3", f"{a} + {b} + {c}", 5, ["the sum of {A}, {B} and {C}", "{A} plus {B} plus {C}", "the total of {A}, {B} and {C}", "{A}, {B} and {C} added together"]),
            ("prod3", f"{a} * {b} * {c}", 6, ["the product of {A}, {B} and {C}", "{A} times {B} times {C}", "{A}, {B} and {C} multiplied together"]),
            ("max3", f"max({a}, {b}, {c})", 10, ["the largest of {A}, {B} and {C}", "the biggest of the three numbers", "the maximum of {A}, {B} and {C}", "the greatest of {A}, {B} and {C}"]),
            ("min3", f"min({a}, {b}, {c})", 10, ["the smallest of {A}, {B} and {C}", "the smallest of the three numbers", "the minimum of {A}, {B} and {C}", "the least of {A}, {B} and {C}"]),
            ("muladd", f"{a} * {b} + {c}", 5, ["{A} times {B}, plus {C}", "the product of {A} and {B}, plus {C}", "{A} multiplied by {B}, with {C} added", "{C} more than the product of {A} and {B}"]),
            ("addmul", f"({a} + {b}) * {c}", 6, ["the sum of {A} and {B}, times {C}", "the sum of {A} and {B} multiplied by {C}", "{C} times the sum of {A} and {B}"]),
            ("addsub", f"{a} + {b} - {c}", 5, ["{A} plus {B} minus {C}", "the sum of {A} and {B}, minus {C}", "{A} plus {B}, less {C}", "{C} less than the sum of {A} and {B}"]),
            ("mulsub", f"{a} * {b} - {c}", 5, ["{A} times {B}, minus {C}", "the product of {A} and {B}, minus {C}", "{A} multiplied by {B}, less {C}"]),
            ("clamp", f"max({b}, min({c}, {a}))", 10, ["{A} limited to the range from {B} to {C}", "{A}, but at least {B} and at most {C}"]),
        ]
        name, code, prec, say = ctx.choice(forms)
        ctx.op("int3." + name)
        return E(code, ctx.say("int3." + name, say).format(A=A, B=B, C=C), prec), a
    k, K = ctx.slot(2, 12) if ctx.chance(0.4) else ctx.slot()
    forms = [
        ("sum", f"{a} + {b}", 5, ["the sum of {A} and {B}", "{A} plus {B}", "{A} and {B} added together", "the total of {A} and {B}", "what {A} and {B} are together"]),
        ("diff", f"{a} - {b}", 5, ["{A} minus {B}", "the difference of {A} and {B}", "{B} taken away from {A}", "what is left of {A} after taking away {B}", "{A} less {B}", "how much is left: {A} minus {B}"]),
        ("prod", f"{a} * {b}", 6, ["the product of {A} and {B}", "{A} times {B}", "{A} multiplied by {B}", "{A} and {B} multiplied together"]),
        ("larger", f"max({a}, {b})", 10, ["the larger of {A} and {B}", "the greater of {A} and {B}", "the larger of the two numbers", "the bigger one of {A} and {B}", "the maximum of {A} and {B}"]),
        ("smaller", f"min({a}, {b})", 10, ["the smaller of {A} and {B}", "the lesser of {A} and {B}", "the smaller of the two numbers", "the smaller one of {A} and {B}", "the minimum of {A} and {B}"]),
        ("dist", f"abs({a} - {b})", 10, ["the distance between {A} and {B}", "the absolute difference of {A} and {B}", "how far {A} and {B} are apart", "the difference of {A} and {B}, without its sign"]),
        ("muladd", f"{a} * {k} + {b}", 5, ["{K} times {A}, plus {B}", "{A} times {K}, plus {B}", "{A} multiplied by {K}, plus {B}", "the sum of {K} times {A} and {B}"]),
        ("add2mul", f"{a} + {b} * {k}", 5, ["{A} plus {K} times {B}", "{A} plus the product of {B} and {K}", "the sum of {A} and {K} times {B}", "{A} with {K} times {B} added"]),
        ("lin", f"{a} * {b} + {k}", 5, ["the product of {A} and {B}, plus {K}", "{A} times {B}, plus {K}", "{A} multiplied by {B}, with {K} added", "{K} more than the product of {A} and {B}"]),
        ("summul", f"({a} + {b}) * {k}", 6, ["{K} times the sum of {A} and {B}", "the sum of {A} and {B}, multiplied by {K}", "the sum of {A} and {B}, times {K}"]),
        ("avg", f"({a} + {b}) // 2", 6, ["the average of {A} and {B}, rounded down", "the mean of {A} and {B}, rounded down", "half of the sum of {A} and {B}, rounded down"]),
        ("square2", f"{a} ** 2 + {b} ** 2", 5, ["the sum of the squares of {A} and {B}", "{A} squared plus {B} squared", "the square of {A} plus the square of {B}"]),
        ("mod", f"{a} % {b}", 6, ["the remainder of {A} divided by {B}", "what remains when {A} is divided by {B}", "{A} modulo {B}"]),
        ("div", f"{a} // {b}", 6, ["how many times {B} fits into {A}", "{A} divided by {B}, rounded down", "the whole part of {A} divided by {B}"]),
        ("round", f"({a} + {b} - 1) // {b}", 6, ["{A} divided by {B}, rounded up", "the quotient of {A} and {B}, rounded up"]),
        ("modsum", f"({a} + {b}) % {k}", 6, ["the remainder of the sum of {A} and {B} divided by {K}", "the sum of {A} and {B} modulo {K}"]),
        ("moddiff", f"({a} - {b}) % {k}", 6, ["the difference of {A} and {B} modulo {K}", "{A} minus {B}, modulo {K}"]),
    ]
    name, code, prec, say = ctx.choice(forms)
    if k in [p for p, _ in ctx.params] and k not in code:
        raise Reject
    ctx.op("int2." + name)
    x = E(code, ctx.say("int2." + name, say).format(A=A, B=B, K=K), prec)
    if depth != 1 and ctx.chance(0.45):
        x = apply(ctx, INT_TO_INT, x, "int")
    return x, a


def number_function(ctx):
    x, n = int_value(ctx)
    if ctx.chance(0.12):
        # What it is about, then how it is computed.
        noun = ctx.noun()
        plural = noun if noun.endswith("s") else noun + "s"
        about = ctx.choice([f"how many {plural} there are", f"the number of {plural}", f"how many {plural} remain", f"the {noun}", f"the size of the {noun}", f"how many {plural} are needed"])
        return Function(value_sentence(ctx, f"{about}: {x.text}") + note(ctx, "int", n), ret(x), "int")
    return Function(value_sentence(ctx, x.text) + note(ctx, "int", n), ret(x), "int")


def number_truth(ctx):
    if ctx.chance(0.6):
        n = ctx.param("int")
        x = E(n, ctx.subject(n, "int"))
        if ctx.chance(0.25):
            x = apply(ctx, INT_TO_INT, x, "int", small=True)
    else:
        x, n = int_value(ctx, depth=1)
    if ctx.chance(0.15) and x.code == n:
        m = ctx.param("int")
        code, words = ctx.choice([(f"{n} > {m}", "greater than"), (f"{n} < {m}", "smaller than"), (f"{n} == {m}", "equal to"), (f"{n} % {m} == 0", "divisible by"), (f"{n} == -{m}", "the opposite of")])
        ctx.op("cmp2")
        p = E(code, f"{words} {m}", 3)
    else:
        p = int_predicate(ctx, x)
        if ctx.chance(0.15):
            q = int_predicate(ctx, x)
            if q.code == p.code:
                raise Reject
            word = ctx.choice(["and", "or"])
            p = E(f"{p.at(3)} {word} {q.at(3)}", f"{p.text} {word} {q.text}", 1)
    return Function(truth_sentence(ctx, f"{x.text} is {p.text}") + note(ctx, "int", n), ret(p), "bool")


def constant_of(ctx, kind):
    if kind == "int":
        k = ctx.rng.choice([0, 0, 1, -1]) if ctx.chance(0.4) else int(ctx.number())
        return E(str(k), str(k))
    lit = ctx.literal()
    return E(lit, ctx.choice([lit, lit, "the text " + lit]))


def choose_between(ctx, kind, p_code, condition, subject_expr):
    """If one thing, return this, otherwise that."""
    def branch():
        r = ctx.rng.random()
        if subject_expr is not None and r < 0.35:
            return subject_expr
        if subject_expr is not None and r < 0.6:
            return apply(ctx, INT_TO_INT if kind == "int" else STR_TO_STR, subject_expr, kind, small=True)
        return constant_of(ctx, kind)

    a, b = branch(), branch()
    if a.code == b.code:
        raise Reject
    doc = ctx.say("frame.choose", [
        "Return {a} if {p}, otherwise return {b}.", "Return {a} if {p}, otherwise {b}.", "If {p}, return {a}; otherwise return {b}.", "If {p}, return {a}, otherwise {b}.",
        "Return {a} when {p}, and {b} otherwise.", "Return {a} if {p}, else {b}.", "Return {b}, but if {p} return {a}."]).format(a=a.text, b=b.text, p=condition)
    return doc, [f"return {a.at(2)} if {p_code} else {b.at(1)}"]


def number_choice(ctx):
    n = ctx.param("int")
    s = ctx.subject(n, "int")
    p = int_predicate(ctx, E(n, s))
    kind = ctx.choice(["int", "int", "str"])
    doc, body = choose_between(ctx, kind, p.code, f"{s} is {p.text}", E(n, ctx.choice([n, s])) if kind == "int" else None)
    return Function(doc + note(ctx, "int", n), body, kind)


def number_tiers(ctx):
    """Two to four limits, one result each."""
    n = ctx.param("int")
    s = ctx.subject(n, "int")
    limits = sorted({ctx.const(1, 100) for _ in range(ctx.choice([1, 2, 2, 3]))})
    kind = ctx.choice(["int", "str", "str"])
    results = [constant_of(ctx, kind) for _ in range(len(limits) + 1)]
    if len({r.code for r in results}) < len(results):
        raise Reject
    up = ctx.chance(0.5)
    op, say = ctx.choice([("<", ["below {}", "less than {}", "smaller than {}"]), ("<=", ["up to {}", "at most {}", "not above {}"])] if up else
                         [(">", ["above {}", "more than {}", "greater than {}"]), (">=", ["at least {}", "from {} on", "{} or more"])])
    word = ctx.choice(say)
    if not up:
        limits = limits[::-1]
    ctx.op("tiers" + op)
    guard = up and kind == "int" and ctx.chance(0.45)
    if guard and len(limits) < 2:
        raise Reject
    body, parts = [], []
    shape = ctx.rng.randrange(3)
    for i, (limit, r) in enumerate(zip(limits, results)):
        body += [f"if {n} {op} {limit}:", f"    return {r.code}"]
        w = word.format(limit)
        if guard and i == len(limits) - 1:  # the last limit is where the range ends
            del body[-2:]
            body.append(f"return {r.code}")
        if shape == 0:
            parts.append(f"{r.text} if {s} is {w}" if i == 0 else f"{r.text} if it is {w}")
        elif shape == 1:
            parts.append(f"{w} the result is {r.text}")
        else:
            parts.append(f"{w} gives {r.text}")
    last = results[-1].text
    if guard:
        ctx.op("tiers.guard")
        low, below = ctx.choice([(f"{n} < 0", "negative"), (f"{n} <= 0", "zero or less"), (f"{n} < 1", "less than 1"), (f"{n} <= 0", "not positive")])
        over = f"{n} > {limits[-1]}" if op == "<=" else f"{n} >= {limits[-1]}"
        above = f"greater than {limits[-1]}" if op == "<=" else f"{limits[-1]} or more"
        body = [f"if {low} or {over}:", f"    return {results[-1].code}"] + body
        cost = ctx.choice(["cost", "give", "are worth", "mean", "count as"])
        if ctx.chance(0.5):
            unit = ctx.choice(["kg", "metres", "points", "hours", "pieces", "km", "days", "years"])
            parts = [f"{word.format(limit)} {unit} {cost} {r.text}" for limit, r in zip(limits, results)]
        else:
            parts = [f"{word.format(limit)} the result is {r.text}" for limit, r in zip(limits, results)]
        first = ctx.choice([f"Return what belongs to {s}", f"Return the group of {s}", f"Return a number that depends on {s}", f"Return the price for {s}"])
        rest = ctx.choice([f"Return {last} if {s} is {below} or {above}.", f"If {s} is {below} or {above}, return {last}.", f"If it is {below} or {above}, the result is {last}."])
        return Function(f"{first}: {', '.join(parts)}. {rest}", body, kind)
    body.append("return " + results[-1].code)
    if shape == 0:
        doc = f"Return {', '.join(parts)}, otherwise {last}."
    elif shape == 1:
        doc = f"The result depends on {s}: {', '.join(parts)}, otherwise it is {last}."
    else:
        doc = f"Sort {s} into a group: {', '.join(parts)}, everything else gives {last}."
    return Function(doc, body, kind)


def conversion(ctx):
    if ctx.chance(0.55):
        big, small, factor = ctx.choice(W.UNITS)
    else:
        big = ctx.choice(W.CONTAINERS)
        big = big + ("es" if big.endswith(("s", "x", "ch")) else "s") if big != "shelf" else "shelves"
        small, factor = ctx.choice(W.CONTENTS), ctx.number()
    one = {"feet": "foot", "boxes": "box", "inches": "inch", "buses": "bus", "centuries": "century", "glasses": "glass", "shelves": "shelf", "classes": "class", "bunches": "bunch", "albums": "album"}.get(big, big[:-1])
    article = "an" if one[0] in "aeiou" else "a"
    rule = ctx.choice([f"One {one} {ctx.choice(['is', 'has', 'holds', 'equals', 'makes'])} {factor} {small}.", f"There are {factor} {small} in {ctx.choice(['one', article, 'each'])} {one}.", f"Each {one} has {factor} {small}."])
    ruled = ctx.chance(0.75) or (big, small, factor) not in W.UNITS
    name = ctx.choice([big, big, one + "_count", "n", "number", "amount"])
    small_name = ctx.choice([small, small, "rest", "extra", "n"])
    shape = ctx.choice(["down", "down", "down", "mixed", "up", "rest", "ceil"])
    ctx.op("convert." + shape)
    ctx.near.append(3)
    if not ruled:
        shape = "down" if shape in ("mixed", "ceil", "rest") else shape
    if shape == "down":
        n = ctx.param("int", name=name)
        body = f"return {n} * {factor}"
        say = [f"Convert {big} to {small}.", f"Return how many {small} there are in the given number of {big}.", f"Convert the given number of {big} to {small}.", f"Return the number of {small} in {n} {big}." if len(n) < 3 else f"Return the number of {small}.", f"Given a number of {big}, return the number of {small}.", f"Turn a number of {big} into {small}.", f"Convert a number of {big} to {small}.", f"Express a number of {big} in {small}.", f"Change {big} into {small}."]
        ctx.tags.extend([big, "to", small])
    elif shape == "mixed":
        n, m = ctx.param("int", name=name), ctx.param("int", name=small_name)
        body = f"return {n} * {factor} + {m}"
        say = [f"Return the total number of {small} in the given {big} and {small}.", f"Return the total in {small}.", f"Return how many {small} {n} {big} and {m} {small} are together.", f"Convert {big} and {small} to {small} only.", f"Return the amount in {small}.", f"Return the whole {ctx.choice(['length', 'time', 'weight', 'value', 'size'])} in {small}.", f"Return everything in {small}."]
        ctx.tags.extend(["in", small])
    else:
        n = ctx.param("int", name=ctx.choice([small, small, "n", "number", "amount"]))
        ctx.near.append(int(factor))
        op = {"up": f"return {n} // {factor}", "rest": f"return {n} % {factor}", "ceil": f"return ({n} + {int(factor) - 1}) // {factor}"}[shape]
        body = op
        say = {"up": [f"Return how many full {big} the given number of {small} makes.", f"Return the number of complete {big}.", f"Convert {small} to {big}, rounding down.", f"Return how many whole {big} there are in the given number of {small}."],
               "rest": [f"Return how many {small} are left over when full {big} are taken out.", f"Return the number of {small} that do not fill a whole {one}.", f"Return how many {small} remain after filling complete {big}."],
               "ceil": [f"Return how many {big} are needed for the given number of {small}.", f"Return the number of {big} needed to hold all {small}.", f"Return the smallest number of {big} for the given number of {small}."]}[shape]
        ctx.tags.extend([small, "to", big])
    sentence = ctx.say("convert." + shape, say)
    doc = sentence if not ruled else ctx.choice([f"{sentence} {rule}", f"{sentence} {rule}", f"{rule} {sentence}"])
    return Function(doc, [body], "int")


# -- texts
def text_subject(ctx):
    n = ctx.param("str")
    return n, E(n, ctx.subject(n, "str"))


def text_function(ctx):
    n, s = text_subject(ctx)
    x = apply(ctx, STR_TO_STR, s, "str")
    if ctx.chance(0.5):
        x = apply(ctx, STR_TO_STR, x, "str")
    return Function(value_sentence(ctx, x.text) + note(ctx, "str", s.text), ret(x), "str")


def text_number(ctx):
    n, s = text_subject(ctx)
    if ctx.chance(0.2):
        s = apply(ctx, STR_TO_STR, s, "str")
    x = apply(ctx, STR_TO_INT, s, "strint")
    if ctx.chance(0.3):
        x = apply(ctx, INT_TO_INT, x, "int", small=True)
    return Function(value_sentence(ctx, x.text) + note(ctx, "str", n), ret(x), "int")


def text_truth(ctx):
    n, s = text_subject(ctx)
    r = ctx.rng.random()
    if r < 0.12:
        i, j, A, B = ctx.choice([(0, 1, "first", "second"), (0, -1, "first", "last"), (1, -1, "second", "last"), (1, 2, "second", "third"), (-2, -1, "second to last", "last"), (0, 2, "first", "third")])
        eq = ctx.chance(0.6)
        ctx.op(f"samechar.{A}.{B}", "same")
        words = ctx.say("samechar", ["are the same", "are equal", "do not differ", "are identical"]) if eq else ctx.choice(["are different", "differ", "are not the same", "are not equal"])
        noun = ctx.choice(["character", "letter"])
        form = ctx.choice([f"the {A} and the {B} {noun} of {s.text} {words}", f"the {A} {noun} of {s.text} and its {B} {noun} {words}", f"{s.text} has a {A} and a {B} {noun} that {words}"])
        p = E(f"{n}[{i}] {'==' if eq else '!='} {n}[{j}]", form, 3)
        return Function(truth_sentence(ctx, p.text) + note(ctx, "str", n), ret(p), "bool")
    if r < 0.3:
        x = apply(ctx, STR_TO_INT, s, "strint")
        p = int_predicate(ctx, x, small=True)
        return Function(truth_sentence(ctx, f"{x.text} is {p.text}") + note(ctx, "str", n), ret(p), "bool")
    p = str_predicate(ctx, s)
    clause = f"{s.text} {p.text}"
    if ctx.chance(0.15):
        q = str_predicate(ctx, s)
        if q.code == p.code:
            raise Reject
        word = ctx.choice(["and", "or"])
        p = E(f"{p.code} {word} {q.code}", "", 1)
        clause = f"{clause} {word} {q.text}" if not q.text else f"{clause} {word} " + q.text
    return Function(truth_sentence(ctx, clause) + note(ctx, "str", n), ret(p), "bool")


def text_choice(ctx):
    n, s = text_subject(ctx)
    p = str_predicate(ctx, s)
    kind = ctx.choice(["str", "str", "int"])
    doc, body = choose_between(ctx, kind, p.code, f"{s.text} {p.text}", E(n, ctx.choice([n, s.text])) if kind == "str" else None)
    return Function(doc + note(ctx, "str", n), body, kind)


def several(lit, text):
    """A character's wording in the plural: "a dash" -> "dashes"."""
    if text.startswith(("a ", "an ")):
        one = text.split(" ", 1)[1]
        return W.CHARS[lit[1]][1] if W.CHARS[lit[1]][0] == one else W.CHAR_SYNONYMS[lit[1]][1]
    return text


def text_and_number(ctx):
    n, s = text_subject(ctx)
    k = ctx.param("int", name=ctx.choice(["n", "k", "times", "count", "size", "width", "length", "position", "index", "limit"]))
    ctx.near.append(2)
    sep, S = ctx.char(letters=False)
    forms = [
        ("repeat", f"{n} * {k}", ["{A} repeated {k} times", "{k} copies of {A} in a row", "{A} written {k} times", "{A} repeated the given number of times"]),
        ("repeatsep", f"{sep}.join([{n}] * {k})", ["{k} copies of {A} with {S} between them", "{A} written {k} times with {S} in between", "{A} {k} times, separated by {S}", "{A} the given number of times, with {S} between the copies", "{A} repeated {k} times, joined by {SS}", "{k} copies of {A}, separated by {SS}", "{A} the given number of times, joined with {SS}"]),
        ("joinspace", f"' '.join([{n}] * {k})", ["{A} written {k} times, separated by spaces", "{k} copies of {A} joined by spaces", "{A} repeated the given number of times with spaces in between"]),
        ("head", f"{n}[:{k}]", ["the first {k} characters of {A}", "{A} cut to {k} characters", "the beginning of {A}, {k} characters long"]),
        ("drop", f"{n}[{k}:]", ["{A} without its first {k} characters", "what remains of {A} without the first {k} characters", "{A} with the first {k} characters removed"]),
        ("tail", f"{n}[-{k}:]", ["the last {k} characters of {A}", "the final {k} characters of {A}", "the end of {A}, {k} characters long"]),
        ("at", f"{n}[{k}]", ["the character of {A} at position {k}, counting from 0", "the character of {A} at index {k}"]),
        ("at1", f"{n}[{k} - 1]", ["the character of {A} at position {k}, counting from 1", "the character number {k} of {A}, where the first has number 1"]),
        ("everyk", f"{n}[::{k}]", ["every {k}-th character of {A}, beginning with the first"]),
        ("word", f"{n}.split()[{k}]", ["the word of {A} at position {k}, counting from 0", "the word of {A} at index {k}"]),
        ("words", f"' '.join({n}.split()[:{k}])", ["the first {k} words of {A}", "{A} cut to its first {k} words"]),
        ("zfill", f"{n}.zfill({k})", ["{A} padded with zeros on the left to {k} characters"]),
        ("center", f"{n}.center({k}, {sep})", ["{A} centered in a field of width {k} filled with {S}"]),
        ("rotate", f"{n}[{k}:] + {n}[:{k}]", ["{A} with its first {k} characters moved to the end", "{A} rotated to the left by {k} characters"]),
        ("rotater", f"{n}[-{k}:] + {n}[:-{k}]", ["{A} with its last {k} characters moved to the front", "{A} rotated to the right by {k} characters"]),
        ("gone", f"{n}[:{k}] + {n}[{k} + 1:]", ["{A} without the character at index {k}", "{A} with the character at position {k} removed, counting from 0"]),
    ]
    name, code, say = ctx.choice(forms)
    ctx.op("strk." + name, name)
    x = E(code, ctx.say("strk." + name, say).format(A=s.text, k=k, S=S, SS=several(sep, S)), 5 if "+" in code or "*" in code else 10)
    if ctx.chance(0.3):
        x = apply(ctx, STR_TO_STR, x, "str", only={"upper", "lower", "reverse", "suffix", "prefix", "bracket", "strip", "title"})
    return Function(value_sentence(ctx, x.text) + note(ctx, "str", n), ret(x), "str")


def two_texts(ctx):
    a, b = ctx.param("str"), ctx.param("str")
    if ctx.chance(0.4):
        a, b = ctx.choice([("a", "b"), ("first", "second"), ("left", "right"), ("s", "t"), ("one", "two"), ("x", "y")])
        ctx.params = [(a, "str"), (b, "str")]
    A, B = (a, b) if ctx.chance(0.6) else ("the " + a.replace("_", " "), "the " + b.replace("_", " "))
    sep, S = ctx.piece()
    br = ctx.choice([("(", ")", "parentheses"), ("[", "]", "square brackets"), ("<", ">", "angle brackets")])
    forms = [
        ("concat", f"{a} + {b}", "str", ["{A} followed by {B}", "{A} and {B} joined together", "{A} with {B} at the end", "the two texts joined, {A} first"]),
        ("concatr", f"{b} + {a}", "str", ["{B} followed by {A}", "{A} with {B} in front", "the two texts joined, {B} first"]),
        ("sep", f"{a} + {sep} + {b}", "str", ["{A} and {B} with {S} between them", "{A}, then {S}, then {B}", "{A} and {B} joined by {S}", "{A} followed by {S} and {B}", "{A} and {B}, separated by {S}"]),
        ("sepr", f"{b} + {sep} + {a}", "str", ["{B} and {A} with {S} between them", "{B}, then {S}, then {A}", "{B} followed by {S} and {A}"]),
        ("brack", f"{a} + ' {br[0]}' + {b} + '{br[1]}'", "str", [f"{{A}}, a space and then {{B}} in {br[2]}", f"{{A}} followed by a space and {{B}} in {br[2]}"]),
        ("lens", f"len({a}) + len({b})", "int", ["the total length of {A} and {B}", "the sum of the lengths of {A} and {B}", "how many characters {A} and {B} have together", "the number of characters in both texts together"]),
        ("lend", f"abs(len({a}) - len({b}))", "int", ["the difference between the lengths of {A} and {B}, never negative", "by how many characters the lengths of {A} and {B} differ"]),
        ("longer", f"max(len({a}), len({b}))", "int", ["the length of the longer one of {A} and {B}", "the larger of the lengths of {A} and {B}"]),
        ("longest", f"{a} if len({a}) >= len({b}) else {b}", "str", ["the longer one of {A} and {B}, or {A} if both have the same length", "the longer of the two texts; if both are equally long, {A}", "whichever of {A} and {B} has more characters, or {A} if neither has"]),
        ("shorter", f"{a} if len({a}) <= len({b}) else {b}", "str", ["the shorter one of {A} and {B}, or {A} if both have the same length", "the shorter of the two texts; if both are equally long, {A}"]),
        ("shorterb", f"{a} if len({a}) < len({b}) else {b}", "str", ["the shorter one of {A} and {B}, or {B} if both have the same length", "the shorter of the two texts; on a tie, {B}"]),
        ("min", f"min({a}, {b})", "str", ["whichever of {A} and {B} comes first in the alphabet", "the one of {A} and {B} that comes first in alphabetical order"]),
        ("count", f"{a}.count({b})", "int", ["how many times {B} occurs in {A}", "the number of times {B} appears in {A}", "how often {A} contains {B}"]),
        ("remove", f"{a}.replace({b}, '')", "str", ["{A} with every {B} removed", "{A} with all occurrences of {B} removed"]),
        ("swap", f"{a}.replace({b}, {sep})", "str", ["{A} with every {B} replaced by {S}", "{A} with {S} in place of every {B}"]),
        ("common", f"''.join(c for c in {a} if c in {b})", "str", ["the characters of {A} that also occur in {B}", "only those characters of {A} which are in {B}"]),
        ("notin", f"''.join(c for c in {a} if c not in {b})", "str", ["the characters of {A} that do not occur in {B}", "{A} without the characters that are in {B}"]),
        ("countin", f"sum(c in {b} for c in {a})", "int", ["how many characters of {A} also occur in {B}", "the number of characters of {A} that are in {B}"]),
        ("eqpos", f"sum(x == y for x, y in zip({a}, {b}))", "int", ["at how many positions {A} and {B} have the same character", "the number of positions where {A} and {B} agree"]),
        ("nepos", f"sum(x != y for x, y in zip({a}, {b}))", "int", ["at how many positions {A} and {B} differ", "the number of positions where {A} and {B} have different characters"]),
        ("mix", f"''.join(x + y for x, y in zip({a}, {b}))", "str", ["the characters of {A} and {B} taken in turn", "a text that alternates the characters of {A} and {B}"]),
    ]
    truths = [
        ("eq", f"{a} == {b}", ["{A} and {B} are equal", "{A} and {B} are the same"]),
        ("eqi", f"{a}.lower() == {b}.lower()", ["{A} and {B} are equal when case is ignored", "{A} and {B} are the same apart from upper and lower case", "{A} and {B} are equal, no matter the case", "{A} equals {B} if upper and lower case do not matter"]),
        ("rev", f"{a} == {b}[::-1]", ["{A} is {B} reversed", "{A} is the reverse of {B}"]),
        ("in", f"{b} in {a}", ["{A} contains {B}", "{B} occurs in {A}", "{B} is a part of {A}"]),
        ("starts", f"{a}.startswith({b})", ["{A} starts with {B}", "{A} begins with {B}"]),
        ("ends", f"{a}.endswith({b})", ["{A} ends with {B}"]),
        ("lenc", f"len({a}) > len({b})", ["{A} is longer than {B}", "{A} has more characters than {B}"]),
        ("lene", f"len({a}) == len({b})", ["{A} and {B} have the same length", "{A} and {B} are equally long"]),
        ("anagram", f"sorted({a}) == sorted({b})", ["{A} and {B} consist of the same characters in any order", "{A} and {B} are anagrams of each other"]),
        ("firsteq", f"{a}[0] == {b}[0]", ["{A} and {B} start with the same character", "{A} and {B} have the same first character"]),
        ("lasteq", f"{a}[-1] == {b}[-1]", ["{A} and {B} end with the same character", "{A} and {B} have the same last character"]),
        ("rhyme", f"{a}[-1] == {b}[0]", ["the last character of {A} is the first character of {B}", "{A} ends with the character with which {B} starts"]),
    ]
    if ctx.chance(0.3):
        name, code, say = ctx.choice(truths)
        ctx.op("str2." + name, name)
        return Function(truth_sentence(ctx, ctx.say("str2." + name, say).format(A=A, B=B)), ["return " + code], "bool")
    name, code, kind, say = ctx.choice(forms)
    if "x" in (a, b) and "for x" in code or "c" in (a, b) and "for c" in code:
        raise Reject
    ctx.op("str2." + name, name)
    x = E(code, ctx.say("str2." + name, say).format(A=A, B=B, S=S), 1 if " if " in code and "join" not in code else 5 if "+" in code else 10)
    if name in ("longest", "shorter", "shorterb") and ctx.chance(0.5):
        # The rule for equal lengths as a sentence of its own.
        plural = ctx.choice(["texts", "texts", "words", "strings", "two"])
        word = ctx.choice(["longer", "longer"] if name == "longest" else ["shorter"])
        tie = b if name == "shorterb" else a
        main = ctx.choice([f"the {word} of the two {plural}" if plural != "two" else f"the {word} one of the two", f"the {word} one of {A} and {B}", f"whichever of {A} and {B} is {word}"])
        rule = ctx.choice([f"If both are equally long, return {tie}.", f"Return {tie} if both have the same length.", f"If the lengths are the same, it is {tie}.", f"With equal lengths the result is {tie}."])
        return Function(value_sentence(ctx, main) + " " + rule, ret(x), kind)
    if kind == "str" and ctx.chance(0.25):
        x = apply(ctx, STR_TO_STR, x, "str", only={"upper", "lower", "reverse", "suffix", "prefix", "strip"})
    return Function(value_sentence(ctx, x.text), ret(x), kind)


def number_in_text(ctx):
    """A number or a text inside a fixed text."""
    n = ctx.param("int")
    lit, S = ctx.piece()
    lit2, S2 = ctx.piece()
    forms = [
        ("unit", f"str({n}) + {lit}", ["{A} followed by {S}", "{A} as a text, followed by {S}", "a text made of {A} and then {S}", "{A} with {S} at the end"]),
        ("pre", f"{lit} + str({n})", ["{S} followed by {A}", "a text made of {S} and then {A}", "{A} as a text with {S} in front", "{S}, then {A}"]),
        ("both", f"{lit} + str({n}) + {lit2}", ["{S} followed by {A} and {S2}", "{S}, then {A}, then {S2}", "{A} between {S} and {S2}"]),
        ("rep", f"{lit} * {n}", ["{S} repeated {A} times", "{S} {A} times in a row", "a text of {A} times {S}"]),
        ("rev", f"str({n})[::-1]", ["the digits of {A} in reverse order as a text", "{A} written backwards as a text"]),
        ("fill", f"str({n}).zfill({ctx.rng.randint(2, 6)})", None),
    ]
    name, code, say = ctx.choice(forms)
    ctx.op("numtext." + name, name)
    A = ctx.subject(n, "int")
    if name == "fill":
        width = code.split("zfill(")[1][:-1]
        say = [f"{{A}} as a text with leading zeros, {width} characters wide", f"{{A}} padded with zeros to {width} digits, as a text"]
    return Function(value_sentence(ctx, ctx.say("numtext." + name, say).format(A=A, S=S, S2=S2)), ["return " + code], "str")
