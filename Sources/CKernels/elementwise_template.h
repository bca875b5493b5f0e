// Element-wise kernels for one instruction set; see vector_kernels.h for what each does.
// n = elements of a row; every sum has an order fixed by n alone.

#define EACH_16(n) for (size_t i = 0, left; i < (n) && (left = (n) - i, 1); i += 16)

#define BODY(D) EACH_16(n) store_up_to(dst + i, round_to(load_up_to(src + i, left), D), left)
static void round_row(float *dst, const float *src, size_t n, yb_dtype dtype) { FOR_DTYPE(dtype, BODY) }
#undef BODY

static void encode_row(void *dst, const float *src, size_t n, yb_dtype dtype) {
    if (dtype == YB_FP32) {
        memcpy(dst, src, n * sizeof(float));
        return;
    }
    uint16_t *out = dst;
    EACH_16(n) {
        const f16v x = load_up_to(src + i, left);
        const h16v h = dtype == YB_BF16 ? encode_bf16(x) : encode_fp16(x);
        memcpy(out + i, &h, (left < 16 ? left : 16) * sizeof(uint16_t));
    }
}

static void decode_row(float *dst, const void *src, size_t n, yb_dtype dtype) {
    if (dtype == YB_FP32) {
        memcpy(dst, src, n * sizeof(float));
        return;
    }
    const uint16_t *in = src;
    size_t whole = 0;
    for (; whole + 16 <= n; whole += 16)
        store(dst + whole, dtype == YB_BF16 ? load_as(in, whole, YB_BF16) : load_as(in, whole, YB_FP16));
    if (whole == n) return;
    h16v h = {0};
    memcpy(&h, in + whole, (n - whole) * sizeof(uint16_t));
    store_part(dst + whole, dtype == YB_BF16 ? decode_bf16(h) : decode_fp16(h), n - whole);
}

static void split_pairs(float *dst, const uint32_t *pairs) {
    for (size_t i = 0; i < 32; i += 16) {
        u16v both;
        memcpy(&both, pairs + i, sizeof both);
        store(dst + i, of_bits(both << 16));
        store(dst + 32 + i, of_bits(both & 0xffff0000u));
    }
}

#define BODY(D)                                                                                                        \
    EACH_16(n) {                                                                                                       \
        f16v y = load_up_to(sum + i, left);                                                                            \
        if (bias) y += load_up_to(bias + i, left);                                                                     \
        store_up_to(out + i, round_to(y, D), left);                                                                    \
    }
static void finish_row(float *out, const float *sum, const float *bias, size_t n, yb_dtype dtype) {
    FOR_DTYPE(dtype, BODY)
}
#undef BODY

#define BODY(D)                                                                                                        \
    EACH_16(n) {                                                                                                       \
        const f16v unit = round_to(load_up_to(x + i, left) * inverse, D);                                              \
        store_up_to(out + i, round_to(unit * load_up_to(weight + i, left), D), left);                                  \
    }
static void rms_norm_row(float *out, const float *x, const float *weight, float epsilon, size_t n, yb_dtype dtype) {
    f16v squares = zeros();
    EACH_16(n) {
        const f16v v = load_up_to(x + i, left);
        squares += v * v;
    }
    const float inverse = 1.0f / __builtin_sqrtf(sum_of(squares) / (float)n + epsilon);
    FOR_DTYPE(dtype, BODY)
}
#undef BODY

#define BODY(D) EACH_16(n) store_up_to(h + i, round_to(load_up_to(h + i, left) + load_up_to(x + i, left), D), left)
static void add_row(float *h, const float *x, size_t n, yb_dtype dtype) { FOR_DTYPE(dtype, BODY) }
#undef BODY

#define BODY(D)                                                                                                        \
    for (size_t head = 0; head < heads; head++) {                                                                      \
        float *low = x + head * head_dim, *high = low + half;                                                          \
        EACH_16(half) {                                                                                                \
            const f16v a = load_up_to(low + i, left), b = load_up_to(high + i, left);                                  \
            const f16v c = load_up_to(cosines + i, left), s = load_up_to(sines + i, left);                             \
            store_up_to(low + i, round_to(round_to(a * c, D) - round_to(b * s, D), D), left);                          \
            store_up_to(high + i, round_to(round_to(b * c, D) + round_to(a * s, D), D), left);                         \
        }                                                                                                              \
    }
static void rotate_row(
    float *x, size_t heads, size_t head_dim, const float *cosines, const float *sines, yb_dtype dtype) {
    const size_t half = head_dim / 2;
    FOR_DTYPE(dtype, BODY)
}
#undef BODY

#define BODY(D)                                                                                                        \
    EACH_16(n) {                                                                                                       \
        const f16v v = load_up_to(a + i, left);                                                                        \
        const f16v silu = round_to(v / (1.0f + exponential(-v)), D);                                                   \
        store_up_to(out + i, round_to(silu * load_up_to(g + i, left), D), left);                                       \
    }
static void gated_product_row(float *out, const float *a, const float *g, size_t n, yb_dtype dtype) {
    FOR_DTYPE(dtype, BODY)
}
#undef BODY

static size_t scan_row(const float *values, size_t n, size_t *highest) {
    const i16v lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    const u16v exponent = bits_of(splat(__builtin_inff()));
    f16v best = splat(-__builtin_inff());
    i16v at = lane - lane - 1, bad = lane - lane;
    size_t i = 0;
    for (; i + 16 <= n; i += 16) {
        const f16v x = load(values + i);
        const i16v better = x > best; // false for NaN, and for what only equals an earlier value
        best = choose(better, x, best);
        at = (better & (lane + (int32_t)i)) | (~better & at);
        bad -= (i16v)((bits_of(x) & exponent) == exponent);
    }
    float top = -__builtin_inff();
    size_t first = n, non_finite = 0;
    for (int l = 0; l < 16; l++) {
        non_finite += (size_t)bad[l];
        if (at[l] < 0 || !(best[l] > top || (best[l] == top && (size_t)at[l] < first))) continue;
        top = best[l];
        first = (size_t)at[l];
    }
    for (; i < n; i++) {
        non_finite += !__builtin_isfinite(values[i]);
        if (!(values[i] > top)) continue;
        top = values[i];
        first = i;
    }
    *highest = first;
    return non_finite;
}
