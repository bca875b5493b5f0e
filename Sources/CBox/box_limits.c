// The limits that are watched from outside: memory and CPU time of all processes together, and wall time.
#ifdef __linux__
#include "box_job.h"

// Longer than this many times the wall limit, waiting for a core included, and the run says nothing: starved.
#define STARVED_FACTOR 10u
#define MANY_BIRTHS 60

static yb_usage usage_of_role(const yb_cell *cell, const yb_job_state *job, uint32_t index) {
    if (cell->namespaces) return yb_usage_of(job->roles[index].proc);
    pid_t except[8] = {cell->zygote_pid[1], cell->zygote_pid[2]};
    int count = 2;
    for (uint32_t j = 0; j < job->spec.roles; j++)
        if (j != index) except[count++] = job->roles[j].main;
    return yb_usage_below(except, count);
}

/// Reads what the roles use; returns how the job has to end, or YB_ENDING_EXITED to go on.
uint32_t yb_check_limits(yb_cell *cell, yb_job_state *job) {
    uint64_t waited = 0, judging = 0, cpu = 0, cpu_limit = 0, programs_waited = 0;
    for (uint32_t i = 0; i < job->spec.roles; i++) {
        yb_running *role = &job->roles[i];
        const bool trusted = (role->spec.flags & YB_ROLE_TRUSTED) != 0;
        if (!role->started || (role->ended && trusted)) {
            waited += role->waited_us;
            if (trusted) judging += role->cpu_us;
            continue;
        }
        // A program whose first process has ended is looked at further: its children may go on.
        yb_usage usage = usage_of_role(cell, job, i);
        // All of its processes: a compiler waits for its parts while these wait for a core.
        if (usage.waited_us < role->waiting_us) role->waited_gone_us += role->waiting_us - usage.waited_us;
        role->waiting_us = usage.waited_us;
        role->waited_us = role->waiting_us + role->waited_gone_us;
        waited += role->waited_us;
        // What processes have used that are gone and that nobody waited for; a second look, since a child may have been
        // waited for between its parent's turn and its own.
        if (usage.cpu_us < role->living_us) {
            const yb_usage again = usage_of_role(cell, job, i);
            if (again.cpu_us > usage.cpu_us) usage.cpu_us = again.cpu_us;
        }
        if (usage.cpu_us < role->living_us) role->gone_us += role->living_us - usage.cpu_us;
        role->living_us = usage.cpu_us;
        usage.cpu_us += role->gone_us;
        if (usage.cpu_us > role->cpu_us) role->cpu_us = usage.cpu_us;
        if (usage.memory > role->spec.memory_bytes + (64u << 20)) return YB_ENDING_MEMORY;
        if (trusted) {
            judging += usage.cpu_us;
        } else {
            cpu = usage.cpu_us;
            programs_waited = role->waited_us;
            cpu_limit = role->spec.cpu_ms * 1000 + 500000;
            // Between two looks processes come and go unseen. Who always has new ones keeps itself from a core, and gets
            // no more time for having waited.
            if (usage.highest != role->newest) role->births++;
            role->newest = usage.highest;
            if (role->births > MANY_BIRTHS) waited -= role->waited_us;
        }
    }
    if (cpu_limit && cpu > cpu_limit) return YB_ENDING_CPU;
    const uint64_t elapsed = yb_now_us() - job->start_us, wall = (uint64_t)job->spec.wall_ms * 1000;
    if (elapsed > wall && elapsed - wall > waited + judging) return YB_ENDING_WALL;
    // One process waits no longer than the time that passes; what waited longer had several, which kept one another from
    // a core: its own doing.
    if (elapsed > STARVED_FACTOR * wall) return programs_waited > elapsed ? YB_ENDING_WALL : YB_ENDING_STARVED;
    return YB_ENDING_EXITED;
}
#endif
