// Panel product for AVX-512 with BF16 dot products: each `vdpbf16ps` adds two columns of 16 rows. It reads bf16 on
// both sides, which activations of a bf16 run already are, and takes subnormal numbers for zero.
#if defined(__x86_64__)
#include "matmul_kernels.h"

#include <immintrin.h>
#include <stdint.h>

#include "inlining.h"

#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx512bf16,fma,f16c"))), apply_to = function)

#include "compact_avx512.h"

#define VECTOR __m512
#define LANES 16
#define MAX_COLUMNS 12
#define WHOLE_COLUMNS MAX_COLUMNS
#define L1_COLUMNS 5
#define STEPS_AT_ONCE 1
#define ZERO _mm512_setzero_ps()
#define LOAD(p) _mm512_loadu_ps(p)
#define STORE(p, v) _mm512_storeu_ps(p, v)

#define X uint32_t
#define MULTIPLY_ADD(w, x, sum) _mm512_dpbf16_ps(sum, (__m512bh)(w), (__m512bh)(x))
#define SPLAT(x) _mm512_castsi512_ps(_mm512_set1_epi32((int)(x)))

#define NAME product_bf16
#define STEP_BYTES 128
#define LOAD_0(w, v) _mm512_loadu_ps((const float *)(w) + (v) * 16)
#include "matmul_template.h"

#define NAME product_compact
#define COMPACT
#define STEP_BYTES COMPACT_STEP_BYTES
#define LOAD_0(w, v) _mm512_castsi512_ps(compact_weights(w, 0, v, uppers))
#define LOAD_1(w, v) _mm512_castsi512_ps(compact_weights(w, 1, v, uppers))
#include "matmul_template.h"

#pragma clang attribute pop

const yb_panel_product yb_product_avx512bf16 = product_bf16;
const yb_compact_product yb_compact_avx512bf16 = product_compact;
#endif
