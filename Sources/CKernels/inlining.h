// How kernel bodies become straight code.
#ifndef INLINING_H
#define INLINING_H

#define INLINE static inline __attribute__((always_inline, unused))
// For loops with constant bounds over arrays of accumulators, which must end up in registers.
#define UNROLL _Pragma("clang loop unroll(full)")

#endif
