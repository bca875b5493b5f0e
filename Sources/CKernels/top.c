#include "include/yb_top.h"

#include "vector_kernels.h"

enum { SPAN = 16384 }; // values a task looks at

typedef struct {
    size_t found, non_finite;
    yb_scored top[];
} span_result;

typedef struct {
    const yb_vector_kernels *kernels;
    const float *values;
    size_t stride, n, count, spans;
    char *results;
} top_job;

static size_t result_bytes(size_t count) { return sizeof(span_result) + count * sizeof(yb_scored); }
static size_t spans_of(size_t n) { return (n + SPAN - 1) / SPAN; }

size_t yb_top_scratch(size_t n, size_t rows, size_t count) { return rows * spans_of(n) * result_bytes(count); }

// Puts a value where it belongs among `found` of at most `count`; the first of equals stays ahead.
static size_t insert(yb_scored *top, size_t found, size_t count, yb_scored one) {
    // A comparison with NaN is false.
    if (found == count ? !(one.value > top[count - 1].value) : one.value != one.value) return found;
    size_t at = found < count ? found++ : count - 1;
    for (; at > 0 && one.value > top[at - 1].value; at--) top[at] = top[at - 1];
    top[at] = one;
    return found;
}

static void top_task(void *context, size_t chunk, size_t worker) {
    (void)worker;
    const top_job *job = context;
    const size_t begin = chunk % job->spans * SPAN, left = job->n - begin, n = left < SPAN ? left : SPAN;
    const float *values = job->values + chunk / job->spans * job->stride + begin;
    span_result *result = (span_result *)(job->results + chunk * result_bytes(job->count));
    size_t highest = 0;
    result->found = 0;
    result->non_finite = job->kernels->scan(values, n, &highest);
    // No value above minus infinity leaves nothing to point at: look one by one.
    if (job->count == 1 && highest < n) {
        result->found = 1;
        result->top[0] = (yb_scored){(int32_t)(begin + highest), values[highest]};
        return;
    }
    for (size_t i = 0; i < n; i++)
        result->found =
            insert(result->top, result->found, job->count, (yb_scored){(int32_t)(begin + i), values[i]});
}

void yb_top(
    yb_pool *pool, yb_isa isa, const float *values, size_t stride, size_t n, size_t rows, size_t count, yb_scored *top,
    size_t *found, size_t *non_finite, void *scratch) {
    top_job job = {yb_vector_kernels_for(isa), values, stride, n, count, spans_of(n), scratch};
    yb_pool_run(pool, rows * job.spans, top_task, &job);
    for (size_t row = 0; row < rows; row++) {
        found[row] = non_finite[row] = 0;
        for (size_t span = 0; span < job.spans; span++) {
            const span_result *part = (span_result *)(job.results + (row * job.spans + span) * result_bytes(count));
            non_finite[row] += part->non_finite;
            for (size_t i = 0; i < part->found; i++)
                found[row] = insert(top + row * count, found[row], count, part->top[i]);
        }
    }
}
