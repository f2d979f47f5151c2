#include "CVectorKernels.h"

extern const gloss_vector_kernels gloss_vector_kernels_baseline;

const gloss_vector_kernels *gloss_baseline_vector_kernels(void) { return &gloss_vector_kernels_baseline; }

#if defined(__x86_64__)
#include <cpuid.h>

extern const gloss_vector_kernels gloss_vector_kernels_avx2;
extern const gloss_vector_kernels gloss_vector_kernels_avxvnni;
extern const gloss_vector_kernels gloss_vector_kernels_avx512;
extern const gloss_vector_kernels gloss_vector_kernels_avx512vnni;

// The compiler's run-time support has no name for it: CPUID leaf 7, subleaf 1, bit 4 of EAX.
static int supports_avxvnni(void) {
    unsigned int eax, ebx, ecx, edx;
    if (!__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) || eax < 1) return 0;
    return __get_cpuid_count(7, 1, &eax, &ebx, &ecx, &edx) && (eax >> 4 & 1);
}

int gloss_supports(gloss_vector_instructions instructions) {
    // The compiler's run-time support reads CPUID and, for AVX and above, XCR0: what the system saves on a switch.
    __builtin_cpu_init();
    switch (instructions) {
    case GLOSS_AVX512VNNI:
        return __builtin_cpu_supports("avx512vnni") && gloss_supports(GLOSS_AVX512);
    case GLOSS_AVXVNNI:
        return supports_avxvnni() && gloss_supports(GLOSS_AVX2);
    case GLOSS_AVX512:
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") && gloss_supports(GLOSS_AVX2);
    case GLOSS_AVX2:
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
    default:
        return 1;
    }
}

const gloss_vector_kernels *gloss_vector_kernels_for(gloss_vector_instructions instructions) {
    if (!gloss_supports(instructions)) return 0;
    switch (instructions) {
    case GLOSS_AVX512VNNI:
        return &gloss_vector_kernels_avx512vnni;
    case GLOSS_AVXVNNI:
        return &gloss_vector_kernels_avxvnni;
    case GLOSS_AVX512:
        return &gloss_vector_kernels_avx512;
    case GLOSS_AVX2:
        return &gloss_vector_kernels_avx2;
    default:
        return &gloss_vector_kernels_baseline;
    }
}
#else
int gloss_supports(gloss_vector_instructions instructions) { return instructions == GLOSS_BASELINE; }

const gloss_vector_kernels *gloss_vector_kernels_for(gloss_vector_instructions instructions) {
    return instructions == GLOSS_BASELINE ? &gloss_vector_kernels_baseline : 0;
}
#endif
