// Small networks over many rows; included once for each level, after vector_kernels.h.

// Four vectors of rows at once: units then wait less for each other, and each weight is read once for all of them.
#define VECTORS_AT_ONCE 4

INLINE void two_layers_block(const vector (*inputs)[VECTORS_AT_ONCE], intptr_t input_count, const float *first,
                             const float *first_bias, intptr_t width, const float *second, const float *second_bias,
                             intptr_t output_count, vector (*sums)[VECTORS_AT_ONCE]) {
    for (intptr_t output = 0; output < output_count; output++) {
        for (int v = 0; v < VECTORS_AT_ONCE; v++) sums[output][v] = splat(second_bias[output]);
    }
    for (intptr_t unit = 0; unit < width; unit++, first += input_count, second += output_count) {
        vector hidden[VECTORS_AT_ONCE];
        for (int v = 0; v < VECTORS_AT_ONCE; v++) hidden[v] = splat(first_bias[unit]);
        for (intptr_t k = 0; k < input_count; k++) {
            for (int v = 0; v < VECTORS_AT_ONCE; v++) hidden[v] = inputs[k][v] * first[k] + hidden[v];
        }
        for (int v = 0; v < VECTORS_AT_ONCE; v++) hidden[v] = gelu_of(hidden[v]);
        for (intptr_t output = 0; output < output_count; output++) {
            for (int v = 0; v < VECTORS_AT_ONCE; v++) sums[output][v] = hidden[v] * second[output] + sums[output][v];
        }
    }
}

static void two_layers(const float *const *inputs, intptr_t rows, intptr_t input_count, const float *first,
                       const float *first_bias, intptr_t width, const float *second, const float *second_bias,
                       intptr_t output_count, float *const *outputs) {
    for (intptr_t row = 0; row < rows; row += VECTORS_AT_ONCE * LANES) {
        vector block[ISRF_NETWORK_INPUTS][VECTORS_AT_ONCE], sums[ISRF_NETWORK_OUTPUTS][VECTORS_AT_ONCE];
        for (intptr_t k = 0; k < input_count; k++) {
            for (int v = 0; v < VECTORS_AT_ONCE; v++) {
                intptr_t start = row + v * LANES, left = rows - start;
                block[k][v] = left >= LANES ? load(inputs[k] + start)
                              : left > 0    ? load_part(inputs[k] + start, left, 0)
                                            : splat(0);
            }
        }
        two_layers_block(block, input_count, first, first_bias, width, second, second_bias, output_count, sums);
        for (intptr_t output = 0; output < output_count; output++) {
            for (int v = 0; v < VECTORS_AT_ONCE; v++) {
                intptr_t start = row + v * LANES, left = rows - start;
                if (left >= LANES) {
                    store(outputs[output] + start, sums[output][v]);
                } else if (left > 0) {
                    store_part(outputs[output] + start, sums[output][v], left);
                }
            }
        }
    }
}

INLINE vector logistic(vector x) {
    vector_bits sign = (vector_bits)x & INT32_MIN;
    vector decayed = exp_nonpositive((vector)((vector_bits)x | INT32_MIN));
    vector inverse = 1.0f / (decayed + 1.0f);
    vector_bits negative = sign >> 31;
    return (vector)((negative & (vector_bits)(decayed * inverse)) | (~negative & (vector_bits)inverse));
}

static void gate(const float *x, const float *gates, float scale, float *y, intptr_t n) {
    intptr_t i = 0;
    for (; i + LANES <= n; i += LANES) store(y + i, logistic(load(gates + i)) * scale * load(x + i));
    if (i < n) {
        vector gated = logistic(load_part(gates + i, n - i, 0)) * scale * load_part(x + i, n - i, 0);
        store_part(y + i, gated, n - i);
    }
}

// log(1 + x) for x >= 0, within 6 units in the last place.
//
// 1 + x = 2^n m with m around 1, and log(m) = 2 atanh((m - 1) / (m + 1)), a series of odd powers. What 1 + x loses of a
// small x by rounding is added at the end. Not-a-number stays one.
INLINE vector log_one_plus(vector x) {
    vector whole = x + 1.0f;
    vector_bits bits = (vector_bits)whole;
    // Half a binary order below 1, so that m lies between sqrt(1/2) and sqrt(2).
    vector_bits exponent = (bits - 0x3f3504f3) >> 23;
    vector mantissa = (vector)(bits - (exponent << 23));
    vector s = (mantissa - 1.0f) / (mantissa + 1.0f), square = s * s;
    vector series = square * (1.0f / 9) + (1.0f / 7);
    series = series * square + (1.0f / 5);
    series = series * square + (1.0f / 3);
    vector logarithm = s * 2.0f + s * 2.0f * square * series;
    vector lost = (x - (whole - 1.0f)) / whole;
    vector orders = __builtin_convertvector(exponent, vector);
    vector result = orders * 0.693359375f + (orders * -2.12194440e-4f + (logarithm + lost));
    vector_bits none = x != x;
    return (vector)((none & (vector_bits)x) | (~none & (vector_bits)result));
}

static void log_one_plus_scaled(const float *x, float scale, float *y, intptr_t n) {
    float inverse = 1 / scale;
    intptr_t i = 0;
    for (; i + LANES <= n; i += LANES) store(y + i, log_one_plus(at_least(load(x + i), 0) * inverse));
    if (i < n) store_part(y + i, log_one_plus(at_least(load_part(x + i, n - i, 0), 0) * inverse), n - i);
}
