// Row-wise operators over fp32 buffers that hold values of `dtype`; see vector_kernels.h for their arithmetic.
// Rows are [n] floats, `rows` of them one after the other.
#ifndef YB_ELEMENTWISE_H
#define YB_ELEMENTWISE_H

#include <stddef.h>
#include <stdint.h>

#include "yb_isa.h"
#include "yb_pool.h"

// dst[i] = src[i] rounded to dtype (nearest even, fp16 overflow to infinity, NaN stays NaN).
void yb_round(yb_isa isa, yb_dtype dtype, float *dst, const float *src, size_t n);

// Stored values of dtype (fp32, or the 16 bits of bf16 / fp16) to fp32 and back, rounding.
void yb_encode(yb_isa isa, yb_dtype dtype, void *dst, const float *src, size_t n);
void yb_decode(yb_isa isa, yb_dtype dtype, float *dst, const void *src, size_t n);

// out = round(sum + bias), bias may be NULL: what ends a linear layer.
void yb_finish(yb_isa isa, yb_dtype dtype, float *out, const float *sum, const float *bias, size_t n);

void yb_rms_norm(
    yb_pool *pool, yb_isa isa, yb_dtype dtype, float *out, const float *x, const float *weight, float epsilon,
    size_t rows, size_t n);

void yb_add(yb_pool *pool, yb_isa isa, yb_dtype dtype, float *h, const float *x, size_t rows, size_t n);

// Rotates row r by line positions[r] of the tables [positions, head_dim / 2].
void yb_rotate(
    yb_pool *pool, yb_isa isa, yb_dtype dtype, float *x, size_t rows, size_t heads, size_t head_dim,
    const float *cosines, const float *sines, const int32_t *positions);

void yb_gated_product(
    yb_pool *pool, yb_isa isa, yb_dtype dtype, float *out, const float *a, const float *g, size_t rows, size_t n);

// Row r of out [rows, 2·n] := [previous[r] ; row r of x].
void yb_shift_concat(
    yb_pool *pool, float *out, const float *x, const float *const *previous, size_t rows, size_t n);

#endif
