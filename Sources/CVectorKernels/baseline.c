// Kernels for any CPU the compiler's default target allows.
#define LANES 4
#define TABLE gloss_vector_kernels_baseline
#include "kernels.inc"
