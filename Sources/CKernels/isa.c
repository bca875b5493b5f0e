#include "include/yb_isa.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <stdint.h>

// The registers the operating system saves on a context switch (XCR0); an instruction set whose registers are not
// among them must not be used, whatever CPUID says.
static uint64_t saved_registers(void) {
    uint32_t low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (uint64_t)high << 32 | low;
}

yb_isa yb_isa_detect(void) {
    uint32_t a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d)) return YB_BASELINE;
    const uint32_t avx_f16c_fma_osxsave = 1u << 28 | 1u << 29 | 1u << 12 | 1u << 27;
    if ((c & avx_f16c_fma_osxsave) != avx_f16c_fma_osxsave) return YB_BASELINE;
    const uint64_t saved = saved_registers();
    if ((saved & 0x6) != 0x6) return YB_BASELINE;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !(b & 1u << 5)) return YB_BASELINE;
    const uint32_t leaves = a;
    const uint32_t f_dq_bw_vl = 1u << 16 | 1u << 17 | 1u << 30 | 1u << 31;
    if ((b & f_dq_bw_vl) != f_dq_bw_vl || (saved & 0xe6) != 0xe6) return YB_AVX2;
    if (leaves < 1 || !__get_cpuid_count(7, 1, &a, &b, &c, &d) || !(a & 1u << 5)) return YB_AVX512;
    return YB_AVX512BF16;
}

int yb_isa_available(yb_isa isa) { return isa != YB_NEON && isa != YB_NEONBF16 && isa <= yb_isa_detect(); }

#elif defined(__aarch64__)

#if defined(__linux__)
#include <sys/auxv.h>
static int has_bf16(void) { return (getauxval(AT_HWCAP2) & 1ul << 14) != 0; } // HWCAP2_BF16
#elif defined(__APPLE__)
#include <stddef.h>
#include <sys/sysctl.h>
static int has_bf16(void) {
    int value = 0;
    size_t size = sizeof value;
    return sysctlbyname("hw.optional.arm.FEAT_BF16", &value, &size, NULL, 0) == 0 && value == 1;
}
#else
static int has_bf16(void) { return 0; }
#endif

yb_isa yb_isa_detect(void) { return has_bf16() ? YB_NEONBF16 : YB_NEON; }
int yb_isa_available(yb_isa isa) { return isa <= yb_isa_detect(); }

#else

yb_isa yb_isa_detect(void) { return YB_BASELINE; }
int yb_isa_available(yb_isa isa) { return isa == YB_BASELINE; }

#endif

const char *yb_isa_name(yb_isa isa) {
    switch (isa) {
    case YB_NEON: return "neon";
    case YB_NEONBF16: return "neon-bf16";
    case YB_AVX2: return "avx2";
    case YB_AVX512: return "avx512";
    case YB_AVX512BF16: return "avx512-bf16";
    default: return "portable";
    }
}
