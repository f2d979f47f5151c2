#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>
#include <stdint.h>
#include <string.h>
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx2,fma,f16c"))), apply_to = function)
#define HALVES_IN_HARDWARE
#define FUSED_IN_HARDWARE
#define PAIRS_IN_HARDWARE
#define DOT_LANES 16
#define LANES 16
#define TABLE gloss_vector_kernels_avx512vnni
#include "kernels.inc"
#pragma clang attribute pop
#endif
