// Control groups, version 1 or 2, where this user may make them: limits on all descendants together.
#ifdef __linux__
#include "box.h"
#include <dirent.h>
#include <sys/random.h>

// Keeps a place where a hierarchy is mounted: the first, or the first that can be written to.
static void prefer(char *mount_point, const char *path) {
    if (!*mount_point || (access(mount_point, W_OK) && access(path, W_OK) == 0)) strcpy(mount_point, path);
}

// Where a hierarchy is mounted and where we are in it; false where it is not there.
static bool place(const char *controller, char *out, size_t size) {
    char line[4096], mount_point[1024] = "", own[1024] = "";
    FILE *mounts = fopen("/proc/self/mounts", "re");
    while (mounts && fgets(line, sizeof line, mounts)) {
        char device[256], path[1024], type[64], options[1024];
        if (sscanf(line, "%255s %1023s %63s %1023s", device, path, type, options) != 4) continue;
        if (controller) {
            char list[1100], wanted[80];
            snprintf(list, sizeof list, ",%s,", options);
            snprintf(wanted, sizeof wanted, ",%s,", controller);
            if (strcmp(type, "cgroup") == 0 && strstr(list, wanted)) prefer(mount_point, path);
        } else if (strcmp(type, "cgroup2") == 0) {
            prefer(mount_point, path);
        }
    }
    if (mounts) fclose(mounts);
    FILE *groups = fopen("/proc/self/cgroup", "re");
    while (groups && fgets(line, sizeof line, groups)) {
        line[strcspn(line, "\n")] = 0;
        char *first = strchr(line, ':'), *second = first ? strchr(first + 1, ':') : NULL;
        if (!second) continue;
        *second = 0;
        char list[1100], wanted[80];
        snprintf(list, sizeof list, ",%.1000s,", first + 1);
        snprintf(wanted, sizeof wanted, ",%s,", controller ? controller : "");
        bool ours = controller ? strstr(list, wanted) != NULL : first[1] == 0;
        if (ours && strlen(second + 1) < sizeof own) strcpy(own, second + 1);
    }
    if (groups) fclose(groups);
    if (!*mount_point || !*own) return false;
    if ((size_t)snprintf(out, size, "%s%s", mount_point, strcmp(own, "/") == 0 ? "" : own) >= size) return false;
    // In a container the mount may show our own group, and /proc its name outside.
    return access(out, F_OK) == 0 || (size_t)snprintf(out, size, "%s", mount_point) < size;
}

// The groups of this worker: their folders, and where they are to be removed from. By descriptor, since the keeper's new
// root becomes that of everybody in its mount namespace, and paths lead nowhere then.
static struct {
    int parent, folder;
    char name[64];
} groups[2] = {{-1, -1, ""}, {-1, -1, ""}};

static bool writable(const char *folder, const char *file) {
    char path[2200];
    snprintf(path, sizeof path, "%s/%s", folder, file);
    return access(path, W_OK) == 0;
}

// A new group below `base` under a name that nothing left behind can have; its path, or null with errno.
static const char *make(const char *base) {
    static char path[2200];
    const int index = groups[0].folder < 0 ? 0 : 1;
    for (int attempt = 0; attempt < 10; attempt++) {
        uint64_t random = yb_now_us();
        (void)!getrandom(&random, sizeof random, 0);
        snprintf(groups[index].name, sizeof groups[index].name, "yuanbench-%d-%016llx", (int)getpid(),
                 (unsigned long long)random);
        snprintf(path, sizeof path, "%s/%s", base, groups[index].name);
        if (mkdir(path, 0755) == 0) {
            groups[index].parent = open(base, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
            groups[index].folder = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
            return path;
        }
        // Out of memory or ids for a moment: groups that were removed are taken down in their own time.
        if (errno != ENOMEM && errno != ENOSPC && errno != EAGAIN && errno != EBUSY && errno != EEXIST) return NULL;
        usleep(20000);
    }
    return NULL;
}

/// Removes what workers that were killed an hour ago or more have left in `base`; a group with anything in it stays.
static void sweep(const char *base) {
    DIR *folder = opendir(base);
    struct dirent *entry;
    const time_t now = time(NULL);
    while (folder && (entry = readdir(folder))) {
        int pid = 0;
        struct stat made;
        if (sscanf(entry->d_name, "yuanbench-%d-", &pid) != 1 || pid <= 0) continue;
        if (kill(pid, 0) == 0 || errno != ESRCH) continue;
        if (fstatat(dirfd(folder), entry->d_name, &made, AT_SYMLINK_NOFOLLOW) || now - made.st_mtime < 3600) continue;
        (void)!unlinkat(dirfd(folder), entry->d_name, AT_REMOVEDIR);
    }
    if (folder) closedir(folder);
}

static bool enterable(yb_cell *cell, const char *path) {
    char file[2300];
    snprintf(file, sizeof file, "%s/cgroup.procs", path);
    int fd = open(file, O_WRONLY | O_CLOEXEC);
    if (fd >= 0) cell->cgroup_enter[cell->cgroup_enters++] = fd;
    return fd >= 0;
}

/// Makes groups for the programs of this worker and opens what is needed of them. Where they do not bound memory and
/// processes both, the message of `cell->ready` says why, and the result is false.
bool yb_cgroup_make(yb_cell *cell) {
    const char *controllers[] = {"memory", "pids"}, *path;
    char base[2048], file[2300];
    const char *what = "no hierarchy is mounted";
    int why = 0;
    cell->cgroup_enters = 0;
    cell->cgroup_kills = -1;
    for (int i = 0; i < 2; i++) {
        if (!place(controllers[i], base, sizeof base)) continue;
        sweep(base);
        path = make(base);
        if (!path || !enterable(cell, path)) {
            what = path ? "cannot be entered" : "cannot be made", why = errno;
        } else if (i == 0) {
            snprintf(file, sizeof file, "%s/memory.oom_control", path);
            cell->cgroup_kills = open(file, O_RDONLY | O_CLOEXEC);
        }
    }
    bool whole = cell->cgroup_enters == 2;
    if (!cell->cgroup_enters && groups[1].folder < 0 && place(NULL, base, sizeof base)) {
        sweep(base);
        if ((path = make(base))) {
            snprintf(file, sizeof file, "%s/cgroup.subtree_control", base);
            if (!writable(path, "memory.max")) yb_write_file(file, "+memory +pids");
            if (!writable(path, "memory.max") || !writable(path, "pids.max")) {
                if (!why) what = "controllers for memory and processes are not delegated";
            } else if (enterable(cell, path)) {
                whole = true;
                snprintf(file, sizeof file, "%s/memory.events", path);
                cell->cgroup_kills = open(file, O_RDONLY | O_CLOEXEC);
            }
        } else if (!why) {
            what = "cannot be made", why = errno;
        }
    }
    if (!whole) {
        if (cell->cgroup_enters && !why) what = "only one of memory and processes can be bounded";
        snprintf(cell->ready.message, sizeof cell->ready.message, "control groups: %s%s%s", what, why ? ": " : "",
                 why ? strerror(why) : "");
    }
    if (cell->cgroup_enters == 0) yb_cgroup_remove();
    return whole;
}

static void set(int folder, const char *name, uint64_t value) {
    char text[32];
    int fd = openat(folder, name, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return;
    int n = snprintf(text, sizeof text, "%llu", (unsigned long long)value);
    (void)!write(fd, text, (size_t)n);
    close(fd);
}

void yb_cgroup_limit(yb_cell *cell, uint64_t memory, uint32_t processes) {
    (void)cell;
    for (int i = 0; i < 2; i++) {
        if (groups[i].folder < 0) continue;
        set(groups[i].folder, "memory.limit_in_bytes", memory);
        set(groups[i].folder, "memory.max", memory);
        set(groups[i].folder, "memory.swap.max", 0);
        if (processes) set(groups[i].folder, "pids.max", processes);
    }
}

/// How often the kernel killed for lack of memory in the group so far.
uint64_t yb_cgroup_oom_kills(const yb_cell *cell) {
    char text[512];
    if (cell->cgroup_kills < 0) return 0;
    ssize_t n = pread(cell->cgroup_kills, text, sizeof text - 1, 0);
    if (n <= 0) return 0;
    text[n] = 0;
    char *line = strstr(text, "oom_kill ");
    return line ? strtoull(line + 9, NULL, 10) : 0;
}

/// Removes the groups, which must be empty or about to be.
void yb_cgroup_remove(void) {
    for (int i = 0; i < 2; i++) {
        if (groups[i].parent < 0) continue;
        for (int j = 0; j < 200 && unlinkat(groups[i].parent, groups[i].name, AT_REMOVEDIR) && errno == EBUSY; j++)
            usleep(10000);
        close(groups[i].parent);
        if (groups[i].folder >= 0) close(groups[i].folder);
        groups[i].parent = groups[i].folder = -1;
    }
}
#endif
