#ifndef GLOSS_VECTOR_KERNELS_H
#define GLOSS_VECTOR_KERNELS_H

#include <stdint.h>

#pragma clang assume_nonnull begin

// The layout of a matrix: 32-bit, 16-bit and brain floats, and ggml's blocks.
typedef enum {
    GLOSS_F32,
    GLOSS_F16,
    GLOSS_BF16,
    GLOSS_Q8_0,
    GLOSS_Q4_0,
    GLOSS_Q4_1,
    GLOSS_Q5_0,
    GLOSS_Q5_1,
    GLOSS_Q4_K,
    GLOSS_Q5_K,
    GLOSS_Q6_K
} gloss_matrix_format;

// 32 floats rounded to eight bits: x[i] is about scale * values[i], and a sum is that of scale * values[i].
typedef struct {
    float scale, sum;
    // Those of the first 16 values and of the others.
    float half_sums[2];
    // -128 times the sum of the values.
    int32_t offset;
    int8_t values[32];
} gloss_rounded_32;

// Vector kernels for one set of CPU instructions. All matrices are row-major; a `stride` is the distance between the
// starts of two rows, in values. A value's result depends on its own row and column only, never on the number of rows.
typedef struct {
    // The sum of x[i] * y[i].
    float (*dot)(const float *x, const float *y, long count);
    // y[i] += scale * x[i].
    void (*add_scaled)(float scale, const float *x, float *y, long count);
    // y[i] += weights[r] * rows[r, i] for one row after the other; the same bits as so many calls of add_scaled.
    void (*add_weighted_rows)(const float *weights, const float *rows, float *y, long count, long width);
    // out = x / sqrt(mean(x^2) + epsilon) * weight, row by row.
    void (*root_mean_square_norm)(
        const float *x, const float *weight, float *out, long rows, long width, float epsilon);
    // residual += delta, then out = the norm of residual as above.
    void (*add_root_mean_square_norm)(
        float *residual, const float *delta, const float *weight, float *out, long rows, long width, float epsilon);
    // out = (x - mean(x)) / sqrt(variance(x) + epsilon) * weight + bias, row by row.
    void (*layer_norm)(
        const float *x, const float *weight, const float *bias, float *out, long rows, long width, float epsilon);
    // residual += delta, then out = the layer norm of residual.
    void (*add_layer_norm)(
        float *residual, const float *delta, const float *weight, const float *bias, float *out, long rows, long width,
        float epsilon);
    // out[r, i] = silu(x[r, i]) * x[r, width + i]; x is [rows, 2 * width], out is [rows, width].
    void (*silu_multiply)(const float *x, float *out, long rows, long width);
    // The same with GELU by its tanh formula, and exactly.
    void (*gelu_tanh_multiply)(const float *x, float *out, long rows, long width);
    void (*gelu_multiply)(const float *x, float *out, long rows, long width);
    // out[i] = the function of x[i]; out may be x.
    void (*silu)(const float *x, float *out, long count);
    void (*gelu_tanh)(const float *x, float *out, long count);
    void (*gelu)(const float *x, float *out, long count);
    // x[r, i] = cap * tanh(scale * x[r, i] / cap).
    void (*soft_cap)(float *x, long stride, long rows, long columns, float scale, float cap);
    // Row r becomes softmax(scale * scores[r, m ..< n]) with n = min(columns, visible + r) and m = max(0, n - window), and
    // zero elsewhere.
    void (*causal_softmax)(
        float *scores, long stride, long rows, long columns, long visible, long window, float scale);
    // Rotates the pairs (x[h, i], x[h, half + i]) of every head by the angles whose cosines and sines are given.
    void (*rotate)(float *x, long heads, long head_width, long half, const float *cosines, const float *sines);
    // The largest value; minus infinity where there is none.
    float (*maximum)(const float *x, long count);
    // The sum of exp(x[i] - shift).
    double (*sum_of_exponentials)(const float *x, long count, float shift);
    // x[i] = exp(x[i]).
    void (*exponentials)(float *x, long count);
    // y[c, r] = the dot product of row r of a matrix [rows, depth] with x[c]; depth is a multiple of 32, of 256 for the
    // formats of K quants; any for GLOSS_F32.
    void (*multiply_columns)(
        gloss_matrix_format format, const uint8_t *matrix, const float *x, long x_stride, float *y, long y_stride,
        long columns, long rows, long depth);
    // A panel holds so many rows of a matrix side by side: panels[p, k, i] = matrix[p * panel_width + i, k], zeros behind the
    // last row. With an order its numbers are the rows to take; row_bytes is the distance between the starts of two rows.
    long panel_width;
    void (*pack_rows)(
        gloss_matrix_format format, const uint8_t *matrix, long row_bytes, const int32_t *_Nullable order, long rows,
        long depth, float *panels);
    // The same of a matrix's columns: panels[p, k, i] = matrix[k, p * panel_width + i].
    void (*pack_columns)(const float *matrix, long stride, long columns, long depth, float *panels);
    // c = a * b, or c += a * b, with b in panels whose starts are panel_stride apart; a is [rows, depth], c is [rows, columns].
    void (*multiply_panels)(
        const float *a, long a_stride, const float *panels, long panel_stride, float *c, long c_stride, long rows,
        long columns, long depth, int accumulate);
    // The same with b, [depth, columns], as it is: for few columns, whose rows are near each other.
    void (*multiply_rows)(
        const float *a, long a_stride, const float *b, long b_stride, float *c, long c_stride, long rows, long columns,
        long depth, int accumulate);
    // Rounds parts of 32 floats, each by its largest; count is a multiple of 32. One that is not finite makes the scale no number.
    void (*round_rows)(const float *x, gloss_rounded_32 *out, long count);
    // y[t, r] = the dot product of row r of a matrix [rows, depth] with x[t], in a format of four to eight bits; rows are taken as
    // pack_rows does, depth is a multiple of 32, of 256 for K quants, and x_stride is in parts of 32 values.
    void (*multiply_rounded)(
        gloss_matrix_format format, const uint8_t *matrix, long row_bytes, const int32_t *_Nullable order,
        const gloss_rounded_32 *x, long x_stride, float *y, long y_stride, long tokens, long rows, long depth);
} gloss_vector_kernels;

// The instructions a table of kernels is made for.
//
// Those for VNNI differ from the ones below them in products of small integers only, whose results are the same bits in all tables.
typedef enum {
    GLOSS_BASELINE,
    GLOSS_AVX2,
    GLOSS_AVXVNNI,
    GLOSS_AVX512,
    GLOSS_AVX512VNNI
} gloss_vector_instructions;

// The kernels for some instructions; null where the CPU or the operating system lacks them.
const gloss_vector_kernels *_Nullable gloss_vector_kernels_for(gloss_vector_instructions instructions);

// The kernels that every CPU has.
const gloss_vector_kernels *gloss_baseline_vector_kernels(void);

// Tells the processor that a thread waits for a word in memory to change.
static inline void gloss_wait_a_moment(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

// Whether CPUID and XCR0 say that some instructions can be used: AVX2 with FMA, the AVX-512 that Skylake-X has, and those of
// either width for products of bytes (VNNI).
int gloss_supports(gloss_vector_instructions instructions);

#pragma clang assume_nonnull end

#endif
