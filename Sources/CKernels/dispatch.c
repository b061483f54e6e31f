// Chooses the widest kernels that the processor runs, once.
#include "levels.h"

#include <stdatomic.h>
#include <stddef.h>

#if defined(__x86_64__)

static const isrf_kernels *const levels[] = {
    &isrf_reference_kernels,
    &isrf_baseline_kernels,
    &isrf_avx2_kernels,
    &isrf_avx512_kernels,
};

static int is_supported(int32_t level) {
    __builtin_cpu_init();
    int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    return level < 2 || (level == 2 && avx2) || (level == 3 && avx2 && __builtin_cpu_supports("avx512f"));
}

#else

static const isrf_kernels *const levels[] = {&isrf_reference_kernels, &isrf_baseline_kernels};

static int is_supported(int32_t level) { return level < 2; }

#endif

int32_t isrf_level_count(void) { return (int32_t)(sizeof levels / sizeof levels[0]); }

const isrf_kernels *isrf_kernels_at(int32_t level) {
    return level >= 0 && level < isrf_level_count() && is_supported(level) ? levels[level] : NULL;
}

const isrf_kernels *isrf_active_kernels(void) {
    static _Atomic(const isrf_kernels *) chosen = NULL;
    const isrf_kernels *kernels = atomic_load_explicit(&chosen, memory_order_relaxed);
    if (kernels == NULL) {
        // Threads that meet here find the same answer.
        for (int32_t level = isrf_level_count() - 1; kernels == NULL; level--) kernels = isrf_kernels_at(level);
        atomic_store_explicit(&chosen, kernels, memory_order_relaxed);
    }
    return kernels;
}

void isrf_add(float *y, const float *x, intptr_t n) { isrf_active_kernels()->add(y, x, n); }

void isrf_add_scaled(float *y, const float *x, float alpha, intptr_t n) {
    isrf_active_kernels()->add_scaled(y, x, alpha, n);
}

void isrf_multiply_add(float *y, const float *a, const float *b, intptr_t n) {
    isrf_active_kernels()->multiply_add(y, a, b, n);
}

float isrf_dot(const float *a, const float *b, intptr_t n) { return isrf_active_kernels()->dot(a, b, n); }

void isrf_spmm(intptr_t row_begin, intptr_t row_end, const intptr_t *offsets, const int32_t *columns,
               const float *values, const float *dense, intptr_t width, float *out, int32_t accumulate) {
    isrf_active_kernels()->spmm(row_begin, row_end, offsets, columns, values, dense, width, out, accumulate);
}

intptr_t isrf_top_k(const float *values, intptr_t n, intptr_t k, int32_t *indices, float *best) {
    return isrf_active_kernels()->top_k(values, n, k, indices, best);
}

void isrf_softmax(float *row, intptr_t n) { isrf_active_kernels()->softmax(row, n); }

double isrf_log_sum_exp(const float *row, intptr_t n) { return isrf_active_kernels()->log_sum_exp(row, n); }

double isrf_softmax_cross_entropy(float *row, intptr_t n, intptr_t target, float scale) {
    return isrf_active_kernels()->softmax_cross_entropy(row, n, target, scale);
}

void isrf_gelu(const float *x, float *y, intptr_t n) { isrf_active_kernels()->gelu(x, y, n); }

void isrf_gelu_backward(const float *x, const float *dy, float *dx, intptr_t n) {
    isrf_active_kernels()->gelu_backward(x, dy, dx, n);
}

void isrf_rms_norm(const float *x, const float *gain, float *y, float *inverse_rms, intptr_t rows, intptr_t width,
                   float epsilon) {
    isrf_active_kernels()->rms_norm(x, gain, y, inverse_rms, rows, width, epsilon);
}

void isrf_rms_norm_backward(const float *x, const float *gain, const float *inverse_rms, const float *dy, float *dx,
                            float *dgain, intptr_t rows, intptr_t width) {
    isrf_active_kernels()->rms_norm_backward(x, gain, inverse_rms, dy, dx, dgain, rows, width);
}

void isrf_adam(float *parameter, const float *gradient, float *first_moment, float *second_moment, intptr_t n,
               float rate, float beta1, float beta2, float epsilon, float bias1, float bias2, float decay) {
    isrf_active_kernels()->adam(parameter, gradient, first_moment, second_moment, n, rate, beta1, beta2, epsilon, bias1,
                                bias2, decay);
}

void isrf_causal_attention_forward(const float *q, const float *k, const float *v, intptr_t stride, float *out,
                                   intptr_t out_stride, intptr_t width, intptr_t heads,
                                   const int32_t *sequence_offsets, intptr_t sequence_begin, intptr_t sequence_end,
                                   const intptr_t *probability_offsets, float *probabilities) {
    isrf_active_kernels()->causal_attention_forward(q, k, v, stride, out, out_stride, width, heads, sequence_offsets,
                                                    sequence_begin, sequence_end, probability_offsets, probabilities);
}

void isrf_causal_attention_backward(const float *q, const float *k, const float *v, intptr_t stride, const float *out,
                                    const float *dout, intptr_t out_stride, intptr_t width, intptr_t heads,
                                    const int32_t *sequence_offsets, intptr_t sequence_begin, intptr_t sequence_end,
                                    const intptr_t *probability_offsets, const float *probabilities, float *dq,
                                    float *dk, float *dv, intptr_t gradient_stride) {
    isrf_active_kernels()->causal_attention_backward(q, k, v, stride, out, dout, out_stride, width, heads,
                                                     sequence_offsets, sequence_begin, sequence_end,
                                                     probability_offsets, probabilities, dq, dk, dv, gradient_stride);
}

intptr_t isrf_packed_count(intptr_t columns, intptr_t inner) {
    return (columns + ISRF_PANEL - 1) / ISRF_PANEL * ISRF_PANEL * inner;
}

void isrf_pack(const float *weights, intptr_t columns, intptr_t inner, float *packed) {
    for (intptr_t start = 0; start < columns; start += ISRF_PANEL, packed += ISRF_PANEL * inner) {
        for (intptr_t column = 0; column < ISRF_PANEL; column++) {
            const float *source = start + column < columns ? weights + (start + column) * inner : NULL;
            for (intptr_t k = 0; k < inner; k++) packed[k * ISRF_PANEL + column] = source ? source[k] : 0;
        }
    }
}

void isrf_linear(const float *x, intptr_t x_stride, intptr_t rows, const float *packed, const float *bias,
                 intptr_t inner, intptr_t columns, int32_t activation, float *y, intptr_t y_stride) {
    isrf_active_kernels()->linear(x, x_stride, rows, packed, bias, inner, columns, activation, y, y_stride);
}

void isrf_layer_norm(const float *x, const float *residual, const float *gain, const float *shift, float *y,
                     intptr_t rows, intptr_t width, float epsilon) {
    isrf_active_kernels()->layer_norm(x, residual, gain, shift, y, rows, width, epsilon);
}

intptr_t isrf_attention_scratch(intptr_t width, intptr_t heads, intptr_t length) {
    intptr_t size = width / heads;
    // Every level's tile of queries has at most 12 rows.
    return (size + 12) * ((length + ISRF_PANEL - 1) / ISRF_PANEL * ISRF_PANEL)
           + length * ((size + ISRF_PANEL - 1) / ISRF_PANEL * ISRF_PANEL);
}

void isrf_attention_forward(const float *q, const float *k, const float *v, intptr_t stride, float *out,
                            intptr_t out_stride, intptr_t width, intptr_t heads, const int32_t *sequence_offsets,
                            intptr_t sequence_begin, intptr_t sequence_end, float *scratch) {
    isrf_active_kernels()->attention_forward(q, k, v, stride, out, out_stride, width, heads, sequence_offsets,
                                             sequence_begin, sequence_end, scratch);
}

void isrf_two_layers(const float *const *inputs, intptr_t rows, intptr_t input_count, const float *first,
                     const float *first_bias, intptr_t width, const float *second, const float *second_bias,
                     intptr_t output_count, float *const *outputs) {
    isrf_active_kernels()->two_layers(inputs, rows, input_count, first, first_bias, width, second, second_bias,
                                      output_count, outputs);
}

void isrf_gate(const float *x, const float *gates, float scale, float *y, intptr_t n) {
    isrf_active_kernels()->gate(x, gates, scale, y, n);
}

void isrf_log_one_plus_scaled(const float *x, float scale, float *y, intptr_t n) {
    isrf_active_kernels()->log_one_plus_scaled(x, scale, y, n);
}
