// What the files of the box share; none of it is seen by Swift.
#ifndef YB_BOX_INTERNAL_H
#define YB_BOX_INTERNAL_H

#ifdef __linux__
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "include/CBox.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define YB_MAX_ROLES 2
#define YB_FILTER_MAX 512
// Stands in the filter for the process's own id, which it is replaced by.
#define YB_OWN_PID 0x7fedcba9u
#define YB_INNER_USER 1000
#define YB_NOBODY 65534
#define YB_WORK "/tmp/work"

typedef struct {
    struct sock_filter code[YB_FILTER_MAX];
    unsigned short count;
} yb_filter;

// The long-lived process of one worker and what it knows.
typedef struct {
    yb_setup setup;
    yb_ready ready;
    char *visible, *environment, *interpreter;
    bool root;              // real root: programs get a real user id of their own
    bool namespaces;
    char base[64];          // without namespaces: where work folders lie
    yb_filter filter;
    int cgroup_enter[4], cgroup_enters;
    int cgroup_kills;       // reads how often the out-of-memory killer acted; -1 without
    int zygote[3];          // sockets to the warm interpreters, by kind
    pid_t zygote_pid[3];
} yb_cell;

// box_io.c
// The process that made the control groups.
extern pid_t yb_first;

void yb_die(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
bool yb_write_file(const char *path, const char *text);
int yb_sealed_file(const void *bytes, size_t count);
ssize_t yb_read_at(int folder, const char *name, char *buffer, size_t size);
uint64_t yb_now_us(void);
int yb_strings(char *list, uint32_t bytes, char **out, int max);
bool yb_send_fds(int socket, const void *bytes, size_t count, const int *fds, int number);
void yb_close_from(int first);

// box_seccomp.c
void yb_filter_build(yb_filter *filter, bool unix_sockets, bool shared, bool guard_kill);

// box_landlock.c
int yb_landlock_abi(void);
bool yb_landlock_restrict(int abi, char *visible, uint32_t visible_bytes, const char *writable);

// box_confine.c
void yb_drop_privileges(uid_t user);
void yb_confine(yb_cell *cell, const yb_role *role, uid_t user, const char *folder);

// box_root.c
void yb_enter_outer(yb_cell *cell);
void yb_build_root(yb_cell *cell);
const char *yb_mount_inner(const yb_cell *cell, const yb_role *role);
bool yb_write_contents(int folder, const char *contents, uint32_t bytes, uid_t owner);
void yb_remove_tree(int parent, const char *name);

// box_cgroup.c
bool yb_cgroup_make(yb_cell *cell);
void yb_cgroup_limit(yb_cell *cell, uint64_t memory, uint32_t processes);
void yb_cgroup_remove(void);
uint64_t yb_cgroup_oom_kills(const yb_cell *cell);

// box_job.c
void yb_serve(yb_cell *cell);

// box_watch.c
typedef struct {
    uint64_t cpu_us, memory, waited_us;
    pid_t highest; // of all pids
} yb_usage;
yb_usage yb_usage_of(int proc);
yb_usage yb_usage_below(const pid_t *except, int exceptions);
void yb_kill_descendants(pid_t keep1, pid_t keep2);
pid_t *yb_descendants(pid_t root, int *count);

#endif
#endif
