// The kernels in terms of vector.h; what each computes is said in CKernels.h.

// Vectors

static void add(float *y, const float *x, intptr_t n) {
    intptr_t i = 0;
    for (; i + LANES <= n; i += LANES) store(y + i, load(y + i) + load(x + i));
    for (; i < n; i++) y[i] += x[i];
}

INLINE void add_scaled_inline(float *y, const float *x, float alpha, intptr_t n) {
    intptr_t i = 0;
    for (; i + LANES <= n; i += LANES) store(y + i, load(y + i) + load(x + i) * alpha);
    for (; i < n; i++) y[i] += alpha * x[i];
}

static void add_scaled(float *y, const float *x, float alpha, intptr_t n) { add_scaled_inline(y, x, alpha, n); }

static void multiply_add(float *y, const float *a, const float *b, intptr_t n) {
    intptr_t i = 0;
    for (; i + LANES <= n; i += LANES) store(y + i, load(y + i) + load(a + i) * load(b + i));
    for (; i < n; i++) y[i] += a[i] * b[i];
}

INLINE float dot_inline(const float *a, const float *b, intptr_t n) {
    // Four sums at once, since each addition waits for the one before.
    vector sums[4] = {};
    intptr_t i = 0;
    for (; i + 4 * LANES <= n; i += 4 * LANES) {
        for (int part = 0; part < 4; part++) {
            sums[part] = sums[part] + load(a + i + part * LANES) * load(b + i + part * LANES);
        }
    }
    for (; i + LANES <= n; i += LANES) sums[0] = sums[0] + load(a + i) * load(b + i);
    float rest = 0;
    for (; i < n; i++) rest += a[i] * b[i];
    return sum_of((sums[0] + sums[1]) + (sums[2] + sums[3])) + rest;
}

static float dot(const float *a, const float *b, intptr_t n) { return dot_inline(a, b, n); }

// Sparse x dense

// Adds the sum of weights[e] * (row number indices[e], or e when there are no indices) over `count` rows to `blocks`
// vectors from out on, or replaces them by it.
INLINE void weighted_rows_block(float *out, int blocks, intptr_t count, const float *weights, const int32_t *indices,
                                const float *rows, intptr_t stride, int accumulate) {
    vector sums[8];
    for (int block = 0; block < blocks; block++) sums[block] = accumulate ? load(out + block * LANES) : (vector){};
    for (intptr_t entry = 0; entry < count; entry++) {
        const float *row = rows + (indices ? indices[entry] : entry) * stride;
        for (int block = 0; block < blocks; block++) {
            sums[block] = sums[block] + load(row + block * LANES) * weights[entry];
        }
    }
    for (int block = 0; block < blocks; block++) store(out + block * LANES, sums[block]);
}

INLINE void weighted_rows(float *out, intptr_t width, intptr_t count, const float *weights, const int32_t *indices,
                          const float *rows, intptr_t stride, int accumulate) {
    intptr_t i = 0;
    for (; i + 8 * LANES <= width; i += 8 * LANES) {
        weighted_rows_block(out + i, 8, count, weights, indices, rows + i, stride, accumulate);
    }
    for (; i + 4 * LANES <= width; i += 4 * LANES) {
        weighted_rows_block(out + i, 4, count, weights, indices, rows + i, stride, accumulate);
    }
    for (; i + LANES <= width; i += LANES) {
        weighted_rows_block(out + i, 1, count, weights, indices, rows + i, stride, accumulate);
    }
    for (; i < width; i++) {
        float sum = accumulate ? out[i] : 0;
        for (intptr_t entry = 0; entry < count; entry++) {
            sum += weights[entry] * rows[(indices ? indices[entry] : entry) * stride + i];
        }
        out[i] = sum;
    }
}

static void spmm(intptr_t row_begin, intptr_t row_end, const intptr_t *offsets, const int32_t *columns,
                 const float *values, const float *dense, intptr_t width, float *out, int32_t accumulate) {
    for (intptr_t row = row_begin; row < row_end; row++) {
        intptr_t first = offsets[row];
        // Rows of the dense matrix come from anywhere: ask for those of the next row while this one is summed.
        if (row + 1 < row_end) {
            intptr_t next = offsets[row + 1], end = offsets[row + 2];
            for (intptr_t entry = next; entry < end && entry < next + 32; entry++) {
                const float *source = dense + columns[entry] * width;
                for (intptr_t i = 0; i < width; i += 16) __builtin_prefetch(source + i);
            }
        }
        weighted_rows(out + row * width, width, offsets[row + 1] - first, values + first, columns + first, dense, width,
                      accumulate);
    }
}

// Selection

// Whether candidate one ranks after the other: a smaller value, or an equal one at a greater index.
INLINE int ranks_after(float value, int32_t index, float other, int32_t other_index) {
    return value < other || (value == other && index > other_index);
}

// Lets the candidate sink from a place to where the heap, whose root ranks last, is in order.
INLINE void sink(float *best, int32_t *indices, intptr_t count, intptr_t place, float value, int32_t index) {
    for (;;) {
        intptr_t child = 2 * place + 1;
        if (child >= count) break;
        if (child + 1 < count && ranks_after(best[child + 1], indices[child + 1], best[child], indices[child])) child++;
        if (!ranks_after(best[child], indices[child], value, index)) break;
        best[place] = best[child];
        indices[place] = indices[child];
        place = child;
    }
    best[place] = value;
    indices[place] = index;
}

static intptr_t top_k(const float *values, intptr_t n, intptr_t k, int32_t *indices, float *best) {
    if (k <= 0) return 0;
    intptr_t count = 0, i = 0;
    for (; i < n && count < k; i++) {
        if (values[i] == values[i]) {
            best[count] = values[i];
            indices[count++] = (int32_t)i;
        }
    }
    for (intptr_t place = count / 2 - 1; place >= 0; place--) {
        sink(best, indices, count, place, best[place], indices[place]);
    }
    // Most blocks hold nothing above the least of the best and cost four comparisons.
    for (; i + 4 * LANES <= n; i += 4 * LANES) {
        vector threshold = splat(best[0]);
        vector_bits above = (vector_bits)(load(values + i) > threshold);
        for (int part = 1; part < 4; part++) above |= (vector_bits)(load(values + i + part * LANES) > threshold);
        if (!any(above)) continue;
        for (intptr_t j = i; j < i + 4 * LANES; j++) {
            if (values[j] > best[0]) sink(best, indices, count, 0, values[j], (int32_t)j);
        }
    }
    for (; i < n; i++) {
        if (values[i] > best[0]) sink(best, indices, count, 0, values[i], (int32_t)i);
    }
    for (intptr_t last = count - 1; last > 0; last--) {
        float value = best[last];
        int32_t index = indices[last];
        best[last] = best[0];
        indices[last] = indices[0];
        sink(best, indices, last, 0, value, index);
    }
    return count;
}

// Softmax

INLINE float greatest_in(const float *row, intptr_t n) {
    vector greatest = splat(-INFINITY), other = greatest;
    intptr_t i = 0;
    for (; i + 2 * LANES <= n; i += 2 * LANES) {
        greatest = greater_of(greatest, load(row + i));
        other = greater_of(other, load(row + i + LANES));
    }
    float result = greatest_of(greater_of(greatest, other));
    for (; i < n; i++) result = row[i] > result ? row[i] : result;
    return result;
}

// The sum of exp(row - top); where `written` is given, the summands go there.
INLINE double sum_of_exponentials(const float *row, float *written, intptr_t n, float top) {
    double total = 0;
    intptr_t i = 0;
    while (i + LANES <= n) {
        // Single precision carries a bounded number of summands well; the rest of the sum is double.
        intptr_t end = i + 64 * LANES < n ? i + 64 * LANES : n;
        vector sum = {};
        for (; i + LANES <= end; i += LANES) {
            vector value = exp_nonpositive(load(row + i) - top);
            if (written) store(written + i, value);
            sum = sum + value;
        }
        total += sum_of(sum);
    }
    if (i < n) {
        vector value = exp_nonpositive(load_part(row + i, n - i, -INFINITY) - top);
        if (written) store_part(written + i, value, n - i);
        total += sum_of(value);
    }
    return total;
}

INLINE void multiply_by(float *row, intptr_t n, float factor) {
    intptr_t i = 0;
    for (; i + LANES <= n; i += LANES) store(row + i, load(row + i) * factor);
    for (; i < n; i++) row[i] *= factor;
}

INLINE void softmax_inline(float *row, intptr_t n) {
    float top = greatest_in(row, n);
    double sum = sum_of_exponentials(row, row, n, top);
    multiply_by(row, n, (float)(1 / sum));
}

static void softmax(float *row, intptr_t n) { softmax_inline(row, n); }

static double log_sum_exp(const float *row, intptr_t n) {
    float top = greatest_in(row, n);
    if (top == INFINITY) {
        // The vector exponential is for finite differences; a not-a-number in the row still decides.
        for (intptr_t i = 0; i < n; i++) {
            if (row[i] != row[i]) return row[i];
        }
        return INFINITY;
    }
    if (top == -INFINITY) top = 0;
    return top + log(sum_of_exponentials(row, NULL, n, top));
}

static double softmax_cross_entropy(float *row, intptr_t n, intptr_t target, float scale) {
    float top = greatest_in(row, n), chosen = row[target];
    double sum = sum_of_exponentials(row, row, n, top);
    float target_exponential = row[target];
    multiply_by(row, n, (float)(scale / sum));
    row[target] = (float)(scale * (target_exponential / sum - 1));
    return log(sum) + ((double)top - chosen);
}

// Activation and normalisation

// Beyond this magnitude the logistic factor is exactly 0 or 1 in single precision.
#define GELU_BOUND 12.0f
#define GELU_SLOPE 1.5957691216057308f
#define GELU_CUBIC 0.044715f

// The logistic function of z = 2 sqrt(2 / pi) (x + 0.044715 x^3), and its derivative by z.
INLINE vector gelu_logistic(vector bounded, vector *derivative) {
    vector z = bounded * GELU_SLOPE * (bounded * bounded * GELU_CUBIC + 1.0f);
    vector_bits sign = (vector_bits)z & INT32_MIN;
    vector decayed = exp_nonpositive((vector)((vector_bits)z | INT32_MIN));
    vector inverse = 1.0f / (decayed + 1.0f);
    vector small = decayed * inverse;
    if (derivative) *derivative = small * inverse;
    vector_bits negative = sign >> 31;
    return (vector)((negative & (vector_bits)small) | (~negative & (vector_bits)inverse));
}

INLINE vector gelu_of(vector x) {
    vector bounded = at_most(at_least(x, -GELU_BOUND), GELU_BOUND);
    return x * gelu_logistic(bounded, NULL);
}

INLINE vector gelu_slope_of(vector x) {
    vector bounded = at_most(at_least(x, -GELU_BOUND), GELU_BOUND), derivative;
    vector logistic = gelu_logistic(bounded, &derivative);
    vector inner = (bounded * bounded * (3 * GELU_CUBIC) + 1.0f) * GELU_SLOPE;
    return logistic + bounded * derivative * inner;
}

static void gelu(const float *x, float *y, intptr_t n) {
    intptr_t i = 0;
    for (; i + LANES <= n; i += LANES) store(y + i, gelu_of(load(x + i)));
    if (i < n) store_part(y + i, gelu_of(load_part(x + i, n - i, 0)), n - i);
}

static void gelu_backward(const float *x, const float *dy, float *dx, intptr_t n) {
    intptr_t i = 0;
    for (; i + LANES <= n; i += LANES) store(dx + i, load(dx + i) + load(dy + i) * gelu_slope_of(load(x + i)));
    if (i < n) {
        vector slope = gelu_slope_of(load_part(x + i, n - i, 0));
        vector gradient = load_part(dx + i, n - i, 0) + load_part(dy + i, n - i, 0) * slope;
        store_part(dx + i, gradient, n - i);
    }
}

static void rms_norm(const float *x, const float *gain, float *y, float *inverse_rms, intptr_t rows, intptr_t width,
                     float epsilon) {
    for (intptr_t row = 0; row < rows; row++, x += width, y += width) {
        float inverse = 1 / sqrtf(dot_inline(x, x, width) / (float)width + epsilon);
        inverse_rms[row] = inverse;
        intptr_t i = 0;
        for (; i + LANES <= width; i += LANES) store(y + i, load(x + i) * inverse * load(gain + i));
        for (; i < width; i++) y[i] = x[i] * inverse * gain[i];
    }
}

static void rms_norm_backward(const float *x, const float *gain, const float *inverse_rms, const float *dy, float *dx,
                              float *dgain, intptr_t rows, intptr_t width) {
    for (intptr_t row = 0; row < rows; row++) {
        const float *input = x + row * width, *gradient = dy + row * width;
        float inverse = inverse_rms[row];
        if (dx) {
            float *result = dx + row * width;
            vector sums = {};
            float sum = 0;
            intptr_t i = 0;
            for (; i + LANES <= width; i += LANES) {
                sums = sums + load(gradient + i) * load(gain + i) * load(input + i);
            }
            for (; i < width; i++) sum += gradient[i] * gain[i] * input[i];
            float common = inverse * inverse * inverse * (sum_of(sums) + sum) / (float)width;
            for (i = 0; i + LANES <= width; i += LANES) {
                vector change = load(gradient + i) * load(gain + i) * inverse - load(input + i) * common;
                store(result + i, load(result + i) + change);
            }
            for (; i < width; i++) result[i] += gradient[i] * gain[i] * inverse - input[i] * common;
        }
        if (dgain) {
            intptr_t i = 0;
            for (; i + LANES <= width; i += LANES) {
                store(dgain + i, load(dgain + i) + load(gradient + i) * load(input + i) * inverse);
            }
            for (; i < width; i++) dgain[i] += gradient[i] * input[i] * inverse;
        }
    }
}

// Optimiser

static void adam(float *parameter, const float *gradient, float *first_moment, float *second_moment, intptr_t n,
                 float rate, float beta1, float beta2, float epsilon, float bias1, float bias2, float decay) {
    float inverse1 = 1 / bias1, inverse2 = 1 / bias2;
    intptr_t i = 0;
    for (; i + LANES <= n; i += LANES) {
        vector g = load(gradient + i), p = load(parameter + i);
        vector m = load(first_moment + i) * beta1 + g * (1 - beta1);
        vector v = load(second_moment + i) * beta2 + g * g * (1 - beta2);
        store(first_moment + i, m);
        store(second_moment + i, v);
        vector step = m * inverse1 / (__builtin_elementwise_sqrt(v * inverse2) + epsilon);
        store(parameter + i, p - (step + p * decay) * rate);
    }
    for (; i < n; i++) {
        float g = gradient[i];
        float m = first_moment[i] * beta1 + g * (1 - beta1);
        float v = second_moment[i] * beta2 + g * g * (1 - beta2);
        first_moment[i] = m;
        second_moment[i] = v;
        parameter[i] -= (m * inverse1 / (sqrtf(v * inverse2) + epsilon) + parameter[i] * decay) * rate;
    }
}
