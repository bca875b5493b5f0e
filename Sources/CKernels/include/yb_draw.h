// One of many values drawn by the softmax of them, and the logarithm of the sum it divides by.
#ifndef YB_DRAW_H
#define YB_DRAW_H

#include <stddef.h>
#include <stdint.h>

#include "yb_pool.h"

typedef struct {
    size_t row;
    float highest;      // of the row's values; finite
    double temperature; // above 0: values are divided by it
    size_t top_k;       // only so many of the highest, the lowest ids first among equals; 0: all
    double top_p;       // of those, the fewest highest whose probabilities sum to it; 1: all
    double uniform;     // 0 ≤ uniform < 1: which point of the cumulative distribution is taken
    int32_t id;         // what was drawn
} yb_draw;

// Draws `id` of each of `count` draws from its row of values, rows being `stride` apart and n long (at least 1). NaN and
// minus infinity are never drawn. Sums are of doubles in a fixed order. `scratch` holds `yb_draw_scratch` bytes, 8-byte
// aligned.
void yb_draw_rows(
    yb_pool *pool, const float *values, size_t stride, size_t n, yb_draw *draws, size_t count, void *scratch);

// result[i] = log Σ exp(value) over the n values of rows[i], NaN left out; highest[i] is their highest and finite.
void yb_log_sums(
    yb_pool *pool, const float *values, size_t stride, size_t n, const size_t *rows, const float *highest, size_t count,
    double *result, void *scratch);

size_t yb_draw_scratch(const yb_pool *pool, size_t n, size_t count);

#endif
