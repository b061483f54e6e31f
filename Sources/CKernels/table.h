// The table of one level's kernels; included last by each level.

const isrf_kernels LEVEL_KERNELS = {
    .name = LEVEL_NAME,
    .add = add,
    .add_scaled = add_scaled,
    .multiply_add = multiply_add,
    .dot = dot,
    .spmm = spmm,
    .top_k = top_k,
    .softmax = softmax,
    .log_sum_exp = log_sum_exp,
    .softmax_cross_entropy = softmax_cross_entropy,
    .gelu = gelu,
    .gelu_backward = gelu_backward,
    .rms_norm = rms_norm,
    .rms_norm_backward = rms_norm_backward,
    .adam = adam,
    .causal_attention_forward = causal_attention_forward,
    .causal_attention_backward = causal_attention_backward,
    .linear = linear,
    .layer_norm = layer_norm,
    .attention_forward = attention_forward,
};
