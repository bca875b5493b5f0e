#define _GNU_SOURCE
#include "include/yb_pool.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#if defined(__x86_64__)
#define PAUSE() __builtin_ia32_pause()
#elif defined(__aarch64__)
#define PAUSE() __asm__ volatile("yield")
#else
#define PAUSE() ((void)0)
#endif

// How long an idle worker spins before it sleeps: longer than the gaps between operators of a step, short enough to
// leave the processor to others.
static const int64_t spin_nanoseconds = 40000;

struct yb_pool {
    size_t threads;
    pthread_t *handles;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    atomic_size_t sleepers;
    atomic_int stopping;
    _Alignas(64) atomic_uint_fast64_t generation; // one more with each job
    // The job. A worker reads it only between `active`+1 and `active`-1 while `open` is set; the caller closes the job
    // and waits for `active` to be 0 before it returns. So a late worker can never claim from the next job, and a
    // worker that the system has not scheduled is not waited for.
    atomic_int open;
    yb_task task;
    void *context;
    size_t chunks;
    _Alignas(64) atomic_size_t next;
    _Alignas(64) atomic_size_t active;
};

typedef struct {
    yb_pool *pool;
    size_t worker;
} start_arguments;

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void claim_chunks(yb_pool *pool, size_t worker) {
    const size_t chunks = pool->chunks;
    for (;;) {
        const size_t chunk = atomic_fetch_add_explicit(&pool->next, 1, memory_order_relaxed);
        if (chunk >= chunks) return;
        pool->task(pool->context, chunk, worker);
    }
}

// Waits for a generation other than `seen`.
static uint64_t await_generation(yb_pool *pool, uint64_t seen) {
    uint64_t current;
    const int64_t deadline = now() + spin_nanoseconds;
    for (int spins = 1;; spins++) {
        current = atomic_load(&pool->generation);
        if (current != seen) return current;
        PAUSE();
        if (spins % 64 == 0 && now() > deadline) break;
    }
    pthread_mutex_lock(&pool->lock);
    atomic_fetch_add(&pool->sleepers, 1);
    while ((current = atomic_load(&pool->generation)) == seen) pthread_cond_wait(&pool->wake, &pool->lock);
    atomic_fetch_sub(&pool->sleepers, 1);
    pthread_mutex_unlock(&pool->lock);
    return current;
}

static void *work(void *opaque) {
    const start_arguments arguments = *(start_arguments *)opaque;
    free(opaque);
    yb_pool *pool = arguments.pool;
    uint64_t seen = 0;
    for (;;) {
        seen = await_generation(pool, seen);
        if (atomic_load(&pool->stopping)) return NULL;
        atomic_fetch_add(&pool->active, 1);
        if (atomic_load(&pool->open)) claim_chunks(pool, arguments.worker);
        atomic_fetch_sub(&pool->active, 1);
    }
}

static void announce(yb_pool *pool) {
    atomic_fetch_add(&pool->generation, 1);
    if (atomic_load(&pool->sleepers) == 0) return;
    pthread_mutex_lock(&pool->lock);
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->lock);
}

yb_pool *yb_pool_create(size_t threads) {
    if (threads < 1) threads = 1;
    yb_pool *pool = NULL;
    if (posix_memalign((void **)&pool, 64, sizeof *pool)) return NULL;
    *pool = (yb_pool){.threads = 1};
    pool->handles = calloc(threads, sizeof *pool->handles);
    if (!pool->handles) {
        free(pool);
        return NULL;
    }
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->wake, NULL);
    for (size_t worker = 1; worker < threads; worker++) {
        start_arguments *arguments = malloc(sizeof *arguments);
        if (!arguments) break;
        *arguments = (start_arguments){pool, worker};
        if (pthread_create(&pool->handles[worker], NULL, work, arguments)) {
            free(arguments);
            break;
        }
        pool->threads = worker + 1;
    }
    return pool;
}

size_t yb_available_processors(void) {
#if defined(__linux__)
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0) return (size_t)CPU_COUNT(&set);
#endif
    const long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (size_t)online : 1;
}

void yb_pool_destroy(yb_pool *pool) {
    if (!pool) return;
    atomic_store(&pool->stopping, 1);
    announce(pool);
    for (size_t worker = 1; worker < pool->threads; worker++) pthread_join(pool->handles[worker], NULL);
    pthread_cond_destroy(&pool->wake);
    pthread_mutex_destroy(&pool->lock);
    free(pool->handles);
    free(pool);
}

size_t yb_pool_threads(const yb_pool *pool) { return pool->threads; }

void yb_pool_run(yb_pool *pool, size_t chunks, yb_task task, void *context) {
    if (pool->threads == 1 || chunks <= 1) {
        for (size_t chunk = 0; chunk < chunks; chunk++) task(context, chunk, 0);
        return;
    }
    pool->task = task;
    pool->context = context;
    pool->chunks = chunks;
    atomic_store(&pool->next, 0);
    atomic_store(&pool->open, 1);
    announce(pool);
    claim_chunks(pool, 0);
    atomic_store(&pool->open, 0);
    for (int spins = 1; atomic_load(&pool->active) != 0; spins++) {
        PAUSE();
        // A worker that lost its processor in the middle of a chunk gets it sooner if we give way.
        if (spins % 256 == 0) sched_yield();
    }
}
