// The highest of many values, row by row: the greedy choice.
#ifndef YB_TOP_H
#define YB_TOP_H

#include <stddef.h>
#include <stdint.h>

#include "yb_isa.h"
#include "yb_pool.h"

typedef struct {
    int32_t id;
    float value;
} yb_scored;

// For each of `rows` rows of values, `stride` apart, the `count` highest of the first n, highest first, the lowest id
// first on ties; NaN is never chosen. top [rows, count]; found [rows]: how many there were; non_finite [rows]: how many
// of the values are infinite or NaN. `scratch` holds `yb_top_scratch` bytes, 8-byte aligned.
void yb_top(
    yb_pool *pool, yb_isa isa, const float *values, size_t stride, size_t n, size_t rows, size_t count, yb_scored *top,
    size_t *found, size_t *non_finite, void *scratch);

size_t yb_top_scratch(size_t n, size_t rows, size_t count);

#endif
