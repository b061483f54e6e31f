#include "CKernels.h"

#include <string.h>

void isrf_spmm(intptr_t row_begin, intptr_t row_end, const intptr_t *offsets, const int32_t *columns,
               const float *values, const float *dense, intptr_t width, float *out, int32_t accumulate) {
    for (intptr_t row = row_begin; row < row_end; row++) {
        float *target = out + row * width;
        if (!accumulate) memset(target, 0, sizeof(float) * (size_t)width);
        for (intptr_t entry = offsets[row]; entry < offsets[row + 1]; entry++) {
            const float *source = dense + (intptr_t)columns[entry] * width;
            for (intptr_t i = 0; i < width; i++) target[i] += values[entry] * source[i];
        }
    }
}
