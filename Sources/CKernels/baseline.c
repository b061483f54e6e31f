// What every processor of the architecture has: SSE2 or NEON.
#include "levels.h"

#include <math.h>
#include <stddef.h>

#define LANES 4
#define LEVEL_NAME "baseline"
#define LEVEL_KERNELS isrf_baseline_kernels
#include "vector.h"
#include "vector_kernels.h"
#include "attention.h"
#include "encoder.h"
#include "network.h"
#include "table.h"
