// Starting one role: its namespaces, its folder, and its first process in them.
#ifdef __linux__
#include "box_job.h"
#include <sys/random.h>

static void become_program(yb_cell *cell, yb_running *role, const yb_ends *ends, const char *folder) {
    const int wanted[] = {ends->in, ends->out, ends->err, ends->channel, ends->told, ends->secret};
    int high[6];
    for (int i = 0; i < 6; i++) high[i] = wanted[i] < 0 ? -1 : fcntl(wanted[i], F_DUPFD_CLOEXEC, 64);
    // The groups have to be entered from here, past the descriptors that are closed.
    for (int i = 0; i < cell->cgroup_enters; i++)
        cell->cgroup_enter[i] = fcntl(cell->cgroup_enter[i], F_DUPFD_CLOEXEC, 64);
    for (int i = 0; i < 6; i++) {
        if (high[i] >= 0) dup2(high[i], i);
        else close(i);
    }
    setsid();
    signal(SIGPIPE, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (chdir(folder ? folder : YB_WORK)) _exit(78);
    char *arguments[64], *environment[64];
    yb_strings(role->arguments, role->spec.arguments_bytes, arguments, 64);
    int have = yb_strings(cell->environment, cell->setup.environment_bytes, environment, 62);
    if (!(cell->setup.layers & YB_LAYER_CLEAN_ENVIRONMENT)) {
        extern char **environ;
        for (char **more = environ; *more && have < 61; more++) environment[have++] = *more;
    }
    static char home[96], temporary[96];
    if (folder) {
        snprintf(home, sizeof home, "HOME=%s", folder);
        snprintf(temporary, sizeof temporary, "TMPDIR=%s", folder);
        environment[have++] = home;
        environment[have++] = temporary;
    }
    environment[have] = NULL;
    yb_confine(cell, &role->spec, role->user, folder);
    for (int i = 0; i < cell->cgroup_enters; i++) close(cell->cgroup_enter[i]);
    execve(arguments[0], arguments, environment);
    _exit(127);
}

// Process 1 of a role's pid namespace: mounts, starts the program or leaves that to the warm interpreter, and waits.
static void serve_as_init(yb_cell *cell, yb_running *role, const yb_ends *ends, int ready, int go, int status) {
    const char *failed = yb_mount_inner(cell, &role->spec);
    if (!failed) {
        int folder = open(YB_WORK, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (folder < 0 || (role->user && fchown(folder, role->user, role->user))
            || !yb_write_contents(folder, role->contents, role->spec.contents_bytes, role->user))
            failed = "work folder";
        close(folder);
    }
    if (failed) {
        dprintf(ready, "%s: %s", failed, strerror(errno));
        _exit(1);
    }
    char byte = 'r';
    if (write(ready, &byte, 1) != 1 || read(go, &byte, 1) != 1) _exit(1);
    pid_t pid = 0;
    if (role->spec.kind == YB_KIND_EXEC) {
        pid = fork();
        if (pid == 0) become_program(cell, role, ends, NULL);
        if (pid < 0) _exit(1);
    }
    // The program must not look into us: our memory is a copy of the keeper's.
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    yb_drop_privileges(role->user ? YB_NOBODY : 0);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    if (status >= 0) dup2(status, 3);
    dup2(open("/dev/null", O_RDWR), 0);
    dup2(0, 1);
    dup2(0, 2);
    yb_close_from(status >= 0 ? 4 : 3);
    for (;;) {
        int code;
        struct rusage used;
        pid_t ended = wait4(-1, &code, 0, &used);
        if (ended < 0 && errno == ECHILD) {
            // Only what the warm interpreter put here is left, if anything.
            sigset_t child;
            sigemptyset(&child);
            sigaddset(&child, SIGCHLD);
            struct timespec pause = {0, 20000000};
            sigtimedwait(&child, NULL, &pause);
            continue;
        }
        if (ended > 0 && ended == pid) {
            yb_status told = {code, (uint64_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000u
                                        + (uint64_t)(used.ru_utime.tv_usec + used.ru_stime.tv_usec)};
            (void)!write(3, &told, sizeof told);
            _exit(0); // and the kernel ends everything else in here
        }
    }
}

static bool start_in_namespaces(yb_cell *cell, yb_running *role, const yb_ends *ends, const char **why) {
    static char failure[160];
    int ready[2], go[2], status[2] = {-1, -1};
    if (pipe2(ready, O_CLOEXEC) || pipe2(go, O_CLOEXEC)) return false;
    const bool program = role->spec.kind == YB_KIND_EXEC;
    if (program && pipe2(status, O_CLOEXEC)) return false;
    pid_t pid = (pid_t)syscall(SYS_clone, CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | SIGCHLD, 0, 0, 0, 0);
    if (pid == 0) serve_as_init(cell, role, ends, ready[1], go[0], status[1]);
    close(ready[1]);
    close(go[0]);
    if (program) close(status[1]);
    role->status_pipe = status[0];
    role->init = pid;
    ssize_t n = pid > 0 ? read(ready[0], failure, sizeof failure - 1) : -1;
    close(ready[0]);
    bool good = n == 1 && failure[0] == 'r';
    int spaces[3] = {-1, -1, -1};
    if (good) {
        const char *names[] = {"pid", "mnt", "ipc"};
        char path[64];
        snprintf(path, sizeof path, "/proc/%d/root/proc", (int)pid);
        role->proc = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        good = role->proc >= 0;
        for (int i = 0; i < 3 && !program; i++) {
            snprintf(path, sizeof path, "/proc/%d/ns/%s", (int)pid, names[i]);
            spaces[i] = open(path, O_RDONLY | O_CLOEXEC);
            good = good && spaces[i] >= 0;
        }
        if (!good) snprintf(failure, sizeof failure, "%s: %s", path, strerror(errno));
        char byte = 'g';
        good = good && write(go[1], &byte, 1) == 1;
    } else {
        if (n > 0) failure[n] = 0;
        else snprintf(failure, sizeof failure, "namespaces: %s", strerror(errno));
    }
    close(go[1]);
    *why = failure;
    if (good && !program) {
        good = yb_zygote_spawn(cell, role, ends, spaces);
        *why = "the warm interpreter is gone";
    }
    for (int i = 0; i < 3; i++)
        if (spaces[i] >= 0) close(spaces[i]);
    return good;
}

static bool start_bare(yb_cell *cell, yb_running *role, const yb_ends *ends, const char **why) {
    // A name that no program before could foresee: where all share one user, it could have made that folder itself.
    uint64_t random = yb_now_us();
    (void)!getrandom(&random, sizeof random, 0);
    *why = "work folder";
    if (cell->setup.layers & YB_LAYER_FRESH_FOLDER)
        snprintf(role->folder, sizeof role->folder, "%.60s/%016llx", cell->base, (unsigned long long)random);
    else
        snprintf(role->folder, sizeof role->folder, "%.60s/shared", cell->base);
    if (mkdir(role->folder, 0700) && errno != EEXIST) return false;
    int folder = open(role->folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    bool good = folder >= 0 && (!role->user || fchown(folder, role->user, role->user) == 0)
                && yb_write_contents(folder, role->contents, role->spec.contents_bytes, role->user);
    close(folder);
    if (!good) return false;
    role->proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (role->spec.kind != YB_KIND_EXEC) {
        *why = "the warm interpreter is gone";
        return yb_zygote_spawn(cell, role, ends, NULL);
    }
    role->main = fork();
    if (role->main == 0) {
        signal(SIGCHLD, SIG_DFL);
        become_program(cell, role, ends, role->folder);
    }
    *why = "fork";
    return role->main > 0;
}

/// Starts a role; on failure `why` says what failed.
bool yb_start_role(yb_cell *cell, yb_running *role, const yb_ends *ends, const char **why) {
    if (role->spec.kind != YB_KIND_EXEC && !yb_zygote_ready(cell, role->spec.kind, why)) return false;
    role->started = cell->namespaces ? start_in_namespaces(cell, role, ends, why) : start_bare(cell, role, ends, why);
    return role->started;
}
#endif
