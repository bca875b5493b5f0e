// Panel products for AVX-512: 32 rows are two registers, twelve columns fill 24 of the 32.
#if defined(__x86_64__)
#include "matmul_kernels.h"

#include <immintrin.h>

#include "inlining.h"

#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,fma,f16c"))), apply_to = function)

#define VECTOR __m512
#define LANES 16
#define MAX_COLUMNS 12
#define WHOLE_COLUMNS MAX_COLUMNS
#define ZERO _mm512_setzero_ps()
#define LOAD(p) _mm512_loadu_ps(p)
#define STORE(p, v) _mm512_storeu_ps(p, v)

#define X float
#define MULTIPLY_ADD(w, x, sum) _mm512_fmadd_ps(w, x, sum)
#define SPLAT(x) _mm512_set1_ps(x)

#define NAME product_fp32
#define STEP_BYTES 128
#define NEAR_COLUMNS 5
#define LOAD_0(w, v) _mm512_loadu_ps((const float *)(w) + (v) * 16)
#include "matmul_template.h"

#define FP16_WEIGHTS(w, v) _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(w) + (v)))
#define NAME product_fp16
#define STEP_BYTES 64
#define NEAR_COLUMNS 1
#define LOAD_0(w, v) FP16_WEIGHTS(w, v)
#include "matmul_template.h"

#define NAME keeping_fp16
#define KEEPING
#define STEP_BYTES 64
#define NEAR_COLUMNS 1
#define LOAD_0(w, v) FP16_WEIGHTS(w, v)
#include "matmul_template.h"

// bf16 pairs: a 32-bit lane holds a row's even column in its low half and the odd one in its high half.
#define NAME product_bf16
#define STEP_BYTES 128
#define NEAR_COLUMNS 2
#define LOAD_0(w, v) _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_loadu_si512((const __m512i *)(w) + (v)), 16))
#define LOAD_1(w, v) \
    _mm512_castsi512_ps(_mm512_and_si512(_mm512_loadu_si512((const __m512i *)(w) + (v)), _mm512_set1_epi32(~0xffff)))
#include "matmul_template.h"

#pragma clang attribute pop

const yb_matmul_kernels yb_matmul_kernels_avx512 = {
    .max_columns = MAX_COLUMNS, .whole_columns = WHOLE_COLUMNS,
    .product = {product_fp32, product_bf16, product_fp16}, .keeping = {[YB_FP16] = keeping_fp16},
};
#endif
