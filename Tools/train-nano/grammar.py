"""The context in which one function is composed: random choices, their held-out parts, parameters, constants."""
import builtins
import keyword
import random
import re
import zlib

import words as W


class Reject(Exception):
    """This draw makes no function; draw again."""


def held_out(key, one_in):
    return zlib.crc32(key.encode()) % one_in == 0


class E:
    """An expression: its code, its binding strength and the phrase that says it in English."""

    ATOM, MUL, ADD, CMP, NOT, AND, COND = 10, 6, 5, 4, 3, 2, 1

    def __init__(self, code, text, prec=10, tag=""):
        self.code, self.text, self.prec, self.tag = code, text, prec, tag

    def at(self, prec):
        """The code, in parentheses where an operator of strength `prec` needs them."""
        return self.code if self.prec >= prec else f"({self.code})"


class Ctx:
    """Draws for one function. `mode` is "train" or the one kind of held-out material that is allowed:
    "wording", "constant", "name" or "composition"."""

    def __init__(self, rng: random.Random, mode="train"):
        self.rng, self.mode = rng, mode
        self.used = set()  # kinds of held-out material in this function
        self.params = []  # (name, type)
        self.ops = []  # names of the operations composed
        self.tags = []  # words for the function's name
        self.near = []  # integers around which example arguments are drawn
        self.bits = []  # texts that example arguments should contain
        self.options = []  # the only texts that example arguments may be
        self.format = None  # what example texts are made of: ("numbers" or "two", separator)
        self.common = None  # whether example texts often share their end (True) or beginning (False)
        self.shared = ""  # that part

    # -- choices
    def chance(self, p):
        return self.rng.random() < p

    def choice(self, options):
        return self.rng.choice(options)

    def say(self, key, options):
        """One of several wordings; of four or more, one is held out."""
        if isinstance(options, str):
            return options
        if len(options) >= 4:
            held = zlib.crc32(key.encode()) % len(options)
            if self.mode == "wording" and self.chance(0.5):
                self.used.add("wording")
                return options[held]
            options = options[:held] + options[held + 1 :]
        return self.rng.choice(options)

    def any_word(self):
        """A word for a text constant."""
        r = self.rng.random()
        return self.choice(W.SAMPLE_WORDS) if r < 0.35 else self.noun() if r < 0.6 else W.invented(self.rng)

    def op(self, name, tag=None):
        self.ops.append(name)
        if tag:
            self.tags.append(tag)

    def noun(self):
        return self.pick_name(W.NOUNS)

    def pick_name(self, pool):
        if self.mode == "name":
            held = [w for w in pool if held_out("name:" + w, 8)]
            if held and self.chance(0.7):
                self.used.add("name")
                return self.rng.choice(held)
        while True:
            w = self.rng.choice(pool) if self.chance(0.72) else W.invented(self.rng)
            if not held_out("name:" + w, 8):
                return w

    def const(self, low, high):
        """An integer constant; from 6 on, one of eight is held out."""
        k = self.rng.randint(low, high)
        if self.mode == "constant" and self.chance(0.6):
            held = [c for c in range(low, high + 1) if self.is_held_constant(c)]
            if held:
                k = self.rng.choice(held)
        while self.is_held_constant(k) and self.mode != "constant":
            k = self.rng.randint(low, high)
        if self.is_held_constant(k):
            self.used.add("constant")
        self.near.append(k)
        return k

    @staticmethod
    def is_held_constant(k):
        return abs(k) >= 6 and held_out(f"constant:{k}", 8)

    def number(self, spread="mixed"):
        """A constant of everyday size."""
        r = self.rng.random()
        if r < 0.55:
            return self.const(2, 12)
        if r < 0.85:
            return self.const(2, 60)
        if r < 0.93:
            return self.choice([10, 20, 50, 100, 200, 500, 1000])
        return self.const(61, 999)

    # -- parameters
    def param(self, kind, name=None, type_=None):
        pool, typ = {
            "int": (W.INT_NAMES, "int"),
            "str": (W.STR_NAMES, "str"),
            "ints": (W.LIST_NAMES, "list[int]"),
            "strs": (W.STR_LIST_NAMES, "list[str]"),
            "list": (W.LIST_ITEM_NAMES, "list"),
            "dict": (W.DICT_NAMES, "dict[str, int]"),
        }[kind]
        for _ in range(20):
            n = name or self.pick_name(pool)
            if name is None and self.chance(0.2):
                noun = self.noun()
                plural = noun if noun.endswith("s") else noun + "s"
                n = {"int": self.choice([noun + "s", "num_" + plural, noun + "_" + self.choice(["count", "size", "number", "price"])]),
                     "str": self.choice([noun, noun + "_name", noun + "_text"]),
                     "ints": self.choice([plural, noun + "_sizes", noun + "_" + self.choice(["values", "prices", "numbers"])]),
                     "strs": self.choice([plural, noun + "_names"]),
                     "list": plural, "dict": self.choice([plural, noun + "_prices", noun + "_table"])}[kind]
            if n not in [p for p, _ in self.params] and not keyword.iskeyword(n) and not hasattr(builtins, n):
                self.params.append((n, type_ or typ))
                return n
        raise Reject

    def var(self, preferred):
        """A loop variable that is no parameter."""
        for v in preferred:
            if v not in [p for p, _ in self.params]:
                return v
        raise Reject

    def subject(self, name, kind, sole=True):
        """How a text speaks of a parameter."""
        plain = name.replace("_", " ")
        generic = {
            "int": ["the number", "the given number"],
            "str": ["the text", "the string", "the given text"],
            "ints": ["the list", "the numbers", "the given list", "the given numbers"],
            "strs": ["the list", "the given list"],
            "list": ["the list", "the given list"],
            "dict": ["the dictionary"],
        }[kind]
        r = self.rng.random()
        if len(name) <= 2 or not sole:
            if sole and r < 0.3:
                return self.choice(generic)
            return name if len(name) <= 2 or r < 0.6 else "the " + plain
        if r < 0.3:
            return name
        if r < 0.65:
            return "the " + plain
        if r < 0.75:
            return "the given " + plain
        return self.choice(generic)

    def slot(self, low=None, high=None, share=0.18):
        """A number in an operation: a constant, or one more parameter. Returns (code, text)."""
        if len(self.params) < 3 and self.chance(share):
            n = self.param("int", name=self.choice(["k", "n", "limit", "amount", "m", "count", "number", "step", "value"]) if self.chance(0.6) else None)
            return n, n
        k = self.const(low, high) if low is not None else self.number()
        if 2 <= k <= 12 and self.chance(0.15):
            return str(k), W.COUNT_WORDS[k]
        return str(k), str(k)

    def char(self, letters=True, punctuation=True):
        """A character constant. Returns (literal, text)."""
        if letters and (not punctuation or self.chance(0.45)):
            c = self.choice("abcdefghijklmnopqrstuvwxyz")
            text = self.say("char-letter", [f"the letter {c}", f"'{c}'", f"the letter '{c}'", f"the character '{c}'"])
        else:
            c = self.choice(list(W.CHARS))
            if held_out("char:" + c, 8):
                if self.mode == "constant":
                    self.used.add("constant")
                else:
                    return self.char(letters, punctuation)
            one = W.CHARS[c][0]
            if c in W.CHAR_SYNONYMS and self.chance(0.4):
                one = W.CHAR_SYNONYMS[c][0]
            article = "an" if one[0] in "aeiou" else "a"
            text = self.choice([f"'{c}'", f"'{c}'", f"the character '{c}'", f"{article} {one}", f"{article} {one}"])
        self.bits.append(c)
        return f"'{c}'", text

    def literal(self):
        """A text constant, quoted as it will stand in the code."""
        r = self.rng.random()
        w = self.any_word()
        if r < 0.25:
            s = w
        elif r < 0.45:
            s = w.capitalize() + self.choice([": ", ", ", " ", "-", "_", ""])
        elif r < 0.6:
            s = self.choice([" ", "-", "_", ", ", ".", ""]) + w
        elif r < 0.75:
            s = "".join(self.rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(self.rng.randint(2, 6)))
        elif r < 0.88:
            s = self.choice(["!", "?", "...", "--", "**", "<<", ">>", "==", "::", " - ", " + ", "/", "#", "~", "()", "???", ".", "; ", " | "])
        else:
            s = w.upper() if self.chance(0.5) else w + " " + self.any_word()
        return repr(s)

    def piece(self):
        """A text constant with its wording, for "followed by". Returns (literal, text)."""
        if self.chance(0.5):
            lit = self.literal()
            self.bits.append(eval(lit))
            return lit, self.choice([lit, lit, "the text " + lit])
        c = self.choice([c for c in W.CHARS if not held_out("char:" + c, 8)])
        one, many = W.CHAR_SYNONYMS[c] if c in W.CHAR_SYNONYMS and self.chance(0.4) else W.CHARS[c]
        k = self.choice([1, 1, 1, 2, 3, 4, 5])
        article = "an" if one[0] in "aeiou" else "a"
        return repr(c * k), f"{article} {one}" if k == 1 else f"{W.COUNT_WORDS[k]} {many}"


def fill(template, **parts):
    """`{a}` and so on; a doubled article or space is tidied."""
    text = re.sub(r"\{(\w+)\}", lambda m: str(parts[m[1]]), template)
    return text.replace("the the ", "the ")
