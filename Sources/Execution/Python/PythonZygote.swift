/// The warm interpreter: forks for every role, confines the fork, and tells how it ended.
extension PythonSource {
    static let zygote = #"""
        def warm(flavour):
            """Loads what programs usually import and runs what every test runs, so that no fork pays for it: CPython 3.11 and
            later write into the code they run first, and each page written to in a fork is copied."""
            for name in ("abc", "bisect", "collections", "collections.abc", "contextlib", "copy", "dataclasses", "datetime",
                         "enum", "functools", "heapq", "itertools", "math", "numbers", "operator", "random", "re", "string",
                         "types", "typing") + (("numpy",) if flavour == "numpy" else ()):
                try:
                    __import__(name)
                except ImportError:
                    pass
            for _ in range(20):
                for value in ([1, "a", None], (1.5, True), {"a": [1, 2]}, {1, 2}, ["f", [1], {}], [[1, 2], []], 3):
                    CODEC.decode(CODEC.encode(value))
                code = compile("def check(f):\n    assert f(1) == [2]\ncheck(f)", "tests.py", "exec", dont_inherit=True)
                names_in(code)
                describe(ValueError("x"))

        class Confinement:
            """What a fork gives up before it runs anything of the candidate."""
            def __init__(self, filter):
                libc = ctypes.CDLL(None, use_errno=True)
                # Looked up and called once here, so that no fork has to.
                self.setns, self.prctl, self.capset, self.syscall = libc.setns, libc.prctl, libc.capset, libc.syscall
                self.prctl(3, 0, 0, 0, 0)
                self.filter = filter
                self.header = ctypes.create_string_buffer(struct.pack("=Ii", 0x20080522, 0), 8)
                self.none = ctypes.create_string_buffer(bytes(24), 24)

            def check(self, result, what):
                if result != 0:
                    raise OSError(ctypes.get_errno(), what)

            def enter(self, fd, kind):
                self.check(self.setns(fd, kind), "setns")

            def limit(self, name, soft, hard=None):
                which = getattr(resource, name)
                wanted, ceiling = soft if hard is None else hard, resource.getrlimit(which)[1]
                if ceiling != resource.RLIM_INFINITY:
                    soft, wanted = min(soft, ceiling), min(wanted, ceiling)
                resource.setrlimit(which, (soft, wanted))

            def write_only_in(self, folder, scoped):
                """A Landlock domain in which nothing outside `folder` can be written to, nor anything outside it be signalled."""
                abi = self.syscall(444, None, ctypes.c_size_t(0), 1)
                files = 0x1ff2 | (1 << 13 if abi >= 2 else 0) | (1 << 14 if abi >= 3 else 0)
                rules = ctypes.create_string_buffer(struct.pack("=QQQ", files, 0, 3 if scoped else 0), 24)
                domain = self.syscall(444, rules, ctypes.c_size_t(24 if scoped else 8), 0)
                if domain < 0:
                    raise OSError(ctypes.get_errno(), "landlock_create_ruleset")
                for path in (folder, "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"):
                    fd = os.open(path, os.O_PATH)
                    allowed = files if path == folder else files & (2 | 1 << 14)
                    rule = ctypes.create_string_buffer(struct.pack("=Qi", allowed, fd), 12)
                    self.check(self.syscall(445, domain, 1, rule, 0), "landlock_add_rule")
                    os.close(fd)
                self.check(self.syscall(446, domain, 0), "landlock_restrict_self")
                os.close(domain)

            def drop(self, user, filtered, folder, scoped):
                prctl = self.prctl
                if user:
                    os.setgroups([])
                    os.setresgid(user, user, user)
                    os.setresuid(user, user, user)
                prctl(47, 4, 0, 0, 0)
                self.check(self.capset(self.header, self.none), "capset")
                # Changing the user took it away, and without it a program does not own its files in /proc.
                prctl(4, 1, 0, 0, 0)
                self.check(prctl(38, 1, 0, 0, 0), "no_new_privs")
                if folder:
                    self.write_only_in(folder, scoped)
                if filtered:
                    own = struct.pack("=I", os.getpid())
                    code = self.filter.replace(struct.pack("=I", 0x7fedcba9), own)
                    buffer = ctypes.create_string_buffer(code, len(code))
                    program = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(buffer))
                    self.check(prctl(22, 2, ctypes.create_string_buffer(program, len(program)), 0, 0), "seccomp")

        def read_fields(fd):
            data = b""
            while chunk := os.read(fd, 1 << 20):
                data += chunk
            fields, at = {}, 0
            while at < len(data):
                end = data.index(b"\n", at)
                name, count = data[at:end].split()
                at = end + 1 + int(count)
                fields[name.decode()] = data[end + 1:at]
            return fields

        def renew_streams():
            """Opens the standard streams again: those of the interpreter remember of /dev/null that one can seek in it."""
            for fd, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
                old = getattr(sys, name)
                new = open(fd, mode, buffering=1 if fd == 2 else -1, encoding=old.encoding, errors=old.errors,
                           newline="\n" if fd else None, closefd=False)
                new.mode = mode
                setattr(sys, name, new)
                setattr(sys, "__" + name + "__", new)

        def become(confinement, request, fds):
            """Turns a fork of the warm interpreter into one role of a job."""
            flags, user, spaces, groups, cpu, processes, memory, file_bytes, folder = request
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            os.setsid()
            named = 4 + bool(flags & 1) + bool(flags & 2) + bool(flags & 4)
            for fd, kind in zip(fds[named + 1:named + spaces], (0x00020000, 0x08000000)):
                confinement.enter(fd, kind)
            folder = folder.rstrip(b"\0").decode() or "/tmp/work"
            os.chdir(folder)
            for fd in fds[named + spaces:]:
                os.write(fd, b"0")
            high = [fcntl.fcntl(fd, fcntl.F_DUPFD, 100) for fd in fds[:named]]
            os.closerange(0, 100)
            for target, fd in enumerate(high[:3]):
                os.dup2(fd, target)
            renew_streams()
            rest = high[4:]
            for bit, target in ((1, CHANNEL), (2, TOLD), (4, SECRET)):
                if flags & bit:
                    os.dup2(rest.pop(0), target)
            os.environ["HOME"] = os.environ["TMPDIR"] = folder
            fields = read_fields(high[3])
            os.closerange(6, 200)
            confinement.limit("RLIMIT_CPU", cpu, cpu + 1)
            confinement.limit("RLIMIT_CORE", 0)
            confinement.limit("RLIMIT_FSIZE", file_bytes)
            confinement.limit("RLIMIT_NOFILE", 256)
            if memory:
                confinement.limit("RLIMIT_AS", memory)
            if processes:
                confinement.limit("RLIMIT_NPROC", processes)
            confinement.drop(user, flags & 8, folder if flags & 32 else None, flags & 16)
            # `-S` leaves these out, and programs use them.
            __builtins__.exit = __builtins__.quit = sys.exit
            role = fields.pop("role")
            try:
                sys.set_int_max_str_digits(0)
            except AttributeError:
                pass
            gc.enable()
            if role == b"candidate":
                try:
                    sys.set_int_max_str_digits(4300)
                except AttributeError:
                    pass
                run_candidate(fields)
            elif role == b"judge":
                run_judge(fields)
            else:
                run_program(fields)

        def reap(control, wake):
            """Tells how forks ended. In a frame of its own: a later fork could read in it how the ones before it ended."""
            try:
                os.read(wake, 4096)
            except BlockingIOError:
                pass
            while True:
                try:
                    pid, status, used = os.wait4(-1, os.WNOHANG)
                except ChildProcessError:
                    return
                if pid == 0:
                    return
                cpu = int((used.ru_utime + used.ru_stime) * 1e6)
                control.send(struct.pack("=IIiIQ", 2, pid, status, 0, cpu))

        def serve():
            control = socket.socket(fileno=3)
            control.setblocking(True)
            confinement = Confinement(control.recv(1 << 16))
            flavour = sys.argv[-1]
            sys.path.extend(p for p in sys.argv[-2].split(os.pathsep) if p)
            warm(flavour)
            gc.collect()
            gc.disable()
            gc.freeze()
            wake, woken = os.pipe()
            os.set_blocking(wake, False)
            os.set_blocking(woken, False)
            signal.signal(signal.SIGCHLD, lambda *_: None)
            signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
            poll = select.poll()
            poll.register(3, select.POLLIN)
            poll.register(wake, select.POLLIN)
            layout = struct.Struct("=IIIIIIQQ80s")
            control.send(struct.pack("=IIiIQ", 0, 0, 0, 0, 0))
            while True:
                ready = [fd for fd, _ in poll.poll()]
                if wake in ready:
                    reap(control, wake)
                if 3 not in ready:
                    continue
                fds = array.array("i")
                data, extra, _, _ = control.recvmsg(4096, socket.CMSG_SPACE(16 * fds.itemsize))
                if not data:
                    os._exit(0)
                for level, kind, content in extra:
                    if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                        fds.frombytes(content[:len(content) - len(content) % fds.itemsize])
                request = layout.unpack(data)
                fds = list(fds)
                named = 4 + bool(request[0] & 1) + bool(request[0] & 2) + bool(request[0] & 4)
                pid = 0
                try:
                    if request[2]:
                        confinement.enter(fds[named], 0x20000000)
                    pid = os.fork()
                    if pid == 0:
                        try:
                            become(confinement, request, fds)
                        except BaseException as error:
                            try:
                                import traceback
                                os.write(2, traceback.format_exc().encode()[-2000:])
                                os.write(TOLD, b"sandbox_error\n" + describe(error))
                            except BaseException:
                                pass
                        os._exit(70)
                except OSError:
                    pid = -1
                for fd in fds:
                    os.close(fd)
                if pid < 0:
                    os._exit(71)
                control.send(struct.pack("=IIiIQ", 1, pid, 0, 0, 0))

        serve()

        """#
}
