/// Candidate and tests in one interpreter, for tests that need live objects, and programs of their own.
extension PythonSource {
    static let program = #"""
        def run_program(fields):
            """Candidate and tests in one interpreter, or the candidate alone as a program of its own.

            Nothing here holds the secret: it lies in a pipe until the last test has run."""
            write, read, leave, execute = os.write, os.read, os._exit, exec
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
                if tests:
                    if other:
                        space[other] = Unequal()
                    execute(tests, space)
            except SystemExit as error:
                if not alone or error.code not in (None, 0):
                    tell(b"exited_early", describe(error))
            except MemoryError:
                tell(b"oom", b"MemoryError")
            except BaseException as error:
                tell(b"failed", describe(error))
            try:
                sys.stdout.flush()
            except Exception:
                pass
            write(TOLD, b"passed\n" + read(SECRET, 64) + (b" fired" if Unequal.fired else b""))
            leave(0)

        """#
}
