/// The program that runs inside the box, in the interpreter under test: it forks, keeps watch in the parent and lets
/// the candidate and its tests run in the child. It reports facts; `VerdictRules` turns them into a verdict.
///
/// Fields come in on its standard input and go out on its standard output as `FieldCoding` frames: importing `json`
/// would double the start-up time of the interpreter. The line "started" tells the launcher that the box works.
enum PythonDriver {
    static let source = common + negativeControl + child + parent

    private static let common = #"""
        import os, sys, time, resource, select

        def read_fields():
            data = b""
            while chunk := os.read(0, 1 << 16):
                data += chunk
            fields, at = {}, 0
            while at < len(data):
                end = data.index(b"\n", at)
                name, count = data[at:end].split()
                at = end + 1 + int(count)
                fields[name.decode()] = data[end + 1:at]
            return fields

        def write_fields(fields):
            data = b"".join(b"%s %d\n" % (k.encode(), len(v)) + v for k, v in fields.items())
            while data:
                data = data[os.write(1, data):]

        """#

    /// Runs in the forked child. Nothing of it holds the secret: that lies in a pipe until the last test has run.
    private static let child = #"""
        def limit(number):
            cpu = -(-number["cpu_ms"] // 1000)
            limits = [
                ("RLIMIT_CPU", cpu, cpu + 1), ("RLIMIT_AS", number["memory"], None), ("RLIMIT_CORE", 0, None),
                ("RLIMIT_FSIZE", number["file"], None), ("RLIMIT_NOFILE", 256, None),
            ]
            if number["processes"]:
                limits.append(("RLIMIT_NPROC", number["processes"], None))
            for name, soft, hard in limits:
                which, wanted = getattr(resource, name), soft if hard is None else hard
                ceiling = resource.getrlimit(which)[1]
                if ceiling != resource.RLIM_INFINITY:
                    soft, wanted = min(soft, ceiling), min(wanted, ceiling)
                try:
                    resource.setrlimit(which, (soft, wanted))
                except (ValueError, OSError):
                    if sys.platform == "linux":
                        raise

        def run_child(candidate, tests, number, other, told, secret, dumpable):
            write, read, leave, execute = os.write, os.read, os._exit, exec
            def tell(kind, detail=b""):
                write(told, kind + b"\n" + detail[:4000])
                leave(1)
            def describe(error):
                text = type(error).__name__
                try:
                    message = str(error)[:2000]
                except Exception:
                    message = ""
                return (text + ": " + message if message else text).encode("utf-8", "replace")
            try:
                if number["user"]:
                    os.setgroups([])
                    os.setgid(number["user"])
                    os.setuid(number["user"])
                dumpable(1)
                limit(number)
                path = os.path.join(os.getcwd(), "solution.py")
                with open(path, "wb") as file:
                    file.write(candidate)
            except BaseException as error:
                tell(b"sandbox_error", describe(error))
            try:
                code = compile(candidate.decode("utf-8", "replace"), path, "exec", dont_inherit=True)
            except BaseException as error:
                tell(b"compile_error", describe(error))
            name = "solution" if tests else "__main__"
            module = type(sys)(name)
            module.__file__ = path
            sys.modules[name] = module
            sys.argv[:] = [path]
            # `-S` leaves these out, and programs use them.
            __builtins__.exit = __builtins__.quit = sys.exit
            space = module.__dict__
            del candidate, file, module
            try:
                execute(code, space)
                if tests:
                    if other:
                        space[other] = Unequal()
                    execute(tests, space)
            except SystemExit as error:
                if tests or error.code not in (None, 0):
                    tell(b"exited_early", describe(error))
            except MemoryError:
                tell(b"oom", b"MemoryError")
            except BaseException as error:
                tell(b"failed", describe(error))
            try:
                sys.stdout.flush()
            except Exception:
                pass
            write(told, b"passed\n" + read(secret, 64) + (b" fired" if Unequal.fired else b""))
            leave(0)

        """#

    private static let parent = #"""
        def memory_in_use():
            total = 0
            for pid in os.listdir("/proc"):
                if pid.isdigit():
                    try:
                        with open("/proc/%s/status" % pid) as file:
                            for line in file:
                                if line.startswith(("RssAnon:", "RssShmem:")):
                                    total += int(line.split()[1]) << 10
                    except OSError:
                        pass
            return total

        def files_in_use():
            counts = map(os.statvfs, ("/tmp", "/dev/shm"))
            return sum(count.f_files - count.f_ffree for count in counts)

        def waited(pid):
            try:
                with open("/proc/%d/schedstat" % pid) as file:
                    return int(file.read().split()[1]) / 1e9
            except (OSError, IndexError, ValueError):
                return 0.0

        def cpu_so_far(pid):
            try:
                with open("/proc/%d/stat" % pid) as file:
                    parts = file.read().rpartition(")")[2].split()
                return sum(map(int, parts[11:15])) / os.sysconf("SC_CLK_TCK")
            except (OSError, IndexError, ValueError):
                return 0.0

        def keep_watch(pid, number, out, err, told):
            start = time.monotonic()
            wall = number["wall_ms"] / 1000
            pipes = {out: bytearray(), err: bytearray(), told: bytearray()}
            caps = {out: number["output"], err: number["output"], told: 1 << 16}
            poll = select.poll()
            for fd in pipes:
                os.set_blocking(fd, False)
                poll.register(fd, select.POLLIN)
            live, ending, status, cpu, seen = set(pipes), "exited", 0, 0.0, start
            def drain(fd):
                try:
                    data = os.read(fd, 1 << 16)
                except BlockingIOError:
                    return False
                if not data:
                    poll.unregister(fd)
                    live.discard(fd)
                elif len(pipes[fd]) < caps[fd] + 1:
                    pipes[fd] += data
                return bool(data)
            while True:
                if live:
                    for fd, _ in poll.poll(20):
                        drain(fd)
                else:
                    time.sleep(0.002)
                done, status, usage = os.wait4(pid, os.WNOHANG)
                now = time.monotonic()
                if done:
                    cpu = usage.ru_utime + usage.ru_stime
                    for fd in list(live):
                        for _ in range(64):
                            if not drain(fd):
                                break
                if len(pipes[out]) > caps[out] or len(pipes[err]) > caps[err]:
                    ending = "output"
                elif not done and now - start > wall and now - start > wall + min(waited(pid), wall):
                    ending = "wall"
                elif not done and number["isolated"] and now - seen > 0.05:
                    seen = now
                    if memory_in_use() > number["memory"] + (64 << 20):
                        ending = "memory"
                    elif files_in_use() > number["files"]:
                        ending = "files"
                if done or ending != "exited":
                    break
            if not done:
                cpu = cpu_so_far(pid)
            try:
                os.killpg(pid, 9)
            except OSError:
                pass
            return {
                "ending": ending.encode(), "status": b"%d" % status, "cpu_us": b"%d" % (cpu * 1e6),
                "wall_us": b"%d" % ((now - start) * 1e6), "message": bytes(pipes[told]),
                "output": bytes(pipes[out][:caps[out]]) if number["compare"] else b"",
            }

        def main():
            fields = read_fields()
            os.write(1, b"started\n")
            number = {k: int(v) for k, v in fields.items() if k not in ("candidate", "tests", "stdin", "secret", "path")}
            sys.path.extend(p for p in fields.pop("path").decode().split("\n") if p)
            candidate, tests, other = fields.pop("candidate"), None, None
            if not number["compare"]:
                text = fields.pop("tests").decode()
                try:
                    if number["poison"]:
                        other = "_unequal_" + os.urandom(8).hex()
                        tests = poisoned(text, other)
                    else:
                        tests = compile(text, "tests.py", "exec", dont_inherit=True)
                except Exception as error:
                    write_fields({"tests_error": str(error).encode("utf-8", "replace")[:2000]})
                    return
                del text
            (out_r, out_w), (err_r, err_w), (told_r, told_w), (secret_r, secret_w) = (os.pipe() for _ in range(4))
            os.write(secret_w, fields.pop("secret"))
            os.close(secret_w)
            empty = os.open(os.devnull, os.O_RDONLY)
            if given := fields.pop("stdin"):
                import tempfile
                file = tempfile.TemporaryFile(dir=".")
                file.write(given)
                file.seek(0)
                empty = os.dup(file.fileno())
                file.close()
            fields.clear()
            dumpable = lambda flag: None
            if sys.platform == "linux":
                # Without it the child could trace this process and open its descriptors, where both have one user
                # id; the child gets it back, since it owns none of its own files in /proc otherwise.
                import ctypes
                prctl = ctypes.CDLL(None).prctl
                dumpable = lambda flag: prctl(4, flag, 0, 0, 0)
            dumpable(0)
            pid = os.fork()
            if pid == 0:
                os.setpgid(0, 0)
                for fd, target in ((empty, 0), (out_w, 1), (err_w, 2)):
                    os.dup2(fd, target)
                for fd in (empty, out_r, out_w, err_r, err_w, told_r):
                    os.close(fd)
                run_child(candidate, tests, number, other, told_w, secret_r, dumpable)
            for fd in (empty, out_w, err_w, told_w, secret_r):
                os.close(fd)
            if number["user"]:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
            write_fields(keep_watch(pid, number, out_r, err_r, told_r))

        main()
        """#
}
