// SIMD kernels with run-time dispatch, the thread pool they run on, and the memory they run in.
#ifndef CKERNELS_H
#define CKERNELS_H

#include "yb_attention.h"
#include "yb_draw.h"
#include "yb_elementwise.h"
#include "yb_isa.h"
#include "yb_matmul.h"
#include "yb_memory.h"
#include "yb_pool.h"
#include "yb_probe.h"
#include "yb_top.h"

#endif
