// One job while it runs.
#ifndef YB_BOX_JOB_H
#define YB_BOX_JOB_H
#include "box.h"

// What is read from a pipe, up to a cap; beyond it bytes are thrown away and `over` is set.
typedef struct {
    unsigned char *bytes;
    size_t count, room, cap;
    int fd;
    bool over;
} yb_drain;

typedef struct {
    yb_role spec;
    char *payload, *input, *arguments, *contents;
    uid_t user;
    pid_t init; // process 1 of its namespace
    pid_t main; // its first process, in our pid namespace; 0 where only `init` knows it
    int proc;   // /proc of its namespace
    int status_pipe;
    char folder[80];
    yb_drain out, err, told;
    bool started, ended, killed;
    int status;
    uint64_t cpu_us, waited_us, oom_before;
} yb_running;

typedef struct {
    int status;
    uint64_t cpu_us;
} yb_status;

// Descriptors a role starts with; -1 for none.
typedef struct {
    int in, out, err, channel, told, secret, payload;
} yb_ends;

// box_start_role.c
bool yb_start_role(yb_cell *cell, yb_running *role, const yb_ends *ends, const char **why);

// box_zygote.c
bool yb_zygote_ready(yb_cell *cell, uint32_t kind, const char **why);
bool yb_zygote_spawn(yb_cell *cell, yb_running *role, const yb_ends *ends, const int *spaces);
// Reads one message of a warm interpreter; false where it is gone.
typedef struct {
    uint32_t kind, pid;
    int32_t status;
    uint32_t pad;
    uint64_t cpu_us;
} yb_zygote_event;
#define YB_ZYGOTE_READY 0u
#define YB_ZYGOTE_STARTED 1u
#define YB_ZYGOTE_ENDED 2u
bool yb_zygote_read(yb_cell *cell, uint32_t kind, yb_zygote_event *event);
void yb_zygote_stop(yb_cell *cell, uint32_t kind);

#endif
