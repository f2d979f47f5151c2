#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>
#include <stdint.h>
#include <string.h>
#pragma clang attribute push(__attribute__((target("avxvnni,avx2,fma,f16c"))), apply_to = function)
#define HALVES_IN_HARDWARE
#define FUSED_IN_HARDWARE
#define PAIRS_IN_HARDWARE
#define DOT_LANES 8
#define DOT_PRODUCTS_256 _mm256_dpbusd_avx_epi32
#define LANES 8
#define TABLE gloss_vector_kernels_avxvnni
#include "kernels.inc"
#pragma clang attribute pop
#endif
