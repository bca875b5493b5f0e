// The life of one worker's box: set-up, the answer to it, then jobs until the harness is gone.
#ifdef __linux__
#include "box.h"

static char *take(uint32_t bytes) {
    if (bytes > (64u << 20)) yb_die("a list of %u bytes", bytes);
    char *list = malloc((size_t)bytes + 1);
    if (!list || yb_box_read(0, list, bytes, -1) != 0) _exit(0);
    list[bytes] = 0;
    return list;
}

static void keeper(yb_cell *cell) {
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (cell->namespaces) {
        yb_build_root(cell);
    } else {
        const char *folder = getenv("TMPDIR");
        snprintf(cell->base, sizeof cell->base, "%.40s/yuanbench-XXXXXX", folder && *folder ? folder : "/tmp");
        if (!mkdtemp(cell->base) || chmod(cell->base, 0711)) yb_die("%s: %s", cell->base, strerror(errno));
        prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    }
    // Nobody who shares our user id may look into us.
    const bool unix_sockets = cell->namespaces && (cell->setup.layers & YB_LAYER_NETWORK);
    yb_filter_build(&cell->filter, unix_sockets, !cell->namespaces, !cell->namespaces && cell->ready.landlock_abi < 6);
    cell->ready.ok = 1;
    if (yb_box_write(0, &cell->ready, sizeof cell->ready) != 0) _exit(0);
    yb_serve(cell);
}

static int run(void) {
    static yb_cell cell;
    yb_close_from(3);
    setsid();
    signal(SIGPIPE, SIG_IGN);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    int null = open("/dev/null", O_RDWR);
    if (null < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0) _exit(71);
    close(null);
    if (yb_box_read(0, &cell.setup, sizeof cell.setup, -1) != 0) _exit(0);
    cell.visible = take(cell.setup.visible_bytes);
    cell.environment = take(cell.setup.environment_bytes);
    cell.interpreter = take(cell.setup.interpreter_bytes);
    for (int i = 0; i < 3; i++) cell.zygote[i] = -1;
    fcntl(0, F_SETFD, FD_CLOEXEC);

    const uint32_t wanted = cell.setup.layers;
    cell.ready.landlock_abi = (uint32_t)yb_landlock_abi();
    cell.ready.layers = wanted;
    cell.cgroup_kills = -1;
    yb_first = getpid();
    if (wanted & YB_LAYER_CGROUP) {
        if (!yb_cgroup_make(&cell)) cell.ready.layers &= ~YB_LAYER_CGROUP;
    }
    cell.namespaces = (wanted & YB_LAYER_NAMESPACES) != 0;
    if (cell.namespaces) {
        yb_enter_outer(&cell);
    } else {
        cell.root = getuid() == 0 && (wanted & YB_LAYER_OWN_USER);
        if ((wanted & YB_LAYER_LANDLOCK) && !cell.ready.landlock_abi) yb_die("no Landlock in this kernel");
    }
    pid_t pid = fork();
    if (pid < 0) yb_die("fork: %s", strerror(errno));
    if (pid == 0) {
        keeper(&cell);
        _exit(0);
    }
    close(0);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {}
    // The groups are empty now: everything in them died with its namespace or was killed.
    yb_cgroup_remove();
    return 0;
}

__attribute__((constructor)) static void enter(int argc, char **argv) {
    if (argc == 2 && strcmp(argv[1], "__box") == 0) _exit(run());
}
#endif
