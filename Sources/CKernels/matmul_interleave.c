// Puts the activations of a block of rows side by side, as the kernels read them.
#include <string.h>

#include "inlining.h"
#include "matmul_job.h"

INLINE uint32_t pair_of(const float *x) {
    uint64_t both;
    memcpy(&both, x, sizeof both);
    return (uint32_t)(both >> 16 & 0xffff) | (uint32_t)(both >> 48 << 16);
}

// Columns from..<whole of `columns` rows side by side; `columns` is a constant at every call.
INLINE void interleave_rows(
    const float *const *rows, size_t from, size_t whole, float *values, int pairs, const int columns) {
    if (pairs) {
        uint32_t *out = (uint32_t *)values + from / 2 * columns;
        for (size_t i = from; i + 1 < whole; i += 2, out += columns)
            UNROLL for (int c = 0; c < columns; c++) out[c] = pair_of(rows[c] + i);
    } else {
        float *out = values + from * columns;
        for (size_t i = from; i < whole; i++, out += columns)
            UNROLL for (int c = 0; c < columns; c++) out[c] = rows[c][i];
    }
}

void yb_interleave(void *context, size_t chunk, size_t worker) {
    (void)worker;
    const linear_job *job = context;
    const size_t block = chunk / job->column_chunks, k = job->columns;
    const size_t first = block_start(job, block), columns = block_start(job, block + 1) - first;
    const size_t from = chunk % job->column_chunks * INTERLEAVE_COLUMNS;
    const size_t to = from + INTERLEAVE_COLUMNS < job->padded ? from + INTERLEAVE_COLUMNS : job->padded;
    const size_t whole = to < k ? to : k; // beyond it is padding
    float *values = block_data(job, block);
    const float *rows[MOST_COLUMNS];
    for (size_t c = 0; c < columns; c++) rows[c] = job->x + row_id(job, first + c) * k;
#define CASE(n)                                                                                                        \
    case n: interleave_rows(rows, from, whole, values, job->pairs, n); break;
    switch (columns) {
        CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8) CASE(9) CASE(10) CASE(11) CASE(12)
    }
#undef CASE
    for (size_t c = 0; c < columns && whole < to; c++) {
        if (!job->pairs) values[whole * columns + c] = 0;
    }
    if (job->pairs && whole % 2) {
        uint32_t *last = (uint32_t *)values + whole / 2 * columns;
        for (size_t c = 0; c < columns; c++) {
            const float ends[2] = {rows[c][whole - 1], 0};
            last[c] = pair_of(ends);
        }
    }
}
