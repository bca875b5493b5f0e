// What a program is left with: no privileges, limits, the filter.
#ifdef __linux__
#include "box.h"
#include <grp.h>
#include <linux/capability.h>
#include <linux/seccomp.h>

/// Gives up every capability and, where `user` is not 0, becomes that user. Dies where that fails.
void yb_drop_privileges(uid_t user) {
    if (user && (setgroups(0, NULL) || setresgid(user, user, user) || setresuid(user, user, user))) _exit(72);
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct none[2];
    memset(none, 0, sizeof none);
    if (syscall(SYS_capset, &header, none)) _exit(72);
}

static void limit(int resource, uint64_t soft, uint64_t hard) {
    struct rlimit now, wanted = {soft, hard};
    if (getrlimit((unsigned)resource, &now) == 0 && now.rlim_max != RLIM_INFINITY) {
        if (wanted.rlim_max > now.rlim_max) wanted.rlim_max = now.rlim_max;
        if (wanted.rlim_cur > wanted.rlim_max) wanted.rlim_cur = wanted.rlim_max;
    }
    if (setrlimit((unsigned)resource, &wanted)) _exit(73);
}

/// The last steps before a program of its own is executed.
/// - folder: its work folder where there are no namespaces, else null.
void yb_confine(yb_cell *cell, const yb_role *role, uid_t user, const char *folder) {
    for (int i = 0; i < cell->cgroup_enters && !(role->flags & YB_ROLE_TRUSTED); i++) {
        if (write(cell->cgroup_enter[i], "0", 1) != 1) _exit(74);
    }
    uint64_t seconds = (role->cpu_ms + 999) / 1000;
    limit(RLIMIT_CPU, seconds, seconds + 1);
    limit(RLIMIT_CORE, 0, 0);
    limit(RLIMIT_FSIZE, role->work_bytes, role->work_bytes);
    limit(RLIMIT_NOFILE, 256, 256);
    if (role->address_space) limit(RLIMIT_AS, role->memory_bytes, role->memory_bytes);
    if (role->processes) limit(RLIMIT_NPROC, role->processes, role->processes);
    yb_drop_privileges(user);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) _exit(75);
    if (folder && (cell->setup.layers & YB_LAYER_LANDLOCK)
        && !yb_landlock_restrict(
            (int)cell->ready.landlock_abi, cell->visible, cell->setup.visible_bytes, folder))
        _exit(76);
    if (cell->setup.layers & YB_LAYER_SECCOMP) {
        for (int i = 0; i < cell->filter.count; i++) {
            if (cell->filter.code[i].k == YB_OWN_PID) cell->filter.code[i].k = (uint32_t)getpid();
        }
        struct sock_fprog program = {cell->filter.count, cell->filter.code};
        if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0)) _exit(77);
    }
}
#endif
