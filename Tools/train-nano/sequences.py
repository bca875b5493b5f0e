"""Families of functions on lists, dictionaries, pairs and ranges, and loops with a running state."""
from expressions import CHAR_CLASSES, INT_TO_INT, ORDINALS, STR_TO_INT, STR_TO_STR, apply, int_predicate, str_predicate
from families import Function, note, ret, truth_sentence, value_sentence
from grammar import E, Reject

EASY_MAPS = {"add", "sub", "mul", "double", "triple", "square", "cube", "abs", "neg", "div", "mod", "half", "atleast0", "lastdigit", "rsub", "atmost", "atleast"}


def element(ctx, name, preferred):
    """A loop variable: the first that fits, or sometimes the singular of the list's name."""
    return ctx.var(preferred)


def numbers_param(ctx):
    n = ctx.param("ints")
    return n, ctx.subject(n, "ints"), element(ctx, n, ["n", "x", "v"])


def of(ctx, s):
    """"of the list" in various words."""
    return ctx.choice([f"in {s}", f"in {s}", f"of {s}", "in the list"])


def filtered(ctx, v, kind="int"):
    """A condition on the elements: code and the wording after the plural noun."""
    if kind == "int":
        p = int_predicate(ctx, E(v, ""))
        rel = ctx.choice(["that are ", "that are ", "which are ", ""])
        if p.text.startswith(("an ", "a ")):
            p.text = p.text.split(" ", 1)[1]
            p.text = {"even number": "even", "odd number": "odd"}.get(p.text, p.text.replace("multiple of", "multiples of").replace("number ", "numbers ").replace(" whose", " whose").replace(" ends", " end"))
            rel = "that are "
        return E(p.code, rel + p.text, p.prec)
    p = str_predicate(ctx, E(v, ""))
    t = p.text
    for one, many in [("does not", "do not"), ("stays", "stay"), ("starts", "start"), ("begins", "begin"), ("has ", "have "), ("ends", "end"), ("finishes", "finish"), ("contains", "contain"), ("includes", "include"), ("is ", "are "), ("equals", "equal"), ("consists", "consist"), ("reads", "read")]:
        if t.startswith(one):
            t = many + t[len(one):]
            break
    return E(p.code, ctx.choice(["that ", "that ", "which "]) + t, p.prec)


REDUCE = [
    ("sum", "sum({g})", ["the sum of {X}", "the total of {X}", "what {X} add up to", "{X} added together", "the sum over {X}"]),
    ("max", "max({g})", ["the largest of {X}", "the maximum of {X}", "the greatest of {X}", "the highest of {X}", "the biggest of {X}"]),
    ("min", "min({g})", ["the smallest of {X}", "the minimum of {X}", "the least of {X}", "the lowest of {X}"]),
    ("list", "[{g}]", ["a list of {X}", "a new list with {X}", "the list of {X}", "{X} as a list", "a list that holds {X}", "a list with {X}"]),
    ("sorted", "sorted({g})", ["{X} in ascending order", "a sorted list of {X}", "{X}, sorted from small to large", "{X} sorted from the smallest to the largest"]),
    ("sortdesc", "sorted({g2}, reverse=True)", ["{X} in descending order", "{X}, sorted from large to small", "{X} sorted from the largest to the smallest"]),
    ("distinct", "len(set({g}))", ["the number of different values among {X}", "how many different values there are among {X}"]),
    ("distinctsorted", "sorted(set({g}))", ["the different values among {X} in ascending order", "{X} in ascending order, each only once"]),
]


def numbers_pipeline(ctx):
    """filter, then map, then reduce, each optional."""
    n, s, v = numbers_param(ctx)
    noun = ctx.choice(["numbers", "numbers", "values", "elements", "numbers"])
    where = of(ctx, s)
    name, code, say = ctx.choice(REDUCE[:4] + REDUCE)
    shape = ctx.choice(["filter", "filter", "map", "map", "both", "plain"])
    ctx.op("reduce." + name, {"list": None}.get(name, name))
    what, cond = f"{ctx.choice(['the', 'all', 'all the', 'the'])} {noun} {where}", ""
    if shape in ("filter", "both"):
        p = filtered(ctx, v)
        what = f"{ctx.choice(['the', 'all', 'all'])} {noun} {where} {p.text}"
        cond = f" if {p.code}"
    item = E(v, v)
    if shape in ("map", "both"):
        item = apply(ctx, INT_TO_INT, E(v, "@"), "int", small=True, only=EASY_MAPS)
        if item.text.count("@") != 1:
            raise Reject
        t = item.text
        if t.startswith("the square of @"):
            what = "the squares of " + what
        elif t.startswith("the cube of @"):
            what = "the cubes of " + what
        elif ctx.chance(0.5):
            if not t.startswith("@"):
                what = t.replace("@", "each of " + what)
            else:
                what += ", each" + t[1:].removeprefix(",")
        else:
            what = t.replace("@", "x") + f" for every x among {what}"
    elif shape == "plain" and name == "list":
        raise Reject
    inner = f"{item.code} for {v} in {n}{cond}"
    g = n if shape == "plain" else inner
    g2 = n if shape == "plain" else f"({inner})"
    x = E(code.format(g=g, g2=g2), ctx.say("reduce." + name, say).format(X=what), 10)
    kind = "int" if name in ("sum", "max", "min", "distinct") else "list[int]"
    if kind == "int" and ctx.chance(0.15):
        x = apply(ctx, INT_TO_INT, x, "int", small=True)
    if name in ("max", "min") and ctx.chance(0.3) and shape == "plain":
        d = ctx.choice(["0", "0", "-1", "None"])
        return Function(value_sentence(ctx, x.text + ctx.choice([f", or {d} if {s if s != 'the numbers' else 'the list'} is empty", f", or {d} for an empty list"])), [f"return {x.at(2)} if {n} else {d}"], "int")
    return Function(value_sentence(ctx, x.text) + note(ctx, "list", n), ret(x), kind)


def numbers_count(ctx):
    n, s, v = numbers_param(ctx)
    p = filtered(ctx, v)
    noun = ctx.choice(["numbers", "values", "elements"])
    where = of(ctx, s)
    say = ctx.say("count.numbers", ["how many {N} {W} there are {P}", "the number of {N} {W} {P}", "how many of the {N} {W} there are {P}", "the count of {N} {W} {P}", "how many {N} {W} {P}"])
    verb = p.text.replace("that are ", "").replace("which are ", "")
    ctx.op("count")
    text = f"how many {noun} {where} are {verb}" if ctx.chance(0.4) else say.format(N=noun, W=where, P=p.text if not say.endswith("{W} {P}") or "number" in say or "count of" in say else "are " + verb)
    ctx.rng.random()  # unused, but the published weights were trained on this order of draws
    code = f"sum({p.code} for {v} in {n})"
    sentence = value_sentence(ctx, text) if ctx.chance(0.75) else ctx.choice([f"Count {noun} {where} {p.text}.", f"Count how many {noun} {where} are {verb}.", f"Count the {noun} {where} {p.text}."])
    return Function(sentence + note(ctx, "list", n), [f"return {code}"], "int")


def numbers_truth(ctx):
    n, s, v = numbers_param(ctx)
    r = ctx.rng.random()
    if r < 0.7:
        p = int_predicate(ctx, E(v, ""))
        q = ctx.choice(["all", "any", "none"])
        ctx.op("quantify." + q, q)
        noun = ctx.choice(["number", "value", "element"])
        where = of(ctx, s)
        clause = {"all": ctx.say("all", [f"every {noun} {where} is {p.text}", f"each {noun} {where} is {p.text}", f"every single {noun} {where} is {p.text}", f"there is no {noun} {where} except those that are {p.text}"]),
                  "any": ctx.say("any", [f"at least one {noun} {where} is {p.text}", f"some {noun} {where} is {p.text}", f"any {noun} {where} is {p.text}", f"there is a {noun} {where} that is {p.text}"]),
                  "none": ctx.say("none", [f"no {noun} {where} is {p.text}", f"none of the {noun}s {where} is {p.text}", f"not a single {noun} {where} is {p.text}"])}[q]
        code = {"all": f"all({p.code} for {v} in {n})", "any": f"any({p.code} for {v} in {n})", "none": f"not any({p.code} for {v} in {n})"}[q]
        return Function(truth_sentence(ctx, clause) + note(ctx, "list", n), ["return " + code], "bool")
    k, K = ctx.slot()
    forms = [
        ("contains", f"{k} in {n}", ["{S} contains {K}", "{K} is in {S}", "{K} occurs in {S}", "{S} includes {K}"]),
        ("lacks", f"{k} not in {n}", ["{S} does not contain {K}", "{K} is not in {S}"]),
        ("asc", f"{n} == sorted({n})", ["{S} is sorted in ascending order", "the numbers in {S} are in ascending order"]),
        ("uniq", f"len(set({n})) == len({n})", ["no number occurs twice in {S}", "all numbers in {S} are different"]),
        ("dups", f"len(set({n})) < len({n})", ["some number occurs more than once in {S}", "{S} contains a number twice or more"]),
        ("same", f"len(set({n})) == 1", ["all numbers in {S} are the same", "all elements of {S} are equal"]),
        ("ends", f"{n}[0] == {n}[-1]", ["{S} starts and ends with the same number", "the first and the last number in {S} agree"]),
        ("longer", f"len({n}) > {k}", ["{S} has more than {K} elements", "there are more than {K} elements in {S}"]),
        ("sum", f"sum({n}) > {k}", ["the sum of {S} is greater than {K}", "the numbers in {S} add up to more than {K}"]),
        ("suml", f"sum({n}) <= {k}", ["the sum of {S} is at most {K}", "the numbers in {S} add up to {K} or less"]),
        ("count", f"{n}.count({k}) > 1", ["{K} occurs more than once in {S}", "{S} contains {K} at least twice"]),
        ("pal", f"{n} == {n}[::-1]", ["{S} reads the same from both ends", "{S} is equal to its reverse"]),
    ]
    name, code, say = ctx.choice(forms)
    if k in [p for p, _ in ctx.params] and k not in code.replace(n, ""):
        raise Reject
    ctx.op("listtruth." + name, name)
    return Function(truth_sentence(ctx, ctx.say("listtruth." + name, say).format(S=s, K=K)), ["return " + code], "bool")


def list_slice(ctx):
    """Parts of a list of anything."""
    kind = ctx.choice(["list", "list", "ints", "strs"])
    n = ctx.param(kind)
    s = ctx.subject(n, kind)
    k, K = ctx.slot(2, 6, share=0.3)
    item = ctx.choice(["items", "elements"]) if kind == "list" else ctx.choice({"ints": ["numbers", "elements", "values"], "strs": ["texts", "elements", "words"]}[kind])
    one = item[:-1]
    i = ctx.choice([1, 2, 3, 4])
    q, Q = ctx.char()
    add, Add = (ctx.slot() if kind == "ints" else (q, Q))
    o = ORDINALS[i]
    typ = {"list": "list", "ints": "list[int]", "strs": "list[str]"}[kind]
    forms = [
        ("firstk", f"{n}[:{k}]", typ, ["the first {K} {M} of {S}", "a list of the first {K} {M} of {S}", "only the first {K} {M} of {S}", "a new list with the first {K} {M}", "{S} cut to the first {K} {M}"]),
        ("lastk", f"{n}[-{k}:]", typ, ["the last {K} {M} of {S}", "a list of the last {K} {M} of {S}", "only the last {K} {M} of {S}", "a new list with the last {K} {M}"]),
        ("dropk", f"{n}[{k}:]", typ, ["{S} without its first {K} {M}", "all {M} of {S} after the first {K}", "a new list without the first {K} {M}", "{S} with the first {K} {M} left out", "a copy of {S} without the first {K} {M}"]),
        ("cutk", f"{n}[:-{k}]", typ, ["{S} without its last {K} {M}", "all {M} of {S} but the last {K}", "a new list without the last {K} {M}", "{S} with the last {K} {M} left out"]),
        ("drop1", f"{n}[1:]", typ, ["{S} without its first {O}", "a copy of {S} without the first {O}", "all {M} of {S} but the first"]),
        ("cut1", f"{n}[:-1]", typ, ["{S} without its last {O}", "a new list without the last {O}", "a copy of {S} without the last {O}", "all {M} of {S} but the last", "everything in {S} except the last {O}"]),
        ("middle", f"{n}[1:-1]", typ, ["{S} without its first and its last {O}", "a new list without the first and the last {O}", "all {M} of {S} except the first and the last"]),
        ("reverse", f"{n}[::-1]", typ, ["{S} in reverse order", "the {M} of {S} from last to first", "a reversed copy of {S}", "a new list with the {M} of {S} in the opposite order"]),
        ("every2", f"{n}[::2]", typ, ["every second {O} of {S}, beginning with the first", "every other {O} of {S}"]),
        ("every2b", f"{n}[1::2]", typ, ["every second {O} of {S}, beginning with the second"]),
        ("everyk", f"{n}[::{k}]", typ, ["every {K}-th {O} of {S}, beginning with the first"]),
        ("two", f"[{n}[0], {n}[{i}]]", typ, [f"a list of the first and the {o} {{O}} of {{S}}", f"a list with the first and the {o} {{O}}", f"the first and the {o} {{O}} as a list", f"a list that holds the first and the {o} {{O}} of {{S}}", f"a list with two {{M}} of {{S}}: the first and the {o}"]),
        ("twoends", f"[{n}[-1], {n}[0]]", typ, ["a list of the last and the first {O} of {S}, in this order", "a list with the last {O} and then the first {O} of {S}"]),
        ("twolast", f"[{n}[{i}], {n}[-1]]", typ, [f"a list of the {o} and the last {{O}} of {{S}}", f"a list with the {o} and the last {{O}}", f"a list that holds the {o} and the last {{O}} of {{S}}", f"a list with two {{M}} of {{S}}: the {o} and the last"]),
        ("pair", f"({n}[0], {n}[-1])", "tuple", ["a pair of the first and the last {O} of {S}", "the first and the last {O} of {S} as a tuple"]),
        ("append", f"{n} + [{add}]", typ, ["{S} with {Add} added at the end", "a new list: {S} followed by {Add}", "a copy of {S} with {Add} appended"]),
        ("prepend", f"[{add}] + {n}", typ, ["{S} with {Add} added at the beginning", "a new list that starts with {Add} and goes on with {S}", "a copy of {S} with {Add} in front"]),
        ("twice", f"{n} * 2", typ, ["{S} repeated twice", "a list that holds {S} two times in a row"]),
        ("timesk", f"{n} * {k}", typ, ["{S} repeated {K} times", "a list that holds {S} {K} times in a row"]),
        ("rot", f"{n}[{k}:] + {n}[:{k}]", typ, ["{S} with the first {K} {M} moved to the end", "{S} rotated to the left by {K}"]),
        ("rot1", f"{n}[1:] + {n}[:1]", typ, ["{S} with the first {O} moved to the end", "{S} rotated to the left by one"]),
        ("rotr1", f"{n}[-1:] + {n}[:-1]", typ, ["{S} with the last {O} moved to the front", "{S} rotated to the right by one"]),
        ("len", f"len({n})", "int", ["the number of {M} in {S}", "how many {M} {S} has", "the length of {S}", "how many {M} there are in {S}"]),
        ("mid", f"{n}[len({n}) // 2]", None, ["the {O} in the middle of {S}", "the middle {O} of {S}"]),
        ("nth", f"{n}[{i}]", None, [f"the {o} {{O}} of {{S}}", f"the {o} {{O}}"]),
        ("last", f"{n}[-1]", None, ["the last {O} of {S}", "the final {O} of {S}", "the {O} at the end of {S}"]),
        ("first", f"{n}[0]", None, ["the first {O} of {S}", "the {O} at the beginning of {S}"]),
        ("lastor", f"{n}[-1] if {n} else None", None, ["the last {O} of {S}, or None if it is empty"]),
        ("firstor", f"{n}[0] if {n} else None", None, ["the first {O} of {S}, or None if it is empty", "the first {O}, or None for an empty list"]),
        ("half", f"{n}[:len({n}) // 2]", typ, ["the first half of {S}, rounded down", "the first half of {S}"]),
        ("half2", f"{n}[len({n}) // 2:]", typ, ["the second half of {S}", "{S} without its first half"]),
        ("uniq", f"list(dict.fromkeys({n}))", typ, ["{S} with every {O} only once, in the order of the first occurrence", "the different {M} of {S} in their order"]),
        ("everykth", f"{n}[{k} - 1::{k}]" if not k.isdigit() else f"{n}[{int(k) - 1}::{k}]", typ, ["every {K}-th {O} of {S}, beginning with the {K}-th", "the {M} of {S} at every {K}-th place, the {K}-th one first"]),
        ("twos", f"list(zip({n}[::2], {n}[1::2]))", "list[tuple]", ["the {M} of {S} in pairs, the first two, the next two and so on; one that is left over is dropped", "a list of pairs of two {M} of {S} that follow each other; each {O} is used once"]),
        ("chunklens", f"[len({n}[i:i + {k}]) for i in range(0, len({n}), {k})]", "list[int]", ["the lengths of the pieces when {S} is cut into pieces of {K} {M}"]),
        ("countin", f"{n}.count({add})", "int", ["how many times {Add} occurs in {S}", "the number of times {Add} appears in {S}", "how often {S} contains {Add}"]),
        ("without", f"[x for x in {n} if x != {add}]", typ, ["{S} without {Add}", "all {M} of {S} that are different from {Add}", "{S} with every {Add} removed"]),
        ("pairs", f"list(zip({n}, {n}[1:]))", "list[tuple]", ["a list of the pairs of neighbouring {M} of {S}", "a list of pairs: each {O} of {S} with the one after it"]),
        ("enum", f"list(enumerate({n}))", "list[tuple]", ["a list of pairs of the index and the {O} for all {M} of {S}", "the {M} of {S} as pairs (index, {O})"]),
        ("enum1", f"list(enumerate({n}, 1))", "list[tuple]", ["the {M} of {S} as pairs of a number and the {O}, counting from 1"]),
        ("chunks", f"[{n}[i:i + {k}] for i in range(0, len({n}), {k})]", "list[list]", ["{S} cut into pieces of {K} {M}", "a list of pieces of {S}, each with {K} {M}; the last may have fewer"]),
    ]
    name, code, typ_, say = ctx.choice(forms)
    used = code.replace(n, "")
    for p, _ in ctx.params[1:]:
        if p not in used:
            raise Reject
    if n in ("x", "i"):
        raise Reject
    ctx.op("slice." + name, name.rstrip("12"))
    if typ_ is None:
        typ_ = {"list": "object", "ints": "int", "strs": "str"}[kind]
    text = ctx.say("slice." + name, say).format(K=K, S=s, M=item, O=one, Add=Add)
    x = E(code, text, 5 if " + " in code else 10)
    if typ_ == "int" and ctx.chance(0.3):
        x = apply(ctx, INT_TO_INT, x, "int", small=True)
    if name in ("dropk", "cutk", "firstk", "lastk", "drop1", "cut1", "middle", "every2") and kind == "ints" and ctx.chance(0.35):
        f, t = ctx.choice([("sum", "the sum of the numbers in "), ("max", "the largest number in "), ("min", "the smallest number in "), ("sorted", "the sorted form of ")])
        ctx.op("over." + f)
        if text.startswith("only"):
            raise Reject
        x, typ_ = E(f"{f}({code})", t + text), "list[int]" if f == "sorted" else "int"
    tail = ""
    if ctx.chance(0.25):
        tail = note(ctx, "list", n)
    elif typ_.startswith("list") and code.startswith(n + "[") and ctx.chance(0.2):
        tail = ctx.choice([" An empty list stays empty.", " If the list is empty, the result is an empty list.", " For an empty list the result is empty.", " An empty list gives an empty list."])
    return Function(value_sentence(ctx, x.text) + tail, ret(x), typ_)


def numbers_value(ctx):
    """One number, or a list, from the whole list."""
    n, s, v = numbers_param(ctx)
    k, K = ctx.slot(2, 9, share=0.3)
    m = ctx.choice(["numbers", "values", "elements"])
    forms = [
        ("range", f"max({n}) - min({n})", "int", ["the largest minus the smallest number {W}", "the range of {S}: the maximum minus the minimum", "how far the largest and the smallest number {W} are apart"]),
        ("minmaxsum", f"max({n}) + min({n})", "int", ["the sum of the largest and the smallest number {W}", "the maximum plus the minimum of {S}"]),
        ("mean", f"sum({n}) / len({n})", "float", ["the average of {S}", "the mean of the numbers {W}", "the arithmetic mean of {S}"]),
        ("meanint", f"sum({n}) // len({n})", "int", ["the average of {S}, rounded down", "the mean of the numbers {W}, rounded down"]),
        ("second", f"sorted({n})[-2]", "int", ["the second largest number {W}", "the number {W} that comes after the largest"]),
        ("second2", f"sorted({n})[1]", "int", ["the second smallest number {W}"]),
        ("median", f"sorted({n})[len({n}) // 2]", "int", ["the middle one of the sorted {M} {W}", "the median of {S}, whose length is odd"]),
        ("topk", f"sorted({n}, reverse=True)[:{k}]", "list[int]", ["the {K} largest {M} {W}, the largest first", "the {K} highest {M} {W} in descending order"]),
        ("lowk", f"sorted({n})[:{k}]", "list[int]", ["the {K} smallest {M} {W}, the smallest first", "the {K} lowest {M} {W} in ascending order"]),
        ("sumtopk", f"sum(sorted({n})[-{k}:])", "int", ["the sum of the {K} largest {M} {W}"]),
        ("indexmax", f"{n}.index(max({n}))", "int", ["the index of the largest number {W}", "the position of the maximum {W}, counting from 0", "the index of the first maximum of {S}"]),
        ("indexmin", f"{n}.index(min({n}))", "int", ["the index of the smallest number {W}", "the position of the minimum {W}, counting from 0"]),
        ("countmax", f"{n}.count(max({n}))", "int", ["how many times the largest number occurs {W}", "how often the maximum appears {W}"]),
        ("sumends", f"{n}[0] + {n}[-1]", "int", ["the sum of the first and the last number {W}", "the first number plus the last number {W}"]),
        ("diffends", f"{n}[-1] - {n}[0]", "int", ["the last number {W} minus the first", "by how much the last number {W} exceeds the first"]),
        ("sumevery2", f"sum({n}[::2])", "int", ["the sum of every second number {W}, beginning with the first"]),
        ("diffs", f"[b - a for a, b in zip({n}, {n}[1:])]", "list[int]", ["the differences between neighbouring {M} {W}", "a list of how much each number {W} exceeds the one before"]),
        ("pairsums", f"[a + b for a, b in zip({n}, {n}[1:])]", "list[int]", ["the sums of neighbouring {M} {W}", "a list of the sums of each number and the next one {W}"]),
        ("falls", f"sum(b < a for a, b in zip({n}, {n}[1:]))", "int", ["how many {M} {W} are smaller than the one before", "the number of times a value {W} is less than its predecessor"]),
        ("equalnb", f"sum(a == b for a, b in zip({n}, {n}[1:]))", "int", ["how many neighbours {W} are equal", "the number of times two neighbouring {M} {W} are the same"]),
        ("strict", f"all(a < b for a, b in zip({n}, {n}[1:]))", "bool", ["whether each number {W} is greater than the one before"]),
        ("strictd", f"all(a > b for a, b in zip({n}, {n}[1:]))", "bool", ["whether each number {W} is smaller than the one before"]),
        ("maxjump", f"max(abs(a - b) for a, b in zip({n}, {n}[1:]))", "int", ["the largest difference between two neighbouring {M} {W}"]),
        ("weighted", f"sum(i * {v} for i, {v} in enumerate({n}))", "int", ["the sum of each number {W} times its index"]),
        ("above_avg", f"[{v} for {v} in {n} if {v} > sum({n}) / len({n})]", "list[int]", ["the {M} {W} that are greater than the average"]),
        ("text", f"', '.join(str({v}) for {v} in {n})", "str", ["the {M} {W} as one text, separated by a comma and a space"]),
        ("clampk", f"[min({v}, {k}) for {v} in {n}]", "list[int]", ["{S} with every number greater than {K} replaced by {K}"]),
        ("chunkmax", f"[max({n}[i:i + {k}]) for i in range(0, len({n}), {k})]", "list[int]", ["the largest number of each piece when {S} is cut into pieces of {K} {M}", "a list of the maximum of each group of {K} {M} {W}; the last group may be smaller"]),
        ("chunkmin", f"[min({n}[i:i + {k}]) for i in range(0, len({n}), {k})]", "list[int]", ["the smallest number of each piece when {S} is cut into pieces of {K} {M}", "a list of the minimum of each group of {K} {M} {W}; the last group may be smaller"]),
        ("windows", f"[sum({n}[i:i + {k}]) for i in range(len({n}) - {k} + 1)]", "list[int]", ["the sums of every {K} neighbouring {M} {W}", "a list of the sum of each run of {K} consecutive {M} {W}"]),
        ("idx", f"[i for i, {v} in enumerate({n}) if {v} == {k}]", "list[int]", ["the indexes at which {K} occurs {W}", "all positions of {K} {W}, counting from 0"]),
        ("choose", f"['{{w1}}' if {v} > {k} else '{{w2}}' for {v} in {n}]", "list[str]", ["a list with '{w1}' for every number {W} greater than {K} and '{w2}' for every other"]),
    ]
    name, code, typ, say = ctx.choice(forms)
    w1, w2 = ctx.choice([("high", "low"), ("yes", "no"), ("big", "small"), ("A", "B"), ("up", "down"), ("+", "."), ("x", "o")])
    code = code.replace("{w1}", w1).replace("{w2}", w2)
    for p, _ in ctx.params[1:]:
        if p not in code.replace(n, ""):
            raise Reject
    if n in ("a", "b", "i"):
        raise Reject
    ctx.op("numbers." + name, name)
    text = ctx.say("numbers." + name, say).format(S=s, W=of(ctx, s), K=K, M=m, w1=w1, w2=w2)
    x = E(code, text, 5 if name in ("range", "minmaxsum", "sumends", "diffends") else 6 if name in ("mean", "meanint") else 10)
    if typ == "bool":
        return Function(truth_sentence(ctx, text[len("whether "):]), ret(x), typ)
    if typ == "int" and name not in ("median",) and ctx.chance(0.2):
        x = apply(ctx, INT_TO_INT, x, "int", small=True)
    if ctx.chance(0.2) and typ == "int":
        d = ctx.choice(["0", "0", "-1", "None"])
        return Function(value_sentence(ctx, x.text + ctx.choice([f", or {d} for an empty list", f", or {d} if there are no numbers", f", or {d} if the list has no elements"])), [f"return {x.at(2)} if {n} else {d}"], typ)
    return Function(value_sentence(ctx, x.text) + note(ctx, "list", n), ret(x), typ)


def words_pipeline(ctx):
    n = ctx.param("strs")
    s = ctx.subject(n, "strs")
    v = ctx.var(["w", "s", "t"])
    noun = ctx.choice(["words", "texts", "strings", "words"])
    where = of(ctx, s)
    what, cond = f"{ctx.choice(['the', 'all', 'all the'])} {noun} {where}", ""
    shape = ctx.choice(["filter", "filter", "map", "map", "both", "plain", "count", "quant", "lens"])
    if shape in ("filter", "both", "count"):
        p = filtered(ctx, v, "str")
        what = f"{ctx.choice(['the', 'all', 'all'])} {noun} {where} {p.text}"
        cond = f" if {p.code}"
    if shape == "count":
        ctx.op("countwords", "count")
        text = ctx.choice([f"how many {noun} {where} there are {p.text}", f"the number of {noun} {where} {p.text}", f"how many of the {noun} {where} {p.text.split(' ', 1)[1]}"])
        sentence = value_sentence(ctx, text) if ctx.chance(0.8) else f"Count the {noun} {where} {p.text}."
        return Function(sentence + note(ctx, "list", n), [f"return sum({p.code} for {v} in {n})"], "int")
    if shape == "quant":
        p = str_predicate(ctx, E(v, ""))
        q, t = ctx.choice([("all", f"every {noun[:-1]} {where}"), ("all", f"each {noun[:-1]} {where}"), ("any", f"at least one {noun[:-1]} {where}"), ("any", f"any {noun[:-1]} {where}"), ("not any", f"no {noun[:-1]} {where}")])
        ctx.op("quantwords." + q, q.replace(" ", "_"))
        return Function(truth_sentence(ctx, f"{t} {p.text}"), [f"return {q}({p.code} for {v} in {n})"], "bool")
    item, kind = E(v, v), "str"
    if shape in ("map", "both"):
        table, kind = (STR_TO_STR, "str") if ctx.chance(0.75) else (STR_TO_INT, "strint")
        item = apply(ctx, table, E(v, "@"), kind)
        if item.text.count("@") != 1 or "for c in" in item.code and v == "c":
            raise Reject
        t = item.text
        if ctx.chance(0.5) or not t.startswith("@"):
            what = t.replace("@", "each of " + what)
        else:
            what = what + ", each" + t[1:].replace(",", "", 1) if t[1:].startswith(",") else what + ", each" + t[1:]
        if kind == "strint":
            name, code, say = ctx.choice(REDUCE[:4])
            ctx.op("words." + name, name)
            return Function(value_sentence(ctx, ctx.say("reduce." + name, say).format(X=what)), ["return " + code.format(g=f"{item.code} for {v} in {n}{cond}")], "list[int]" if name == "list" else "int")
    if shape == "lens":
        forms = [
            ("longest", f"max({n}, key=len)", "str", ["the longest of {X}", "the longest one among {X}", "the one with the most characters among {X}"]),
            ("shortest", f"min({n}, key=len)", "str", ["the shortest of {X}", "the shortest one among {X}", "the one with the fewest characters among {X}"]),
            ("bylen", f"sorted({n}, key=len)", "list[str]", ["{X} sorted by length, the shortest first", "{X}, ordered from the shortest to the longest"]),
            ("bylend", f"sorted({n}, key=len, reverse=True)", "list[str]", ["{X} sorted by length, the longest first", "{X}, ordered from the longest to the shortest"]),
            ("alpha", f"sorted({n})", "list[str]", ["{X} in alphabetical order", "{X}, sorted by the alphabet", "a list of {X} in alphabetical order"]),
            ("alphad", f"sorted({n}, reverse=True)", "list[str]", ["{X} in reverse alphabetical order"]),
            ("total", f"sum(len({v}) for {v} in {n})", "int", ["the total length of {X}", "how many characters {X} have together", "the sum of the lengths of {X}"]),
            ("lengths", f"[len({v}) for {v} in {n}]", "list[int]", ["a list of the lengths of {X}", "the lengths of {X} as a list"]),
            ("maxlen", f"max(len({v}) for {v} in {n})", "int", ["the length of the longest of {X}", "the greatest length among {X}"]),
            ("minlen", f"min(len({v}) for {v} in {n})", "int", ["the length of the shortest of {X}", "the smallest length among {X}"]),
            ("firsts", f"''.join({v}[0] for {v} in {n})", "str", ["the first letters of {X} as one text", "a text made of the first character of each of {X}"]),
            ("lasts", f"''.join({v}[-1] for {v} in {n})", "str", ["the last letters of {X} as one text", "a text made of the last character of each of {X}"]),
            ("lendict", f"{{{v}: len({v}) for {v} in {n}}}", "dict[str, int]", ["a dictionary that maps {X} to their lengths", "a dictionary with {X} as keys and their lengths as values"]),
        ]
        name, code, typ, say = ctx.choice(forms)
        ctx.op("words." + name, name)
        return Function(value_sentence(ctx, ctx.say("words." + name, say).format(X=what)) + note(ctx, "list", n), ["return " + code], typ)
    inner = n if shape == "plain" else f"{item.code} for {v} in {n}{cond}"
    if ctx.chance(0.55) or shape == "plain":
        sep, S = ctx.char(letters=False) if ctx.chance(0.7) else ctx.piece()
        ctx.op("join", "join")
        say = ctx.say("join", ["{X} joined by {S}", "one text of {X} with {S} between them", "{X} as one text, separated by {S}", "{X} joined together with {S} in between", "{X} joined into one text with {S} between them"])
        return Function(value_sentence(ctx, say.format(X=what, S=S)) + note(ctx, "list", n), [f"return {sep}.join({inner})"], "str")
    ctx.op("listof")
    say = ctx.say("reduce.list", REDUCE[3][2])
    code = f"[{inner}]"
    return Function(value_sentence(ctx, say.format(X=what)) + note(ctx, "list", n), ["return " + code], "list[str]")


def text_words(ctx):
    """The words of a text, one by one."""
    n = ctx.param("str")
    s = ctx.subject(n, "str")
    v = ctx.var(["w", "word", "t"])
    what = ctx.choice([f"the words of {s}", f"all words of {s}", f"the words in {s}", f"all words in {s}"])
    cond, p = "", None
    shape = ctx.choice(["filter", "map", "both", "count"])
    if shape in ("filter", "both", "count"):
        p = filtered(ctx, v, "str")
        what = f"{what} {p.text}"
        cond = f" if {p.code}"
    if shape == "count":
        ctx.op("counttextwords", "count")
        return Function(value_sentence(ctx, ctx.choice([f"the number of {what[4:]}"] * 2)), [f"return sum({p.code} for {v} in {n}.split())"], "int")
    item = E(v, v)
    if shape in ("map", "both"):
        item = apply(ctx, STR_TO_STR, E(v, "@"), "str", only={"upper", "lower", "capital", "reverse", "first", "last", "firstk", "lastk", "twice", "suffix", "prefix", "bracket", "drop1", "cut1", "sorted"})
        if ctx.chance(0.3):
            item = apply(ctx, STR_TO_STR, item, "str", only={"upper", "lower", "suffix", "prefix", "twice"})
        t = item.text
        what = t.replace("@", "each word" + (what[what.index("words") + 5:])) if ctx.chance(0.5) else (what + ", each" + t[1:] if t.startswith("@") and not t.startswith("@,") else t.replace("@", "every word" + what[what.index("words") + 5:]))
    inner = f"{item.code} for {v} in {n}.split(){cond}"
    if ctx.chance(0.6):
        sep, S = ctx.choice([("''", "nothing"), ("' '", "a space"), ("' '", "single spaces"), ctx.char(letters=False)])
        ctx.op("joinwords", "join")
        say = ctx.choice(["{X}, joined by {S}", "{X} as one text with {S} between them", "{X}, with {S} in between"])
        return Function(value_sentence(ctx, say.format(X=what, S=S)), [f"return {sep}.join({inner})"], "str")
    ctx.op("listwords", "words")
    return Function(value_sentence(ctx, ctx.say("reduce.list", REDUCE[3][2]).format(X=what)), [f"return [{inner}]"], "list[str]")


def per_character(ctx):
    """Each character becomes something, depending on what it is."""
    n = ctx.param("str")
    s = ctx.subject(n, "str")
    if n == "c":
        raise Reject
    _, P, _, names = ctx.choice(CHAR_CLASSES)
    PT = ctx.choice(names)
    ops = [("c.upper()", "upper case"), ("c.lower()", "lower case"), ("c * 2", "two copies of itself"), ("c * 3", "three copies of itself"), (None, None), ("'[' + c + ']'", "itself in square brackets"), ("''", "nothing"), ("'(' + c + ')'", "itself in parentheses")]
    A, At = ctx.choice(ops)
    B, Bt = ctx.choice(ops + [("c", "itself")] * 8)
    if A is None:
        A, At = ctx.char()
    if B is None:
        B, Bt = ctx.char()
    if A == B:
        raise Reject
    ctx.op("perchar")
    if B == "c":
        doc = ctx.choice([f"Replace all {PT} in {s} by {At}. {{}}", f"Turn all {PT} of {s} into {At}. {{}}", f"Return {s} where all {PT} become {At}. {{}}"]).format(ctx.choice(["All other characters stay the same.", "Everything else is unchanged.", "The rest stays as it is.", "The other characters do not change."]))
    else:
        doc = ctx.choice([f"In {s}, all {PT} become {At} and all other characters become {Bt}.", f"Return {s} with all {PT} turned into {At} and everything else into {Bt}.", f"Replace all {PT} in {s} by {At} and every other character by {Bt}."])
    return Function(doc, [f"return ''.join({A} if {P} else {B} for c in {n})"], "str")


def ranges(ctx):
    n = ctx.param("int")
    v = ctx.var(["i", "k", "j"])
    k, K = ctx.slot(2, 9)
    if k == v:
        raise Reject
    ctx.rng.random()  # unused, as in numbers_count
    forms = [
        ("upto", f"list(range(1, {n} + 1))", "list[int]", ["the list of the whole numbers from 1 to {n}", "a list of all numbers from 1 up to {n}", "the numbers from 1 to {n} as a list", "a list that counts from 1 to {n}"]),
        ("upto0", f"list(range({n} + 1))", "list[int]", ["a list of all numbers from 0 up to {n}", "the numbers from 0 to {n} as a list"]),
        ("below", f"list(range({n}))", "list[int]", ["a list of the numbers from 0 up to but not including {n}", "a list of the first {n} whole numbers, beginning with 0"]),
        ("fromk", f"list(range({k}, {n} + 1))", "list[int]", ["a list of the numbers from {K} up to {n}", "the numbers from {K} to {n}, both included, as a list"]),
        ("down0", f"list(range({n}, -1, -1))", "list[int]", ["a list of the numbers from {n} down to 0", "a list that counts down from {n} to zero", "the numbers from {n} to 0 in descending order"]),
        ("downk", f"list(range({n}, {k}, -1))", "list[int]", ["a list of the numbers from {n} down to, but not including, {K}", "a list that counts down from {n} and stops before {K}"]),
        ("downto", f"list(range({n}, {int(k) - 1 if k.isdigit() else k + ' - 1'}, -1))", "list[int]", ["a list of the numbers from {n} down to {K}, both included", "the whole numbers from {n} down to {K} as a list", "a list that counts down from {n} and ends with {K}", "the list of the numbers from {n} down to {K}"]),
        ("fromto", f"list(range({n}, {int(k) * 10 + 1 if k.isdigit() else k + ' + 1'}))", "list[int]", [f"a list of the numbers from {{n}} up to {int(k) * 10 if k.isdigit() else k}, both included", f"the whole numbers from {{n}} up to {int(k) * 10 if k.isdigit() else k} as a list"]),
        ("evens", f"list(range(2, {n} + 1, 2))", "list[int]", ["a list of the even numbers from 2 to {n}", "all even numbers from 2 up to {n}"]),
        ("odds", f"list(range(1, {n} + 1, 2))", "list[int]", ["a list of the odd numbers from 1 to {n}", "all odd numbers from 1 up to {n}"]),
        ("multiples", f"[{k} * {v} for {v} in range(1, {n} + 1)]", "list[int]", ["a list of the first {n} multiples of {K}", "the first {n} multiples of {K}, beginning with {K}"]),
        ("squares", f"[{v} ** 2 for {v} in range(1, {n} + 1)]", "list[int]", ["a list of the squares of the numbers from 1 to {n}", "the first {n} square numbers, beginning with 1"]),
        ("cubes", f"[{v} ** 3 for {v} in range(1, {n} + 1)]", "list[int]", ["a list of the cubes of the numbers from 1 to {n}"]),
        ("sum", f"sum(range(1, {n} + 1))", "int", ["the sum of the numbers from 1 to {n}", "the total of all whole numbers from 1 up to {n}", "1 + 2 + 3 and so on up to {n}"]),
        ("sumsq", f"sum({v} ** 2 for {v} in range(1, {n} + 1))", "int", ["the sum of the squares of the numbers from 1 to {n}"]),
        ("divisors", f"[{v} for {v} in range(1, {n} + 1) if {n} % {v} == 0]", "list[int]", ["a list of all divisors of {n}", "all numbers by which {n} is divisible, in ascending order"]),
        ("ndiv", f"sum({n} % {v} == 0 for {v} in range(1, {n} + 1))", "int", ["the number of divisors of {n}", "by how many numbers {n} is divisible"]),
        ("multsbelow", f"[{v} for {v} in range(1, {n} + 1) if {v} % {k} == 0]", "list[int]", ["a list of the numbers from 1 to {n} that are divisible by {K}", "all multiples of {K} from 1 to {n}"]),
        ("notmults", f"[{v} for {v} in range(1, {n} + 1) if {v} % {k} != 0]", "list[int]", ["a list of the numbers from 1 to {n} that are not divisible by {K}"]),
        ("countmults", f"sum({v} % {k} == 0 for {v} in range(1, {n} + 1))", "int", ["how many numbers from 1 to {n} are divisible by {K}", "the number of multiples of {K} between 1 and {n}"]),
        ("powers", f"[{k} ** {v} for {v} in range({n})]", "list[int]", ["a list of the first {n} powers of {K}, beginning with 1"]),
        ("zeros", f"[{k}] * {n}", "list[int]", ["a list that holds {K} {n} times", "a list of {n} elements that are all {K}"]),
        ("digits", f"[int(d) for d in str({n})]", "list[int]", ["a list of the digits of {n}", "the digits of {n} from left to right as a list of numbers"]),
        ("texts", f"[str({v}) for {v} in range(1, {n} + 1)]", "list[str]", ["a list of the numbers from 1 to {n} as texts"]),
        ("joined", f"' '.join(str({v}) for {v} in range(1, {n} + 1))", "str", ["a text with the numbers from 1 to {n}, separated by spaces"]),
        ("stepk", f"list(range(0, {n} + 1, {k}))", "list[int]", ["a list of the numbers from 0 to {n} in steps of {K}", "every {K}-th number from 0 up to {n}"]),
    ]
    name, code, typ, say = ctx.choice(forms)
    if n == "d":
        raise Reject
    for p, _ in ctx.params[1:]:
        if p not in code.replace(n, ""):
            raise Reject
    ctx.op("range." + name, name)
    ctx.near.append(4)
    return Function(value_sentence(ctx, ctx.say("range." + name, say).format(n=n, K=K)), ["return " + code], typ)


def two_lists(ctx):
    kind = ctx.choice(["ints", "ints", "strs"])
    a, b = ctx.choice([("a", "b"), ("first", "second"), ("left", "right"), ("xs", "ys"), ("one", "two"), (None, None)])
    a, b = ctx.param(kind, name=a), ctx.param(kind, name=b)
    A, B = (a, b) if ctx.chance(0.6) or len(a) < 3 else ("the list " + a, "the list " + b)
    typ = "list[int]" if kind == "ints" else "list[str]"
    forms = [
        ("concat", f"{a} + {b}", typ, ["{A} followed by {B}", "one list with the elements of {A} and then those of {B}", "{A} and {B} joined into one list"]),
        ("concatr", f"{b} + {a}", typ, ["{B} followed by {A}", "one list with the elements of {B} and then those of {A}"]),
        ("common", f"[x for x in {a} if x in {b}]", typ, ["the elements of {A} that are also in {B}", "a list of all elements of {A} that occur in {B}", "the elements of {A} which {B} contains too"]),
        ("onlya", f"[x for x in {a} if x not in {b}]", typ, ["the elements of {A} that are not in {B}", "a list of all elements of {A} that do not occur in {B}", "{A} without the elements of {B}"]),
        ("pairs", f"list(zip({a}, {b}))", "list[tuple]", ["a list of pairs: the first elements of {A} and {B}, the second elements, and so on", "a list of pairs of the elements of {A} and {B} at the same position"]),
        ("addp", f"[x + y for x, y in zip({a}, {b})]", typ, ["a list of the sums of the elements of {A} and {B} at the same position" if kind == "ints" else "a list of the texts of {A}, each joined to the text of {B} at the same position"]),
        ("larger", f"[max(x, y) for x, y in zip({a}, {b})]", typ, ["a list of the larger element of {A} and {B} at each position" if kind == "ints" else "a list of the text that comes later in the alphabet at each position of {A} and {B}"]),
        ("same", f"sum(x == y for x, y in zip({a}, {b}))", "int", ["at how many positions {A} and {B} have the same element", "the number of positions at which {A} and {B} agree"]),
        ("lens", f"len({a}) + len({b})", "int", ["how many elements {A} and {B} have together", "the total number of elements of {A} and {B}"]),
        ("countcommon", f"sum(x in {b} for x in {a})", "int", ["how many elements of {A} are also in {B}", "the number of elements of {A} that occur in {B}"]),
        ("dict", f"dict(zip({a}, {b}))", "dict", ["a dictionary with the elements of {A} as keys and those of {B} as values"]),
        ("union", f"sorted(set({a}) | set({b}))", typ, ["all elements of {A} and {B} in sorted order, each only once", "the sorted list of the elements that are in {A} or in {B}"]),
        ("inter", f"sorted(set({a}) & set({b}))", typ, ["the elements that are in both {A} and {B} in sorted order, each only once"]),
    ]
    if kind == "ints":
        forms += [
            ("sub", f"[x - y for x, y in zip({a}, {b})]", typ, ["a list of the elements of {A} minus the elements of {B} at the same position"]),
            ("mulp", f"[x * y for x, y in zip({a}, {b})]", typ, ["a list of the products of the elements of {A} and {B} at the same position"]),
            ("dot", f"sum(x * y for x, y in zip({a}, {b}))", "int", ["the sum of the products of the elements of {A} and {B} at the same position", "the dot product of {A} and {B}"]),
            ("total", f"sum({a}) + sum({b})", "int", ["the sum of all numbers in {A} and {B}", "the total of both lists"]),
            ("diff", f"sum({a}) - sum({b})", "int", ["the sum of {A} minus the sum of {B}", "by how much the sum of {A} exceeds the sum of {B}"]),
            ("wins", f"sum(x > y for x, y in zip({a}, {b}))", "int", ["at how many positions {A} has the larger element", "how many elements of {A} are greater than the element of {B} at the same position"]),
            ("maxab", f"max({a} + {b})", "int", ["the largest number in {A} and {B}", "the maximum of all numbers of both lists"]),
            ("minab", f"min({a} + {b})", "int", ["the smallest number in {A} and {B}"]),
        ]
    name, code, rt, say = ctx.choice(forms)
    if {"x", "y"} & {a, b}:
        raise Reject
    ctx.op("list2." + name, name)
    return Function(value_sentence(ctx, ctx.say("list2." + name, say).format(A=A, B=B)), ["return " + code], rt)


def dictionaries(ctx):
    n = ctx.param("dict")
    s = ctx.subject(n, "dict")
    k, K = ctx.slot(share=0.3)
    v = ctx.var(["v", "value", "y"])
    key = ctx.choice(["name", "key", "word", "item"])
    d = ctx.choice(["0", "-1", "None", "1"])
    value = ctx.choice(["value", "number"])
    forms = [
        ("get", f"{n}.get({key}, {d})", "int", ["the {V} for {key} in {S}, or {d} if it is missing", "the {V} stored under {key}, or {d} if {S} does not have it", "what {S} holds for {key}, or {d} if there is nothing", "the {V} of {key}, or {d} if {key} is not a key of {S}"]),
        ("has", f"{key} in {n}", "bool", ["{key} is a key of {S}", "{S} has the key {key}"]),
        ("sum", f"sum({n}.values())", "int", ["the sum of all {V}s in {S}", "the total of the {V}s of {S}", "all {V}s of {S} added up"]),
        ("max", f"max({n}.values())", "int", ["the largest {V} in {S}", "the highest {V} of {S}", "the greatest of the {V}s in {S}"]),
        ("min", f"min({n}.values())", "int", ["the smallest {V} in {S}", "the lowest {V} of {S}"]),
        ("argmax", f"max({n}, key={n}.get)", "str", ["the key with the largest {V} in {S}", "the key of {S} that has the highest {V}"]),
        ("argmin", f"min({n}, key={n}.get)", "str", ["the key with the smallest {V} in {S}", "the key of {S} that has the lowest {V}"]),
        ("keys", f"sorted({n})", "list[str]", ["the keys of {S} in alphabetical order", "a sorted list of the keys of {S}", "a list of all keys of {S}, sorted"]),
        ("vals", f"sorted({n}.values())", "list[int]", ["the {V}s of {S} in ascending order", "a sorted list of the {V}s of {S}"]),
        ("above", f"[k for k, {v} in {n}.items() if {v} > {k}]", "list[str]", ["a list of the keys whose {V} is greater than {K}", "all keys of {S} with a {V} above {K}"]),
        ("below", f"[k for k, {v} in {n}.items() if {v} < {k}]", "list[str]", ["a list of the keys whose {V} is less than {K}", "all keys of {S} with a {V} below {K}"]),
        ("atleasts", f"sorted(k for k, {v} in {n}.items() if {v} >= {k})", "list[str]", ["a sorted list of the keys whose {V} is at least {K}", "all keys of {S} with a {V} of {K} or more, in alphabetical order"]),
        ("filter", f"{{k: {v} for k, {v} in {n}.items() if {v} >= {k}}}", "dict[str, int]", ["a dictionary with only those entries of {S} whose {V} is at least {K}", "the entries of {S} with a {V} of {K} or more"]),
        ("filter2", f"{{k: {v} for k, {v} in {n}.items() if {v} < {k}}}", "dict[str, int]", ["a dictionary with only those entries of {S} whose {V} is less than {K}", "the entries of {S} with a {V} below {K}"]),
        ("count", f"sum({v} > {k} for {v} in {n}.values())", "int", ["how many {V}s in {S} are greater than {K}", "the number of {V}s of {S} above {K}"]),
        ("countl", f"sum({v} <= {k} for {v} in {n}.values())", "int", ["how many {V}s in {S} are at most {K}", "the number of {V}s of {S} that are not above {K}"]),
        ("mapadd", f"{{k: {v} + {k} for k, {v} in {n}.items()}}", "dict[str, int]", ["a dictionary in which {K} is added to every {V} of {S}", "a new dictionary with every {V} of {S} increased by {K}"]),
        ("mapmul", f"{{k: {v} * {k} for k, {v} in {n}.items()}}", "dict[str, int]", ["a dictionary in which every {V} of {S} is multiplied by {K}", "a new dictionary with every {V} of {S} times {K}"]),
        ("double", f"{{k: {v} * 2 for k, {v} in {n}.items()}}", "dict[str, int]", ["a dictionary in which every {V} of {S} is doubled"]),
        ("upper", f"{{k.upper(): {v} for k, {v} in {n}.items()}}", "dict[str, int]", ["a dictionary with the keys of {S} in upper case", "a copy of {S} with all keys in capital letters"]),
        ("invert", f"{{{v}: k for k, {v} in {n}.items()}}", "dict[int, str]", ["a dictionary in which the keys and the {V}s of {S} are exchanged", "{S} turned around: each {V} maps to its key"]),
        ("len", f"len({n})", "int", ["the number of entries in {S}", "how many keys {S} has"]),
        ("pairs", f"sorted({n}.items())", "list[tuple]", ["a list of the pairs of key and {V}, sorted by key"]),
        ("byval", f"sorted({n}, key={n}.get)", "list[str]", ["the keys of {S} sorted by their {V}s, the smallest first", "a list of the keys of {S}, ordered from the lowest {V} to the highest"]),
        ("byvald", f"sorted({n}, key={n}.get, reverse=True)", "list[str]", ["the keys of {S} sorted by their {V}s, the largest first", "a list of the keys of {S}, ordered from the highest {V} to the lowest"]),
        ("texts", f"[k + ': ' + str({v}) for k, {v} in {n}.items()]", "list[str]", ["a list of texts made of each key of {S}, a colon, a space and the {V}"]),
    ]
    name, code, typ, say = ctx.choice(forms)
    if name in ("get", "has"):
        ctx.param("str", name=key)
        if ctx.params[1][0] != key:
            ctx.params = [ctx.params[0], (key, "str")]
    if "k for k" in code or "{k" in code or "k + " in code:
        if "k" in [p for p, _ in ctx.params]:
            raise Reject
    for p, _ in ctx.params[1:]:
        if p not in code.replace(n, ""):
            raise Reject
    ctx.op("dict." + name, name)
    text = ctx.say("dict." + name, say).format(S=s, V=value, K=K, d=d, key=key)
    return Function(truth_sentence(ctx, text) if typ == "bool" else value_sentence(ctx, text), ["return " + code], typ)
