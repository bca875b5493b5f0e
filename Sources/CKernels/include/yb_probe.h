// What this machine can do at best, for comparison: reading memory, and multiplying by the kernels' own instruction.
#ifndef YB_PROBE_H
#define YB_PROBE_H

#include <stddef.h>
#include <stdint.h>

#include "yb_isa.h"
#include "yb_pool.h"

// Reads `bytes` once, shared out to the pool in pieces of 1 MiB. The result is a checksum, so that no read is left out.
uint64_t yb_probe_read(yb_pool *pool, yb_isa isa, const void *memory, size_t bytes);

// Every thread of the pool runs `rounds` rounds of multiply-adds that do not wait for each other, with the instruction by
// which kernels of `isa` multiply `dtype`, all in registers. Returns the FLOPs done, a multiply-add being two.
double yb_probe_multiply(yb_pool *pool, yb_isa isa, yb_dtype dtype, size_t rounds);

#endif
