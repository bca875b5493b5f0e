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

#define FP32_WEIGHTS(w, v) _mm256_loadu_ps((const float *)(w) + (v) * 8)
#define FP16_WEIGHTS(w, v) _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(w) + (v)))
#define BF16_EVEN(w, v) _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_loadu_si256((const __m256i *)(w) + (v)), 16))
#define BF16_ODD(w, v) \
    _mm256_castsi256_ps(_mm256_and_si256(_mm256_loadu_si256((const __m256i *)(w) + (v)), _mm256_set1_epi32(~0xffff)))
#define FP32_NEAR 2
#define FP16_NEAR 2
#define BF16_NEAR 2
#include "matmul_products.h"

#pragma clang attribute pop

const yb_matmul_kernels yb_matmul_kernels_avx2 = {
    .max_columns = MAX_COLUMNS, .whole_columns = WHOLE_COLUMNS,
    .product = {product_fp32, product_bf16, product_fp16},
};
#endif
