"""Operations on one value, by type. A row: name, words for the function's name, code, strength of the result,
strength needed of {a}, wordings. {k}, {c} and {q} are filled with a number, a character and a text constant."""
from grammar import E, Reject, fill

INT_TO_INT = [
    ("add", "plus", "{a} + {k}", 5, 5, ["{A} plus {K}", "{A} increased by {K}", "the sum of {A} and {K}", "{K} more than {A}", "{A} with {K} added", "{A}, plus {K}"]),
    ("sub", "minus", "{a} - {k}", 5, 5, ["{A} minus {K}", "{A} decreased by {K}", "{K} less than {A}", "the difference of {A} and {K}", "{A}, minus {K}", "{A} with {K} taken away"]),
    ("rsub", "rest", "{k} - {a}", 5, 6, ["{K} minus {A}", "what is left of {K} after taking away {A}", "the difference between {K} and {A}", "{K} reduced by {A}"]),
    ("mul", "times", "{a} * {k}", 6, 6, ["{A} times {K}", "{A} multiplied by {K}", "the product of {A} and {K}", "{K} times {A}", "{A}, multiplied by {K}"]),
    ("double", "double", "{a} * 2", 6, 6, ["twice {A}", "double {A}", "{A} doubled", "two times {A}"]),
    ("triple", "triple", "{a} * 3", 6, 6, ["three times {A}", "{A} tripled", "triple {A}"]),
    ("square", "square", "{a} ** 2", 7, 8, ["the square of {A}", "{A} squared", "{A} to the power of 2", "the second power of {A}"]),
    ("cube", "cube", "{a} ** 3", 7, 8, ["the cube of {A}", "{A} cubed", "{A} to the power of 3", "the third power of {A}"]),
    ("div", "share", "{a} // {k}", 6, 6, ["{A} divided by {K}, rounded down", "the whole number of times {K} fits into {A}", "the integer quotient of {A} and {K}", "how many times {K} fits into {A}", "{A} divided by {K} without the remainder"]),
    ("mod", "remainder", "{a} % {k}", 6, 6, ["the remainder of {A} divided by {K}", "what remains when {A} is divided by {K}", "{A} modulo {K}", "the remainder when {A} is divided by {K}", "the rest after dividing {A} by {K}"]),
    ("half", "half", "{a} // 2", 6, 6, ["half of {A}, rounded down", "{A} halved and rounded down", "{A} divided by two, rounded down"]),
    ("abs", "abs", "abs({a})", 10, 0, ["the absolute value of {A}", "{A} without its sign", "the distance of {A} from zero", "the size of {A} ignoring its sign"]),
    ("neg", "negative", "-{a}", 7, 8, ["{A} with the opposite sign", "the negative of {A}", "{A} with its sign changed", "minus {A}"]),
    ("atleast", "floor", "max({a}, {k})", 10, 0, ["{A}, but never less than {K}", "{A}, but at least {K}", "the larger of {A} and {K}", "{A}, or {K} if that is larger", "{A} raised to at least {K}"]),
    ("atmost", "cap", "min({a}, {k})", 10, 0, ["{A}, but never more than {K}", "{A}, but at most {K}", "the smaller of {A} and {K}", "{A}, or {K} if that is smaller", "{A} limited to {K}"]),
    ("atleast0", "positive", "max({a}, 0)", 10, 0, ["{A}, but never less than zero", "{A}, but not below 0", "{A}, or 0 if that is negative", "{A}, never going below zero", "{A}, but at least 0"]),
    ("digitsum", "digit_sum", "sum(int(d) for d in str({a}))", 10, 0, ["the sum of the digits of {A}", "the digit sum of {A}", "all digits of {A} added up", "the total of the digits of {A}"]),
    ("digits", "digits", "len(str({a}))", 10, 0, ["the number of digits of {A}", "how many digits {A} has", "the count of digits in {A}"]),
    ("lastdigit", "last_digit", "{a} % 10", 6, 6, ["the last digit of {A}", "the ones digit of {A}", "the final digit of {A}"]),
    ("power", "power", "{a} ** {k}", 7, 8, ["{A} to the power of {K}", "{A} raised to the power {K}", "the {K}-th power of {A}"]),
]

INT_PREDICATES = [
    # name, tag, code, wordings after "is"
    ("gt", "above", "{a} > {k}", ["greater than {K}", "more than {K}", "larger than {K}", "above {K}", "bigger than {K}", "over {K}"]),
    ("ge", "min", "{a} >= {k}", ["{K} or more", "at least {K}", "greater than or equal to {K}", "not less than {K}", "{K} or above", "{K} or greater"]),
    ("lt", "below", "{a} < {k}", ["less than {K}", "smaller than {K}", "below {K}", "under {K}", "lower than {K}"]),
    ("le", "max", "{a} <= {k}", ["{K} or less", "at most {K}", "less than or equal to {K}", "not more than {K}", "{K} or below", "no greater than {K}"]),
    ("eq", "equal", "{a} == {k}", ["equal to {K}", "exactly {K}", "the same as {K}", "{K}"]),
    ("ne", "not", "{a} != {k}", ["not equal to {K}", "different from {K}", "anything but {K}", "not {K}"]),
    ("even", "even", "{a} % 2 == 0", ["even", "an even number", "divisible by two", "divisible by 2"]),
    ("odd", "odd", "{a} % 2 == 1", ["odd", "an odd number", "not even", "not divisible by 2"]),
    ("multiple", "multiple", "{a} % {k} == 0", ["divisible by {K}", "a multiple of {K}", "evenly divisible by {K}", "a multiple of the number {K}"]),
    ("notmultiple", "not_multiple", "{a} % {k} != 0", ["not divisible by {K}", "not a multiple of {K}"]),
    ("positive", "positive", "{a} > 0", ["positive", "greater than zero", "above zero", "greater than 0"]),
    ("negative", "negative", "{a} < 0", ["negative", "less than zero", "below zero", "less than 0"]),
    ("zero", "zero", "{a} == 0", ["zero", "equal to zero", "0"]),
    ("between", "between", "{k} <= {a} <= {j}", ["between {K} and {J}", "from {K} to {J}, both included", "at least {K} and at most {J}", "not below {K} and not above {J}", "between {K} and {J}, both included"]),
    ("outside", "outside", "{a} < {k} or {a} > {j}", ["below {K} or above {J}", "less than {K} or greater than {J}", "outside the range from {K} to {J}", "smaller than {K} or larger than {J}"]),
    ("lastdigit", "ends_in", "{a} % 10 == {d}", ["a number whose last digit is {D}", "a number ending in {D}", "a number that ends in the digit {D}"]),
]

STR_TO_STR = [
    ("upper", "upper", "{a}.upper()", 10, 10, ["{A} in upper case", "{A} in capital letters", "{A} with all letters in upper case", "{A} converted to upper case", "{A} in capitals", "the upper-case form of {A}", "{A} written in upper case"]),
    ("lower", "lower", "{a}.lower()", 10, 10, ["{A} in lower case", "{A} in small letters", "{A} with all letters in lower case", "{A} converted to lower case", "the lower-case form of {A}", "{A} written in lower case"]),
    ("title", "title", "{a}.title()", 10, 10, ["{A} in title case", "{A} with each word capitalized", "{A} with every word starting with a capital letter", "{A} with the first letter of every word in upper case"]),
    ("capital", "capitalized", "{a}.capitalize()", 10, 10, ["{A} with its first letter in upper case and the rest in lower case", "{A} capitalized", "the capitalized form of {A}"]),
    ("swapcase", "swapped", "{a}.swapcase()", 10, 10, ["{A} with upper case and lower case swapped", "{A} with the case of every letter changed", "{A} with small and capital letters exchanged"]),
    ("reverse", "reversed", "{a}[::-1]", 10, 10, ["{A} reversed", "{A} in reverse order", "{A} written backwards", "the reverse of {A}", "the characters of {A} from back to front", "{A} spelled backwards"]),
    ("strip", "stripped", "{a}.strip()", 10, 10, ["{A} without surrounding spaces", "{A} without spaces at the beginning and the end", "{A} with leading and trailing spaces removed", "{A} stripped of spaces at both ends"]),
    ("stripc", "trimmed", "{a}.strip({c})", 10, 10, ["{A} with every {CX} removed from both ends", "{A} with each {CX} at the beginning and the end removed"]),
    ("first", "first_letter", "{a}[0]", 10, 10, ["the first character of {A}", "the first letter of {A}", "the character at the start of {A}", "the character with which {A} begins"]),
    ("last", "last_letter", "{a}[-1]", 10, 10, ["the last character of {A}", "the last letter of {A}", "the final character of {A}", "the character at the end of {A}", "the character with which {A} ends"]),
    ("nth", "letter_at", "{a}[{i}]", 10, 10, ["the {ORD} character of {A}", "the {ORD} letter of {A}"]),
    ("firstk", "head", "{a}[:{k}]", 10, 10, ["the first {K} characters of {A}", "the first {K} letters of {A}", "only the first {K} characters of {A}", "the beginning of {A}, {K} characters long", "{A} cut to its first {K} characters"]),
    ("lastk", "tail", "{a}[-{k}:]", 10, 10, ["the last {K} characters of {A}", "the last {K} letters of {A}", "only the last {K} characters of {A}", "the final {K} characters of {A}"]),
    ("dropk", "drop", "{a}[{k}:]", 10, 10, ["{A} without its first {K} characters", "{A} without the first {K} letters", "{A} with the first {K} characters removed", "everything in {A} after the first {K} characters"]),
    ("cutk", "cut", "{a}[:-{k}]", 10, 10, ["{A} without its last {K} characters", "{A} without the last {K} letters", "{A} with the last {K} characters removed", "everything in {A} except the last {K} characters"]),
    ("drop1", "drop", "{a}[1:]", 10, 10, ["{A} without its first character", "{A} without the first letter", "{A} with the first character removed", "everything but the first character of {A}"]),
    ("cut1", "cut", "{a}[:-1]", 10, 10, ["{A} without its last character", "{A} without the last letter", "{A} with the last character removed", "everything but the last character of {A}"]),
    ("every2", "alternate", "{a}[::2]", 10, 10, ["every second character of {A}, beginning with the first", "every other character of {A}"]),
    ("everyk", "every", "{a}[::{k}]", 10, 10, ["every {ORDK} character of {A}, beginning with the first"]),
    ("repeat", "repeat", "{a} * {k}", 6, 6, ["{A} repeated {K} times", "{A} written {K} times", "{K} copies of {A} in a row", "{A}, {K} times in a row", "{A} repeated {K} times without a separator"]),
    ("twice", "twice", "{a} * 2", 6, 6, ["{A} written twice", "{A} twice in a row", "{A} repeated two times", "{A}, written two times", "{A} doubled"]),
    ("suffix", "with", "{a} + {q}", 5, 5, ["{A} followed by {Q}", "{A} with {Q} at the end", "{A} with {Q} added at the end", "{A}, then {Q}", "{A}, followed by {Q}", "{A} with {Q} appended"]),
    ("prefix", "with", "{q} + {a}", 5, 5, ["{Q} followed by {A}", "{A} with {Q} in front", "{A} with {Q} added at the beginning", "{Q}, then {A}", "{A} preceded by {Q}", "{Q} and after it {A}"]),
    ("wrap", "around", "{q} + {a} + {q2}", 5, 5, ["{Q} followed by {A} and {Q2}", "{A} with {Q} in front and {Q2} at the end", "{A} between {Q} and {Q2}", "{Q}, then {A}, then {Q2}", "{Q} followed by {A}, followed by {Q2}"]),
    ("both", "around", "{q} + {a} + {q}", 5, 5, ["{A} with {Q} on both sides", "{A} between two copies of {Q}", "{A} with {Q} in front and at the end", "{A} surrounded by {Q}"]),
    ("bracket", "in", "{o} + {a} + {p}", 5, 5, ["{A} between {BR}", "{A} in {BR}", "{A} enclosed in {BR}", "{A} inside {BR}", "{A} surrounded by {BR}", "{A} with {BR} around it"]),
    ("replace", "replace", "{a}.replace({c}, {c2})", 10, 10, ["{A} with every {CX} replaced by {C2}", "{A} with each {CX} changed to {C2}", "{A} where every {CX} becomes {C2}", "{A} with {C2} in place of every {CX}", "{A} with all occurrences of {C} replaced by {C2}"]),
    ("removec", "without", "{a}.replace({c}, '')", 10, 10, ["{A} with every {CX} removed", "{A} without any {CX}", "{A} with all occurrences of {C} removed", "{A} with each {CX} deleted", "{A} with every {CX} left out"]),
    ("sorted", "sorted", "''.join(sorted({a}))", 10, 0, ["the characters of {A} in sorted order", "{A} with its characters sorted", "the sorted characters of {A}", "the letters of {A} in alphabetical order"]),
    ("keep", "only", "''.join(c for c in {a} if {P})", 10, 0, ["only the {PT} of {A}", "the {PT} of {A}, in their order", "the {PT} in {A} as one text", "{A} with everything but the {PT} removed", "{A} reduced to its {PT}"]),
    ("drop", "without", "''.join(c for c in {a} if {N})", 10, 0, ["{A} without its {PT}", "{A} with all {PT} removed", "{A} without any {PT}", "{A} with the {PT} left out", "everything in {A} but the {PT}"]),
    ("hide", "hide", "''.join({c} if {P} else c for c in {a})", 10, 0, ["{A} with all {PT} replaced by {C}", "{A} with every one of its {PT} replaced by {C}", "{A} where all {PT} become {C}"]),
    ("firstword", "first_word", "{a}.split()[0]", 10, 10, ["the first word of {A}", "the word with which {A} begins", "the word at the start of {A}"]),
    ("lastword", "last_word", "{a}.split()[-1]", 10, 10, ["the last word of {A}", "the final word of {A}", "the word at the end of {A}"]),
    ("joinwords", "joined", "{c}.join({a}.split())", 10, 10, ["the words of {A} joined by {C}", "the words of {A} with {C} between them", "{A} with its words joined by {C}"]),
    ("revwords", "reversed_words", "' '.join({a}.split()[::-1])", 10, 10, ["the words of {A} in reverse order", "{A} with its words in reverse order", "{A} with the order of the words reversed", "the words of {A} from last to first"]),
    ("before", "before", "{a}.split({c})[0]", 10, 10, ["the part of {A} before the first {CX}", "everything in {A} before the first {CX}"]),
    ("after", "after", "{a}.split({c})[-1]", 10, 10, ["the part of {A} after the last {CX}", "everything in {A} after the last {CX}"]),
    ("zfill", "padded", "{a}.zfill({k})", 10, 10, ["{A} padded with zeros on the left to {K} characters", "{A} filled up with leading zeros to a width of {K}"]),
    ("rjust", "aligned", "{a}.rjust({k})", 10, 10, ["{A} padded with spaces on the left to {K} characters", "{A} aligned to the right in a width of {K}"]),
    ("ljust", "aligned", "{a}.ljust({k}, {c})", 10, 10, ["{A} filled up at the end with {C} to {K} characters", "{A} padded on the right with {C} to a width of {K}"]),
]

CHAR_CLASSES = [
    ("vowels", "c in 'aeiou'", "c not in 'aeiou'", ["vowels (a, e, i, o, u)", "vowels", "lower-case vowels"]),
    ("vowels2", "c.lower() in 'aeiou'", "c.lower() not in 'aeiou'", ["vowels in either case", "vowels, upper or lower case", "vowels (a, e, i, o, u, in either case)"]),
    ("digits", "c.isdigit()", "not c.isdigit()", ["digits", "decimal digits", "characters that are digits"]),
    ("letters", "c.isalpha()", "not c.isalpha()", ["letters", "characters that are letters", "alphabetic characters"]),
    ("uppers", "c.isupper()", "not c.isupper()", ["upper-case letters", "capital letters", "capitals"]),
    ("lowers", "c.islower()", "not c.islower()", ["lower-case letters", "small letters"]),
    ("spaces", "c == ' '", "c != ' '", ["spaces", "space characters", "blanks"]),
    ("alnum", "c.isalnum()", "not c.isalnum()", ["letters and digits", "characters that are letters or digits"]),
]

STR_TO_INT = [
    ("len", "length", "len({a})", 10, 0, ["the length of {A}", "the number of characters in {A}", "how many characters {A} has", "how long {A} is", "the number of characters of {A}"]),
    ("countc", "count", "{a}.count({c})", 10, 10, ["how many times {C} appears in {A}", "the number of times {C} occurs in {A}", "how often {C} appears in {A}", "how many times {A} contains {C}", "the number of occurrences of {C} in {A}", "the count of {C} in {A}"]),
    ("countp", "count", "sum({P} for c in {a})", 10, 0, ["the number of {PT} in {A}", "how many {PT} {A} contains", "the count of {PT} in {A}", "how many {PT} there are in {A}", "how many {PT} are in {A}"]),
    ("words", "words", "len({a}.split())", 10, 0, ["the number of words in {A}", "how many words {A} has", "the word count of {A}", "how many words there are in {A}"]),
    ("distinct", "distinct", "len(set({a}))", 10, 0, ["the number of different characters in {A}", "how many different characters {A} has", "the number of distinct characters in {A}", "how many distinct characters occur in {A}"]),
    ("find", "position", "{a}.find({c})", 10, 10, ["the position of the first {CX} in {A}, or -1 if there is none", "the index of the first {CX} in {A}, or -1 if there is none", "where {C} first appears in {A}, or -1 if it does not"]),
    ("toint", "number", "int({a})", 10, 0, ["{A} as a number", "{A} converted to an integer", "the number written in {A}"]),
    ("lastk", "number", "int({a}[-{k}:])", 10, 10, ["the last {K} digits of {A} as a number"]),
]

STR_PREDICATES = [
    # name, tag, code, strength, clause wordings (after "{A}")
    ("starts", "starts_with", "{a}.startswith({q})", 10, ["starts with {Q}", "begins with {Q}", "has {Q} at its beginning", "has {Q} as its start"]),
    ("ends", "ends_with", "{a}.endswith({q})", 10, ["ends with {Q}", "has {Q} at its end", "finishes with {Q}", "ends in {Q}"]),
    ("contains", "contains", "{c} in {a}", 3, ["contains {C}", "has {C} in it", "includes {C}", "has {C} somewhere in it", "contains at least one {CX}"]),
    ("lacks", "lacks", "{c} not in {a}", 3, ["does not contain {C}", "has no {CX}", "contains no {CX}", "is free of {C}"]),
    ("containsl", "contains", "{l} in {a}.lower()", 3, ["contains {L} in either case", "contains {L}, in upper or lower case", "contains {L} or its capital form", "has {L} in it, no matter whether large or small"]),
    ("longer", "longer_than", "len({a}) > {k}", 3, ["has more than {K} characters", "is longer than {K} characters", "is more than {K} characters long", "has over {K} characters"]),
    ("minlen", "at_least", "len({a}) >= {k}", 3, ["has at least {K} characters", "is at least {K} characters long", "has {K} or more characters", "has no fewer than {K} characters"]),
    ("shorter", "shorter_than", "len({a}) < {k}", 3, ["has fewer than {K} characters", "is shorter than {K} characters", "has less than {K} characters", "is less than {K} characters long"]),
    ("exact", "has_length", "len({a}) == {k}", 3, ["has exactly {K} characters", "is exactly {K} characters long", "has a length of {K}", "has {K} characters"]),
    ("evenlen", "even_length", "len({a}) % 2 == 0", 3, ["has an even number of characters", "has an even length"]),
    ("empty", "empty", "{a} == ''", 3, ["is empty", "has no characters", "is the empty text", "has length zero"]),
    ("equals", "equals", "{a} == {q}", 3, ["is equal to {Q}", "is {Q}", "equals {Q}", "is exactly {Q}"]),
    ("isupper", "upper", "{a} == {a}.upper()", 3, ["has no lower-case letters", "stays the same in upper case"]),
    ("isdigit", "digits", "{a}.isdigit()", 10, ["consists only of digits", "has only digits", "is made of digits only", "contains nothing but digits"]),
    ("isalpha", "letters", "{a}.isalpha()", 10, ["consists only of letters", "has only letters", "is made of letters only", "contains nothing but letters"]),
    ("palindrome", "palindrome", "{a} == {a}[::-1]", 3, ["reads the same backwards", "is a palindrome", "is the same forwards and backwards", "is equal to its reverse"]),
    ("firstis", "first", "{a}[0] == {l}", 3, ["has {L} as its first character", "has {L} as its first letter"]),
    ("lastis", "last", "{a}[-1] == {l}", 3, ["has {L} as its last character", "has {L} as its last letter"]),
    ("countis", "count", "{a}.count({c}) == {k}", 3, ["contains {C} exactly {K} times", "has exactly {K} times {C}"]),
    ("countge", "count", "{a}.count({c}) >= {k}", 3, ["contains {C} at least {K} times", "has {C} in it {K} times or more"]),
    ("twowords", "words", "len({a}.split()) > {k}", 3, ["has more than {K} words", "consists of more than {K} words"]),
]

ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"]
BRACKETS = [("(", ")", ["round brackets", "parentheses"]), ("[", "]", ["square brackets"]), ("<", ">", ["angle brackets", "pointed brackets"]),
            ("{", "}", ["curly brackets", "braces"]), ('"', '"', ["double quotes", "double quotation marks"])]


def bare(text):
    """A character's wording behind "every": "a dash" -> "dash"."""
    for article in ("a ", "an ", "the "):
        if text.startswith(article):
            return text[len(article):]
    return text


def parts_for(ctx, template, small=True):
    """Draws what the placeholders of a code template need. Returns the code parts and the text parts."""
    code, text = {}, {}
    if "{k}" in template:
        low, high = (2, 9) if small else (None, None)
        code["k"], text["K"] = ctx.slot(low, high)
        if code["k"].isdigit() and 2 <= int(code["k"]) <= 8:
            text["ORDK"] = ORDINALS[int(code["k"]) - 1]
        elif "everyk" in template or "[::" in template:
            text["ORDK"] = text["K"] + "-th"
    if "{j}" in template:
        if not code["k"].lstrip("-").isdigit():
            raise Reject
        j = int(code["k"]) + ctx.choice([2, 3, 4, 5, 8, 10, 20, 50])
        if ctx.is_held_constant(j):
            if ctx.mode != "constant":
                raise Reject
            ctx.used.add("constant")
        ctx.near.append(j)
        code["j"], text["J"] = str(j), str(j)
        text["K"] = code["k"]
    if "{d}" in template:
        d = ctx.rng.randint(0, 9)
        code["d"] = text["D"] = str(d)
    if "{i}" in template:
        i = ctx.choice([1, 2, 3, 4, -2])
        code["i"], text["ORD"] = str(i), "second to last" if i == -2 else ORDINALS[i]
    if "{c}" in template:
        code["c"], text["C"] = ctx.char()
        text["CX"] = bare(text["C"])
    if "{c2}" in template:
        code["c2"], text["C2"] = ctx.char()
        if code["c2"] == code["c"]:
            raise Reject
    if "{l}" in template:
        code["l"], text["L"] = ctx.char(punctuation=False)
    if "{q}" in template:
        code["q"], text["Q"] = ctx.piece()
    if "{q2}" in template:
        code["q2"], text["Q2"] = ctx.piece()
    if "{o}" in template:
        o, p, names = ctx.choice(BRACKETS)
        code["o"], code["p"], text["BR"] = repr(o), repr(p), ctx.choice(names)
    if "{P}" in template or "{N}" in template:
        _, code["P"], code["N"], names = ctx.choice(CHAR_CLASSES)
        text["PT"] = ctx.choice(names)
    return code, text


def apply(ctx, table, a, kind, small=None, only=None):
    """One operation of `table` on the expression `a`."""
    row = ctx.choice([r for r in table if only is None or r[0] in only])
    name, tag, template, prec, need, wordings = row
    if "{a}." in template or "{a}[" in template:
        need = 10
    elif "in {a}" in template:
        need = max(need, 2)
    ctx.op(f"{kind}.{name}", tag)
    if "for c in" in template and "c" in [p for p, _ in ctx.params]:
        raise Reject
    if "for d in" in template and "d" in [p for p, _ in ctx.params]:
        raise Reject
    small = (kind != "int" or name in ("power",)) if small is None else small
    if name == "power":
        ctx.const(2, 4)
    code, text = parts_for(ctx, template, small)
    wording = ctx.say(f"{kind}.{name}", wordings)
    if wording.startswith("twice") and a.text.startswith("twice"):
        raise Reject
    return E(fill(template, a=a.at(need), **code), fill(wording, A=a.text, **text), prec)


def int_predicate(ctx, a, only=None, small=False):
    """Returns the code and the wording after "is"."""
    row = ctx.choice([r for r in INT_PREDICATES if only is None or r[0] in only])
    name, tag, template, wordings = row
    ctx.op("intp." + name, tag)
    code, text = parts_for(ctx, template, small or name in ("multiple", "notmultiple"))
    prec = 2 if " or " in template else 3
    return E(fill(template, a=a.at(6 if "%" in template else 5), **code), fill(ctx.say("intp." + name, wordings), **text), prec)


def str_predicate(ctx, a, only=None):
    """Returns the code and a clause without its subject."""
    row = ctx.choice([r for r in STR_PREDICATES if only is None or r[0] in only])
    name, tag, template, prec, wordings = row
    ctx.op("strp." + name, tag)
    code, text = parts_for(ctx, template)
    return E(fill(template, a=a.at(10), **code), fill(ctx.say("strp." + name, wordings), **text), prec)
