// Element-wise and attention kernels for AVX-512.
#if defined(__x86_64__)
#include "vector_kernels.h"

#define YB_FMA
#define YB_F16C
#define YB_SCORE_VECTORS 4

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,fma,f16c"))), apply_to = function)
#include "vectors.h"

#include "elementwise_template.h"

#include "attention_template.h"
#pragma clang attribute pop

const yb_vector_kernels yb_vector_kernels_avx512 = {
    round_row, encode_row, decode_row, split_pairs, finish_row, rms_norm_row, add_row, rotate_row, gated_product_row,
    scan_row, attend,
};
#endif
