// Which products an instruction set has.
#include "matmul_kernels.h"

extern const yb_matmul_kernels yb_matmul_kernels_baseline;
#if defined(__x86_64__)
extern const yb_matmul_kernels yb_matmul_kernels_avx2, yb_matmul_kernels_avx512;
extern const yb_panel_product yb_product_avx512bf16;
extern const yb_compact_product yb_compact_avx512bf16;
#elif defined(__aarch64__)
extern const yb_matmul_kernels yb_matmul_kernels_neon;
extern const yb_panel_product yb_product_neonbf16;
#endif

yb_matmul_kernels yb_matmul_kernels_for(yb_isa isa) {
#if defined(__x86_64__)
    if (isa >= YB_AVX512) {
        yb_matmul_kernels kernels = yb_matmul_kernels_avx512;
        if (isa == YB_AVX512BF16) {
            kernels.dot_bf16 = 1;
            kernels.product[YB_BF16] = kernels.expanded[YB_BF16] = yb_product_avx512bf16;
            kernels.compact[YB_BF16] = yb_compact_avx512bf16;
            kernels.near_columns[YB_FP32] = kernels.near_columns[YB_BF16] = 5;
            kernels.near_columns[YB_FP16] = 1;
            kernels.near_bytes = 384;
        }
        return kernels;
    }
    if (isa == YB_AVX2) return yb_matmul_kernels_avx2;
#elif defined(__aarch64__)
    if (isa == YB_NEONBF16) {
        yb_matmul_kernels kernels = yb_matmul_kernels_neon;
        kernels.dot_bf16 = 1;
        kernels.keeping[YB_BF16] = NULL;
        kernels.product[YB_BF16] = yb_product_neonbf16;
        return kernels;
    }
    if (isa == YB_NEON) return yb_matmul_kernels_neon;
#endif
    (void)isa;
    return yb_matmul_kernels_baseline;
}

yb_expand yb_expand_for(yb_isa isa) { return yb_matmul_kernels_for(isa).expand; }
