// Probes of the machine's limits; yb_probe.h says what they are for.
#include "include/yb_probe.h"

#include <stdatomic.h>

#include "inlining.h"

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

typedef struct {
    uint64_t (*read)(const char *memory, size_t bytes);
    float (*multiply)(size_t rounds);
    double flops_per_round;
} probe;

#if defined(__x86_64__)

// What the baseline has: SSE2 multiplies and adds in two instructions.
#define NAME sse2
#define BLOCK __m128i
#define READ(p) _mm_loadu_si128((const __m128i *)(p))
#define FOLD(a, b) _mm_xor_si128(a, b)
#define TO_SCALAR(v) (uint64_t)(_mm_cvtsi128_si64(v) ^ _mm_cvtsi128_si64(_mm_unpackhi_epi64(v, v)))
#define VECTOR __m128
#define SUMS 12
#define START(i) _mm_set1_ps((float)(i))
// sum · c + d: with the sum as a factor, neither half can be moved out of the loop.
#define STEP(sum) _mm_add_ps(_mm_mul_ps(sum, _mm_set1_ps(0.5f)), _mm_set1_ps(0.5f))
#define ANY(v) _mm_cvtss_f32(v)
#include "probe_template.h"

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define NAME avx2
#define BLOCK __m256i
#define READ(p) _mm256_loadu_si256((const __m256i *)(p))
#define FOLD(a, b) _mm256_xor_si256(a, b)
#define TO_SCALAR(v) \
    (uint64_t)(_mm256_extract_epi64(v, 0) ^ _mm256_extract_epi64(v, 1) ^ _mm256_extract_epi64(v, 2) ^ _mm256_extract_epi64(v, 3))
#define VECTOR __m256
#define SUMS 12
#define START(i) _mm256_set1_ps((float)(i))
#define STEP(sum) _mm256_fmadd_ps(_mm256_set1_ps(0.5f), sum, _mm256_set1_ps(0.5f))
#define ANY(v) _mm256_cvtss_f32(v)
#include "probe_template.h"
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx512bf16,fma"))), apply_to = function)
#define NAME avx512
#define BLOCK __m512i
#define READ(p) _mm512_loadu_si512(p)
#define FOLD(a, b) _mm512_xor_si512(a, b)
#define TO_SCALAR(v) (uint64_t)_mm512_reduce_or_epi64(v)
#define VECTOR __m512
#define SUMS 24
#define START(i) _mm512_set1_ps((float)(i))
#define STEP(sum) _mm512_fmadd_ps(_mm512_set1_ps(0.5f), sum, _mm512_set1_ps(0.5f))
#define ANY(v) _mm512_cvtss_f32(v)
#include "probe_template.h"

// A dot product of pairs adds to its sum; the factors cancel each other, so the sum stays what it was.
#define NAME avx512bf16
#define VECTOR __m512
#define SUMS 24
#define START(i) _mm512_set1_ps((float)(i))
#define STEP(sum) _mm512_dpbf16_ps(sum, (__m512bh)_mm512_set1_epi32(0x3f803f80), (__m512bh)_mm512_set1_epi32((int)0xbf803f80))
#define ANY(v) _mm512_cvtss_f32(v)
#include "probe_template.h"
#pragma clang attribute pop

static probe probe_for(yb_isa isa, yb_dtype dtype) {
    switch (isa) {
    case YB_AVX512BF16:
        // 16 lanes, two products and two sums each.
        if (dtype == YB_BF16) return (probe){read_avx512, multiply_avx512bf16, 24 * 16 * 4};
        return (probe){read_avx512, multiply_avx512, 24 * 16 * 2};
    case YB_AVX512: return (probe){read_avx512, multiply_avx512, 24 * 16 * 2};
    case YB_AVX2: return (probe){read_avx2, multiply_avx2, 12 * 8 * 2};
    default: return (probe){read_sse2, multiply_sse2, 12 * 4 * 2};
    }
}

#elif defined(__aarch64__)

#define NAME neon
#define BLOCK uint64x2_t
#define READ(p) vld1q_u64((const uint64_t *)(p))
#define FOLD(a, b) veorq_u64(a, b)
#define TO_SCALAR(v) (vgetq_lane_u64(v, 0) ^ vgetq_lane_u64(v, 1))
#define VECTOR float32x4_t
#define SUMS 24
#define START(i) vdupq_n_f32((float)(i))
#define STEP(sum) vfmaq_f32(vdupq_n_f32(0.5f), sum, vdupq_n_f32(0.5f))
#define ANY(v) vgetq_lane_f32(v, 0)
#include "probe_template.h"

#pragma clang attribute push(__attribute__((target("bf16"))), apply_to = function)
#define NAME neonbf16
#define VECTOR float32x4_t
#define SUMS 24
#define START(i) vdupq_n_f32((float)(i))
#define PAIRS(bits) vreinterpretq_bf16_u32(vdupq_n_u32(bits))
#define STEP(sum) vbfdotq_f32(sum, PAIRS(0x3f803f80), PAIRS(0xbf803f80))
#define ANY(v) vgetq_lane_f32(v, 0)
#include "probe_template.h"
#pragma clang attribute pop

static probe probe_for(yb_isa isa, yb_dtype dtype) {
    if (isa == YB_NEONBF16 && dtype == YB_BF16) return (probe){read_neon, multiply_neonbf16, 24 * 4 * 4};
    return (probe){read_neon, multiply_neon, 24 * 4 * 2};
}

#else

#define NAME plain
#define BLOCK uint64_t
#define READ(p) (*(const uint64_t *)(p))
#define FOLD(a, b) ((a) ^ (b))
#define TO_SCALAR(v) (v)
#define VECTOR float
#define SUMS 8
#define START(i) (float)(i)
#define STEP(sum) ((sum) * 0.5f + 0.5f)
#define ANY(v) (v)
#include "probe_template.h"

static probe probe_for(yb_isa isa, yb_dtype dtype) {
    (void)isa, (void)dtype;
    return (probe){read_plain, multiply_plain, 8 * 2};
}

#endif

enum { PIECE = 1 << 20 };

typedef struct {
    probe probe;
    const char *memory;
    size_t bytes, rounds;
    atomic_uint_fast64_t checksum;
} probe_job;

static void read_task(void *context, size_t chunk, size_t worker) {
    (void)worker;
    probe_job *job = context;
    const size_t from = chunk * PIECE, left = job->bytes - from;
    const uint64_t sum = job->probe.read(job->memory + from, left < PIECE ? left : PIECE);
    atomic_fetch_xor_explicit(&job->checksum, sum, memory_order_relaxed);
}

uint64_t yb_probe_read(yb_pool *pool, yb_isa isa, const void *memory, size_t bytes) {
    probe_job job = {.probe = probe_for(isa, YB_FP32), .memory = memory, .bytes = bytes};
    yb_pool_run(pool, (bytes + PIECE - 1) / PIECE, read_task, &job);
    return atomic_load(&job.checksum);
}

static void multiply_task(void *context, size_t chunk, size_t worker) {
    (void)chunk, (void)worker;
    probe_job *job = context;
    const float any = job->probe.multiply(job->rounds);
    atomic_fetch_add_explicit(&job->checksum, any > 0, memory_order_relaxed);
}

double yb_probe_multiply(yb_pool *pool, yb_isa isa, yb_dtype dtype, size_t rounds) {
    probe_job job = {.probe = probe_for(isa, dtype), .rounds = rounds};
    // Several chunks a thread, so that one that starts late has fewer of them.
    const size_t chunks = 8 * yb_pool_threads(pool);
    yb_pool_run(pool, chunks, multiply_task, &job);
    return (double)chunks * (double)rounds * job.probe.flops_per_round;
}
