// Reading, writing and passing descriptors.
#ifdef __linux__
#include "box.h"
#include <sys/mman.h>
#else
#include "include/CBox.h"
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#endif

#ifdef MSG_NOSIGNAL
#define YB_NO_SIGNAL MSG_NOSIGNAL
#else
#define YB_NO_SIGNAL 0
#endif

int yb_box_read(int descriptor, void *buffer, size_t bytes, int milliseconds) {
    char *at = buffer;
    while (bytes) {
        if (milliseconds >= 0) {
            struct pollfd wait = {descriptor, POLLIN, 0};
            int ready = poll(&wait, 1, milliseconds);
            if (ready == 0) return -2;
            if (ready < 0 && errno != EINTR) return -1;
            if (ready < 0) continue;
        }
        ssize_t n = read(descriptor, at, bytes);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return -1;
        at += n;
        bytes -= (size_t)n;
    }
    return 0;
}

int yb_box_write(int descriptor, const void *buffer, size_t bytes) {
    const char *at = buffer;
    while (bytes) {
        ssize_t n = send(descriptor, at, bytes, YB_NO_SIGNAL);
        if (n < 0 && errno == ENOTSOCK) n = write(descriptor, at, bytes);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return -1;
        at += n;
        bytes -= (size_t)n;
    }
    return 0;
}

#ifdef __linux__
// Ends this process; before the box is up the words reach Swift in yb_ready (see box_main.c), later on standard error.
pid_t yb_first;

void yb_die(const char *format, ...) {
    yb_ready ready = {0};
    va_list list;
    va_start(list, format);
    vsnprintf(ready.message, sizeof ready.message, format, list);
    va_end(list);
    (void)!write(0, &ready, sizeof ready);
    if (getpid() == yb_first) yb_cgroup_remove();
    _exit(71);
}

bool yb_write_file(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return false;
    bool good = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    close(fd);
    return good;
}

// An unnamed file that holds `bytes`, positioned at its start.
int yb_sealed_file(const void *bytes, size_t count) {
    int fd = (int)syscall(SYS_memfd_create, "yuanbench", MFD_CLOEXEC);
    if (fd < 0) return -1;
    if (yb_box_write(fd, bytes, count) != 0 || lseek(fd, 0, SEEK_SET) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

// The start of a file below `folder`, NUL-terminated; -1 where it cannot be read.
ssize_t yb_read_at(int folder, const char *name, char *buffer, size_t size) {
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return -1;
    ssize_t total = 0, n;
    while ((size_t)total + 1 < size && (n = read(fd, buffer + total, size - 1 - (size_t)total)) > 0) total += n;
    close(fd);
    buffer[total] = 0;
    return total;
}

uint64_t yb_now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

// Points `out` at the strings of a NUL-separated list and ends it with a null pointer; returns their number.
int yb_strings(char *list, uint32_t bytes, char **out, int max) {
    int count = 0;
    for (uint32_t at = 0; at < bytes && count < max - 1; at += (uint32_t)strlen(list + at) + 1) out[count++] = list + at;
    out[count] = NULL;
    return count;
}

bool yb_send_fds(int socket, const void *bytes, size_t count, const int *fds, int number) {
    struct iovec piece = {(void *)bytes, count};
    char control[CMSG_SPACE(sizeof(int) * 16)];
    memset(control, 0, sizeof control);
    struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1};
    if (number) {
        message.msg_control = control;
        message.msg_controllen = CMSG_SPACE(sizeof(int) * (size_t)number);
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int) * (size_t)number);
        memcpy(CMSG_DATA(header), fds, sizeof(int) * (size_t)number);
    }
    ssize_t sent;
    do sent = sendmsg(socket, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == (ssize_t)count;
}

void yb_close_from(int first) {
#ifdef SYS_close_range
    if (syscall(SYS_close_range, first, ~0u, 0) == 0) return;
#endif
    for (int fd = first; fd < 4096; fd++) close(fd);
}
#endif
