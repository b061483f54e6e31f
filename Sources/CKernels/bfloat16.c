// Products of matrices that are rounded to bfloat16, summed in single precision.
//
// One instruction multiplies pairs of numbers and adds both products to a sum, so operands are laid out in pairs along
// the dimension that is summed over.
#include "CKernels.h"

#include <stddef.h>
#include <string.h>

#if defined(__x86_64__)

#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512bf16,avx2,fma"))), \
                             apply_to = function)

#define INLINE static inline __attribute__((always_inline))
// Sixteen single-precision sums in a vector.
#define LANES 16
// What a tile of sums takes of the 32 registers leaves room for its operands.
#define PANEL_VECTORS 4
#define PANEL_ROWS 6
#define TILE_VECTORS 8
#define TILE_ROWS 3
// Columns of the transposed factor that are laid out at once: a multiple of TILE_ROWS.
#define STRIPE ISRF_BFLOAT16_STRIPE
// Pairs of the dimension summed over whose second operand stays in the cache.
#define PAIRS_AT_ONCE 512

int32_t isrf_bfloat16_is_supported(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl");
}

INLINE __mmask16 first_lanes(intptr_t count) {
    return count >= LANES ? (__mmask16)0xffff : count > 0 ? (__mmask16)((1u << count) - 1) : (__mmask16)0;
}

INLINE __m512i rounded(const float *x, __mmask16 lanes) {
    return _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(lanes, x)));
}

// Pairs of the numbers of two rows; the second may be NULL, for zeros.
INLINE __m512i paired(const float *first, const float *second, __mmask16 lanes) {
    __m512i low = rounded(first, lanes);
    return second == NULL ? low : _mm512_or_si512(low, _mm512_slli_epi32(rounded(second, lanes), 16));
}

static void round_row(const float *x, intptr_t count, uint16_t *out) {
    for (intptr_t i = 0; i < count; i += LANES) {
        __mmask16 lanes = first_lanes(count - i);
        _mm256_mask_storeu_epi16(out + i, lanes, (__m256i)_mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(lanes, x + i)));
    }
}

INLINE __m512bh pair_everywhere(const uint16_t *pair) {
    int32_t both;
    memcpy(&both, pair, sizeof both);
    return (__m512bh)_mm512_set1_epi32(both);
}

void isrf_bfloat16_panels(const float *x, intptr_t rows, intptr_t width, intptr_t begin, intptr_t end,
                          uint16_t *panels) {
    const intptr_t wide = ISRF_BFLOAT16_PANEL;
    for (intptr_t panel = begin; panel < end; panel++) {
        uint16_t *out = panels + panel * wide * width;
        for (intptr_t place = 0; place < wide; place++) {
            intptr_t row = panel * wide + place;
            for (intptr_t k = 0; k < width; k += LANES) {
                uint16_t numbers[LANES] = {0};
                if (row < rows) round_row(x + row * width + k, LANES, numbers);
                for (intptr_t lane = 0; lane < LANES; lane += 2) {
                    memcpy(out + ((k + lane) / 2 * wide + place) * 2, numbers + lane, 2 * sizeof *numbers);
                }
            }
        }
    }
}

void isrf_bfloat16_pairs(const float *x, intptr_t rows, intptr_t width, intptr_t begin, intptr_t end,
                         uint16_t *pairs) {
    for (intptr_t pair = begin; pair < end; pair++) {
        const float *first = x + 2 * pair * width, *second = 2 * pair + 1 < rows ? first + width : NULL;
        for (intptr_t k = 0; k < width; k += LANES) {
            _mm512_storeu_si512(pairs + (pair * width + k) * 2, paired(first + k, second ? second + k : NULL, 0xffff));
        }
    }
}

INLINE void panel_tile(const uint16_t *x, intptr_t width, const uint16_t *panel, float *out, intptr_t columns,
                       intptr_t left, int rows) {
    __m512 sums[PANEL_ROWS][PANEL_VECTORS];
    for (int row = 0; row < rows; row++) {
        for (int v = 0; v < PANEL_VECTORS; v++) sums[row][v] = _mm512_setzero_ps();
    }
    for (intptr_t k = 0; k < width / 2; k++) {
        __m512bh items[PANEL_VECTORS];
        for (int v = 0; v < PANEL_VECTORS; v++) {
            items[v] = (__m512bh)_mm512_loadu_si512(panel + (k * ISRF_BFLOAT16_PANEL + v * LANES) * 2);
        }
        for (int row = 0; row < rows; row++) {
            __m512bh own = pair_everywhere(x + row * width + 2 * k);
            for (int v = 0; v < PANEL_VECTORS; v++) sums[row][v] = _mm512_dpbf16_ps(sums[row][v], items[v], own);
        }
    }
    for (int row = 0; row < rows; row++) {
        for (int v = 0; v < PANEL_VECTORS; v++) {
            _mm512_mask_storeu_ps(out + row * columns + v * LANES, first_lanes(left - v * LANES), sums[row][v]);
        }
    }
}

void isrf_bfloat16_times_panels(const float *x, intptr_t rows, intptr_t width, const uint16_t *panels,
                                intptr_t columns, uint16_t *scratch, float *out) {
    round_row(x, rows * width, scratch);
    for (intptr_t begin = 0; begin < columns; begin += ISRF_BFLOAT16_PANEL) {
        const uint16_t *panel = panels + begin * width;
        intptr_t row = 0, left = columns - begin;
        for (; row + PANEL_ROWS <= rows; row += PANEL_ROWS) {
            panel_tile(scratch + row * width, width, panel, out + row * columns + begin, columns, left, PANEL_ROWS);
        }
        for (; row < rows; row++) {
            panel_tile(scratch + row * width, width, panel, out + row * columns + begin, columns, left, 1);
        }
    }
}

// out += x pairs for some rows of x; a number of x stands `row_step` from that of the next row, a pair `pair_step` from
// the next pair.
INLINE void pairs_tile(const uint16_t *x, intptr_t row_step, intptr_t pair_step, intptr_t count, const uint16_t *pairs,
                       intptr_t width, float *out, int rows, int vectors) {
    __m512 sums[TILE_ROWS][TILE_VECTORS];
    for (int row = 0; row < rows; row++) {
        for (int v = 0; v < vectors; v++) sums[row][v] = _mm512_loadu_ps(out + row * width + v * LANES);
    }
    for (intptr_t k = 0; k < count; k++) {
        __m512bh own[TILE_ROWS];
        for (int row = 0; row < rows; row++) own[row] = pair_everywhere(x + row * row_step + k * pair_step);
        for (int v = 0; v < vectors; v++) {
            __m512bh other = (__m512bh)_mm512_loadu_si512(pairs + (k * width + v * LANES) * 2);
            for (int row = 0; row < rows; row++) sums[row][v] = _mm512_dpbf16_ps(sums[row][v], own[row], other);
        }
    }
    for (int row = 0; row < rows; row++) {
        for (int v = 0; v < vectors; v++) _mm512_storeu_ps(out + row * width + v * LANES, sums[row][v]);
    }
}

static void pairs_rows(const uint16_t *x, intptr_t row_step, intptr_t pair_step, intptr_t count,
                       const uint16_t *pairs, intptr_t width, float *out, intptr_t rows) {
    for (intptr_t column = 0; column < width;) {
        const int wide = column + TILE_VECTORS * LANES <= width;
        for (intptr_t row = 0; row < rows; row += TILE_ROWS) {
            const uint16_t *own = x + row * row_step, *other = pairs + column * 2;
            float *target = out + row * width + column;
            if (rows - row >= TILE_ROWS) {
                if (wide) {
                    pairs_tile(own, row_step, pair_step, count, other, width, target, TILE_ROWS, TILE_VECTORS);
                } else {
                    pairs_tile(own, row_step, pair_step, count, other, width, target, TILE_ROWS, 1);
                }
                continue;
            }
            for (intptr_t last = 0; last < rows - row; last++) {
                const uint16_t *one = own + last * row_step;
                if (wide) {
                    pairs_tile(one, row_step, pair_step, count, other, width, target + last * width, 1, TILE_VECTORS);
                } else {
                    pairs_tile(one, row_step, pair_step, count, other, width, target + last * width, 1, 1);
                }
            }
        }
        column += wide ? TILE_VECTORS * LANES : LANES;
    }
}

void isrf_bfloat16_times_pairs(const float *x, intptr_t rows, intptr_t columns, const uint16_t *pairs, intptr_t width,
                               uint16_t *scratch, float *out) {
    intptr_t step = (columns + 1) / 2 * 2;
    for (intptr_t row = 0; row < rows; row++) {
        round_row(x + row * columns, columns, scratch + row * step);
        if (step > columns) scratch[row * step + columns] = 0;
    }
    memset(out, 0, (size_t)(rows * width) * sizeof *out);
    for (intptr_t begin = 0; begin < step / 2; begin += PAIRS_AT_ONCE) {
        intptr_t count = step / 2 - begin < PAIRS_AT_ONCE ? step / 2 - begin : PAIRS_AT_ONCE;
        pairs_rows(scratch + 2 * begin, step, 2, count, pairs + begin * width * 2, width, out, rows);
    }
}

void isrf_bfloat16_add_transposed_times_pairs(const float *x, intptr_t rows, intptr_t columns, intptr_t begin,
                                              intptr_t end, const uint16_t *pairs, intptr_t width, uint16_t *scratch,
                                              float *out) {
    for (intptr_t column = begin; column < end; column += STRIPE) {
        intptr_t count = end - column < STRIPE ? end - column : STRIPE;
        for (intptr_t pair = 0; pair < (rows + 1) / 2; pair++) {
            const float *first = x + 2 * pair * columns + column, *second = 2 * pair + 1 < rows ? first + columns : NULL;
            for (intptr_t lane = 0; lane < count; lane += LANES) {
                __m512i both = paired(first + lane, second ? second + lane : NULL, first_lanes(count - lane));
                _mm512_storeu_si512(scratch + (pair * STRIPE + lane) * 2, both);
            }
        }
        pairs_rows(scratch, 2, 2 * STRIPE, (rows + 1) / 2, pairs, width, out + column * width, count);
    }
}

#pragma clang attribute pop

#else

int32_t isrf_bfloat16_is_supported(void) { return 0; }

// Never called where they are not supported.
void isrf_bfloat16_panels(const float *x, intptr_t rows, intptr_t width, intptr_t begin, intptr_t end,
                          uint16_t *panels) {}
void isrf_bfloat16_pairs(const float *x, intptr_t rows, intptr_t width, intptr_t begin, intptr_t end,
                         uint16_t *pairs) {}
void isrf_bfloat16_times_panels(const float *x, intptr_t rows, intptr_t width, const uint16_t *panels,
                                intptr_t columns, uint16_t *scratch, float *out) {}
void isrf_bfloat16_times_pairs(const float *x, intptr_t rows, intptr_t columns, const uint16_t *pairs, intptr_t width,
                               uint16_t *scratch, float *out) {}
void isrf_bfloat16_add_transposed_times_pairs(const float *x, intptr_t rows, intptr_t columns, intptr_t begin,
                                              intptr_t end, const uint16_t *pairs, intptr_t width, uint16_t *scratch,
                                              float *out) {}

#endif
