#include "levels.h"

#include <math.h>
#include <stddef.h>

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

#define LANES 8
#define LEVEL_NAME "avx2"
#define LEVEL_KERNELS isrf_avx2_kernels
#include "vector.h"
#include "vector_kernels.h"
#include "attention.h"
#include "encoder.h"
#include "network.h"
#include "table.h"

#pragma clang attribute pop

#endif
