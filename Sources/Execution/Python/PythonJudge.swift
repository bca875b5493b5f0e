/// The judge: runs the tests where the candidate cannot reach them.
extension PythonSource {
    static let judge = #"""
        class Broken(BaseException):
            """The candidate's side is gone or answers what was not asked; no test can go on."""

        class Opaque:
            """In place of a result that cannot cross: equal to nothing, and no error, which a test may have asked for."""
            def __init__(self, what):
                self.__what = what
            def __repr__(self):
                return self.__what
            def __eq__(self, other):
                return False
            __hash__ = None

        class Judge:
            def __init__(self):
                self.codec, self.calls, self.broken, self.poll = CODEC, 0, None, select.poll()
                self.opaque = None
                self.awaits_stop = False
                self.poll.register(CHANNEL, select.POLLIN)
                self.wire = Wire(CHANNEL, Codec.message + 1024)

            def fail(self, kind, detail):
                self.broken = self.broken or (kind, detail)
                raise Broken

            def receive(self, token):
                if self.broken:
                    raise Broken
                try:
                    message = self.wire.read()
                except (EOFError, OSError):
                    self.fail(b"lost", b"the candidate's process ended")
                except Malformed as error:
                    self.fail(b"protocol_error", str(error).encode())
                if len(message) < 17 or message[:16] != token:
                    self.fail(b"protocol_error", b"an answer that was not asked for")
                return message[16:17], message[17:]

            def ask(self, kind, data):
                if self.broken:
                    raise Broken
                token = os.urandom(8).hex().encode()
                try:
                    self.wire.write(token + kind + data)
                except OSError:
                    self.fail(b"lost", b"the candidate's process ended")
                return self.receive(token)

            def unasked(self):
                """What is wrong once the tests have ended: bytes that nobody asked for. A candidate that is gone is not."""
                if self.wire.held:
                    return b"protocol_error", b"bytes that were not asked for"
                try:
                    if self.poll.poll(0) and os.read(CHANNEL, 1):
                        return b"protocol_error", b"bytes that were not asked for"
                except OSError:
                    pass
                return None

            def decode(self, data):
                try:
                    return self.codec.decode(data)
                except Malformed as error:
                    self.fail(b"protocol_error", str(error).encode("utf-8", "replace"))

            def call(self, name, given, named):
                try:
                    data = self.codec.encode([name, list(given), named])
                except Unsendable as error:
                    # The tests' own doing, so the candidate cannot bring this about.
                    self.fail(b"unsupported", b"the tests pass " + str(error).encode("utf-8", "replace"))
                kind, data = self.ask(b"C", data)
                if kind == b"V":
                    value = self.decode(data)
                    if type(value) is not list or len(value) != 2 or type(value[1]) is not list:
                        self.fail(b"protocol_error", b"a malformed answer")
                    self.calls += 1
                    for change in value[1]:
                        if type(change) is not tuple or len(change) != 2 or type(change[0]) is not int or not (
                                0 <= change[0] < len(given)) or type(given[change[0]]) is not type(change[1]):
                            self.fail(b"protocol_error", b"a malformed change of an argument")
                        target, new = given[change[0]], change[1]
                        if type(target) in (list, bytearray):
                            target[:] = new
                        elif type(target) in (dict, set):
                            target.clear()
                            target.update(new)
                        else:
                            self.fail(b"protocol_error", b"a changed argument that cannot change")
                    return value[0]
                if kind == b"U":
                    self.calls += 1
                    self.opaque = "the program returns " + data.decode("utf-8", "replace").partition(": ")[2][:200]
                    return Opaque(self.opaque)
                if kind == b"Q":
                    self.fail(b"exited_early", data)
                if kind != b"X":
                    self.fail(b"protocol_error", b"an unknown answer")
                value = self.decode(data)
                if type(value) is not list or len(value) != 3 or type(value[0]) is not str or type(value[1]) is not list:
                    self.fail(b"protocol_error", b"a malformed exception")
                self.calls += 1
                kind = getattr(__builtins__, value[0], None)
                if not isinstance(kind, type) or not issubclass(kind, Exception):
                    kind = Exception
                # Inside `map` and its like it would end the loop over the tests without a failure.
                if issubclass(kind, (StopIteration, StopAsyncIteration)) and not self.awaits_stop:
                    kind = RuntimeError
                self.raised = str(value[2])
                try:
                    error = kind(*value[1])
                except Exception:
                    error = Exception(self.raised)
                error._raised = self.raised
                raise error

            def proxy(self, name):
                def function(*given, **named):
                    return self.call(name, given, named)
                function.__name__ = function.__qualname__ = name
                return function

        def names_in(code):
            found, stack = set(), [code]
            while stack:
                code = stack.pop()
                found.update(code.co_names)
                stack.extend(item for item in code.co_consts if type(item) is type(code))
            return found

        def run_judge(fields):
            """Runs the tests; what they call of the candidate is called in its own process."""
            entry = fields["entry"].decode()
            try:
                tests = compile(fields["tests"].decode(), "tests.py", "exec", dont_inherit=True)
            except Exception as error:
                tell(b"unreadable", describe(error))
            space = {"__name__": "tests", "__builtins__": __builtins__}
            for text in (fields["prelude"].decode(), fields["prelude"].decode() + "    pass\n"):
                try:
                    prelude = compile(text, "prompt.py", "exec", dont_inherit=True)
                except Exception:
                    continue
                try:
                    exec(prelude, space)
                except Exception:
                    pass
                break
            judge = Judge()
            try:
                kind, data = judge.receive(b"0" * 16)
                if kind == b"E":
                    word, _, detail = data.partition(b"\n")
                    tell(word if word in (b"compile_error", b"exited_early", b"oom") else b"failed", detail)
                if kind != b"R":
                    judge.fail(b"protocol_error", b"a malformed greeting")
                own, names = set(space) | set(vars(__builtins__)), names_in(tests)
                wanted = sorted(name for name in names if name == entry or name not in own)
                judge.awaits_stop = bool(names & {"StopIteration", "StopAsyncIteration"})
                space.pop(entry, None)
                kind, data = judge.ask(b"N", judge.codec.encode(wanted))
                found = judge.decode(data) if kind == b"N" else None
                if type(found) is not list:
                    judge.fail(b"protocol_error", b"a malformed list of names")
                for item in found:
                    if type(item) is not tuple or len(item) != 3 or item[0] not in wanted:
                        judge.fail(b"protocol_error", b"a name that was not asked for")
                    name, what, value = item
                    if what == "call":
                        space[name] = judge.proxy(name)
                    elif what == "module":
                        if value in sys.stdlib_module_names or value == "numpy":
                            space[name] = __import__(value)
                    else:
                        space[name] = value
                exec(tests, space)
            except Broken:
                tell(*judge.broken)
            except SystemExit as error:
                tell(*(judge.broken or (b"exited_early", describe(error))))
            except BaseException as error:
                if judge.broken:
                    tell(*judge.broken)
                detail = getattr(error, "_raised", None) or judge.opaque
                tell(b"oom" if isinstance(error, MemoryError) else b"failed",
                     detail.encode("utf-8", "replace") if detail else describe(error))
            judge.broken = judge.broken or judge.unasked()
            if judge.broken:
                tell(*judge.broken)
            if not judge.calls:
                tell(b"uncalled", b"the tests ended without a call of the program")
            tell(b"passed")

        """#
}
