// Reading what roles write, up to a cap.
#ifdef __linux__
#include "box_job.h"

/// A pipe to read at most `cap` bytes from; `end` is for whoever writes.
bool yb_pipe_for(yb_drain *drain, size_t cap, int *end) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC)) return false;
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    drain->fd = ends[0];
    drain->cap = cap;
    *end = ends[1];
    return true;
}

void yb_close_one(int *fd) {
    if (*fd >= 0) close(*fd);
    *fd = -1;
}

/// Takes what there is, at most a few pieces at a time so that nobody is kept from their turn.
void yb_drain_some(yb_drain *drain, int pieces) {
    unsigned char piece[65536];
    while (drain->fd >= 0 && pieces-- > 0) {
        ssize_t n = read(drain->fd, piece, sizeof piece);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return;
        if (n == 0) {
            yb_close_one(&drain->fd);
            return;
        }
        size_t room = drain->cap - drain->count, taken = (size_t)n < room ? (size_t)n : room;
        if (taken < (size_t)n) drain->over = true;
        if (drain->count + taken > drain->room) {
            size_t larger = drain->room ? 2 * drain->room : 65536;
            while (larger < drain->count + taken) larger *= 2;
            unsigned char *bytes = realloc(drain->bytes, larger);
            if (!bytes) {
                drain->over = true;
                return;
            }
            drain->bytes = bytes;
            drain->room = larger;
        }
        memcpy(drain->bytes + drain->count, piece, taken);
        drain->count += taken;
    }
}
#endif
