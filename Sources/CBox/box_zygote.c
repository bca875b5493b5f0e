// The warm interpreters: started once, asked to fork for every test.
#ifdef __linux__
#include "box_job.h"
#include <linux/capability.h>

// Sent for every fork, with its descriptors: in, out, err, payload, then those that `flags` names, then namespaces and
// groups. PythonZygote.swift has its mirror.
typedef struct {
    uint32_t flags, user, spaces, groups, cpu_s, processes;
    uint64_t memory, file_bytes;
    char folder[80];
} spawn_request;

#define HAS_CHANNEL 1u
#define HAS_TOLD 2u
#define HAS_SECRET 4u
#define WITH_FILTER 8u
// A Landlock domain of its own: for signals and abstract sockets, and for writing in no folder but its own.
#define WITH_SCOPE 16u
#define WITH_FOLDER 32u

static void keep_capabilities(void) {
    // Without root, an executed program keeps capabilities only as ambient ones.
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2];
    if (syscall(SYS_capget, &header, data)) return;
    for (int i = 0; i < 2; i++) data[i].inheritable = data[i].permitted;
    if (syscall(SYS_capset, &header, data)) return;
    const int needed[] = {CAP_SYS_ADMIN, CAP_SYS_CHROOT, CAP_SETUID, CAP_SETGID};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, needed[i], 0, 0);
}

static void become(yb_cell *cell, int socket, const char *flavour) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    int null = open("/dev/null", O_RDWR);
    for (int fd = 0; fd < 3; fd++) dup2(null, fd);
    dup2(socket, 3);
    yb_close_from(4);
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    char *arguments[32], *environment[64];
    int count = yb_strings(cell->interpreter, cell->setup.interpreter_bytes, arguments, 31);
    arguments[count] = (char *)flavour;
    arguments[count + 1] = NULL;
    int have = yb_strings(cell->environment, cell->setup.environment_bytes, environment, 63);
    if (!(cell->setup.layers & YB_LAYER_CLEAN_ENVIRONMENT)) {
        extern char **environ;
        for (char **more = environ; *more && have < 63; more++) environment[have++] = *more;
        environment[have] = NULL;
    }
    if (!cell->namespaces && (cell->setup.layers & YB_LAYER_LANDLOCK)
        && !yb_landlock_restrict(
            (int)cell->ready.landlock_abi, cell->visible, cell->setup.visible_bytes, cell->base))
        _exit(76);
    if (cell->namespaces && !cell->root) keep_capabilities();
    if (chdir(cell->namespaces ? "/" : cell->base)) _exit(78);
    execve(arguments[0], arguments, environment);
    _exit(127);
}

bool yb_zygote_ready(yb_cell *cell, uint32_t kind, const char **why) {
    if (cell->zygote[kind] >= 0) return true;
    int ends[2];
    *why = "the warm interpreter does not start";
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends)) return false;
    pid_t pid = fork();
    if (pid == 0) become(cell, ends[1], kind == YB_KIND_NUMPY ? "numpy" : "plain");
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return false;
    }
    cell->zygote[kind] = ends[0];
    cell->zygote_pid[kind] = pid;
    bool filtered = (cell->setup.layers & YB_LAYER_SECCOMP) != 0;
    yb_zygote_event event;
    struct pollfd wait = {ends[0], POLLIN, 0};
    if (!yb_send_fds(ends[0], cell->filter.code, filtered ? cell->filter.count * sizeof(struct sock_filter) : 1, NULL, 0)
        || poll(&wait, 1, 60000) <= 0 || !yb_zygote_read(cell, kind, &event) || event.kind != YB_ZYGOTE_READY) {
        yb_zygote_stop(cell, kind);
        return false;
    }
    return true;
}

void yb_zygote_stop(yb_cell *cell, uint32_t kind) {
    if (cell->zygote[kind] < 0) return;
    close(cell->zygote[kind]);
    cell->zygote[kind] = -1;
    kill(cell->zygote_pid[kind], SIGKILL);
    waitpid(cell->zygote_pid[kind], NULL, 0);
    cell->zygote_pid[kind] = 0;
}

bool yb_zygote_read(yb_cell *cell, uint32_t kind, yb_zygote_event *event) {
    ssize_t n;
    do n = recv(cell->zygote[kind], event, sizeof *event, 0);
    while (n < 0 && errno == EINTR);
    return n == (ssize_t)sizeof *event;
}

bool yb_zygote_spawn(yb_cell *cell, yb_running *role, const yb_ends *ends, const int *spaces) {
    spawn_request request = {0};
    int fds[16], count = 0;
    fds[count++] = ends->in;
    fds[count++] = ends->out;
    fds[count++] = ends->err;
    fds[count++] = ends->payload;
    if (ends->channel >= 0) request.flags |= HAS_CHANNEL, fds[count++] = ends->channel;
    if (ends->told >= 0) request.flags |= HAS_TOLD, fds[count++] = ends->told;
    if (ends->secret >= 0) request.flags |= HAS_SECRET, fds[count++] = ends->secret;
    if (cell->setup.layers & YB_LAYER_SECCOMP) request.flags |= WITH_FILTER;
    if (!cell->namespaces && (cell->setup.layers & YB_LAYER_LANDLOCK))
        request.flags |= cell->ready.landlock_abi >= 6 ? WITH_FOLDER | WITH_SCOPE : WITH_FOLDER;
    if (spaces) {
        request.spaces = 3;
        for (int i = 0; i < 3; i++) fds[count++] = spaces[i];
    }
    if (!(role->spec.flags & YB_ROLE_TRUSTED)) {
        request.groups = (uint32_t)cell->cgroup_enters;
        for (int i = 0; i < cell->cgroup_enters; i++) fds[count++] = cell->cgroup_enter[i];
    }
    request.user = role->user;
    request.cpu_s = (uint32_t)((role->spec.cpu_ms + 999) / 1000);
    request.processes = role->spec.processes;
    request.memory = role->spec.address_space ? role->spec.memory_bytes : 0;
    request.file_bytes = role->spec.work_bytes;
    memcpy(request.folder, role->folder, sizeof request.folder);
    return yb_send_fds(cell->zygote[role->spec.kind], &request, sizeof request, fds, count);
}
#endif
