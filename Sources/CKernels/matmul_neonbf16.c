// Panel product for NEON with BF16 dot products: each `bfdot` adds two columns of 4 rows. It reads bf16 on both sides,
// which activations of a bf16 run already are, and takes subnormal numbers for zero.
#if defined(__aarch64__)
#include "matmul_kernels.h"

#include <arm_neon.h>

#include "inlining.h"

#pragma clang attribute push(__attribute__((target("bf16"))), apply_to = function)

#define VECTOR float32x4_t
#define LANES 4
#define MAX_COLUMNS 3
#define WHOLE_COLUMNS MAX_COLUMNS
#define L1_COLUMNS 0
#define STEPS_AT_ONCE 1
#define ZERO vdupq_n_f32(0)
#define LOAD(p) vld1q_f32(p)
#define STORE(p, v) vst1q_f32(p, v)

#define X uint32_t
#define MULTIPLY_ADD(w, x, sum) vbfdotq_f32(sum, vreinterpretq_bf16_f32(w), vreinterpretq_bf16_f32(x))
#define SPLAT(x) vreinterpretq_f32_u32(vdupq_n_u32(x))

#define NAME product_bf16
#define STEP_BYTES 128
#define LOAD_0(w, v) vld1q_f32((const float *)(w) + (v) * 4)
#include "matmul_template.h"

#pragma clang attribute pop

const yb_panel_product yb_product_neonbf16 = product_bf16;
#endif
