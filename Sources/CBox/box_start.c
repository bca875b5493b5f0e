// Starting a box from the harness.
#include "include/CBox.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

pid_t yb_box_start(char *const *arguments, const char *variable, int *descriptor) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends)) return -1;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 0);
    posix_spawnattr_init(&attributes);
    // No thread may run when namespaces are entered, so OpenBLAS must not start its own.
    char *environment[] = {"OPENBLAS_NUM_THREADS=1", "OMP_NUM_THREADS=1", (char *)variable, NULL};
    pid_t pid;
    int error = posix_spawn(&pid, arguments[0], &actions, &attributes, arguments, environment);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    close(ends[1]);
    if (error) {
        close(ends[0]);
        errno = error;
        return -1;
    }
    *descriptor = ends[0];
    return pid;
}
