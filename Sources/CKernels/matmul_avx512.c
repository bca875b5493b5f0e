// Panel products for AVX-512: 32 rows are two registers, twelve columns fill 24 of the 32.
#if defined(__x86_64__)
#include "matmul_kernels.h"

#include <immintrin.h>

#include "inlining.h"

#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,fma,f16c"))), apply_to = function)

#include "compact_avx512.h"

#define VECTOR __m512
#define LANES 16
#define MAX_COLUMNS 12
#define WHOLE_COLUMNS MAX_COLUMNS
#define L1_COLUMNS 8
#define STEPS_AT_ONCE 1
#define ZERO _mm512_setzero_ps()
#define LOAD(p) _mm512_loadu_ps(p)
#define STORE(p, v) _mm512_storeu_ps(p, v)

#define X float
#define MULTIPLY_ADD(w, x, sum) _mm512_fmadd_ps(w, x, sum)
#define SPLAT(x) _mm512_set1_ps(x)

#define FP32_WEIGHTS(w, v) _mm512_loadu_ps((const float *)(w) + (v) * 16)
#define FP16_WEIGHTS(w, v) _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(w) + (v)))
#define EVEN(pairs) _mm512_castsi512_ps(_mm512_slli_epi32(pairs, 16))
#define ODD(pairs) _mm512_castsi512_ps(_mm512_and_si512(pairs, _mm512_set1_epi32(~0xffff)))
#define BF16_EVEN(w, v) EVEN(_mm512_loadu_si512((const __m512i *)(w) + (v)))
#define BF16_ODD(w, v) ODD(_mm512_loadu_si512((const __m512i *)(w) + (v)))
#define KEEPS_FP16
#define COMPACT_PAIRS(w, second, v) compact_weights(w, second, v, uppers)
#include "matmul_products.h"

#pragma clang attribute pop

const yb_matmul_kernels yb_matmul_kernels_avx512 = {
    .max_columns = MAX_COLUMNS, .whole_columns = WHOLE_COLUMNS,
    .near_columns = {12, 12, 12}, .near_bytes = 3072,
    .product = {product_fp32, product_bf16, product_fp16}, .keeping = {[YB_FP16] = keeping_fp16},
    .compact = {product_compact, product_compact, product_compact},
    .expanded = {product_bf16, product_bf16, product_bf16}, .expand = expand,
};
#endif
