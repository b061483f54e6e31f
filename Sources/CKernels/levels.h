#pragma once
#include "CKernels.h"

extern const isrf_kernels isrf_reference_kernels;
extern const isrf_kernels isrf_baseline_kernels;
#if defined(__x86_64__)
extern const isrf_kernels isrf_avx2_kernels;
extern const isrf_kernels isrf_avx512_kernels;
#endif
