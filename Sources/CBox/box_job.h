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
    // Of the waiting: that of processes that are gone, and that of the living when last looked at.
    uint64_t waited_gone_us, waiting_us;
    // Of processes that nobody waited for: what the sum over the living has lost, and that sum when last taken.
    uint64_t gone_us, living_us;
    // The highest pid when last looked at, and how often it was another one.
    pid_t newest;
    unsigned births;
} yb_running;

typedef struct {
    yb_job spec;
    yb_running roles[YB_MAX_ROLES];
    uint32_t ending;
    uint64_t start_us;
    char broken[256];
} yb_job_state;

typedef struct {
    int status;
    uint64_t cpu_us;
} yb_status;

// Descriptors a role starts with; -1 for none.
typedef struct {
    int in, out, err, channel, told, secret, payload;
} yb_ends;

// box_drain.c
bool yb_pipe_for(yb_drain *drain, size_t cap, int *end);
void yb_close_one(int *fd);
void yb_drain_some(yb_drain *drain, int pieces);

// box_limits.c
uint32_t yb_check_limits(yb_cell *cell, yb_job_state *job);

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
