// Included once for each level, by a file that defines LANES and opens the target attribute: the vector type and the few
// operations on it that C lacks. Element-wise arithmetic is plain C on vector types.

#define INLINE static inline __attribute__((always_inline))

typedef float vector __attribute__((vector_size(LANES * 4)));
typedef int32_t vector_bits __attribute__((vector_size(LANES * 4)));
typedef uint32_t unsigned_bits __attribute__((vector_size(LANES * 4)));
typedef float unaligned_vector __attribute__((vector_size(LANES * 4), aligned(4), may_alias));

INLINE vector load(const float *address) { return *(const unaligned_vector *)address; }

INLINE void store(float *address, vector value) { *(unaligned_vector *)address = value; }

INLINE vector splat(float value) { return value - (vector){}; }

// The branch of the second value is taken for not-a-number, which therefore survives in `value`.
INLINE vector at_least(vector value, float bound) {
    vector bounds = splat(bound);
    vector_bits below = value < bounds;
    return (vector)((below & (vector_bits)bounds) | (~below & (vector_bits)value));
}

INLINE vector at_most(vector value, float bound) {
    vector bounds = splat(bound);
    vector_bits above = value > bounds;
    return (vector)((above & (vector_bits)bounds) | (~above & (vector_bits)value));
}

INLINE vector greater_of(vector one, vector other) {
    vector_bits greater = other > one;
    return (vector)((greater & (vector_bits)other) | (~greater & (vector_bits)one));
}

// Halves are combined pairwise, so the order is fixed for each width.
INLINE float sum_of(vector value) {
    float parts[LANES];
    __builtin_memcpy(parts, &value, sizeof parts);
    for (int half = LANES / 2; half > 0; half /= 2) {
        for (int i = 0; i < half; i++) parts[i] += parts[i + half];
    }
    return parts[0];
}

INLINE float greatest_of(vector value) {
    float parts[LANES];
    __builtin_memcpy(parts, &value, sizeof parts);
    for (int i = 1; i < LANES; i++) parts[0] = parts[i] > parts[0] ? parts[i] : parts[0];
    return parts[0];
}

INLINE int any(vector_bits mask) { return __builtin_reduce_or(mask) != 0; }

// The first `count` (0..<LANES) numbers at an address, the rest filled up.
INLINE vector load_part(const float *address, intptr_t count, float filling) {
    float parts[LANES];
    for (intptr_t i = 0; i < LANES; i++) parts[i] = i < count ? address[i] : filling;
    return load(parts);
}

INLINE void store_part(float *address, vector value, intptr_t count) {
    float parts[LANES];
    store(parts, value);
    for (intptr_t i = 0; i < count; i++) address[i] = parts[i];
}

// exp(x) for x <= 0, within 2 units in the last place; 0 below -87.3, where single precision ends.
//
// x = n log(2) + r with |r| <= log(2) / 2; exp(r) is a polynomial and 2^n goes into the exponent's bits. Adding 1.5 * 2^23
// rounds to a whole number and leaves it in the low bits, without a conversion that is undefined for not-a-number.
INLINE vector exp_nonpositive(vector x) {
    const float rounding = 12582912.0f;
    vector_bits vanishing = x < splat(-87.3f);
    vector bounded = at_most(at_least(x, -87.3f), 0.0f);
    vector shifted = bounded * 1.44269504088896341f + rounding;
    vector n = shifted - rounding;
    // log(2) in two parts, the first of which has few bits, so that n times it is exact.
    vector r = bounded - n * 0.693359375f;
    r = r - n * -2.12194440e-4f;
    vector p = r * (1.0f / 5040) + (1.0f / 720);
    p = p * r + (1.0f / 120);
    p = p * r + (1.0f / 24);
    p = p * r + (1.0f / 6);
    p = p * r + 0.5f;
    p = p * r + 1.0f;
    p = p * r + 1.0f;
    unsigned_bits power = ((unsigned_bits)shifted + 127) << 23;
    return (vector)(~vanishing & (vector_bits)(p * (vector)power));
}
