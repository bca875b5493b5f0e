/// The candidate's side: loads it, then answers calls.
extension PythonSource {
    static let candidate = #"""
        CHANNEL, TOLD, SECRET = 3, 4, 5

        def describe(error):
            text = type(error).__name__
            try:
                message = str(error)[:2000]
            except Exception:
                message = ""
            return (text + ": " + message if message else text).encode("utf-8", "replace")

        def tell(kind, detail=b"", write=os.write, leave=os._exit):
            write(TOLD, kind + b"\n" + detail[:4000])
            leave(0)

        def load(candidate, name):
            """Compiles the candidate and makes its module; returns both, or raises what compiling raises."""
            path = os.path.join(os.getcwd(), "solution.py")
            with open(path, "wb") as file:
                file.write(candidate)
            code = compile(candidate.decode("utf-8-sig", "replace"), path, "exec", dont_inherit=True)
            module = type(sys)(name)
            module.__file__ = path
            sys.modules[name] = module
            sys.argv[:] = [path]
            return code, module.__dict__

        def ending(error):
            """How an error that leaves the candidate is called."""
            if isinstance(error, SystemExit):
                return b"exited_early"
            return b"oom" if isinstance(error, MemoryError) else b"failed"

        def end_if_forked(own, error=None, getpid=os.getpid, leave=os._exit):
            """Ends a process that the program forked and that comes back here: it does not speak for the program."""
            if getpid() == own:
                return
            code = 0 if error is None else 1
            if isinstance(error, SystemExit):
                code = error.code if type(error.code) is int else error.code is not None
            elif error is not None:
                sys.excepthook(type(error), error, error.__traceback__)
            try:
                sys.stdout.flush()
            finally:
                leave(code & 255)

        def run_candidate(fields):
            """Loads the candidate, then answers the judge's calls. Nothing of the tests is in this process."""
            codec, wire, leave, own = CODEC, Wire(CHANNEL, 64 << 20), os._exit, os.getpid()
            answer = lambda token, kind, data=b"": wire.write(token + kind + data)
            first = b"0" * 16
            try:
                code, space = load(fields["candidate"], "solution")
            except BaseException as error:
                answer(first, b"E", b"compile_error\n" + describe(error))
                leave(0)
            fields.clear()
            try:
                exec(code, space)
                end_if_forked(own)
            except BaseException as error:
                end_if_forked(own, error)
                answer(first, b"E", ending(error) + b"\n" + describe(error))
                leave(0)
            answer(first, b"R")
            while True:
                try:
                    message = wire.read()
                except EOFError:
                    leave(0)
                token, kind = message[:16], message[16:17]
                if kind == b"N":
                    found = []
                    for name in codec.decode(message[17:]):
                        if name not in space:
                            continue
                        value = space[name]
                        if callable(value):
                            found.append((name, "call", None))
                        elif type(value) is type(sys):
                            found.append((name, "module", value.__name__))
                        else:
                            try:
                                codec.encode(value)
                                found.append((name, "value", value))
                            except Unsendable:
                                pass
                    answer(token, b"N", codec.encode(found))
                    continue
                name, given, named = codec.decode(message[17:])
                held = [i for i, value in enumerate(given) if type(value) in (list, dict, set, bytearray)]
                before = [codec.encode(given[i]) for i in held]
                try:
                    result = space[name](*given, **named)
                    end_if_forked(own)
                    changed = []
                    for i, data in zip(held, before):
                        if codec.encode(given[i]) != data:
                            changed.append((i, given[i]))
                    data = codec.encode([result, changed])
                except Unsendable as error:
                    answer(token, b"U", describe(error))
                except SystemExit as error:
                    end_if_forked(own, error)
                    answer(token, b"Q", describe(error))
                    leave(0)
                except BaseException as error:
                    end_if_forked(own, error)
                    names = [kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "builtins"]
                    try:
                        data = codec.encode([names[0], list(error.args), describe(error).decode("utf-8", "replace")])
                    except Exception:
                        data = codec.encode([names[0], [], describe(error).decode("utf-8", "replace")])
                    answer(token, b"X", data)
                else:
                    answer(token, b"V", data)

        """#
}
