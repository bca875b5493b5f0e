// Running jobs: start the roles, watch them, end everything, report.
#ifdef __linux__
#include "box_job.h"
#include <sys/signalfd.h>

#define TICK_US 50000u

static int child_signals = -1;

static void leave(yb_cell *cell) {
    if (!cell->namespaces) {
        yb_kill_descendants(0, 0);
        yb_remove_tree(AT_FDCWD, cell->base);
    }
    _exit(0);
}

static char *receive(yb_cell *cell, uint32_t bytes) {
    char *data = bytes <= (256u << 20) ? malloc((size_t)bytes + 1) : NULL;
    if (!data || yb_box_read(0, data, bytes, -1) != 0) leave(cell);
    data[bytes] = 0;
    return data;
}

static bool start_roles(yb_cell *cell, yb_job_state *job) {
    int channel[2] = {-1, -1};
    if (job->spec.roles == 2 && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel)) return false;
    bool good = true;
    for (uint32_t i = 0; i < job->spec.roles && good; i++) {
        yb_running *role = &job->roles[i];
        yb_ends ends = {-1, -1, -1, channel[i], -1, -1, -1};
        int secret[2] = {-1, -1};
        const uint32_t payload = role->spec.payload_bytes - role->spec.secret_bytes;
        if (cell->root && (cell->setup.layers & YB_LAYER_OWN_USER)) role->user = cell->setup.first_user + i;
        // Without root all programs share one id, with the keeper and the warm interpreters.
        if (!cell->root && role->spec.processes) role->spec.processes = cell->namespaces ? role->spec.processes + 10 : 0;
        ends.in = role->spec.stdin_bytes ? yb_sealed_file(role->input, role->spec.stdin_bytes)
                                         : open("/dev/null", O_RDONLY | O_CLOEXEC);
        ends.payload = yb_sealed_file(role->payload, payload);
        good = yb_pipe_for(&role->out, role->spec.output_bytes, &ends.out)
               && yb_pipe_for(&role->err, role->spec.output_bytes, &ends.err)
               && (!(role->spec.flags & YB_ROLE_TOLD) || yb_pipe_for(&role->told, role->spec.told_bytes, &ends.told))
               && ends.in >= 0 && ends.payload >= 0;
        // So that a program may open its /dev/stdout.
        if (good && role->user)
            good = fchown(ends.out, role->user, role->user) == 0 && fchown(ends.err, role->user, role->user) == 0;
        if (good && (role->spec.flags & YB_ROLE_SECRET) && role->spec.secret_bytes <= 4096) {
            good = pipe2(secret, O_CLOEXEC) == 0
                   && write(secret[1], role->payload + payload, role->spec.secret_bytes) == (ssize_t)role->spec.secret_bytes;
            yb_close_one(&secret[1]);
            ends.secret = secret[0];
        }
        const char *why = strerror(errno);
        good = good && yb_start_role(cell, role, &ends, &why);
        if (!good) snprintf(job->broken, sizeof job->broken, "%.200s", why);
        int *own[] = {&ends.in, &ends.out, &ends.err, &ends.told, &ends.secret, &ends.payload};
        for (size_t j = 0; j < sizeof own / sizeof *own; j++) yb_close_one(own[j]);
    }
    yb_close_one(&channel[0]);
    yb_close_one(&channel[1]);
    return good;
}

static void hear_zygote(yb_cell *cell, yb_job_state *job, uint32_t kind) {
    yb_zygote_event event;
    if (!yb_zygote_read(cell, kind, &event)) {
        yb_zygote_stop(cell, kind);
        for (uint32_t i = 0; i < job->spec.roles; i++) {
            yb_running *role = &job->roles[i];
            if (role->started && !role->ended && role->spec.kind == kind) role->ended = true, role->status = SIGKILL;
        }
        return;
    }
    for (uint32_t i = 0; i < job->spec.roles; i++) {
        yb_running *role = &job->roles[i];
        if (role->spec.kind != kind || !role->started || role->ended) continue;
        if (event.kind == YB_ZYGOTE_STARTED && role->main == 0) {
            role->main = (pid_t)event.pid;
            return;
        }
        if (event.kind == YB_ZYGOTE_ENDED && role->main == (pid_t)event.pid) {
            role->ended = true;
            role->status = event.status;
            if (event.cpu_us > role->cpu_us) role->cpu_us = event.cpu_us;
            return;
        }
    }
}

static void hear_status(yb_running *role) {
    yb_status status;
    if (read(role->status_pipe, &status, sizeof status) == (ssize_t)sizeof status) {
        role->status = status.status;
        if (status.cpu_us > role->cpu_us) role->cpu_us = status.cpu_us;
    } else {
        role->status = SIGKILL;
    }
    role->ended = true;
    yb_close_one(&role->status_pipe);
}

static void reap(yb_cell *cell, yb_job_state *job) {
    struct signalfd_siginfo info;
    while (read(child_signals, &info, sizeof info) > 0) {}
    int status;
    struct rusage used;
    pid_t pid;
    while ((pid = wait4(-1, &status, WNOHANG, &used)) > 0) {
        const uint64_t spent = (uint64_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000u
                               + (uint64_t)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
        for (uint32_t i = 0; i < job->spec.roles; i++) {
            yb_running *role = &job->roles[i];
            if (pid == role->init) role->init = -1;
            if (role->spec.kind != YB_KIND_EXEC || pid != role->main) continue;
            role->ended = true;
            role->status = status;
            role->cpu_us = spent;
        }
        for (uint32_t kind = 1; kind < 3; kind++) {
            if (pid == cell->zygote_pid[kind]) {
                yb_close_one(&cell->zygote[kind]);
                cell->zygote_pid[kind] = 0;
                for (uint32_t i = 0; i < job->spec.roles; i++) {
                    yb_running *role = &job->roles[i];
                    if (role->spec.kind == kind && role->started && !role->ended) {
                        role->ended = true;
                        role->status = SIGKILL;
                    }
                }
            }
        }
    }
}

static uint32_t overflow(const yb_job_state *job) {
    for (uint32_t i = 0; i < job->spec.roles; i++) {
        const yb_running *role = &job->roles[i];
        if (role->spec.flags & YB_ROLE_TRUSTED) continue;
        if (role->out.over || role->err.over) return YB_ENDING_OUTPUT;
    }
    return YB_ENDING_EXITED;
}

// One turn: waits for something to happen, at most `milliseconds`, and takes it in.
static void turn(yb_cell *cell, yb_job_state *job, int milliseconds) {
    struct pollfd polls[16];
    int count = 0;
    polls[count++] = (struct pollfd){0, POLLIN | POLLRDHUP, 0};
    polls[count++] = (struct pollfd){child_signals, POLLIN, 0};
    for (uint32_t kind = 1; kind < 3; kind++) polls[count++] = (struct pollfd){cell->zygote[kind], POLLIN, 0};
    for (uint32_t i = 0; i < job->spec.roles; i++) {
        yb_running *role = &job->roles[i];
        polls[count++] = (struct pollfd){role->out.fd, POLLIN, 0};
        polls[count++] = (struct pollfd){role->err.fd, POLLIN, 0};
        polls[count++] = (struct pollfd){role->told.fd, POLLIN, 0};
        polls[count++] = (struct pollfd){role->status_pipe, POLLIN, 0};
    }
    if (poll(polls, (nfds_t)count, milliseconds) <= 0) return;
    // Nothing is sent while a job runs: this is the harness giving up, or gone.
    if (polls[0].revents) leave(cell);
    if (polls[1].revents) reap(cell, job);
    for (uint32_t kind = 1; kind < 3; kind++)
        if (polls[1 + kind].revents && cell->zygote[kind] >= 0) hear_zygote(cell, job, kind);
    for (uint32_t i = 0; i < job->spec.roles; i++) {
        yb_running *role = &job->roles[i];
        struct pollfd *own = polls + 4 + 4 * i;
        if (own[0].revents) yb_drain_some(&role->out, 4);
        if (own[1].revents) yb_drain_some(&role->err, 4);
        if (own[2].revents) yb_drain_some(&role->told, 4);
        if (own[3].revents && role->status_pipe >= 0) hear_status(role);
    }
}

static void watch(yb_cell *cell, yb_job_state *job) {
    yb_running *last = &job->roles[job->spec.roles - 1];
    uint64_t next = yb_now_us() + TICK_US;
    while (!last->ended && job->ending == YB_ENDING_EXITED) {
        uint64_t now = yb_now_us();
        if (now >= next) {
            job->ending = yb_check_limits(cell, job);
            next = now + TICK_US;
        } else {
            turn(cell, job, (int)((next - now) / 1000) + 1);
            job->ending = overflow(job);
        }
    }
    // A judge that lost the candidate ends first; how the candidate ended is worth a moment.
    yb_running *first = &job->roles[0];
    yb_drain_some(&last->told, 1000);
    if (job->spec.roles == 2 && job->ending == YB_ENDING_EXITED && last->told.count >= 4
        && memcmp(last->told.bytes, "lost", 4) == 0) {
        for (int i = 0; i < 30 && !first->ended; i++) turn(cell, job, 10);
    }
    if (job->ending == YB_ENDING_EXITED) yb_check_limits(cell, job);
}

static void finish(yb_cell *cell, yb_job_state *job) {
    for (uint32_t i = 0; i < job->spec.roles; i++) {
        yb_running *role = &job->roles[i];
        if (role->started && !role->ended) role->killed = true;
        if (role->init > 0) kill(role->init, SIGKILL);
    }
    if (!cell->namespaces) yb_kill_descendants(cell->zygote_pid[1], cell->zygote_pid[2]);
    uint64_t end = yb_now_us() + 5000000u;
    for (;;) {
        bool waiting = false;
        for (uint32_t i = 0; i < job->spec.roles; i++) {
            yb_running *role = &job->roles[i];
            waiting |= role->init > 0 || (role->started && !role->ended);
        }
        if (!waiting || yb_now_us() > end) break;
        turn(cell, job, 5);
        reap(cell, job);
        if (!cell->namespaces) yb_kill_descendants(cell->zygote_pid[1], cell->zygote_pid[2]);
    }
    for (uint32_t i = 0; i < job->spec.roles; i++) {
        yb_running *role = &job->roles[i];
        yb_drain_some(&role->out, 64);
        yb_drain_some(&role->err, 64);
        yb_drain_some(&role->told, 2000);
        int *own[] = {&role->out.fd, &role->err.fd, &role->told.fd, &role->proc, &role->status_pipe};
        for (size_t j = 0; j < sizeof own / sizeof *own; j++) yb_close_one(own[j]);
    }
    if (job->ending == YB_ENDING_EXITED) job->ending = overflow(job);
}

static void report(yb_cell *cell, yb_job_state *job, uint64_t oom_kills) {
    yb_outcome outcome = {job->ending, job->spec.roles, yb_now_us() - job->start_us};
    if (yb_box_write(0, &outcome, sizeof outcome) != 0) leave(cell);
    for (uint32_t i = 0; i < job->spec.roles; i++) {
        yb_running *role = &job->roles[i];
        if (job->ending == YB_ENDING_BROKEN && i + 1 == job->spec.roles) {
            free(role->told.bytes);
            role->told.bytes = (unsigned char *)strdup(job->broken);
            role->told.count = strlen(job->broken);
        }
        yb_role_outcome mine = {
            role->status, !role->started ? YB_STATE_ABSENT : role->killed ? YB_STATE_KILLED : YB_STATE_EXITED,
            role->cpu_us, role->waited_us, (uint32_t)role->out.count, (uint32_t)role->err.count,
            (uint32_t)role->told.count, i == 0 ? (uint32_t)oom_kills : 0};
        if (yb_box_write(0, &mine, sizeof mine) || yb_box_write(0, role->out.bytes, role->out.count)
            || yb_box_write(0, role->err.bytes, role->err.count)
            || yb_box_write(0, role->told.bytes, role->told.count))
            leave(cell);
        free(role->out.bytes);
        free(role->err.bytes);
        free(role->told.bytes);
        free(role->payload);
        free(role->input);
        free(role->arguments);
        free(role->contents);
    }
}

/// Runs jobs until the harness closes the socket.
void yb_serve(yb_cell *cell) {
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, NULL);
    child_signals = signalfd(-1, &child, SFD_NONBLOCK | SFD_CLOEXEC);
    for (;;) {
        yb_job_state job;
        memset(&job, 0, sizeof job);
        if (yb_box_read(0, &job.spec, sizeof job.spec, -1) != 0) leave(cell);
        if (job.spec.roles < 1 || job.spec.roles > YB_MAX_ROLES) leave(cell);
        for (uint32_t i = 0; i < job.spec.roles; i++) {
            yb_running *role = &job.roles[i];
            role->proc = role->status_pipe = role->out.fd = role->err.fd = role->told.fd = -1;
            if (yb_box_read(0, &role->spec, sizeof role->spec, -1) != 0) leave(cell);
            if (role->spec.kind > YB_KIND_NUMPY || role->spec.secret_bytes > role->spec.payload_bytes) leave(cell);
            role->payload = receive(cell, role->spec.payload_bytes);
            role->input = receive(cell, role->spec.stdin_bytes);
            role->arguments = receive(cell, role->spec.arguments_bytes);
            role->contents = receive(cell, role->spec.contents_bytes);
        }
        yb_running *first = &job.roles[0];
        yb_cgroup_limit(cell, first->spec.memory_bytes + first->spec.work_bytes, first->spec.processes);
        const uint64_t kills = yb_cgroup_oom_kills(cell);
        job.start_us = yb_now_us();
        if (start_roles(cell, &job)) watch(cell, &job);
        else job.ending = YB_ENDING_BROKEN;
        finish(cell, &job);
        report(cell, &job, yb_cgroup_oom_kills(cell) - kills);
        // Only now: a program may have left so many files that removing them takes minutes.
        for (uint32_t i = 0; i < job.spec.roles; i++)
            if (*job.roles[i].folder) yb_remove_tree(AT_FDCWD, job.roles[i].folder);
    }
}
#endif
