// Vectors of 16 floats in the compiler's own vector types, which become whatever registers the target of the including
// file has: two of AVX2's, four of SSE2's or NEON's. Include inside the file's `#pragma clang attribute push` region.
//
// The order of every operation below is fixed; with contraction off, only `multiply_add` differs between targets.
#ifndef VECTORS_H
#define VECTORS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "include/yb_isa.h"
#include "inlining.h"

// Everything here is inlined: no vector ever crosses a call whose convention could differ between files.
#pragma clang diagnostic ignored "-Wpsabi"

typedef float f16v __attribute__((vector_size(64)));
typedef uint32_t u16v __attribute__((vector_size(64)));
typedef int32_t i16v __attribute__((vector_size(64)));
typedef uint16_t h16v __attribute__((vector_size(32)));
typedef _Float16 half16v __attribute__((vector_size(32)));

INLINE f16v splat(float x) { return (f16v){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x}; }
INLINE f16v zeros(void) { return (f16v){0}; }
INLINE u16v bits_of(f16v x) { return (u16v)x; }
INLINE f16v of_bits(u16v x) { return (f16v)x; }
INLINE f16v choose(i16v mask, f16v yes, f16v no) {
    return of_bits(((u16v)mask & bits_of(yes)) | (~(u16v)mask & bits_of(no)));
}

INLINE f16v load(const float *p) {
    f16v x;
    memcpy(&x, p, sizeof x);
    return x;
}
INLINE void store(float *p, f16v x) { memcpy(p, &x, sizeof x); }
// The first `n` of 16 values, the others zero.
INLINE f16v load_part(const float *p, size_t n) {
    f16v x = zeros();
    memcpy(&x, p, n * sizeof(float));
    return x;
}
INLINE void store_part(float *p, f16v x, size_t n) { memcpy(p, &x, n * sizeof(float)); }
INLINE f16v load_up_to(const float *p, size_t n) { return n >= 16 ? load(p) : load_part(p, n); }
INLINE void store_up_to(float *p, f16v x, size_t n) {
    if (n >= 16) store(p, x);
    else store_part(p, x, n);
}

// a·b + c, in one rounding where the target can.
INLINE f16v multiply_add(f16v a, f16v b, f16v c) {
#if defined(YB_FMA) || defined(__aarch64__)
    return __builtin_elementwise_fma(a, b, c);
#else
    return a * b + c;
#endif
}

// The 16 lanes' sum as a fixed tree.
INLINE float sum_of(f16v x) {
    float s[16];
    store(s, x);
    for (int width = 8; width > 0; width /= 2)
        for (int i = 0; i < width; i++) s[i] += s[i + width];
    return s[0];
}

// ---- bf16: the upper half of a float ----

// Nearest even; NaN stays NaN.
INLINE f16v round_bf16(f16v x) {
    const u16v u = bits_of(x);
    const u16v rounded = (u + 0x7fff + (u >> 16 & 1)) & 0xffff0000u;
    return choose(x != x, of_bits((u | 0x00400000u) & 0xffff0000u), of_bits(rounded));
}
INLINE h16v encode_bf16(f16v x) { return __builtin_convertvector(bits_of(round_bf16(x)) >> 16, h16v); }
INLINE f16v decode_bf16(h16v x) { return of_bits(__builtin_convertvector(x, u16v) << 16); }

// ---- fp16 ----

#if defined(YB_F16C) || defined(__aarch64__)
INLINE h16v encode_fp16(f16v x) { return (h16v)__builtin_convertvector(x, half16v); }
INLINE f16v decode_fp16(h16v x) { return __builtin_convertvector((half16v)x, f16v); }
INLINE f16v round_fp16(f16v x) { return decode_fp16(encode_fp16(x)); }
#else
// Nearest even by integer arithmetic: normal numbers lose 13 bits, subnormal ones (below 2^-14) are rounded to
// multiples of 2^-24 by adding 0.5, whose last place that is; from 65520 on the result is infinite.
INLINE f16v round_fp16(f16v x) {
    const u16v u = bits_of(x), sign = u & 0x80000000u, magnitude = u & 0x7fffffffu;
    const u16v normal = (magnitude + 0xfff + (magnitude >> 13 & 1)) & ~0x1fffu;
    const f16v finite = choose((i16v)(normal >= 0x47800000u), of_bits((u16v){0} + 0x7f800000u), of_bits(normal));
    const f16v subnormal = (of_bits(magnitude) + 0.5f) - 0.5f;
    const f16v rounded = choose((i16v)(magnitude < 0x38800000u), subnormal, finite);
    return choose(x != x, of_bits((u | 0x00400000u) & ~0x1fffu), of_bits(bits_of(rounded) | sign));
}
INLINE h16v encode_fp16(f16v x) {
    const u16v u = bits_of(round_fp16(x)), sign = u >> 16 & 0x8000, magnitude = u & 0x7fffffffu;
    const u16v normal = (magnitude - 0x38000000u) >> 13;
    const u16v subnormal = bits_of(of_bits(magnitude) + 0.5f) - 0x3f000000u;
    const u16v special = 0x7c00 | (magnitude >> 13 & 0x3ff);
    const f16v finite = choose((i16v)(magnitude < 0x38800000u), of_bits(subnormal), of_bits(normal));
    const u16v value = bits_of(choose((i16v)(magnitude >= 0x7f800000u), of_bits(special), finite));
    return __builtin_convertvector(value | sign, h16v);
}
INLINE f16v decode_fp16(h16v x) {
    const u16v h = __builtin_convertvector(x, u16v), sign = (h & 0x8000) << 16, magnitude = (h & 0x7fff) << 13;
    const u16v finite = bits_of(of_bits(magnitude) * 0x1p112f);
    const f16v value = choose((i16v)(magnitude >= 0x0f800000u), of_bits(magnitude | 0x7f800000u), of_bits(finite));
    return of_bits(bits_of(value) | sign);
}
#endif

// ---- by dtype; `dtype` is a constant at every call ----

INLINE f16v round_to(f16v x, const yb_dtype dtype) {
    return dtype == YB_BF16 ? round_bf16(x) : dtype == YB_FP16 ? round_fp16(x) : x;
}
// 16 stored values of `dtype` at element `index`.
INLINE f16v load_as(const void *p, size_t index, const yb_dtype dtype) {
    if (dtype == YB_FP32) return load((const float *)p + index);
    h16v h;
    memcpy(&h, (const uint16_t *)p + index, sizeof h);
    return dtype == YB_BF16 ? decode_bf16(h) : decode_fp16(h);
}
INLINE void store_as(void *p, size_t index, f16v x, const yb_dtype dtype) {
    if (dtype == YB_FP32) {
        store((float *)p + index, x);
        return;
    }
    const h16v h = dtype == YB_BF16 ? encode_bf16(x) : encode_fp16(x);
    memcpy((uint16_t *)p + index, &h, sizeof h);
}

// Runs `CALL(dtype)` with the dtype a constant.
#define FOR_DTYPE(dtype, CALL)                                                                                         \
    switch (dtype) {                                                                                                   \
    case YB_FP32: CALL(YB_FP32); break;                                                                                \
    case YB_BF16: CALL(YB_BF16); break;                                                                                \
    case YB_FP16: CALL(YB_FP16); break;                                                                                \
    }

// ---- exponential ----

// e^x within 2 ulp: x = n·ln 2 + r, a polynomial for |r| <= ln 2 / 2, scaled in two steps so that subnormal and
// infinite results come out right. NaN stays NaN. Coefficients: Cephes' expf.
INLINE f16v exponential(f16v x) {
    x = choose(x > splat(89.0f), splat(89.0f), x);
    x = choose(x < splat(-105.0f), splat(-105.0f), x);
    const f16v shifter = splat(12582912.0f); // 1.5·2^23: adding it rounds to an integer
    const f16v n = (x * 1.44269504f + shifter) - shifter;
    const f16v r = (x - n * 0.693359375f) - n * -2.12194440e-4f;
    f16v p = splat(1.9875691500e-4f);
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = (p * (r * r) + r) + 1.0f;
    // NaN lanes: keep the conversion defined; p is NaN there whatever the scale.
    const i16v whole = __builtin_convertvector(choose(x == x, n, zeros()), i16v);
    const i16v half = whole >> 1, rest = whole - half;
    return (p * (f16v)((half + 127) << 23)) * (f16v)((rest + 127) << 23);
}

#endif
