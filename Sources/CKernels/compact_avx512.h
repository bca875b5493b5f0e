// Compact panels in AVX-512: a code's upper byte is looked up in its lane, and interleaving lower and upper bytes gives the
// weights.
#ifndef COMPACT_AVX512_H
#define COMPACT_AVX512_H

#include <immintrin.h>

#include "compact.h"
#include "inlining.h"

#define UPPER __m512i
#define LOAD_UPPER(p) _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)(p)))

// Weights 32·half … (0 or 1) of a step's first or second pair of columns.
INLINE __m512i compact_weights(const char *step, int second, int half, __m512i uppers) {
    __m512i codes = _mm512_loadu_si512(step + 128);
    if (second) codes = _mm512_srli_epi16(codes, 4);
    const __m512i lower = _mm512_loadu_si512(step + 64 * second);
    const __m512i upper = _mm512_shuffle_epi8(uppers, _mm512_and_si512(codes, _mm512_set1_epi8(15)));
    return half ? _mm512_unpackhi_epi8(lower, upper) : _mm512_unpacklo_epi8(lower, upper);
}

#endif
