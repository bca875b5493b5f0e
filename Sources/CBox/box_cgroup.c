// Control groups, version 1 or 2, where this user may make them: limits on all descendants together.
#ifdef __linux__
#include "box.h"

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
            if (strcmp(type, "cgroup") == 0 && strstr(list, wanted)) strcpy(mount_point, path);
        } else if (strcmp(type, "cgroup2") == 0) {
            strcpy(mount_point, path);
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
    return (size_t)snprintf(out, size, "%s%s", mount_point, strcmp(own, "/") == 0 ? "" : own) < size;
}

static void keep_name(char *names, size_t size, const char *path) {
    size_t at = 0;
    while (names[at]) at += strlen(names + at) + 1;
    if (at + strlen(path) + 2 < size) {
        strcpy(names + at, path);
        names[at + strlen(path) + 1] = 0;
    }
}

static bool writable(const char *folder, const char *file) {
    char path[2200];
    snprintf(path, sizeof path, "%s/%s", folder, file);
    return access(path, W_OK) == 0;
}

/// Makes groups for the programs of this worker and opens what is needed of them. `names` receives their paths.
void yb_cgroup_make(yb_cell *cell, char *names, size_t size) {
    static int made;
    const char *controllers[] = {"memory", "pids"};
    char base[2048], path[2148], file[2248];
    cell->cgroup_enters = 0;
    cell->cgroup_kills = -1;
    names[0] = 0;
    for (int i = 0; i < 2; i++) {
        if (!place(controllers[i], base, sizeof base)) continue;
        snprintf(path, sizeof path, "%s/yuanbench-%d-%d", base, (int)getpid(), made++);
        if (mkdir(path, 0755)) continue;
        keep_name(names, size, path);
        snprintf(file, sizeof file, "%s/cgroup.procs", path);
        int fd = open(file, O_WRONLY | O_CLOEXEC);
        if (fd < 0) continue;
        cell->cgroup_enter[cell->cgroup_enters++] = fd;
        if (i == 0) {
            snprintf(file, sizeof file, "%s/memory.oom_control", path);
            cell->cgroup_kills = open(file, O_RDONLY | O_CLOEXEC);
        }
    }
    if (!cell->cgroup_enters && place(NULL, base, sizeof base)) {
        snprintf(path, sizeof path, "%s/yuanbench-%d-%d", base, (int)getpid(), made++);
        if (mkdir(path, 0755) == 0) {
            keep_name(names, size, path);
            snprintf(file, sizeof file, "%s/cgroup.subtree_control", base);
            if (!writable(path, "memory.max")) yb_write_file(file, "+memory +pids");
            snprintf(file, sizeof file, "%s/cgroup.procs", path);
            int fd = writable(path, "memory.max") && writable(path, "pids.max") ? open(file, O_WRONLY | O_CLOEXEC) : -1;
            if (fd >= 0) {
                cell->cgroup_enter[cell->cgroup_enters++] = fd;
                snprintf(file, sizeof file, "%s/memory.events", path);
                cell->cgroup_kills = open(file, O_RDONLY | O_CLOEXEC);
            }
        }
    }
    if (cell->cgroup_enters == 0) {
        yb_cgroup_remove(names);
        names[0] = 0;
    }
}

static void set(int folder, const char *name, uint64_t value) {
    char text[32];
    int fd = openat(folder, name, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return;
    int n = snprintf(text, sizeof text, "%llu", (unsigned long long)value);
    (void)!write(fd, text, (size_t)n);
    close(fd);
}

static int cgroup_folder[2] = {-1, -1};

/// Opens the folders themselves, to set limits after the root has changed.
void yb_cgroup_open(const char *names) {
    int i = 0;
    for (const char *name = names; *name && i < 2; name += strlen(name) + 1)
        cgroup_folder[i++] = open(name, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

void yb_cgroup_limit(yb_cell *cell, uint64_t memory, uint32_t processes) {
    (void)cell;
    for (int i = 0; i < 2; i++) {
        if (cgroup_folder[i] < 0) continue;
        set(cgroup_folder[i], "memory.limit_in_bytes", memory);
        set(cgroup_folder[i], "memory.max", memory);
        set(cgroup_folder[i], "memory.swap.max", 0);
        if (processes) set(cgroup_folder[i], "pids.max", processes);
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

void yb_cgroup_remove(const char *names) {
    for (const char *name = names; *name; name += strlen(name) + 1) {
        for (int i = 0; i < 100 && rmdir(name) && errno == EBUSY; i++) usleep(10000);
    }
}
#endif
