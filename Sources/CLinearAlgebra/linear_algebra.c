#include "CLinearAlgebra.h"

#include <stdlib.h>

// LAPACK's Fortran interface exists on both sides, so only the names of types and symbols differ here.
#ifdef __APPLE__
#define ACCELERATE_NEW_LAPACK
#include <Accelerate/Accelerate.h>
typedef __LAPACK_int integer;
#define LAPACK_CALL(name) name##_
#else
#include <cblas.h>
#include <lapacke.h>
#include <pthread.h>
typedef lapack_int integer;
#define LAPACK_CALL(name) LAPACK_##name
#endif

#ifdef __APPLE__

// Accelerate keeps this setting for each thread, so it is renewed at every call.
static _Thread_local int32_t requested_threads = 1;

static void settle_threads(void) {
    BLASSetThreading(requested_threads == 1 ? BLAS_THREADING_SINGLE_THREADED : BLAS_THREADING_MULTI_THREADED);
}

void ila_set_threads(int32_t threads) { requested_threads = threads < 1 ? 1 : threads; }

#else

static pthread_once_t pinned = PTHREAD_ONCE_INIT;

static void pin(void) { openblas_set_num_threads(1); }

static void settle_threads(void) { pthread_once(&pinned, pin); }

void ila_set_threads(int32_t threads) {
    settle_threads();
    openblas_set_num_threads(threads < 1 ? 1 : threads);
}

#endif

void ila_sgemm(int32_t transpose_a, int32_t transpose_b, int32_t m, int32_t n, int32_t k, float alpha, const float *a,
               int32_t lda, const float *b, int32_t ldb, float beta, float *c, int32_t ldc) {
    settle_threads();
    cblas_sgemm(CblasRowMajor, transpose_a ? CblasTrans : CblasNoTrans, transpose_b ? CblasTrans : CblasNoTrans, m, n,
                k, alpha, a, lda, b, ldb, beta, c, ldc);
}

// Workspace sizes come back as floats, which above 2^24 may have been rounded down.
static integer workspace_length(float answer) { return (integer)((double)answer * 1.000001) + 1; }

int32_t ila_symmetric_eigen(int32_t order, float *matrix, float *values) {
    settle_threads();
    char job = 'V', triangle = 'U';
    integer n = order, query = -1, integer_answer = 0, info = 0;
    float answer = 0;
    LAPACK_CALL(ssyevd)(&job, &triangle, &n, matrix, &n, values, &answer, &query, &integer_answer, &query, &info);
    if (info != 0) return (int32_t)info;
    integer length = workspace_length(answer), integer_length = integer_answer;
    float *work = malloc(sizeof(float) * (size_t)length);
    integer *integer_work = malloc(sizeof(integer) * (size_t)integer_length);
    if (work == NULL || integer_work == NULL) {
        free(work);
        free(integer_work);
        return ILA_OUT_OF_MEMORY;
    }
    LAPACK_CALL(ssyevd)
    (&job, &triangle, &n, matrix, &n, values, work, &length, integer_work, &integer_length, &info);
    free(work);
    free(integer_work);
    return (int32_t)info;
}

int32_t ila_singular_values(int32_t m, int32_t n, float *a, float *values, float *left, float *right) {
    settle_threads();
    // Row-major a is its transpose to LAPACK, whose left vectors are therefore our right ones and the other way round.
    char job = 'S';
    integer rows = n, columns = m, rank = m < n ? m : n, query = -1, info = 0;
    float answer = 0;
    integer *integer_work = malloc(sizeof(integer) * 8 * (size_t)(rank > 0 ? rank : 1));
    if (integer_work == NULL) return ILA_OUT_OF_MEMORY;
    LAPACK_CALL(sgesdd)
    (&job, &rows, &columns, a, &rows, values, right, &rows, left, &rank, &answer, &query, integer_work, &info);
    if (info != 0) {
        free(integer_work);
        return (int32_t)info;
    }
    integer length = workspace_length(answer);
    float *work = malloc(sizeof(float) * (size_t)length);
    if (work == NULL) {
        free(integer_work);
        return ILA_OUT_OF_MEMORY;
    }
    LAPACK_CALL(sgesdd)
    (&job, &rows, &columns, a, &rows, values, right, &rows, left, &rank, work, &length, integer_work, &info);
    free(work);
    free(integer_work);
    return (int32_t)info;
}

int32_t ila_orthonormal_columns(int32_t m, int32_t n, float *a) {
    settle_threads();
    // QR of a row-major matrix is LQ of what LAPACK sees.
    integer rows = n, columns = m, query = -1, info = 0;
    float answer = 0, second_answer = 0;
    float *scales = malloc(sizeof(float) * (size_t)(n > 0 ? n : 1));
    if (scales == NULL) return ILA_OUT_OF_MEMORY;
    LAPACK_CALL(sgelqf)(&rows, &columns, a, &rows, scales, &answer, &query, &info);
    if (info == 0) LAPACK_CALL(sorglq)(&rows, &columns, &rows, a, &rows, scales, &second_answer, &query, &info);
    if (info != 0) {
        free(scales);
        return (int32_t)info;
    }
    integer length = workspace_length(answer > second_answer ? answer : second_answer);
    float *work = malloc(sizeof(float) * (size_t)length);
    if (work == NULL) {
        free(scales);
        return ILA_OUT_OF_MEMORY;
    }
    LAPACK_CALL(sgelqf)(&rows, &columns, a, &rows, scales, work, &length, &info);
    if (info == 0) LAPACK_CALL(sorglq)(&rows, &columns, &rows, a, &rows, scales, work, &length, &info);
    free(work);
    free(scales);
    return (int32_t)info;
}

int32_t ila_inverse_cholesky(int32_t order, float *matrix) {
    settle_threads();
    // Our lower triangle is LAPACK's upper one.
    char triangle = 'U', diagonal = 'N';
    integer n = order, info = 0;
    LAPACK_CALL(spotrf)(&triangle, &n, matrix, &n, &info);
    if (info == 0) LAPACK_CALL(strtri)(&triangle, &diagonal, &n, matrix, &n, &info);
    for (int32_t row = 0; row < order; row++) {
        for (int32_t column = row + 1; column < order; column++) matrix[(size_t)row * order + column] = 0;
    }
    return (int32_t)info;
}
