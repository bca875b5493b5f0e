// What running programs use, read from /proc, and how to end all of them.
#ifdef __linux__
#include "box.h"
#include <dirent.h>

// CPU time of a process, of those of its children it has waited for, and its parent; false where it is gone.
static bool read_stat(int proc, const char *pid, uint64_t *cpu_us, pid_t *parent) {
    char name[64], text[1024];
    snprintf(name, sizeof name, "%s/stat", pid);
    if (yb_read_at(proc, name, text, sizeof text) <= 0) return false;
    char *rest = strrchr(text, ')');
    if (!rest) return false;
    int ppid = 0;
    unsigned long user = 0, system = 0;
    long child_user = 0, child_system = 0;
    if (sscanf(rest + 1, " %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %ld %ld", &ppid, &user, &system,
               &child_user, &child_system) != 5)
        return false;
    static uint64_t tick_us;
    if (!tick_us) tick_us = 1000000u / (uint64_t)sysconf(_SC_CLK_TCK);
    *cpu_us = (user + system + (uint64_t)child_user + (uint64_t)child_system) * tick_us;
    *parent = ppid;
    return true;
}

// Memory of its own and shared memory it has touched. At the start of a line: a process may call itself "RssAnon:0".
static uint64_t read_memory(int proc, const char *pid) {
    char name[64], text[4096];
    snprintf(name, sizeof name, "%s/status", pid);
    if (yb_read_at(proc, name, text, sizeof text) <= 0) return 0;
    uint64_t total = 0;
    const char *fields[] = {"\nRssAnon:", "\nRssShmem:"};
    for (int i = 0; i < 2; i++) {
        char *at = strstr(text, fields[i]);
        if (at) total += strtoull(at + strlen(fields[i]), NULL, 10) << 10;
    }
    return total;
}

// How long the first thread of a process was runnable but had to wait for a core.
static uint64_t waited_us(int proc, const char *pid) {
    char name[64], text[128];
    snprintf(name, sizeof name, "%s/schedstat", pid);
    unsigned long long ran, waited = 0;
    if (yb_read_at(proc, name, text, sizeof text) <= 0 || sscanf(text, "%llu %llu", &ran, &waited) != 2) return 0;
    return waited / 1000;
}

/// Sums over all processes of `proc` (the /proc of one pid namespace) but its process 1, whose waited-for orphans count.
yb_usage yb_usage_of(int proc) {
    yb_usage usage = {0};
    int again = openat(proc, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = again >= 0 ? fdopendir(again) : NULL;
    if (!folder) return usage;
    struct dirent *entry;
    while ((entry = readdir(folder))) {
        if (entry->d_name[0] < '0' || entry->d_name[0] > '9') continue;
        uint64_t cpu;
        pid_t parent;
        if (!read_stat(proc, entry->d_name, &cpu, &parent)) continue;
        usage.cpu_us += cpu;
        if (atoi(entry->d_name) > usage.highest) usage.highest = atoi(entry->d_name);
        if (strcmp(entry->d_name, "1") == 0) continue;
        usage.memory += read_memory(proc, entry->d_name);
        usage.waited_us += waited_us(proc, entry->d_name);
    }
    closedir(folder);
    return usage;
}

/// The same where there is no pid namespace: sums over everything below this process but the named ones.
yb_usage yb_usage_below(const pid_t *except, int exceptions) {
    yb_usage usage = {0};
    int count, proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    pid_t *list = yb_descendants(getpid(), &count);
    for (int i = 0; i < count && proc >= 0; i++) {
        bool left_out = false;
        for (int j = 0; j < exceptions; j++) left_out |= list[i] == except[j];
        char name[16];
        uint64_t cpu;
        pid_t parent;
        snprintf(name, sizeof name, "%d", (int)list[i]);
        if (left_out || !read_stat(proc, name, &cpu, &parent)) continue;
        usage.cpu_us += cpu;
        usage.memory += read_memory(proc, name);
        usage.waited_us += waited_us(proc, name);
        if (list[i] > usage.highest) usage.highest = list[i];
    }
    free(list);
    close(proc);
    return usage;
}

/// All processes below `root`, parents first; the caller frees the list.
pid_t *yb_descendants(pid_t root, int *count) {
    *count = 0;
    int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = proc >= 0 ? fdopendir(proc) : NULL;
    if (!folder) return NULL;
    struct {
        pid_t pid, parent;
    } *all = NULL;
    int number = 0, room = 0;
    struct dirent *entry;
    while ((entry = readdir(folder))) {
        if (entry->d_name[0] < '0' || entry->d_name[0] > '9') continue;
        uint64_t cpu;
        pid_t parent;
        if (!read_stat(dirfd(folder), entry->d_name, &cpu, &parent)) continue;
        if (number == room) {
            room = room ? 2 * room : 256;
            void *more = realloc(all, (size_t)room * sizeof *all);
            if (!more) break;
            all = more;
        }
        all[number].pid = atoi(entry->d_name);
        all[number++].parent = parent;
    }
    closedir(folder);
    pid_t *found = malloc(((size_t)number + 1) * sizeof *found);
    if (found) {
        int done = 0;
        found[0] = root;
        int have = 1;
        while (done < have) {
            for (int i = 0; i < number; i++) {
                if (all[i].parent == found[done] && have <= number) found[have++] = all[i].pid;
            }
            done++;
        }
        memmove(found, found + 1, (size_t)(have - 1) * sizeof *found);
        *count = have - 1;
    }
    free(all);
    return found;
}

/// Where no namespace ends them together: kills everything below this process but the two named, until none is left.
void yb_kill_descendants(pid_t keep1, pid_t keep2) {
    for (int round = 0; round < 200; round++) {
        int count, others = 0;
        pid_t *list = yb_descendants(getpid(), &count);
        for (int i = 0; i < count; i++) {
            if (list[i] == keep1 || list[i] == keep2) continue;
            kill(list[i], SIGKILL);
            others++;
        }
        free(list);
        if (!others) return;
        usleep(round < 20 ? 500 : 5000);
        // The warm interpreters wait for their own children; orphans are ours.
        while (waitpid(-1, NULL, WNOHANG | __WALL) > 0) {}
    }
}
#endif
