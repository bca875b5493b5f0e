// Panel product for AVX-512 with BF16 dot products: each `vdpbf16ps` adds two columns of 16 rows. It reads bf16 on
// both sides, which activations of a bf16 run already are, and takes subnormal numbers for zero.
#if defined(__x86_64__)
#include "matmul_kernels.h"

#include <immintrin.h>
#include <stdint.h>

#include "compact.h"
#include "inlining.h"

#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx512bf16,fma,f16c"))), apply_to = function)

#define VECTOR __m512
#define LANES 16
#define MAX_COLUMNS 12
#define WHOLE_COLUMNS MAX_COLUMNS
#define ZERO _mm512_setzero_ps()
#define LOAD(p) _mm512_loadu_ps(p)
#define STORE(p, v) _mm512_storeu_ps(p, v)

#define X uint32_t
#define MULTIPLY_ADD(w, x, sum) _mm512_dpbf16_ps(sum, (__m512bh)(w), (__m512bh)(x))
#define SPLAT(x) _mm512_castsi512_ps(_mm512_set1_epi32((int)(x)))

#define NAME product_bf16
#define STEP_BYTES 128
#define NEAR_COLUMNS 5
#define LOAD_0(w, v) _mm512_loadu_ps((const float *)(w) + (v) * 16)
#include "matmul_template.h"

// Compact panels: a code's upper byte is looked up in its lane, and interleaving lower and upper bytes gives the weights.
#define UPPER __m512i
#define LOAD_UPPER(p) _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)(p)))

INLINE __m512i uppers_of(const char *step, int second, __m512i uppers) {
    __m512i codes = _mm512_loadu_si512(step + 128);
    if (second) codes = _mm512_srli_epi16(codes, 4);
    return _mm512_shuffle_epi8(uppers, _mm512_and_si512(codes, _mm512_set1_epi8(15)));
}

// Weights 32·half … of the step's first or second pair of columns.
INLINE __m512i compact_weights(const char *step, int second, int half, __m512i uppers) {
    const __m512i lower = _mm512_loadu_si512(step + 64 * second), upper = uppers_of(step, second, uppers);
    return half ? _mm512_unpackhi_epi8(lower, upper) : _mm512_unpacklo_epi8(lower, upper);
}

#define NAME product_compact
#define COMPACT
#define STEP_BYTES COMPACT_STEP_BYTES
#define NEAR_COLUMNS 5
#define LOAD_0(w, v) _mm512_castsi512_ps(compact_weights(w, 0, v, uppers))
#define LOAD_1(w, v) _mm512_castsi512_ps(compact_weights(w, 1, v, uppers))
#include "matmul_template.h"

static void expand(const void *steps, size_t count, const uint8_t upper[16], uint16_t *plain) {
    const char *in = steps;
    const __m512i uppers = LOAD_UPPER(upper);
    for (size_t step = 0; step < count; step++, in += COMPACT_STEP_BYTES, plain += COMPACT_STEP_WEIGHTS) {
        UNROLL for (int part = 0; part < 4; part++)
            _mm512_storeu_si512(plain + part * 32, compact_weights(in, part / 2, part % 2, uppers));
    }
}

#pragma clang attribute pop

const yb_panel_product yb_product_avx512bf16 = product_bf16;
const yb_compact_product yb_compact_avx512bf16 = product_compact;
const yb_expand yb_expand_avx512bf16 = expand;
#endif
