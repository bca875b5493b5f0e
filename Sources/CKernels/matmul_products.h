// The products of one instruction set with weights of every dtype. The including file has defined what matmul_template.h
// wants once per file, MULTIPLY_ADD, SPLAT and X, and
//   FP32_WEIGHTS(w, v), FP16_WEIGHTS(w, v)   rows v·LANES … of a column
//   BF16_EVEN(w, v), BF16_ODD(w, v)          those of a pair's first and second column: a 32-bit lane holds a row's even column
//                                            in its low half and the odd one in its high half
//   FP32_NEAR, FP16_NEAR, BF16_NEAR          their NEAR_COLUMNS
//   KEEPS_FP16, KEEPS_BF16                   where converting for every block costs more than reading fp32

#define NAME product_fp32
#define STEP_BYTES 128
#define NEAR_COLUMNS FP32_NEAR
#define LOAD_0(w, v) FP32_WEIGHTS(w, v)
#include "matmul_template.h"

#define NAME product_fp16
#define STEP_BYTES 64
#define NEAR_COLUMNS FP16_NEAR
#define LOAD_0(w, v) FP16_WEIGHTS(w, v)
#include "matmul_template.h"

#define NAME product_bf16
#define STEP_BYTES 128
#define NEAR_COLUMNS BF16_NEAR
#define LOAD_0(w, v) BF16_EVEN(w, v)
#define LOAD_1(w, v) BF16_ODD(w, v)
#include "matmul_template.h"

#ifdef KEEPS_FP16
#define NAME keeping_fp16
#define KEEPING
#define STEP_BYTES 64
#define NEAR_COLUMNS FP16_NEAR
#define LOAD_0(w, v) FP16_WEIGHTS(w, v)
#include "matmul_template.h"
#endif

#ifdef KEEPS_BF16
#define NAME keeping_bf16
#define KEEPING
#define STEP_BYTES 128
#define NEAR_COLUMNS BF16_NEAR
#define LOAD_0(w, v) BF16_EVEN(w, v)
#define LOAD_1(w, v) BF16_ODD(w, v)
#include "matmul_template.h"
#endif
