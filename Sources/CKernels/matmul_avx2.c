// Panel products for AVX2 with FMA and F16C. A half panel of 16 rows is two registers and six columns of it are twelve
// sums; with weights and a factor that fills the 16 there are. Converting weights costs nothing there: the multipliers
// are busy for longer. One or two columns wait for memory and take whole panels.
#if defined(__x86_64__)
#include "matmul_kernels.h"

#include <immintrin.h>

#include "inlining.h"

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)

#define VECTOR __m256
#define LANES 8
#define MAX_COLUMNS 6
#define WHOLE_COLUMNS 2
#define ZERO _mm256_setzero_ps()
#define LOAD(p) _mm256_loadu_ps(p)
#define STORE(p, v) _mm256_storeu_ps(p, v)

#define X float
#define MULTIPLY_ADD(w, x, sum) _mm256_fmadd_ps(w, x, sum)
#define SPLAT(x) _mm256_set1_ps(x)

#define NAME product_fp32
#define STEP_BYTES 128
#define NEAR_COLUMNS 2
#define LOAD_0(w, v) _mm256_loadu_ps((const float *)(w) + (v) * 8)
#include "matmul_template.h"

#define NAME product_fp16
#define STEP_BYTES 64
#define NEAR_COLUMNS 2
#define LOAD_0(w, v) _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(w) + (v)))
#include "matmul_template.h"

// bf16 pairs: a 32-bit lane holds a row's even column in its low half and the odd one in its high half.
#define NAME product_bf16
#define STEP_BYTES 128
#define NEAR_COLUMNS 2
#define LOAD_0(w, v) _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_loadu_si256((const __m256i *)(w) + (v)), 16))
#define LOAD_1(w, v) \
    _mm256_castsi256_ps(_mm256_and_si256(_mm256_loadu_si256((const __m256i *)(w) + (v)), _mm256_set1_epi32(~0xffff)))
#include "matmul_template.h"

#pragma clang attribute pop

const yb_matmul_kernels yb_matmul_kernels_avx2 = {
    .max_columns = MAX_COLUMNS, .whole_columns = WHOLE_COLUMNS,
    .product = {product_fp32, product_bf16, product_fp16},
};
#endif
