// The filter of system calls: what no test needs and what has let programs out of boxes before.
#ifdef __linux__
#include "box.h"
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <stddef.h>

#if defined(__x86_64__)
#define YB_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define YB_ARCH AUDIT_ARCH_AARCH64
#else
#error "the box knows the system calls of x86-64 and arm64"
#endif

// Newer than some headers; the numbers are the same on every architecture.
#define YB_OPEN_TREE 428
#define YB_MOVE_MOUNT 429
#define YB_FSOPEN 430
#define YB_FSCONFIG 431
#define YB_FSMOUNT 432
#define YB_FSPICK 433
#define YB_CLONE3 435
#define YB_PIDFD_GETFD 438
#define YB_PROCESS_MADVISE 440
#define YB_MOUNT_SETATTR 442
#define YB_QUOTACTL_FD 443
#define YB_MEMFD_SECRET 447
#define YB_PROCESS_MRELEASE 448
#define YB_NAMESPACES 0x7e020080u // every CLONE_NEW… flag

static void add(yb_filter *filter, unsigned short code, uint32_t k, unsigned char yes, unsigned char no) {
    if (filter->count < YB_FILTER_MAX) filter->code[filter->count++] = (struct sock_filter){code, yes, no, k};
}

static void load(yb_filter *filter, size_t offset) { add(filter, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0); }

static void answer(yb_filter *filter, uint32_t action) { add(filter, BPF_RET | BPF_K, action, 0, 0); }

static void number(yb_filter *filter) { load(filter, offsetof(struct seccomp_data, nr)); }

// The low half of an argument (both architectures are little-endian).
static void argument(yb_filter *filter, int index) {
    load(filter, offsetof(struct seccomp_data, args) + 8u * (unsigned)index);
}

static uint32_t refused[] = {
    // namespaces, mounts, roots
    SYS_unshare, SYS_setns, SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, YB_OPEN_TREE, YB_MOVE_MOUNT, YB_FSOPEN,
    YB_FSCONFIG, YB_FSMOUNT, YB_FSPICK, YB_MOUNT_SETATTR, SYS_swapon, SYS_swapoff, SYS_quotactl, YB_QUOTACTL_FD,
    // other processes' memory and descriptors
    SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kcmp, YB_PIDFD_GETFD, YB_PROCESS_MADVISE,
    YB_PROCESS_MRELEASE,
    // who gives way to everybody else waits, and waiting is not counted
    SYS_sched_setscheduler, SYS_sched_setparam, SYS_sched_setattr, SYS_setpriority, SYS_ioprio_set,
    // System V IPC
    SYS_shmget, SYS_shmat, SYS_shmctl, SYS_shmdt, SYS_semget, SYS_semop, SYS_semtimedop, SYS_semctl, SYS_msgget,
    SYS_msgsnd, SYS_msgrcv, SYS_msgctl,
    // kernel facilities with a large surface
    SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, SYS_keyctl, SYS_add_key, SYS_request_key, SYS_kexec_load,
    SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_reboot, SYS_acct, SYS_syslog, SYS_settimeofday,
    SYS_clock_settime, SYS_adjtimex, SYS_clock_adjtime, SYS_sethostname, SYS_setdomainname, SYS_vhangup,
    SYS_fanotify_init, SYS_open_by_handle_at, SYS_name_to_handle_at, SYS_move_pages, SYS_migrate_pages,
    YB_MEMFD_SECRET, SYS_mq_open,
#if defined(__x86_64__)
    SYS_kexec_file_load, SYS_iopl, SYS_ioperm, SYS_modify_ldt, SYS_uselib, SYS_ustat, SYS_sysfs, SYS__sysctl,
    SYS_create_module, SYS_get_kernel_syms, SYS_query_module,
#endif
};

static int ascending(const void *a, const void *b) {
    return *(const uint32_t *)a < *(const uint32_t *)b ? -1 : *(const uint32_t *)a > *(const uint32_t *)b;
}

// Sorted and in blocks that are skipped whole: the kernel tries every call when a filter is installed.
static void refuse_listed(yb_filter *filter, uint32_t action) {
    const size_t count = sizeof refused / sizeof *refused, block = 8;
    qsort(refused, count, sizeof *refused, ascending);
    for (size_t at = 0; at < count; at += block) {
        const size_t size = count - at < block ? count - at : block;
        add(filter, BPF_JMP | BPF_JGT | BPF_K, refused[at + size - 1], (unsigned char)(size + 1), 0);
        for (size_t i = 0; i < size; i++)
            add(filter, BPF_JMP | BPF_JEQ | BPF_K, refused[at + i], (unsigned char)(size - 1 - i), i + 1 == size);
        answer(filter, action);
    }
}

// A call whose first argument names a process: only this one, by 0 or its own id.
static void only_own(yb_filter *filter, uint32_t call) {
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, call, 0, 5);
    argument(filter, 0);
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, 0, 2, 0);
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, YB_OWN_PID, 1, 0);
    answer(filter, SECCOMP_RET_ERRNO | EPERM);
    number(filter);
}

// Modes, owners, times and attributes of files: Landlock does not know them, so without a file system of its own a program
// could change those of any file of its user. They seem to be changed, since copying a file changes them.
static void leave_files_alone(yb_filter *filter) {
    static const uint32_t pretended[] = {
#if defined(__x86_64__)
        SYS_chmod, SYS_chown, SYS_lchown, SYS_utime, SYS_utimes, SYS_futimesat,
#endif
        SYS_fchmod, SYS_fchmodat, 452 /* fchmodat2 */, SYS_fchown, SYS_fchownat, SYS_utimensat,
    };
    static const uint32_t attributes[] = {
        SYS_setxattr, SYS_lsetxattr, SYS_fsetxattr, 463 /* setxattrat */,
        SYS_removexattr, SYS_lremovexattr, SYS_fremovexattr, 466 /* removexattrat */,
    };
    for (size_t i = 0; i < sizeof pretended / sizeof *pretended; i++) {
        add(filter, BPF_JMP | BPF_JEQ | BPF_K, pretended[i], 0, 1);
        answer(filter, SECCOMP_RET_ERRNO | 0);
    }
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
        add(filter, BPF_JMP | BPF_JEQ | BPF_K, attributes[i], 0, 1);
        answer(filter, SECCOMP_RET_ERRNO | EOPNOTSUPP);
    }
}

/// - unix_sockets: whether `socket` may make UNIX sockets; other families never.
/// - shared: processes and files of the host can be seen: what changes them is refused (YB_OWN_PID has to be replaced by the
///   process's own id).
/// - guard_kill: only the process's own id may be signalled.
void yb_filter_build(yb_filter *filter, bool unix_sockets, bool shared, bool guard_kill) {
    const uint32_t refuse = SECCOMP_RET_ERRNO | EPERM, unknown = SECCOMP_RET_ERRNO | ENOSYS;
    filter->count = 0;
    load(filter, offsetof(struct seccomp_data, arch));
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, YB_ARCH, 1, 0);
    answer(filter, SECCOMP_RET_KILL_PROCESS);
    number(filter);
#if defined(__x86_64__)
    add(filter, BPF_JMP | BPF_JGE | BPF_K, 0x40000000u, 0, 1);
    answer(filter, SECCOMP_RET_KILL_PROCESS);
#endif
    refuse_listed(filter, refuse);
    // Memory that no limit of ours counts; libraries then take a file instead.
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, SYS_memfd_create, 0, 1);
    answer(filter, unknown);
    // What cannot be looked into is unknown here; libraries then take the older call. (425-427: io_uring)
    for (uint32_t call = 425; call <= 427; call++) {
        add(filter, BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1);
        answer(filter, unknown);
    }
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, YB_CLONE3, 0, 1);
    answer(filter, unknown);

    add(filter, BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 4);
    argument(filter, 0);
    add(filter, BPF_JMP | BPF_JSET | BPF_K, YB_NAMESPACES, 0, 1);
    answer(filter, refuse);
    number(filter);

    if (unix_sockets) {
        add(filter, BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 4);
        argument(filter, 0);
        add(filter, BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 1, 0);
        answer(filter, refuse);
        number(filter);
    } else {
        add(filter, BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 1);
        answer(filter, refuse);
    }
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, SYS_socketpair, 0, 4);
    argument(filter, 0);
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 1, 0);
    answer(filter, refuse);
    number(filter);

    // Nothing may be typed into a terminal (TIOCSTI, TIOCLINUX).
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, SYS_ioctl, 0, 5);
    argument(filter, 1);
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, 0x5412, 1, 0);
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, 0x541c, 0, 1);
    answer(filter, refuse);
    number(filter);

    add(filter, BPF_JMP | BPF_JEQ | BPF_K, SYS_personality, 0, 5);
    argument(filter, 0);
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, 0, 2, 0);
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, 0xffffffffu, 1, 0);
    answer(filter, refuse);
    number(filter);

    if (shared) {
        only_own(filter, SYS_prlimit64);
        only_own(filter, SYS_sched_setaffinity);
        leave_files_alone(filter);
    }
    if (guard_kill) {
        const uint32_t calls[] = {SYS_kill, SYS_tgkill, SYS_rt_sigqueueinfo, SYS_rt_tgsigqueueinfo};
        for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
            add(filter, BPF_JMP | BPF_JEQ | BPF_K, calls[i], 0, 4);
            argument(filter, 0);
            add(filter, BPF_JMP | BPF_JEQ | BPF_K, YB_OWN_PID, 1, 0);
            answer(filter, refuse);
            number(filter);
        }
        const uint32_t others[] = {SYS_tkill, 424 /* pidfd_send_signal */};
        for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
            add(filter, BPF_JMP | BPF_JEQ | BPF_K, others[i], 0, 1);
            answer(filter, refuse);
        }
    }
    answer(filter, SECCOMP_RET_ALLOW);
}
#endif
