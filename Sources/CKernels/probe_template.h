// One pair of probes. The including file defines, for each instruction set,
//   NAME              ends the names of the functions
//   BLOCK, READ(p)    a vector of 64-bit integers, and how one is loaded; without them there is no probe of reading
//   FOLD(a, b)        a XOR b
//   TO_SCALAR(v)      some 64-bit number that depends on all of v
//   VECTOR, SUMS      a vector of sums, and how many of them are in flight
//   START(i), STEP(sum) the first value of sum i, and one multiply-add to it. The values differ, or the compiler would
//                     keep but one sum.
//   ANY(v)            some float that depends on v
// All of them are undefined at the end.

#define JOIN2(a, b) a##b
#define JOIN(a, b) JOIN2(a, b)

#ifdef BLOCK
static uint64_t JOIN(read_, NAME)(const char *memory, size_t bytes) {
    BLOCK sums[8] = {0};
    const size_t step = 8 * sizeof(BLOCK);
    for (size_t place = 0; place + step <= bytes; place += step) {
        UNROLL for (int i = 0; i < 8; i++) {
            const char *from = memory + place + i * sizeof(BLOCK);
            // Far enough ahead to cover the way to memory; beyond the end a prefetch does no harm.
            if (i * sizeof(BLOCK) % 64 == 0) __builtin_prefetch(from + 4096, 0, 2);
            sums[i] = FOLD(sums[i], READ(from));
        }
    }
    UNROLL for (int i = 1; i < 8; i++) sums[0] = FOLD(sums[0], sums[i]);
    return TO_SCALAR(sums[0]);
}
#endif

static float JOIN(multiply_, NAME)(size_t rounds) {
    VECTOR sums[SUMS];
    UNROLL for (int i = 0; i < SUMS; i++) sums[i] = START(i + 2);
    for (size_t round = 0; round < rounds; round++) {
        UNROLL for (int i = 0; i < SUMS; i++) sums[i] = STEP(sums[i]);
    }
    float any = 0;
    UNROLL for (int i = 0; i < SUMS; i++) any += ANY(sums[i]);
    return any;
}

#undef JOIN
#undef JOIN2
#undef NAME
#undef BLOCK
#undef READ
#undef FOLD
#undef TO_SCALAR
#undef VECTOR
#undef SUMS
#undef START
#undef STEP
#undef ANY
