// What the parts of a product share: the job of interleaving its activations, and then of multiplying.
#ifndef MATMUL_JOB_H
#define MATMUL_JOB_H

#include <stddef.h>
#include <stdint.h>

#include "matmul_kernels.h"
#include "vector_kernels.h"

enum { MOST_COLUMNS = 12 };
enum { INTERLEAVE_COLUMNS = 1024 }; // of K, for one chunk of the interleaving job

typedef struct {
    yb_matmul_kernels kernels;
    const yb_vector_kernels *vectors;
    const yb_product *products;
    size_t count;
    yb_dtype dtype;
    const float *x;
    const int32_t *row_ids;
    size_t rows, columns, padded, blocks, panels, panels_per_chunk, chunks, column_chunks, threads;
    int pairs; // activations as bf16 pairs
    int compact; // some of the panels are
    int gated; // panels of the two products take turns, and each two of them have one result
    float *interleaved;
    const yb_range *ahead;
    size_t ahead_bytes;
} linear_job;

static inline size_t block_start(const linear_job *job, size_t block) { return block * job->rows / job->blocks; }
static inline size_t row_id(const linear_job *job, size_t row) {
    return job->row_ids ? (size_t)job->row_ids[row] : row;
}
// A block's interleaved activations: [padded K][columns] floats, or [padded K / 2][columns] bf16 pairs.
static inline float *block_data(const linear_job *job, size_t block) {
    return job->interleaved + block_start(job, block) * job->padded;
}

// One panel of one of the products.
typedef struct {
    const yb_product *product;
    size_t row; // its first row
    const compact_head *head; // NULL of a plain panel
    const char *weights;
    size_t step_columns; // of K: a pair where bf16 are stored
    size_t step_bytes; // on average, where the panel is compact
} panel_place;

// Multiplies `steps` steps (columns or pairs of them) from the beginning of a compact panel as the plain kernel would. Steps with
// listed weights are expanded for themselves.
void yb_multiply_compact(
    const linear_job *job, const panel_place *place, size_t steps, const float *x, int columns, float *sums,
    yb_prefetch prefetch);

// A task of the pool: chunk = block × INTERLEAVE_COLUMNS columns.
void yb_interleave(void *job, size_t chunk, size_t worker);

#endif
