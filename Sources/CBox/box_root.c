// Namespaces and the minimal root that the code in the box sees.
#ifdef __linux__
#include "box.h"

#ifndef MOUNT_ATTR_RDONLY
#define MOUNT_ATTR_RDONLY 1
#define MOUNT_ATTR_NOSUID 2
#define MOUNT_ATTR_NODEV 4
#endif
#define YB_AT_RECURSIVE 0x8000

/// Enters the outer namespaces of a worker; the next child is process 1 of them. Dies where the host grants none.
void yb_enter_outer(yb_cell *cell) {
    const uid_t user = getuid();
    const gid_t group = getgid();
    int flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS;
    if (cell->setup.layers & YB_LAYER_NETWORK) flags |= CLONE_NEWNET;
    cell->root = user == 0 && unshare(flags) == 0;
    if (!cell->root) {
        if (unshare(flags | CLONE_NEWUSER)) yb_die("no user namespaces: %s", strerror(errno));
        char map[64];
        if (!yb_write_file("/proc/self/setgroups", "deny")) yb_die("setgroups: %s", strerror(errno));
        snprintf(map, sizeof map, "%d %u 1", YB_INNER_USER, user);
        if (!yb_write_file("/proc/self/uid_map", map)) yb_die("uid_map: %s", strerror(errno));
        snprintf(map, sizeof map, "%d %u 1", YB_INNER_USER, group);
        if (!yb_write_file("/proc/self/gid_map", map)) yb_die("gid_map: %s", strerror(errno));
    }
    unshare(CLONE_NEWCGROUP);
    (void)!sethostname("box", 3);
}

static void make_parents(char *path) {
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        if (mkdir(path, 0755) && errno != EEXIST) yb_die("%s: %s", path, strerror(errno));
        *slash = '/';
    }
}

static bool make_read_only(const char *target) {
    struct {
        uint64_t set, clear, propagation, userns;
    } change = {MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV, 0, 0, 0};
    if (syscall(442, AT_FDCWD, target, YB_AT_RECURSIVE, &change, sizeof change) == 0) return true;
    return mount(NULL, target, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV, NULL) == 0;
}

// Shows a folder or file of the host read-only at its own place; one that does not exist is left out.
static void show(const char *path) {
    char source[4200], target[4200], link[4096];
    if (strlen(path) > 4000 || path[0] != '/') return;
    snprintf(source, sizeof source, "/oldroot%s", path);
    snprintf(target, sizeof target, "/newroot%s", path);
    struct stat kind;
    if (lstat(source, &kind)) return;
    make_parents(target);
    if (S_ISLNK(kind.st_mode)) {
        ssize_t n = readlink(source, link, sizeof link - 1);
        if (n > 0) {
            link[n] = 0;
            (void)!symlink(link, target);
        }
        return;
    }
    if (S_ISDIR(kind.st_mode)) {
        if (mkdir(target, 0755) && errno != EEXIST) yb_die("%s: %s", target, strerror(errno));
    } else {
        int fd = open(target, O_CREAT | O_WRONLY | O_CLOEXEC, 0444);
        if (fd < 0) yb_die("%s: %s", target, strerror(errno));
        close(fd);
    }
    if (mount(source, target, NULL, MS_BIND | MS_REC, NULL)) yb_die("bind %s: %s", path, strerror(errno));
    if (!make_read_only(target)) yb_die("read-only %s: %s", path, strerror(errno));
}

static void show_device(const char *name) {
    char source[64], target[64];
    snprintf(source, sizeof source, "/oldroot/dev/%s", name);
    snprintf(target, sizeof target, "/newroot/dev/%s", name);
    int fd = open(target, O_CREAT | O_WRONLY | O_CLOEXEC, 0666);
    if (fd < 0) yb_die("%s: %s", target, strerror(errno));
    close(fd);
    if (mount(source, target, NULL, MS_BIND, NULL)) yb_die("bind /dev/%s: %s", name, strerror(errno));
}

/// Builds the root of a worker out of the visible folders and turns to it. Runs as process 1 of the namespaces.
void yb_build_root(yb_cell *cell) {
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL)) yb_die("private mounts: %s", strerror(errno));
    if (mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=4m")) yb_die("tmpfs: %s", strerror(errno));
    if (chdir("/tmp") || mkdir("oldroot", 0755) || mkdir("newroot", 0755)) yb_die("/tmp: %s", strerror(errno));
    if (syscall(SYS_pivot_root, ".", "oldroot")) yb_die("pivot_root: %s", strerror(errno));
    if (chdir("/")) yb_die("chdir: %s", strerror(errno));
    if (mount("tmpfs", "/newroot", "tmpfs", MS_NOSUID, "mode=0755,size=4m")) yb_die("tmpfs: %s", strerror(errno));

    const char *plain[] = {"/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin", "/etc/ld.so.cache", "/etc/alternatives"};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) show(plain[i]);
    char *paths[256];
    int count = yb_strings(cell->visible, cell->setup.visible_bytes, paths, 256);
    for (int i = 0; i < count; i++) {
        bool already = false;
        for (size_t j = 0; j < sizeof plain / sizeof *plain; j++) already |= strcmp(paths[i], plain[j]) == 0;
        if (!already) show(paths[i]);
    }
    if (mkdir("/newroot/dev", 0755) || mkdir("/newroot/proc", 0755) || mkdir("/newroot/tmp", 0755))
        yb_die("new root: %s", strerror(errno));
    const char *devices[] = {"null", "zero", "full", "random", "urandom"};
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++) show_device(devices[i]);
    (void)!symlink("/proc/self/fd", "/newroot/dev/fd");
    (void)!symlink("/proc/self/fd/0", "/newroot/dev/stdin");
    (void)!symlink("/proc/self/fd/1", "/newroot/dev/stdout");
    (void)!symlink("/proc/self/fd/2", "/newroot/dev/stderr");
    // On the same capped tmpfs as everything else that can be written.
    (void)!symlink("/tmp/shm", "/newroot/dev/shm");
    if (mount("proc", "/newroot/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL))
        yb_die("proc: %s", strerror(errno));
    if (mount("tmpfs", "/newroot/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777,size=64m,nr_inodes=20000"))
        yb_die("tmpfs: %s", strerror(errno));
    if (mkdir("/newroot" YB_WORK, 0777) || chmod("/newroot" YB_WORK, 0777)) yb_die("work folder: %s", strerror(errno));
    if (chdir("/newroot") || syscall(SYS_pivot_root, ".", ".") || umount2(".", MNT_DETACH) || chdir("/"))
        yb_die("second pivot_root: %s", strerror(errno));
    if (mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV, NULL))
        yb_die("read-only root: %s", strerror(errno));
}

/// Mounts what one program has to itself: its own /proc, and an empty /tmp capped in bytes and files.
/// Returns null, or what failed.
const char *yb_mount_inner(const yb_cell *cell, const yb_role *role) {
    if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL)) return "proc";
    if (!(cell->setup.layers & YB_LAYER_FRESH_FOLDER)) return NULL;
    char options[96];
    snprintf(
        options, sizeof options, "mode=1777,size=%llu,nr_inodes=%u", (unsigned long long)role->work_bytes,
        role->files + 16);
    if (mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, options)) return "tmpfs";
    if (mkdir(YB_WORK, 0777) || chmod(YB_WORK, 0777) || mkdir("/tmp/shm", 0777) || chmod("/tmp/shm", 01777)) return "mkdir";
    return NULL;
}

/// Writes the job's own files into a work folder. Nothing that is there already is followed or replaced.
bool yb_write_contents(int folder, const char *contents, uint32_t bytes, uid_t owner) {
    uint32_t at = 0;
    while (at + sizeof(yb_file) <= bytes) {
        yb_file file;
        memcpy(&file, contents + at, sizeof file);
        at += sizeof file;
        char name[128];
        if (file.name_bytes >= sizeof name || file.name_bytes > bytes - at || file.bytes > bytes - at - file.name_bytes)
            return false;
        memcpy(name, contents + at, file.name_bytes);
        name[file.name_bytes] = 0;
        at += file.name_bytes;
        unlinkat(folder, name, 0);
        int fd = openat(folder, name, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, file.mode);
        if (fd < 0) return false;
        bool good = yb_box_write(fd, contents + at, file.bytes) == 0 && (!owner || fchown(fd, owner, owner) == 0);
        good = fchmod(fd, file.mode) == 0 && good;
        close(fd);
        if (!good) return false;
        at += file.bytes;
    }
    return at == bytes;
}

/// Removes a work folder that a program has written to; `rm` neither follows links nor minds depth.
void yb_remove_tree(int parent, const char *name) {
    (void)parent;
    pid_t pid = fork();
    if (pid == 0) {
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        int null = open("/dev/null", O_RDWR);
        for (int fd = 0; fd < 3; fd++) dup2(null, fd);
        yb_close_from(3);
        execl("/bin/rm", "rm", "-rf", "--one-file-system", "--", name, (char *)NULL);
        _exit(1);
    }
    if (pid > 0) waitpid(pid, NULL, 0);
}
#endif
