#include "include/yb_draw.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

enum { SPAN = 4096 }; // values a task sums

typedef struct {
    float value;
    int32_t id;
} candidate;

typedef struct {
    const float *values;
    size_t stride, n, spans;
    yb_draw *draws;
    double *sums;           // [draws][spans]
    candidate *candidates;  // [workers][n]
} draw_job;

static size_t spans_of(size_t n) { return (n + SPAN - 1) / SPAN; }

size_t yb_draw_scratch(const yb_pool *pool, size_t n, size_t count) {
    return count * (sizeof(yb_draw) + spans_of(n) * sizeof(double)) + yb_pool_threads(pool) * n * sizeof(candidate);
}

// exp((value − highest) / temperature): at most 1; 0 for NaN.
static double weight(float value, const yb_draw *draw) {
    if (value != value) return 0;
    return exp(((double)value - draw->highest) / draw->temperature);
}

static void sum_task(void *context, size_t chunk, size_t worker) {
    (void)worker;
    const draw_job *job = context;
    const yb_draw *draw = job->draws + chunk / job->spans;
    const size_t begin = chunk % job->spans * SPAN, left = job->n - begin, n = left < SPAN ? left : SPAN;
    const float *values = job->values + draw->row * job->stride + begin;
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += weight(values[i], draw);
    job->sums[chunk] = sum;
}

static double total_of(const double *sums, size_t spans) {
    double total = 0;
    for (size_t i = 0; i < spans; i++) total += sums[i];
    return total;
}

// The point `uniform` of the distribution over all values, in the order of their ids.
static int32_t draw_from_all(const yb_draw *draw, const float *values, size_t n, const double *sums, size_t spans) {
    double target = draw->uniform * total_of(sums, spans);
    size_t span = 0;
    while (span + 1 < spans && target >= sums[span]) target -= sums[span++];
    // Rounding may leave the point beyond the last span with any weight, or beyond the last value of a span.
    while (span > 0 && sums[span] == 0) span--;
    const size_t begin = span * SPAN, end = begin + SPAN < n ? begin + SPAN : n;
    size_t last = begin;
    double sum = 0;
    for (size_t i = begin; i < end; i++) {
        const double w = weight(values[i], draw);
        if (w == 0) continue;
        last = i;
        sum += w;
        if (sum > target) break;
    }
    return (int32_t)last;
}

static int higher_first(const void *a, const void *b) {
    const candidate *x = a, *y = b;
    if (x->value != y->value) return x->value > y->value ? -1 : 1;
    return x->id < y->id ? -1 : 1;
}

// The values among which the cut leaves some: all of at least a threshold that is lowered until they suffice.
static size_t gather(const yb_draw *draw, const float *values, size_t n, double total, candidate *found) {
    for (double depth = 8;; depth *= 4) {
        const double low = draw->highest - depth * draw->temperature;
        const int all = depth > 1000 || !(low > -FLT_MAX);
        const float threshold = all ? -FLT_MAX : (float)low;
        size_t count = 0;
        double sum = 0;
        for (size_t i = 0; i < n; i++) {
            if (!(values[i] >= threshold)) continue;
            found[count++] = (candidate){values[i], (int32_t)i};
            if (!draw->top_k) sum += weight(values[i], draw);
        }
        // A hair more than is needed, for the sum in another order.
        if (all || (draw->top_k ? count >= draw->top_k : sum >= draw->top_p * total * (1 + 1e-9))) return count;
    }
}

// The point `uniform` of the distribution over what top-k and top-p leave, the highest first.
static int32_t draw_from_highest(const yb_draw *draw, const float *values, size_t n, double total, candidate *found) {
    size_t count = gather(draw, values, n, total, found);
    qsort(found, count, sizeof *found, higher_first);
    double mass = total;
    if (draw->top_k) {
        if (count > draw->top_k) count = draw->top_k;
        mass = 0;
        for (size_t i = 0; i < count; i++) mass += weight(found[i].value, draw);
    }
    if (draw->top_p < 1) {
        const double enough = draw->top_p * mass;
        size_t kept = 0;
        double sum = 0;
        while (kept < count && (kept == 0 || sum < enough)) sum += weight(found[kept++].value, draw);
        count = kept;
        mass = sum;
    }
    const double target = draw->uniform * mass;
    size_t last = 0;
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        const double w = weight(found[i].value, draw);
        if (w == 0) break;
        last = i;
        sum += w;
        if (sum > target) break;
    }
    return found[last].id;
}

static void draw_task(void *context, size_t chunk, size_t worker) {
    const draw_job *job = context;
    yb_draw *draw = job->draws + chunk;
    const float *values = job->values + draw->row * job->stride;
    const double *sums = job->sums + chunk * job->spans;
    if (draw->top_k || draw->top_p < 1) {
        draw->id = draw_from_highest(
            draw, values, job->n, total_of(sums, job->spans), job->candidates + worker * job->n);
    } else {
        draw->id = draw_from_all(draw, values, job->n, sums, job->spans);
    }
}

void yb_draw_rows(
    yb_pool *pool, const float *values, size_t stride, size_t n, yb_draw *draws, size_t count, void *scratch) {
    const size_t spans = spans_of(n);
    double *sums = scratch;
    draw_job job = {values, stride, n, spans, draws, sums, (candidate *)(sums + count * spans)};
    for (size_t i = 0; i < count; i++)
        if (draws[i].top_k >= n) draws[i].top_k = 0;
    yb_pool_run(pool, count * spans, sum_task, &job);
    yb_pool_run(pool, count, draw_task, &job);
}

void yb_log_sums(
    yb_pool *pool, const float *values, size_t stride, size_t n, const size_t *rows, const float *highest, size_t count,
    double *result, void *scratch) {
    const size_t spans = spans_of(n);
    yb_draw *draws = scratch;
    double *sums = (double *)(draws + count);
    for (size_t i = 0; i < count; i++) draws[i] = (yb_draw){.row = rows[i], .highest = highest[i], .temperature = 1};
    draw_job job = {values, stride, n, spans, draws, sums, NULL};
    yb_pool_run(pool, count * spans, sum_task, &job);
    for (size_t i = 0; i < count; i++) result[i] = highest[i] + log(total_of(sums + i * spans, spans));
}
