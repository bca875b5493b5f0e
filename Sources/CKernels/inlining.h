// How kernel bodies become straight code.
#ifndef INLINING_H
#define INLINING_H

#define INLINE static inline __attribute__((always_inline, unused))
// For loops with constant bounds over arrays of accumulators, which must end up in registers.
#define UNROLL _Pragma("clang loop unroll(full)")


// Fetches a line that will be written, as this core's own: another core may have written it last, and a store to a line
// that is only shared waits for that core. Without a target that says so, the compiler's own prefetch reads only; the
// instruction does nothing on processors that lack it.
INLINE void fetch_to_write(const void *p) {
#if defined(__x86_64__)
    __asm__ volatile("prefetchw %0" : : "m"(*(const char *)p));
#else
    __builtin_prefetch(p, 1, 3);
#endif
}

#endif
