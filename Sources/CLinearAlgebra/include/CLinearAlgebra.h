// The BLAS and LAPACK routines that ISRFNumerics calls, with fixed-width integers.
//
// Matrices are row-major. Every routine runs on the calling thread alone: the first call pins the library to one thread,
// and callers divide the work themselves.
#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Returned instead of a LAPACK status when working memory cannot be allocated.
#define ILA_OUT_OF_MEMORY ((int32_t)-1000)

/// How many threads the library may use for one call; 1 unless set. Has no effect on Apple platforms beyond 1 or many.
void ila_set_threads(int32_t threads);

/// c = alpha op(a) op(b) + beta c, where op(a) is m x k, op(b) is k x n, c is m x n.
void ila_sgemm(int32_t transpose_a, int32_t transpose_b, int32_t m, int32_t n, int32_t k, float alpha, const float *a,
               int32_t lda, const float *b, int32_t ldb, float beta, float *c, int32_t ldc);

/// Eigenvalues (ascending) and eigenvectors of a symmetric n x n matrix, which is replaced: row i becomes eigenvector i.
/// Returns LAPACK's status, 0 for success.
int32_t ila_symmetric_eigen(int32_t n, float *matrix, float *values);

/// Thin singular value decomposition a = left diag(values) right of an m x n matrix, with r = min(m, n): left is m x r,
/// values descend, right is r x n. Destroys a. Returns LAPACK's status, 0 for success.
int32_t ila_singular_values(int32_t m, int32_t n, float *a, float *values, float *left, float *right);

/// Replaces the m x n matrix a (m >= n) by m x n orthonormal columns, the first j of which span a's first j columns
/// (Q of the QR factorisation). Returns LAPACK's status, 0 for success.
int32_t ila_orthonormal_columns(int32_t m, int32_t n, float *a);

/// Replaces the symmetric positive definite n x n matrix by the inverse of its lower Cholesky factor L (matrix = L L^T);
/// only the lower triangle is read, zeros are written above the diagonal. Returns LAPACK's status: above 0 when the matrix
/// is not positive definite.
int32_t ila_inverse_cholesky(int32_t n, float *matrix);

#ifdef __cplusplus
}
#endif
