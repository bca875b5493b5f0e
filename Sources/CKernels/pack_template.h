// Kernels that bring weights into panels, for one instruction set; see vector_kernels.h for what each does.

#define STEP(D, values, count)                                                                                         \
    {                                                                                                                  \
        const f16v x = values;                                                                                         \
        const h16v h = D == YB_BF16 ? encode_bf16(x) : encode_fp16(x);                                                 \
        const f16v y = D == YB_BF16 ? decode_bf16(h) : decode_fp16(h);                                                 \
        different -= (y != x) & (x == x);                                                                              \
        infinite -= ((bits_of(y) & magnitude) == exponent) & ((bits_of(x) & magnitude) < exponent);                    \
        memcpy(dst + i, &h, (count) * sizeof(uint16_t));                                                               \
    }
// Whole vectors apart from the rest: a count that varies would send every one of them through memory.
#define BODY(D)                                                                                                        \
    for (; i + 16 <= n; i += 16) STEP(D, load(src + i), 16)                                                            \
    if (i < n) STEP(D, load_part(src + i, n - i), n - i)
static void encode_counting_row(
    uint16_t *dst, const float *src, size_t n, yb_dtype dtype, size_t *changed, size_t *overflowed) {
    const u16v magnitude = {0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7fffffff,
                            0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7fffffff,
                            0x7fffffff, 0x7fffffff};
    const u16v exponent = bits_of(splat(__builtin_inff()));
    i16v different = {0}, infinite = {0};
    size_t i = 0;
    switch (dtype) {
    case YB_BF16: BODY(YB_BF16) break;
    case YB_FP16: BODY(YB_FP16) break;
    default: break;
    }
    *changed += (size_t)__builtin_reduce_add(different);
    *overflowed += (size_t)__builtin_reduce_add(infinite);
}
#undef BODY
#undef STEP

typedef uint32_t u8v __attribute__((vector_size(32)));

// Rows of 8 become columns: pairs of rows are interleaved by 32, by 64 and by 128 bits.
INLINE void transpose_8x8(u8v r[8]) {
    u8v a[8], b[8];
    UNROLL for (int i = 0; i < 8; i += 2) {
        a[i] = __builtin_shufflevector(r[i], r[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
        a[i + 1] = __builtin_shufflevector(r[i], r[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
    }
    UNROLL for (int i = 0; i < 8; i += 4) {
        UNROLL for (int half = 0; half < 2; half++) {
            b[i + 2 * half] = __builtin_shufflevector(a[i + half], a[i + 2 + half], 0, 1, 8, 9, 4, 5, 12, 13);
            b[i + 2 * half + 1] = __builtin_shufflevector(a[i + half], a[i + 2 + half], 2, 3, 10, 11, 6, 7, 14, 15);
        }
    }
    UNROLL for (int i = 0; i < 4; i++) {
        r[i] = __builtin_shufflevector(b[i], b[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        r[i + 4] = __builtin_shufflevector(b[i], b[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
}

static void transpose_rows(uint32_t *dst, const void *const *rows, size_t n) {
    const size_t whole = n / 8 * 8;
    for (size_t group = 0; group < 32; group += 8) {
        for (size_t column = 0; column < whole; column += 8) {
            u8v r[8];
            UNROLL for (int i = 0; i < 8; i++)
                memcpy(&r[i], (const char *)rows[group + i] + column * sizeof(uint32_t), sizeof r[i]);
            transpose_8x8(r);
            UNROLL for (int i = 0; i < 8; i++) memcpy(dst + (column + i) * 32 + group, &r[i], sizeof r[i]);
        }
    }
    for (size_t column = whole; column < n; column++)
        for (size_t row = 0; row < 32; row++)
            memcpy(dst + column * 32 + row, (const char *)rows[row] + column * sizeof(uint32_t), sizeof(uint32_t));
}

static void split_halves(uint16_t *dst, const uint32_t *pairs, size_t n) {
    for (size_t line = 0; line < n; line++, pairs += 32, dst += 64) {
        UNROLL for (int half = 0; half < 32; half += 16) {
            u16v both;
            memcpy(&both, pairs + half, sizeof both);
            const h16v low = __builtin_convertvector(both & 0xffff, h16v), high = __builtin_convertvector(both >> 16, h16v);
            memcpy(dst + half, &low, sizeof low);
            memcpy(dst + 32 + half, &high, sizeof high);
        }
    }
}
