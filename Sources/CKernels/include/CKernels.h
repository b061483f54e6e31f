#pragma once
#include <stdint.h>

void isrf_spmm(intptr_t row_begin, intptr_t row_end, const intptr_t *offsets, const int32_t *columns,
               const float *values, const float *dense, intptr_t width, float *out, int32_t accumulate);
