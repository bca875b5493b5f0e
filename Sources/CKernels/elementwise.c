#include "include/yb_elementwise.h"

#include <string.h>

#include "vector_kernels.h"

extern const yb_vector_kernels yb_vector_kernels_baseline;
#if defined(__x86_64__)
extern const yb_vector_kernels yb_vector_kernels_avx2;
extern const yb_vector_kernels yb_vector_kernels_avx512;
#endif

const yb_vector_kernels *yb_vector_kernels_for(yb_isa isa) {
#if defined(__x86_64__)
    if (isa >= YB_AVX512) return &yb_vector_kernels_avx512;
    if (isa == YB_AVX2) return &yb_vector_kernels_avx2;
#endif
    (void)isa;
    return &yb_vector_kernels_baseline;
}

void yb_round(yb_isa isa, yb_dtype dtype, float *dst, const float *src, size_t n) {
    yb_vector_kernels_for(isa)->round(dst, src, n, dtype);
}
void yb_encode(yb_isa isa, yb_dtype dtype, void *dst, const float *src, size_t n) {
    yb_vector_kernels_for(isa)->encode(dst, src, n, dtype);
}
void yb_decode(yb_isa isa, yb_dtype dtype, float *dst, const void *src, size_t n) {
    yb_vector_kernels_for(isa)->decode(dst, src, n, dtype);
}
void yb_finish(yb_isa isa, yb_dtype dtype, float *out, const float *sum, const float *bias, size_t n) {
    yb_vector_kernels_for(isa)->finish(out, sum, bias, n, dtype);
}

// One job: an operator and its operands; a chunk is a range of rows.
typedef struct row_job {
    const yb_vector_kernels *kernels;
    yb_dtype dtype;
    float *out;
    const float *a, *b, *c;
    const int32_t *positions;
    const float *const *previous;
    float epsilon;
    size_t rows, n, heads, head_dim, rows_per_chunk;
    void (*row)(const struct row_job *job, size_t row);
} row_job;

static void run_rows(void *context, size_t chunk, size_t worker) {
    (void)worker;
    const row_job *job = context;
    const size_t begin = chunk * job->rows_per_chunk, end = begin + job->rows_per_chunk;
    for (size_t row = begin; row < end && row < job->rows; row++) job->row(job, row);
}

static void run(yb_pool *pool, row_job *job) {
    // About 16k values a chunk: below that waking others costs more than it saves.
    job->rows_per_chunk = job->n >= 16384 ? 1 : 16384 / (job->n ? job->n : 1);
    yb_pool_run(pool, (job->rows + job->rows_per_chunk - 1) / job->rows_per_chunk, run_rows, job);
}

static void rms_norm_one(const row_job *job, size_t row) {
    const size_t at = row * job->n;
    job->kernels->rms_norm(job->out + at, job->a + at, job->b, job->epsilon, job->n, job->dtype);
}

void yb_rms_norm(
    yb_pool *pool, yb_isa isa, yb_dtype dtype, float *out, const float *x, const float *weight, float epsilon,
    size_t rows, size_t n) {
    row_job job = {.kernels = yb_vector_kernels_for(isa), .dtype = dtype, .out = out, .a = x, .b = weight,
                   .epsilon = epsilon, .rows = rows, .n = n, .row = rms_norm_one};
    run(pool, &job);
}

static void add_one(const row_job *job, size_t row) {
    job->kernels->add(job->out + row * job->n, job->a + row * job->n, job->n, job->dtype);
}

void yb_add(yb_pool *pool, yb_isa isa, yb_dtype dtype, float *h, const float *x, size_t rows, size_t n) {
    row_job job = {.kernels = yb_vector_kernels_for(isa), .dtype = dtype, .out = h, .a = x, .rows = rows, .n = n,
                   .row = add_one};
    run(pool, &job);
}

static void rotate_one(const row_job *job, size_t row) {
    const size_t line = (size_t)job->positions[row] * (job->head_dim / 2);
    job->kernels->rotate(
        job->out + row * job->n, job->heads, job->head_dim, job->a + line, job->b + line, job->dtype);
}

void yb_rotate(
    yb_pool *pool, yb_isa isa, yb_dtype dtype, float *x, size_t rows, size_t heads, size_t head_dim,
    const float *cosines, const float *sines, const int32_t *positions) {
    row_job job = {.kernels = yb_vector_kernels_for(isa), .dtype = dtype, .out = x, .a = cosines, .b = sines,
                   .positions = positions, .rows = rows, .n = heads * head_dim, .heads = heads, .head_dim = head_dim,
                   .row = rotate_one};
    run(pool, &job);
}

static void gated_product_one(const row_job *job, size_t row) {
    const size_t at = row * job->n;
    job->kernels->gated_product(job->out + at, job->a + at, job->b + at, job->n, job->dtype);
}

void yb_gated_product(
    yb_pool *pool, yb_isa isa, yb_dtype dtype, float *out, const float *a, const float *g, size_t rows, size_t n) {
    row_job job = {.kernels = yb_vector_kernels_for(isa), .dtype = dtype, .out = out, .a = a, .b = g, .rows = rows,
                   .n = n, .row = gated_product_one};
    run(pool, &job);
}

static void shift_concat_one(const row_job *job, size_t row) {
    float *out = job->out + row * 2 * job->n;
    memcpy(out, job->previous[row], job->n * sizeof(float));
    memcpy(out + job->n, job->a + row * job->n, job->n * sizeof(float));
}

void yb_shift_concat(
    yb_pool *pool, float *out, const float *x, const float *const *previous, size_t rows, size_t n) {
    row_job job = {.out = out, .a = x, .previous = previous, .rows = rows, .n = n, .row = shift_concat_one};
    run(pool, &job);
}
