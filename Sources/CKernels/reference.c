// Every kernel by its definition, without regard to speed.
#include "levels.h"

#include <math.h>

static void add(float *y, const float *x, intptr_t n) {
    for (intptr_t i = 0; i < n; i++) y[i] += x[i];
}

static void add_scaled(float *y, const float *x, float alpha, intptr_t n) {
    for (intptr_t i = 0; i < n; i++) y[i] += alpha * x[i];
}

static void multiply_add(float *y, const float *a, const float *b, intptr_t n) {
    for (intptr_t i = 0; i < n; i++) y[i] += a[i] * b[i];
}

static float dot(const float *a, const float *b, intptr_t n) {
    double sum = 0;
    for (intptr_t i = 0; i < n; i++) sum += (double)a[i] * b[i];
    return (float)sum;
}

static void spmm(intptr_t row_begin, intptr_t row_end, const intptr_t *offsets, const int32_t *columns,
                 const float *values, const float *dense, intptr_t width, float *out, int32_t accumulate) {
    for (intptr_t row = row_begin; row < row_end; row++) {
        for (intptr_t i = 0; i < width; i++) {
            double sum = accumulate ? out[row * width + i] : 0;
            for (intptr_t entry = offsets[row]; entry < offsets[row + 1]; entry++) {
                sum += (double)values[entry] * dense[columns[entry] * width + i];
            }
            out[row * width + i] = (float)sum;
        }
    }
}

static intptr_t top_k(const float *values, intptr_t n, intptr_t k, int32_t *indices, float *best) {
    intptr_t count = 0;
    for (intptr_t i = 0; i < n && k > 0; i++) {
        if (isnan(values[i]) || (count == k && !(values[i] > best[k - 1]))) continue;
        intptr_t place = count < k ? count++ : k - 1;
        for (; place > 0 && values[i] > best[place - 1]; place--) {
            best[place] = best[place - 1];
            indices[place] = indices[place - 1];
        }
        best[place] = values[i];
        indices[place] = (int32_t)i;
    }
    return count;
}

static float greatest(const float *row, intptr_t n) {
    float result = -INFINITY;
    for (intptr_t i = 0; i < n; i++) result = row[i] > result ? row[i] : result;
    return result;
}

static double log_sum_exp(const float *row, intptr_t n) {
    double top = greatest(row, n), sum = 0;
    // Subtracting an infinite maximum would give not-a-number where the limit is plain.
    if (isinf(top)) top = 0;
    for (intptr_t i = 0; i < n; i++) sum += exp(row[i] - top);
    return top + log(sum);
}

static void softmax(float *row, intptr_t n) {
    double top = greatest(row, n), sum = 0;
    for (intptr_t i = 0; i < n; i++) sum += exp(row[i] - top);
    for (intptr_t i = 0; i < n; i++) row[i] = (float)(exp(row[i] - top) / sum);
}

static double softmax_cross_entropy(float *row, intptr_t n, intptr_t target, float scale) {
    double top = greatest(row, n), sum = 0, chosen = row[target];
    for (intptr_t i = 0; i < n; i++) sum += exp(row[i] - top);
    for (intptr_t i = 0; i < n; i++) {
        row[i] = (float)(scale * (exp(row[i] - top) / sum - (i == target ? 1 : 0)));
    }
    return log(sum) + (top - chosen);
}

static const double gelu_slope = 0.7978845608028654;
static const double gelu_cubic = 0.044715;

static void gelu(const float *x, float *y, intptr_t n) {
    for (intptr_t i = 0; i < n; i++) {
        double value = x[i];
        y[i] = (float)(0.5 * value * (1 + tanh(gelu_slope * (value + gelu_cubic * value * value * value))));
    }
}

static void gelu_backward(const float *x, const float *dy, float *dx, intptr_t n) {
    for (intptr_t i = 0; i < n; i++) {
        double value = x[i];
        double curve = tanh(gelu_slope * (value + gelu_cubic * value * value * value));
        double inner = gelu_slope * (1 + 3 * gelu_cubic * value * value);
        dx[i] += (float)(dy[i] * (0.5 * (1 + curve) + 0.5 * value * (1 - curve * curve) * inner));
    }
}

static void rms_norm(const float *x, const float *gain, float *y, float *inverse_rms, intptr_t rows, intptr_t width,
                     float epsilon) {
    for (intptr_t row = 0; row < rows; row++) {
        double sum = 0;
        for (intptr_t i = 0; i < width; i++) sum += (double)x[row * width + i] * x[row * width + i];
        double inverse = 1 / sqrt(sum / (double)width + epsilon);
        inverse_rms[row] = (float)inverse;
        for (intptr_t i = 0; i < width; i++) y[row * width + i] = (float)(x[row * width + i] * inverse * gain[i]);
    }
}

static void rms_norm_backward(const float *x, const float *gain, const float *inverse_rms, const float *dy, float *dx,
                              float *dgain, intptr_t rows, intptr_t width) {
    for (intptr_t row = 0; row < rows; row++) {
        const float *input = x + row * width, *gradient = dy + row * width;
        double inverse = inverse_rms[row], sum = 0;
        for (intptr_t i = 0; i < width; i++) sum += (double)gradient[i] * gain[i] * input[i];
        double common = inverse * inverse * inverse * sum / (double)width;
        for (intptr_t i = 0; i < width; i++) {
            if (dx) dx[row * width + i] += (float)(inverse * gradient[i] * gain[i] - common * input[i]);
            if (dgain) dgain[i] += (float)(gradient[i] * input[i] * inverse);
        }
    }
}

static void adam(float *parameter, const float *gradient, float *first_moment, float *second_moment, intptr_t n,
                 float rate, float beta1, float beta2, float epsilon, float bias1, float bias2, float decay) {
    for (intptr_t i = 0; i < n; i++) {
        first_moment[i] = beta1 * first_moment[i] + (1 - beta1) * gradient[i];
        second_moment[i] = beta2 * second_moment[i] + (1 - beta2) * gradient[i] * gradient[i];
        float step = (first_moment[i] / bias1) / (sqrtf(second_moment[i] / bias2) + epsilon);
        parameter[i] -= rate * (step + decay * parameter[i]);
    }
}

static void causal_attention_forward(const float *q, const float *k, const float *v, intptr_t stride, float *out,
                                     intptr_t out_stride, intptr_t width, intptr_t heads,
                                     const int32_t *sequence_offsets, intptr_t sequence_begin, intptr_t sequence_end,
                                     const intptr_t *probability_offsets, float *probabilities) {
    intptr_t size = width / heads;
    float scale = (float)(1 / sqrt((double)size));
    for (intptr_t s = sequence_begin; s < sequence_end; s++) {
        intptr_t start = sequence_offsets[s], length = sequence_offsets[s + 1] - start;
        for (intptr_t h = 0; h < heads; h++) {
            float *table = probabilities + probability_offsets[s] + h * length * length;
            for (intptr_t i = 0; i < length; i++) {
                float *row = table + i * length;
                for (intptr_t j = 0; j < length; j++) {
                    row[j] = j > i ? 0
                                   : scale * dot(q + (start + i) * stride + h * size,
                                                 k + (start + j) * stride + h * size, size);
                }
                softmax(row, i + 1);
                for (intptr_t c = 0; c < size; c++) {
                    double sum = 0;
                    for (intptr_t j = 0; j <= i; j++) sum += (double)row[j] * v[(start + j) * stride + h * size + c];
                    out[(start + i) * out_stride + h * size + c] = (float)sum;
                }
            }
        }
    }
}

static void causal_attention_backward(const float *q, const float *k, const float *v, intptr_t stride, const float *out,
                                      const float *dout, intptr_t out_stride, intptr_t width, intptr_t heads,
                                      const int32_t *sequence_offsets, intptr_t sequence_begin, intptr_t sequence_end,
                                      const intptr_t *probability_offsets, const float *probabilities, float *dq,
                                      float *dk, float *dv, intptr_t gradient_stride) {
    intptr_t size = width / heads;
    float scale = (float)(1 / sqrt((double)size));
    for (intptr_t s = sequence_begin; s < sequence_end; s++) {
        intptr_t start = sequence_offsets[s], length = sequence_offsets[s + 1] - start;
        for (intptr_t h = 0; h < heads; h++) {
            const float *table = probabilities + probability_offsets[s] + h * length * length;
            for (intptr_t i = 0; i < length; i++) {
                intptr_t query = (start + i) * stride + h * size, result = (start + i) * out_stride + h * size;
                intptr_t query_gradient = (start + i) * gradient_stride + h * size;
                // The softmax's inner product of probabilities and their gradients is that of output and its gradient.
                float common = dot(out + result, dout + result, size);
                for (intptr_t j = 0; j <= i; j++) {
                    intptr_t key = (start + j) * stride + h * size;
                    intptr_t key_gradient = (start + j) * gradient_stride + h * size;
                    float probability = table[i * length + j];
                    float score = scale * probability * (dot(dout + result, v + key, size) - common);
                    add_scaled(dq + query_gradient, k + key, score, size);
                    add_scaled(dk + key_gradient, q + query, score, size);
                    add_scaled(dv + key_gradient, dout + result, probability, size);
                }
            }
        }
    }
}

#include "reference_encoder.h"
#include "reference_network.h"

#define LEVEL_NAME "reference"
#define LEVEL_KERNELS isrf_reference_kernels
#include "table.h"
