// What a transformer encoder needs besides vector_kernels.h: products with packed weights, layer normalisation and
// attention in both directions; what each function computes is said in CKernels.h.

#define PANEL ISRF_PANEL
#if LANES == 16
#define TILE_ROWS 12
#else
#define TILE_ROWS 6
#endif

// Activation

// x times the normal distribution's probability of values below x. With z = |x| / sqrt(2) the upper tail is
// erfc(z) / 2 = (a1 t + ... + a5 t^5) exp(-z^2) / 2, t = 1 / (1 + p z), within 1e-7 (Abramowitz and Stegun 7.1.26).
INLINE vector gelu_normal_of(vector x) {
    // At 14, the exponential is 0 in single precision.
    vector bounded = at_most(at_least(x, -14.0f), 14.0f);
    vector magnitude = (vector)((vector_bits)bounded & INT32_MAX);
    vector t = 1.0f / (magnitude * 0.23164189f + 1.0f);
    vector p = t * 0.5307027145f - 0.726576013f;
    p = p * t + 0.7107068705f;
    p = p * t - 0.142248368f;
    p = p * t + 0.127414796f;
    vector tail = p * t * exp_nonpositive(bounded * bounded * -0.5f);
    vector_bits negative = (vector_bits)x >> 31;
    return x * (vector)((negative & (vector_bits)tail) | (~negative & (vector_bits)(1.0f - tail)));
}

INLINE vector activated(vector value, int32_t activation) {
    if (activation == ISRF_GELU_NORMAL) return gelu_normal_of(value);
    if (activation == ISRF_GELU_TANH) return gelu_of(value);
    return value;
}

// Products with packed weights

// `rows` rows of y = activation(x panel + bias) for the first `columns` of two vectors' columns of a panel. Every sum runs
// over k in ascending order, so that a row's result does not depend on the rows beside it.
INLINE void product_tile(int rows, const float *x, intptr_t x_stride, const float *panel, intptr_t inner,
                         const float *bias, intptr_t columns, int32_t activation, float *y, intptr_t y_stride) {
    vector sums[TILE_ROWS][2];
#pragma clang loop unroll(full)
    for (int row = 0; row < rows; row++) sums[row][0] = sums[row][1] = (vector){};
    for (intptr_t k = 0; k < inner; k++, panel += PANEL) {
        vector first = load(panel), second = load(panel + LANES);
#pragma clang loop unroll(full)
        for (int row = 0; row < rows; row++) {
            float factor = x[row * x_stride + k];
            sums[row][0] = sums[row][0] + first * factor;
            sums[row][1] = sums[row][1] + second * factor;
        }
    }
    for (int part = 0; part < 2; part++) {
        intptr_t start = part * LANES, count = columns - start;
        if (count <= 0) break;
        if (count >= LANES) {
            vector added = bias ? load(bias + start) : (vector){};
#pragma clang loop unroll(full)
            for (int row = 0; row < rows; row++) {
                store(y + row * y_stride + start, activated(sums[row][part] + added, activation));
            }
        } else {
            vector added = bias ? load_part(bias + start, count, 0) : (vector){};
#pragma clang loop unroll(full)
            for (int row = 0; row < rows; row++) {
                store_part(y + row * y_stride + start, activated(sums[row][part] + added, activation), count);
            }
        }
    }
}

#define DEFINE_TILE(name, rows)                                                                                        \
    static void name(const float *x, intptr_t x_stride, const float *panel, intptr_t inner, const float *bias,         \
                     intptr_t columns, int32_t activation, float *y, intptr_t y_stride) {                              \
        product_tile(rows, x, x_stride, panel, inner, bias, columns, activation, y, y_stride);                         \
    }

DEFINE_TILE(product_tile_whole, TILE_ROWS)
DEFINE_TILE(product_tile_third, TILE_ROWS / 3)
DEFINE_TILE(product_tile_single, 1)

// The same for any number of rows and one whole panel.
static void product_panel(const float *x, intptr_t x_stride, intptr_t rows, const float *panel, intptr_t inner,
                          const float *bias, intptr_t columns, int32_t activation, float *y, intptr_t y_stride) {
    for (intptr_t start = 0; start < PANEL && start < columns; start += 2 * LANES) {
        intptr_t row = 0, left = columns - start;
        const float *part = panel + start, *added = bias ? bias + start : NULL;
        for (; row + TILE_ROWS <= rows; row += TILE_ROWS) {
            product_tile_whole(x + row * x_stride, x_stride, part, inner, added, left, activation,
                               y + row * y_stride + start, y_stride);
        }
        for (; row + TILE_ROWS / 3 <= rows; row += TILE_ROWS / 3) {
            product_tile_third(x + row * x_stride, x_stride, part, inner, added, left, activation,
                               y + row * y_stride + start, y_stride);
        }
        for (; row < rows; row++) {
            product_tile_single(x + row * x_stride, x_stride, part, inner, added, left, activation,
                                y + row * y_stride + start, y_stride);
        }
    }
}

static void linear(const float *x, intptr_t x_stride, intptr_t rows, const float *packed, const float *bias,
                   intptr_t inner, intptr_t columns, int32_t activation, float *y, intptr_t y_stride) {
    // As many rows at a time as stay in the second-level cache beside a panel.
    intptr_t tiles = inner > 0 ? 65536 / (inner * TILE_ROWS) : 1;
    intptr_t chunk = (tiles > 1 ? tiles : 1) * TILE_ROWS;
    for (intptr_t row = 0; row < rows; row += chunk) {
        intptr_t count = rows - row < chunk ? rows - row : chunk;
        for (intptr_t column = 0; column < columns; column += PANEL) {
            product_panel(x + row * x_stride, x_stride, count, packed + column * inner, inner,
                          bias ? bias + column : NULL, columns - column, activation, y + row * y_stride + column,
                          y_stride);
        }
    }
}

// Normalisation

static void layer_norm(const float *x, const float *residual, const float *gain, const float *shift, float *y,
                       intptr_t rows, intptr_t width, float epsilon) {
    for (intptr_t row = 0; row < rows; row++) {
        const float *input = x + row * width, *other = residual ? residual + row * width : NULL;
        float *result = y + row * width;
        vector sums = {};
        float sum = 0;
        intptr_t i = 0;
        for (; i + LANES <= width; i += LANES) {
            vector value = load(input + i);
            if (other) value = value + load(other + i);
            store(result + i, value);
            sums = sums + value;
        }
        for (; i < width; i++) {
            result[i] = other ? input[i] + other[i] : input[i];
            sum += result[i];
        }
        float mean = (sum_of(sums) + sum) / (float)width;
        sums = (vector){};
        sum = 0;
        for (i = 0; i + LANES <= width; i += LANES) {
            vector deviation = load(result + i) - mean;
            sums = sums + deviation * deviation;
        }
        for (; i < width; i++) sum += (result[i] - mean) * (result[i] - mean);
        float inverse = 1 / sqrtf((sum_of(sums) + sum) / (float)width + epsilon);
        for (i = 0; i + LANES <= width; i += LANES) {
            store(result + i, (load(result + i) - mean) * inverse * load(gain + i) + load(shift + i));
        }
        for (; i < width; i++) result[i] = (result[i] - mean) * inverse * gain[i] + shift[i];
    }
}

// Attention

static void attention_forward(const float *q, const float *k, const float *v, intptr_t stride, float *out,
                              intptr_t out_stride, intptr_t width, intptr_t heads, const int32_t *sequence_offsets,
                              intptr_t sequence_begin, intptr_t sequence_end, float *scratch) {
    intptr_t size = width / heads;
    float scale = 1 / sqrtf((float)size);
    for (intptr_t s = sequence_begin; s < sequence_end; s++) {
        intptr_t start = sequence_offsets[s], length = sequence_offsets[s + 1] - start;
        intptr_t padded = (length + PANEL - 1) / PANEL * PANEL;
        // The keys' transpose and the values, both in panels; then the scores of one tile of queries.
        float *keys = scratch, *contents = keys + size * padded;
        float *scores = contents + length * ((size + PANEL - 1) / PANEL * PANEL);
        for (intptr_t h = 0; h < heads; h++) {
            const float *queries = q + start * stride + h * size;
            float *result = out + start * out_stride + h * size;
            for (intptr_t j = 0; j < padded; j++) {
                float *target = keys + j / PANEL * PANEL * size + j % PANEL;
                const float *key = k + (start + j) * stride + h * size;
                for (intptr_t c = 0; c < size; c++) target[c * PANEL] = j < length ? key[c] * scale : 0;
            }
            for (intptr_t c = 0; c < size; c += PANEL) {
                intptr_t count = size - c < PANEL ? size - c : PANEL;
                for (intptr_t j = 0; j < length; j++) {
                    const float *content = v + (start + j) * stride + h * size + c;
                    float *target = contents + c * length + j * PANEL;
                    for (intptr_t i = 0; i < PANEL; i++) target[i] = i < count ? content[i] : 0;
                }
            }
            for (intptr_t i = 0; i < length; i += TILE_ROWS) {
                intptr_t count = length - i < TILE_ROWS ? length - i : TILE_ROWS;
                for (intptr_t j = 0; j < padded; j += PANEL) {
                    product_panel(queries + i * stride, stride, count, keys + j * size, size, NULL, PANEL, ISRF_IDENTITY,
                                  scores + j, padded);
                }
                for (intptr_t row = 0; row < count; row++) softmax(scores + row * padded, length);
                for (intptr_t c = 0; c < size; c += PANEL) {
                    product_panel(scores, padded, count, contents + c * length, length, NULL, size - c, ISRF_IDENTITY,
                                  result + i * out_stride + c, out_stride);
                }
            }
        }
    }
}
