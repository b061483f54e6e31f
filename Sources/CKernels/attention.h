// Causal attention in terms of vector_kernels.h; what each function computes is said in CKernels.h.

static void causal_attention_forward(const float *q, const float *k, const float *v, intptr_t stride, float *out,
                                     intptr_t out_stride, intptr_t width, intptr_t heads,
                                     const int32_t *sequence_offsets, intptr_t sequence_begin, intptr_t sequence_end,
                                     const intptr_t *probability_offsets, float *probabilities) {
    intptr_t size = width / heads;
    float scale = 1 / sqrtf((float)size);
    for (intptr_t s = sequence_begin; s < sequence_end; s++) {
        intptr_t start = sequence_offsets[s], length = sequence_offsets[s + 1] - start;
        for (intptr_t h = 0; h < heads; h++) {
            float *table = probabilities + probability_offsets[s] + h * length * length;
            const float *queries = q + start * stride + h * size;
            const float *keys = k + start * stride + h * size;
            const float *contents = v + start * stride + h * size;
            for (intptr_t i = 0; i < length; i++) {
                float *row = table + i * length;
                for (intptr_t j = 0; j <= i; j++) {
                    row[j] = scale * dot_inline(queries + i * stride, keys + j * stride, size);
                }
                for (intptr_t j = i + 1; j < length; j++) row[j] = 0;
                softmax(row, i + 1);
                float *result = out + (start + i) * out_stride + h * size;
                weighted_rows(result, size, i + 1, row, NULL, contents, stride, 0);
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
    float scale = 1 / sqrtf((float)size);
    for (intptr_t s = sequence_begin; s < sequence_end; s++) {
        intptr_t start = sequence_offsets[s], length = sequence_offsets[s + 1] - start;
        for (intptr_t h = 0; h < heads; h++) {
            const float *table = probabilities + probability_offsets[s] + h * length * length;
            intptr_t input = start * stride + h * size, gradient = start * gradient_stride + h * size;
            for (intptr_t i = 0; i < length; i++) {
                const float *result_gradient = dout + (start + i) * out_stride + h * size;
                const float *query = q + input + i * stride;
                float *query_gradient = dq + gradient + i * gradient_stride;
                // The softmax's inner product of probabilities and their gradients is that of output and its gradient.
                float common = dot_inline(out + (start + i) * out_stride + h * size, result_gradient, size);
                for (intptr_t j = 0; j <= i; j++) {
                    const float *key = k + input + j * stride, *content = v + input + j * stride;
                    float *key_gradient = dk + gradient + j * gradient_stride;
                    float *content_gradient = dv + gradient + j * gradient_stride;
                    float probability = table[i * length + j];
                    float score = scale * probability * (dot_inline(result_gradient, content, size) - common);
                    add_scaled_inline(query_gradient, key, score, size);
                    add_scaled_inline(key_gradient, query, score, size);
                    add_scaled_inline(content_gradient, result_gradient, probability, size);
                }
            }
        }
    }
}
