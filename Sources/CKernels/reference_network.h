// The kernels of network.h by their definition; part of reference.c.

static void two_layers(const float *const *inputs, intptr_t rows, intptr_t input_count, const float *first,
                       const float *first_bias, intptr_t width, const float *second, const float *second_bias,
                       intptr_t output_count, float *const *outputs) {
    for (intptr_t row = 0; row < rows; row++) {
        double sums[ISRF_NETWORK_OUTPUTS];
        for (intptr_t output = 0; output < output_count; output++) sums[output] = second_bias[output];
        for (intptr_t unit = 0; unit < width; unit++) {
            double hidden = first_bias[unit];
            for (intptr_t k = 0; k < input_count; k++) hidden += (double)inputs[k][row] * first[unit * input_count + k];
            hidden = activated(hidden, ISRF_GELU_TANH);
            for (intptr_t output = 0; output < output_count; output++) {
                sums[output] += hidden * second[unit * output_count + output];
            }
        }
        for (intptr_t output = 0; output < output_count; output++) outputs[output][row] = (float)sums[output];
    }
}

static void gate(const float *x, const float *gates, float scale, float *y, intptr_t n) {
    for (intptr_t i = 0; i < n; i++) y[i] = (float)(scale / (1 + exp(-(double)gates[i])) * x[i]);
}

static void log_one_plus_scaled(const float *x, float scale, float *y, intptr_t n) {
    for (intptr_t i = 0; i < n; i++) y[i] = x[i] < 0 ? 0 : (float)log1p((double)x[i] / scale);
}
