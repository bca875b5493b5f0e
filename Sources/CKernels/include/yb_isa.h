// Which instruction set the kernels use, and the arithmetic type they round to.
#ifndef YB_ISA_H
#define YB_ISA_H

typedef enum { YB_FP32 = 0, YB_BF16 = 1, YB_FP16 = 2 } yb_dtype;

// YB_BASELINE is what every machine of the architecture has: SSE2 on x86-64, NEON on arm64.
typedef enum {
    YB_BASELINE = 0,
    YB_NEON = 1,
    YB_NEONBF16 = 2,
    YB_AVX2 = 3,
    YB_AVX512 = 4,
    YB_AVX512BF16 = 5
} yb_isa;

// Best instruction set this processor and its operating system support.
yb_isa yb_isa_detect(void);

// Whether kernels of `isa` can run here.
int yb_isa_available(yb_isa isa);

const char *yb_isa_name(yb_isa isa);

#endif
