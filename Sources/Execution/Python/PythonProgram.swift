/// Candidate and tests in one interpreter, for tests that need live objects, and programs of their own.
extension PythonSource {
    static let program = #"""
        def finish(space):
            """What an interpreter does at the end of a program: waits for threads, calls what was registered, lets go of what is left."""
            if "threading" in sys.modules:
                sys.modules["threading"]._shutdown()
            if "atexit" in sys.modules:
                sys.modules["atexit"]._run_exitfuncs()
            for name in [name for name in space if not name.startswith("__")]:
                space[name] = None
            gc.collect()

        def run_program(fields):
            """Candidate and tests in one interpreter, or the candidate alone as a program of its own.

            Nothing here holds the secret: it lies in a pipe until the last test has run."""
            write, read, leave, execute, own = os.write, os.read, os._exit, exec, os.getpid()
            tests, other = None, None
            alone = fields["alone"] == b"1"
            if not alone:
                text = fields["tests"].decode()
                try:
                    if fields["poison"] == b"1":
                        other = "_unequal_" + os.urandom(8).hex()
                        tests = poisoned(text, other)
                    else:
                        tests = compile(text, "tests.py", "exec", dont_inherit=True)
                except Exception as error:
                    tell(b"unreadable", describe(error))
                del text
            try:
                code, space = load(fields["candidate"], "__main__" if alone else "solution")
            except BaseException as error:
                tell(b"compile_error", describe(error))
            fields.clear()
            try:
                execute(code, space)
                end_if_forked(own)
                if tests:
                    if other:
                        space[other] = Unequal()
                    execute(tests, space)
                    end_if_forked(own)
            except SystemExit as error:
                end_if_forked(own, error)
                if not alone or error.code not in (None, 0):
                    tell(b"exited_early", describe(error))
            except MemoryError as error:
                end_if_forked(own, error)
                tell(b"oom", b"MemoryError")
            except BaseException as error:
                end_if_forked(own, error)
                tell(b"failed", describe(error))
            try:
                if alone:
                    finish(space)
                sys.stdout.flush()
            except Exception:
                pass
            write(TOLD, b"passed\n" + read(SECRET, 64) + (b" fired" if Unequal.fired else b""))
            leave(0)

        """#
}
