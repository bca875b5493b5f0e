// Panel products for AVX2 with FMA and F16C. A half panel of 16 rows is two registers and six columns of it are twelve
// sums; with weights and a factor that fills the 16 there are. Converting weights costs nothing there: the multipliers
// are busy for longer. One or two columns wait for memory and take whole panels.
#if defined(__x86_64__)
#include "matmul_kernels.h"

#include <immintrin.h>

#include "inlining.h"

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)

#define UPPER __m256i
#define LOAD_UPPER(p) _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(p)))

// Weights 16·quarter … (0 to 3) of a compact step's first or second pair of columns: a register has half of the bytes that 64
// weights have, of each lane's sixteen weights the first eight are of the panel's upper rows and the others of the lower ones.
INLINE __m256i compact_weights(const char *step, int second, int quarter, __m256i uppers) {
    const int half = quarter % 2 * 32;
    __m256i codes = _mm256_loadu_si256((const __m256i *)(step + 128 + half));
    if (second) codes = _mm256_srli_epi16(codes, 4);
    const __m256i lower = _mm256_loadu_si256((const __m256i *)(step + 64 * second + half));
    const __m256i upper = _mm256_shuffle_epi8(uppers, _mm256_and_si256(codes, _mm256_set1_epi8(15)));
    return quarter / 2 ? _mm256_unpackhi_epi8(lower, upper) : _mm256_unpacklo_epi8(lower, upper);
}

#define VECTOR __m256
#define LANES 8
#define MAX_COLUMNS 6
#define WHOLE_COLUMNS 2
#define L1_COLUMNS 2
#define STEPS_AT_ONCE 4
#define ZERO _mm256_setzero_ps()
#define LOAD(p) _mm256_loadu_ps(p)
#define STORE(p, v) _mm256_storeu_ps(p, v)

#define X float
#define MULTIPLY_ADD(w, x, sum) _mm256_fmadd_ps(w, x, sum)
#define SPLAT(x) _mm256_set1_ps(x)

#define SUM_THEN(sum, w) __asm__("" : "+x"(sum), "+r"(w))

#define FP32_WEIGHTS(w, v) _mm256_loadu_ps((const float *)(w) + (v) * 8)
#define FP16_WEIGHTS(w, v) _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(w) + (v)))
#define EVEN(pairs) _mm256_castsi256_ps(_mm256_slli_epi32(pairs, 16))
#define ODD(pairs) _mm256_castsi256_ps(_mm256_and_si256(pairs, _mm256_set1_epi32(~0xffff)))
#define BF16_EVEN(w, v) EVEN(_mm256_loadu_si256((const __m256i *)(w) + (v)))
#define BF16_ODD(w, v) ODD(_mm256_loadu_si256((const __m256i *)(w) + (v)))
#define COMPACT_PAIRS(w, second, v) compact_weights(w, second, v, uppers)
#include "matmul_products.h"

#pragma clang attribute pop

const yb_matmul_kernels yb_matmul_kernels_avx2 = {
    .max_columns = MAX_COLUMNS, .whole_columns = WHOLE_COLUMNS,
    .near_columns = {2, 2, 2}, .near_bytes = 3072,
    .product = {product_fp32, product_bf16, product_fp16},
    .compact = {product_compact, product_compact, product_compact},
    .expanded = {product_bf16, product_bf16, product_bf16}, .expand = expand,
};
#endif
