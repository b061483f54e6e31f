// The hot loops that BLAS lacks, over single-precision numbers.
//
// Each kernel exists as a plain reference and, from one source, for every vector width that the processor may have; the
// functions here choose the widest at run time. All matrices are row-major. No kernel allocates memory, keeps state, or
// starts threads: callers divide rows, vocabularies and sequences among threads themselves. Arrays written to must not
// overlap the ones read unless a comment says so. Results depend on the inputs and the processor's vector width alone,
// never on alignment. Not-a-number in the input shows up in the output.
#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Vectors

/// y += x
void isrf_add(float *y, const float *x, intptr_t n);
/// y += alpha x
void isrf_add_scaled(float *y, const float *x, float alpha, intptr_t n);
/// y += a b, element by element
void isrf_multiply_add(float *y, const float *a, const float *b, intptr_t n);
/// Sum of a b; 0 for n = 0
float isrf_dot(const float *a, const float *b, intptr_t n);

// Sparse x dense

/// Rows row_begin..<row_end of out = sparse x dense (out += when accumulate is not 0). The sparse matrix is in
/// compressed-row form; dense and out are `width` numbers wide.
void isrf_spmm(intptr_t row_begin, intptr_t row_end, const intptr_t *offsets, const int32_t *columns,
               const float *values, const float *dense, intptr_t width, float *out, int32_t accumulate);

// Selection

/// The k greatest of n values, greatest first, ties by smaller index. Not-a-number is never selected.
/// Writes indices and values and returns how many: min(k, numbers that are numbers).
intptr_t isrf_top_k(const float *values, intptr_t n, intptr_t k, int32_t *indices, float *best);

// Softmax

/// row = softmax(row). A row without any finite greatest value (all -infinity, or +infinity in it) becomes not-a-number.
void isrf_softmax(float *row, intptr_t n);
/// log(sum(exp(row))), stable; -infinity for n = 0
double isrf_log_sum_exp(const float *row, intptr_t n);
/// Turns logits into scale (softmax(row) - onehot(target)), the gradient of the loss, and returns the loss
/// -log softmax(row)[target] (not scaled). 0 <= target < n.
double isrf_softmax_cross_entropy(float *row, intptr_t n, intptr_t target, float scale);

// Products in bfloat16

/// Rows of a panel.
#define ISRF_BFLOAT16_PANEL 64
/// Columns that the transposed product lays out at once.
#define ISRF_BFLOAT16_STRIPE 48

/// Whether the processor multiplies in bfloat16 (8 bits of precision, sums in single precision); where it
/// does not, none of the following may be called. Widths are multiples of 16.
int32_t isrf_bfloat16_is_supported(void);
/// Rounds panels begin..<end of x (rows x width) for isrf_bfloat16_times_panels. A panel has ISRF_BFLOAT16_PANEL rows,
/// the last one is filled up with zeros; all take ISRF_BFLOAT16_PANEL x width numbers each.
void isrf_bfloat16_panels(const float *x, intptr_t rows, intptr_t width, intptr_t begin, intptr_t end,
                          uint16_t *panels);
/// Rounds pairs of rows begin..<end of x (rows x width) for the two products with pairs. An odd last row is filled up
/// with zeros; a pair takes 2 x width numbers.
void isrf_bfloat16_pairs(const float *x, intptr_t rows, intptr_t width, intptr_t begin, intptr_t end, uint16_t *pairs);
/// out (rows x columns) = x (rows x width) times the transpose of the matrix in panels (columns x width). The scratch
/// holds rows x width numbers.
void isrf_bfloat16_times_panels(const float *x, intptr_t rows, intptr_t width, const uint16_t *panels,
                                intptr_t columns, uint16_t *scratch, float *out);
/// out (rows x width) = x (rows x columns) times the matrix in pairs (columns x width). The scratch holds rows times
/// columns numbers, columns rounded up to an even number.
void isrf_bfloat16_times_pairs(const float *x, intptr_t rows, intptr_t columns, const uint16_t *pairs, intptr_t width,
                               uint16_t *scratch, float *out);
/// Adds rows begin..<end of the transpose of x (rows x columns) times the matrix in pairs (rows x width) to those of out
/// (columns x width). The scratch holds ISRF_BFLOAT16_STRIPE numbers for each row of x, rows rounded up to an even number.
void isrf_bfloat16_add_transposed_times_pairs(const float *x, intptr_t rows, intptr_t columns, intptr_t begin,
                                              intptr_t end, const uint16_t *pairs, intptr_t width, uint16_t *scratch,
                                              float *out);

// Activation and normalisation

/// y = GELU(x), tanh form: x sigmoid(2 sqrt(2 / pi) (x + 0.044715 x^3)). y may be x.
void isrf_gelu(const float *x, float *y, intptr_t n);
/// dx += dy GELU'(x)
void isrf_gelu_backward(const float *x, const float *dy, float *dx, intptr_t n);
/// For each of `rows` rows of `width` numbers: y = gain x r with r = 1 / sqrt(mean(x^2) + epsilon), which is written to
/// inverse_rms (`rows` numbers).
void isrf_rms_norm(const float *x, const float *gain, float *y, float *inverse_rms, intptr_t rows, intptr_t width,
                   float epsilon);
/// Adds the gradients to dx (rows x width) and dgain (width). Either may be NULL when it is not wanted.
void isrf_rms_norm_backward(const float *x, const float *gain, const float *inverse_rms, const float *dy, float *dx,
                            float *dgain, intptr_t rows, intptr_t width);

// Optimiser

/// One step of Adam with decoupled weight decay:
/// m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2;
/// p -= rate ((m / bias1) / (sqrt(v / bias2) + epsilon) + decay p), where bias_i = 1 - beta_i^step.
void isrf_adam(float *parameter, const float *gradient, float *first_moment, float *second_moment, intptr_t n,
               float rate, float beta1, float beta2, float epsilon, float bias1, float bias2, float decay);

// Attention

/// Causal multi-head attention of packed sequences of any lengths.
///
/// Sequence s holds the tokens sequence_offsets[s]..<sequence_offsets[s + 1]; the call handles the sequences
/// sequence_begin..<sequence_end. q, k and v are tokens x width with `stride` numbers from one token to the next (they may
/// be parts of one fused matrix); out is tokens x width with out_stride. Head h has the columns h width / heads onwards;
/// heads divides width. Scores are scaled by 1 / sqrt(width / heads).
/// probabilities: heads x length x length numbers for sequence s from probability_offsets[s] on; the ones after the
/// diagonal are set to zero.
void isrf_causal_attention_forward(const float *q, const float *k, const float *v, intptr_t stride, float *out,
                                   intptr_t out_stride, intptr_t width, intptr_t heads,
                                   const int32_t *sequence_offsets, intptr_t sequence_begin, intptr_t sequence_end,
                                   const intptr_t *probability_offsets, float *probabilities);
/// Adds the gradients of isrf_causal_attention_forward to dq, dk and dv (strides of gradient_stride), from dout
/// (out_stride) and what the forward call was given and wrote.
void isrf_causal_attention_backward(const float *q, const float *k, const float *v, intptr_t stride, const float *out,
                                    const float *dout, intptr_t out_stride, intptr_t width, intptr_t heads,
                                    const int32_t *sequence_offsets, intptr_t sequence_begin, intptr_t sequence_end,
                                    const intptr_t *probability_offsets, const float *probabilities, float *dq,
                                    float *dk, float *dv, intptr_t gradient_stride);

// Encoders

/// Packed weights hold this many columns side by side.
#define ISRF_PANEL 32

/// How many numbers the packed form of a columns x inner matrix has.
intptr_t isrf_packed_count(intptr_t columns, intptr_t inner);
/// Lays a columns x inner matrix out for isrf_linear: one panel after the other, each with the ISRF_PANEL columns' numbers
/// for k = 0, then those for k = 1, and so on; columns that are not there count as 0. Loads are fastest when packed begins
/// at a multiple of 64 bytes.
void isrf_pack(const float *weights, intptr_t columns, intptr_t inner, float *packed);

/// What isrf_linear applies to every number at the end.
enum { ISRF_IDENTITY = 0, /** x times the normal distribution function */ ISRF_GELU_NORMAL = 1, /** isrf_gelu */
       ISRF_GELU_TANH = 2 };

/// y = activation(x W^T + bias) for W (columns x inner) in packed form. x has `rows` rows of `inner` numbers, x_stride from
/// one to the next, y rows of `columns` numbers with y_stride. bias (`columns` numbers) may be NULL. A row's result does not
/// depend on the other rows.
void isrf_linear(const float *x, intptr_t x_stride, intptr_t rows, const float *packed, const float *bias,
                 intptr_t inner, intptr_t columns, int32_t activation, float *y, intptr_t y_stride);
/// For each of `rows` rows of `width` numbers: y = gain (z - mean(z)) / sqrt(variance(z) + epsilon) + shift with
/// z = x + residual. residual may be NULL; y may be x or residual.
void isrf_layer_norm(const float *x, const float *residual, const float *gain, const float *shift, float *y,
                     intptr_t rows, intptr_t width, float epsilon);
/// How many numbers isrf_attention_forward needs as scratch for sequences of at most `length` tokens.
intptr_t isrf_attention_scratch(intptr_t width, intptr_t heads, intptr_t length);
/// The same as isrf_causal_attention_forward, but every token looks at the whole of its sequence, and no probabilities are
/// kept. scratch need not be initialised.
void isrf_attention_forward(const float *q, const float *k, const float *v, intptr_t stride, float *out,
                            intptr_t out_stride, intptr_t width, intptr_t heads, const int32_t *sequence_offsets,
                            intptr_t sequence_begin, intptr_t sequence_end, float *scratch);

// Small networks over many rows

/// The most inputs and outputs of isrf_two_layers.
enum { ISRF_NETWORK_INPUTS = 32, ISRF_NETWORK_OUTPUTS = 16 };

/// For each of `rows` rows: output = second_bias + GELU(first_bias + first x) second, GELU in tanh form. inputs has
/// input_count addresses, each of one input's numbers for all rows; outputs has output_count, to be written alike. first is
/// width x input_count, second width x output_count.
void isrf_two_layers(const float *const *inputs, intptr_t rows, intptr_t input_count, const float *first,
                     const float *first_bias, intptr_t width, const float *second, const float *second_bias,
                     intptr_t output_count, float *const *outputs);
/// y = scale logistic(gates) x, element by element. y may be x or gates.
void isrf_gate(const float *x, const float *gates, float scale, float *y, intptr_t n);
/// y = log(1 + x / scale), 0 for x below 0; scale > 0, x / scale finite. y may be x.
void isrf_log_one_plus_scaled(const float *x, float scale, float *y, intptr_t n);

// Levels

/// All kernels at one level of processor support.
typedef struct isrf_kernels {
    /// "reference", "baseline" (SSE2 or NEON), "avx2", "avx512"
    const char *name;
    void (*add)(float *, const float *, intptr_t);
    void (*add_scaled)(float *, const float *, float, intptr_t);
    void (*multiply_add)(float *, const float *, const float *, intptr_t);
    float (*dot)(const float *, const float *, intptr_t);
    void (*spmm)(intptr_t, intptr_t, const intptr_t *, const int32_t *, const float *, const float *, intptr_t, float *,
                 int32_t);
    intptr_t (*top_k)(const float *, intptr_t, intptr_t, int32_t *, float *);
    void (*softmax)(float *, intptr_t);
    double (*log_sum_exp)(const float *, intptr_t);
    double (*softmax_cross_entropy)(float *, intptr_t, intptr_t, float);
    void (*gelu)(const float *, float *, intptr_t);
    void (*gelu_backward)(const float *, const float *, float *, intptr_t);
    void (*rms_norm)(const float *, const float *, float *, float *, intptr_t, intptr_t, float);
    void (*rms_norm_backward)(const float *, const float *, const float *, const float *, float *, float *, intptr_t,
                              intptr_t);
    void (*adam)(float *, const float *, float *, float *, intptr_t, float, float, float, float, float, float, float);
    void (*causal_attention_forward)(const float *, const float *, const float *, intptr_t, float *, intptr_t, intptr_t,
                                     intptr_t, const int32_t *, intptr_t, intptr_t, const intptr_t *, float *);
    void (*causal_attention_backward)(const float *, const float *, const float *, intptr_t, const float *,
                                      const float *, intptr_t, intptr_t, intptr_t, const int32_t *, intptr_t, intptr_t,
                                      const intptr_t *, const float *, float *, float *, float *, intptr_t);
    void (*linear)(const float *, intptr_t, intptr_t, const float *, const float *, intptr_t, intptr_t, int32_t, float *,
                   intptr_t);
    void (*layer_norm)(const float *, const float *, const float *, const float *, float *, intptr_t, intptr_t, float);
    void (*attention_forward)(const float *, const float *, const float *, intptr_t, float *, intptr_t, intptr_t,
                              intptr_t, const int32_t *, intptr_t, intptr_t, float *);
    void (*two_layers)(const float *const *, intptr_t, intptr_t, const float *, const float *, intptr_t, const float *,
                       const float *, intptr_t, float *const *);
    void (*gate)(const float *, const float *, float, float *, intptr_t);
    void (*log_one_plus_scaled)(const float *, float, float *, intptr_t);
} isrf_kernels;

/// How many levels this build has; level 0 is the plain reference, later ones are wider.
int32_t isrf_level_count(void);
/// The kernels of one level, or NULL when this processor cannot run them.
const isrf_kernels *isrf_kernels_at(int32_t level);
/// The kernels that the functions above use.
const isrf_kernels *isrf_active_kernels(void);

#ifdef __cplusplus
}
#endif
