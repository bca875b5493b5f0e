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

#include "pack_template.h"

#include "attention_template.h"
#pragma clang attribute pop

const yb_vector_kernels yb_vector_kernels_avx512 = {
    .round = round_row, .encode = encode_row, .decode = decode_row, .encode_counting = encode_counting_row,
    .transpose = transpose_rows, .split16 = split_halves, .split = split_pairs, .finish = finish_row,
    .rms_norm = rms_norm_row, .add = add_row, .rotate = rotate_row, .gated_product = gated_product_row,
    .scan = scan_row, .attend = attend,
};
#endif
