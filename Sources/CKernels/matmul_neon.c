// Panel products for NEON: 32 rows are eight registers, three columns fill 24 of the 32.
#if defined(__aarch64__)
#include "matmul_kernels.h"

#include <arm_neon.h>

#include "inlining.h"

#define VECTOR float32x4_t
#define LANES 4
#define MAX_COLUMNS 3
#define WHOLE_COLUMNS MAX_COLUMNS
#define L1_COLUMNS 0
#define STEPS_AT_ONCE 1
#define ZERO vdupq_n_f32(0)
#define LOAD(p) vld1q_f32(p)
#define STORE(p, v) vst1q_f32(p, v)

#define X float
#define MULTIPLY_ADD(w, x, sum) vfmaq_f32(sum, w, x)
#define SPLAT(x) vdupq_n_f32(x)

#define FP32_WEIGHTS(w, v) vld1q_f32((const float *)(w) + (v) * 4)
#define FP16_WEIGHTS(w, v) vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16((const uint16_t *)(w) + (v) * 4)))
#define BF16_EVEN(w, v) vreinterpretq_f32_u32(vshlq_n_u32(vld1q_u32((const uint32_t *)(w) + (v) * 4), 16))
#define BF16_ODD(w, v) \
    vreinterpretq_f32_u32(vandq_u32(vld1q_u32((const uint32_t *)(w) + (v) * 4), vdupq_n_u32(0xffff0000)))
#define KEEPS_FP16
#define KEEPS_BF16
#include "matmul_products.h"

const yb_matmul_kernels yb_matmul_kernels_neon = {
    .max_columns = MAX_COLUMNS, .whole_columns = WHOLE_COLUMNS,
    .product = {product_fp32, product_bf16, product_fp16},
    .keeping = {[YB_BF16] = keeping_bf16, [YB_FP16] = keeping_fp16},
};
#endif
