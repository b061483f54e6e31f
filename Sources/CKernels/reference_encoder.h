// The kernels of encoder.h by their definition; part of reference.c.

static double activated(double value, int32_t activation) {
    if (activation == ISRF_GELU_NORMAL) return 0.5 * value * erfc(-value * 0.7071067811865476);
    if (activation == ISRF_GELU_TANH) {
        return 0.5 * value * (1 + tanh(gelu_slope * (value + gelu_cubic * value * value * value)));
    }
    return value;
}

static void linear(const float *x, intptr_t x_stride, intptr_t rows, const float *packed, const float *bias,
                   intptr_t inner, intptr_t columns, int32_t activation, float *y, intptr_t y_stride) {
    for (intptr_t row = 0; row < rows; row++) {
        for (intptr_t column = 0; column < columns; column++) {
            const float *panel = packed + column / ISRF_PANEL * ISRF_PANEL * inner + column % ISRF_PANEL;
            double sum = bias ? bias[column] : 0;
            for (intptr_t k = 0; k < inner; k++) sum += (double)x[row * x_stride + k] * panel[k * ISRF_PANEL];
            y[row * y_stride + column] = (float)activated(sum, activation);
        }
    }
}

static void layer_norm(const float *x, const float *residual, const float *gain, const float *shift, float *y,
                       intptr_t rows, intptr_t width, float epsilon) {
    for (intptr_t row = 0; row < rows; row++) {
        intptr_t first = row * width;
        double mean = 0, variance = 0;
        for (intptr_t i = first; i < first + width; i++) {
            y[i] = residual ? x[i] + residual[i] : x[i];
            mean += y[i] / (double)width;
        }
        for (intptr_t i = first; i < first + width; i++) variance += (y[i] - mean) * (y[i] - mean) / (double)width;
        for (intptr_t i = first; i < first + width; i++) {
            y[i] = (float)((y[i] - mean) / sqrt(variance + epsilon) * gain[i - first] + shift[i - first]);
        }
    }
}

static void attention_forward(const float *q, const float *k, const float *v, intptr_t stride, float *out,
                              intptr_t out_stride, intptr_t width, intptr_t heads, const int32_t *sequence_offsets,
                              intptr_t sequence_begin, intptr_t sequence_end, float *scratch) {
    intptr_t size = width / heads;
    for (intptr_t s = sequence_begin; s < sequence_end; s++) {
        intptr_t start = sequence_offsets[s], end = sequence_offsets[s + 1];
        for (intptr_t h = 0; h < heads; h++) {
            for (intptr_t i = start; i < end; i++) {
                for (intptr_t j = start; j < end; j++) {
                    scratch[j - start] = dot(q + i * stride + h * size, k + j * stride + h * size, size)
                                         / sqrtf((float)size);
                }
                softmax(scratch, end - start);
                for (intptr_t c = h * size; c < (h + 1) * size; c++) {
                    double sum = 0;
                    for (intptr_t j = start; j < end; j++) sum += (double)scratch[j - start] * v[j * stride + c];
                    out[i * out_stride + c] = (float)sum;
                }
            }
        }
    }
}
