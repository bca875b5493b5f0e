/// Values between candidate and judge: exact builtin types, bounded in size and depth, read strictly.
extension PythonSource {
    static let codec = #"""
        class Unsendable(Exception):
            pass

        class Malformed(Exception):
            pass

        class Codec:
            """Values as JSON: int, float, str, bool and None as themselves, everything else as a list that starts with its kind."""
            nodes, depth, message, digits = 2000000, 200, 16 << 20, 4000

            def __init__(self):
                self.dumps = json.JSONEncoder(ensure_ascii=True, check_circular=False, separators=(",", ":")).encode
                self.loads = json.JSONDecoder(parse_int=self.whole).decode
                self.scalars = frozenset((int, float, str, bool, type(None)))
                self.iterators = tuple(type(x) for x in (
                    iter([]), iter(()), iter(set()), iter({}), iter(""), iter(range(0)), map(int, ()), filter(None, ()), zip(),
                    reversed([]), enumerate(()), (x for x in ()), {}.values(), iter({}.items()), iter({}.values())))
                self.views = (type({}.keys()), type({}.items()))

            def whole(self, digits):
                if len(digits) > self.digits:
                    raise Malformed("an integer of %d digits" % len(digits))
                return int(digits)

            def encode(self, value):
                self.left = self.nodes
                try:
                    text = self.dumps(self.walk(value, 0))
                except Unsendable:
                    raise
                except (ValueError, TypeError, RecursionError, OverflowError) as error:
                    raise Unsendable(type(error).__name__) from None
                if len(text) > self.message:
                    raise Unsendable("a value of more than %d bytes" % self.message)
                return text.encode("ascii")

            def spend(self, count):
                self.left -= count
                if self.left < 0:
                    raise Unsendable("a value of more than %d parts" % self.nodes)

            def many(self, kind, items, depth):
                self.spend(len(items))
                types = set(map(type, items))
                if types <= self.scalars and int not in types:
                    return [kind, *items]
                if types == {int} and -1 << 63 < min(items) and max(items) < 1 << 63:
                    return [kind, *items]
                return [kind, *[self.walk(item, depth + 1) for item in items]]

            def walk(self, value, depth):
                kind = type(value)
                if kind is int:
                    return value if value.bit_length() < 12000 else ["x", hex(value)]
                if kind in self.scalars:
                    return value
                if depth > self.depth:
                    raise Unsendable("a value nested deeper than %d" % self.depth)
                if kind is list:
                    return self.many("l", value, depth)
                if kind is tuple:
                    return self.many("t", value, depth)
                if kind is dict:
                    return self.many("d", [part for item in value.items() for part in item], depth)
                if kind is set:
                    return self.many("s", list(value), depth)
                if kind is frozenset:
                    return self.many("z", list(value), depth)
                if kind is bytes:
                    return ["b", value.hex()]
                if kind is bytearray:
                    return ["B", value.hex()]
                if kind is complex:
                    return ["c", value.real, value.imag]
                if kind is range:
                    return ["r", value.start, value.stop, value.step]
                if kind in self.iterators or kind.__module__ == "itertools":
                    items = []
                    for item in value:
                        items.append(item)
                        if len(items) > 200000:
                            raise Unsendable("an iterator of more than 200000 items")
                    return self.many("i", items, depth)
                if kind.__module__ == "collections" and kind.__name__ == "deque":
                    return self.many("q", list(value), depth)
                if kind in self.views:
                    return self.many("k" if kind is self.views[0] else "i", list(value), depth)
                # A subclass crosses as what its builtin base holds, whatever methods it has of its own.
                if issubclass(kind, int):
                    return self.walk(int.__index__(value), depth)
                if issubclass(kind, float):
                    return float.__float__(value)
                if issubclass(kind, str):
                    return str.__str__(value)
                if issubclass(kind, bytes):
                    return ["b", bytes.__getitem__(value, slice(None)).hex()]
                for base, name, items in (
                    (list, "l", list.__iter__), (tuple, "t", tuple.__iter__), (set, "s", set.__iter__),
                    (frozenset, "z", frozenset.__iter__),
                ):
                    if issubclass(kind, base):
                        return self.many(name, list(items(value)), depth)
                if issubclass(kind, dict):
                    return self.many("d", [part for item in dict.items(value) for part in item], depth)
                if kind.__module__ == "decimal" and kind.__name__ == "Decimal":
                    return ["D", str(value)]
                if kind.__module__ == "fractions" and kind.__name__ == "Fraction":
                    return ["F", str(value)]
                if kind.__module__ == "numpy":
                    if "numpy" in sys.modules and issubclass(kind, sys.modules["numpy"].generic):
                        return self.walk(value.item(), depth + 1)
                    if kind.__name__ == "ndarray" and value.dtype.kind in "biufc":
                        return ["n", value.dtype.str, self.walk(value.tolist(), depth + 1)]
                raise Unsendable("a value of type " + str(kind.__name__)[:100])

            def decode(self, data):
                try:
                    return self.build(self.loads(data.decode("ascii")), 0)
                except (ValueError, TypeError, RecursionError, OverflowError, LookupError, ArithmeticError) as error:
                    raise Malformed(type(error).__name__) from None

            def keys(self, items):
                """Items for a set or a dictionary; many of one hash would take for ever to tell apart."""
                if len(items) > 1000:
                    hashes = sorted(map(hash, items))
                    if any(map(int.__eq__, hashes, hashes[500:])):
                        raise Malformed("too many keys of one hash")
                return items

            def build(self, value, depth):
                if type(value) is not list:
                    if type(value) is dict:
                        raise Malformed("an object")
                    return value
                if depth > self.depth + 2 or not value or type(value[0]) is not str:
                    raise Malformed("a list without a kind")
                kind = value[0]
                if kind in "ltszikq" and len(kind) == 1:
                    items = [item if type(item) is not list else self.build(item, depth + 1) for item in value[1:]]
                    if dict in map(type, value):
                        raise Malformed("an object")
                    if kind == "l":
                        return items
                    if kind == "t":
                        return tuple(items)
                    if kind == "i":
                        return iter(items)
                    if kind == "q":
                        import collections
                        return collections.deque(items)
                    self.keys(items)
                    if kind == "k":
                        return dict.fromkeys(items).keys()
                    return set(items) if kind == "s" else frozenset(items)
                if kind == "d":
                    items = [self.build(item, depth + 1) for item in value[1:]]
                    if len(items) % 2:
                        raise Malformed("a key without a value")
                    return dict(zip(self.keys(items[::2]), items[1::2]))
                parts = value[1:]
                if kind in ("x", "b", "B", "D", "F") and len(parts) == 1 and type(parts[0]) is str:
                    text = parts[0]
                    if kind == "x":
                        return int(text, 16)
                    if kind == "b":
                        return bytes.fromhex(text)
                    if kind == "B":
                        return bytearray.fromhex(text)
                    if len(text) > self.digits:
                        raise Malformed("a number of %d digits" % len(text))
                    if kind == "D":
                        import decimal
                        return decimal.Decimal(text)
                    import fractions
                    # Not Fraction(text), which reads "1e999999999" as well and is never done with it.
                    over, slash, under = text.partition("/")
                    return fractions.Fraction(int(over), int(under) if slash else 1)
                if kind == "c" and len(parts) == 2 and all(type(part) is float for part in parts):
                    return complex(*parts)
                if kind == "r" and len(parts) == 3 and all(type(part) is int for part in parts):
                    return range(*parts)
                if kind == "n" and len(parts) == 2 and type(parts[0]) is str and len(parts[0]) < 8 and parts[0].isprintable():
                    if parts[0][1:2] not in tuple("biufc") or not parts[0][2:].isdigit():
                        raise Malformed("an array")
                    import numpy
                    return numpy.array(self.build(parts[1], depth + 1), dtype=parts[0])
                raise Malformed("an unknown kind")

        CODEC = Codec()

        class Wire:
            """Messages with a length before them, over the descriptor `fd`."""
            def __init__(self, fd, limit):
                self.fd, self.limit, self.held, self.get, self.put = fd, limit, b"", os.read, os.write

            def read(self):
                held = self.held
                while len(held) < 4:
                    piece = self.get(self.fd, 1 << 16)
                    if not piece:
                        raise EOFError
                    held += piece
                count = 4 + int.from_bytes(held[:4], "big")
                if count - 4 > self.limit:
                    raise Malformed("a message of %d bytes" % (count - 4))
                if len(held) < count:
                    pieces, have = [held], len(held)
                    while have < count:
                        piece = self.get(self.fd, 1 << 20)
                        if not piece:
                            raise EOFError
                        pieces.append(piece)
                        have += len(piece)
                    held = b"".join(pieces)
                self.held = held[count:]
                return held[4:count]

            def write(self, data):
                data = len(data).to_bytes(4, "big") + data
                done = self.put(self.fd, data)
                if done < len(data):
                    view = memoryview(data)
                    while done < len(data):
                        done += self.put(self.fd, view[done:])

        """#
}
