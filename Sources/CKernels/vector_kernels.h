// The table of element-wise and attention kernels that each instruction set's file fills.
#ifndef VECTOR_KERNELS_H
#define VECTOR_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "include/yb_isa.h"

// One query of one head: `q` and `out` are [head_dim]; positions first...last (inclusive) are visible.
typedef struct {
    const float *q;
    float *out;
    size_t first, last;
} yb_query;

typedef struct {
    // dst[i] = src[i] rounded; may be in place.
    void (*round)(float *dst, const float *src, size_t n, yb_dtype dtype);
    // Between fp32 and stored values of `dtype`.
    void (*encode)(void *dst, const float *src, size_t n, yb_dtype dtype);
    void (*decode)(float *dst, const void *src, size_t n, yb_dtype dtype);
    // Values stored as bf16 or fp16; adds how many rounding changed, and how many finite ones it made infinite.
    void (*encode_counting)(
        uint16_t *dst, const float *src, size_t n, yb_dtype dtype, size_t *changed, size_t *overflowed);
    // Columns 0..<n of 32 rows of 32-bit values one after the other, dst [n][32]; rows need no alignment.
    void (*transpose)(uint32_t *dst, const void *const *rows, size_t n);
    // dst [2n][32]: the low and then the high halves of each line of pairs [n][32].
    void (*split16)(uint16_t *dst, const uint32_t *pairs, size_t n);
    // 32 bf16 pairs to the 32 low and then the 32 high halves, as floats.
    void (*split)(float *dst, const uint32_t *pairs);
    // out[i] = round(sum[i] + bias[i]); no bias if NULL.
    void (*finish)(float *out, const float *sum, const float *bias, size_t n, yb_dtype dtype);
    // out = round(weight · round(x / rms(x))) for one row of n; may be in place.
    void (*rms_norm)(float *out, const float *x, const float *weight, float epsilon, size_t n, yb_dtype dtype);
    // h = round(h + x)
    void (*add)(float *h, const float *x, size_t n, yb_dtype dtype);
    // NeoX rotation of each head [head_dim] of a row; cosines and sines [head_dim / 2].
    void (*rotate)(float *x, size_t heads, size_t head_dim, const float *cosines, const float *sines, yb_dtype dtype);
    // out = round(round(silu(a)) · g); may be in place.
    void (*gated_product)(float *out, const float *a, const float *g, size_t n, yb_dtype dtype);
    // How many of n values are infinite or NaN; `highest` is the index of the first of the highest, n if none is above
    // minus infinity.
    size_t (*scan)(const float *values, size_t n, size_t *highest);
    // Attention of up to four queries over the same head's pages; `scores` holds 4 · padded positions floats.
    void (*attend)(
        const yb_query *queries, size_t count, void *const *pages, size_t k_offset, size_t v_offset, size_t head_dim,
        size_t v_stride, float scale, float *scores, yb_dtype dtype);
} yb_vector_kernels;

const yb_vector_kernels *yb_vector_kernels_for(yb_isa isa);

#endif
