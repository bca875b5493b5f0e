// A persistent pool of threads whose members claim chunks of work.
#ifndef YB_POOL_H
#define YB_POOL_H

#include <stddef.h>

typedef struct yb_pool yb_pool;

// One chunk of a job. `worker` is 0 for the calling thread and below `yb_pool_threads`: scratch may be kept per worker.
typedef void (*yb_task)(void *context, size_t chunk, size_t worker);

// A pool of `threads` (at least 1), the caller of `yb_pool_run` being one of them; NULL if out of memory. Where the
// system refuses threads the pool has fewer.
yb_pool *yb_pool_create(size_t threads);

// Processors this process may run on.
size_t yb_available_processors(void);

// Ends the threads; no job may be running.
void yb_pool_destroy(yb_pool *pool);

size_t yb_pool_threads(const yb_pool *pool);

// Runs `task` for every chunk in 0..<chunks and returns when all are done. One caller at a time; tasks must not call it.
void yb_pool_run(yb_pool *pool, size_t chunks, yb_task task, void *context);

#endif
