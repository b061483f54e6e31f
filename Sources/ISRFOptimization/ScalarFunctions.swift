#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// Falls from 1 to 0 along half a cosine while `share` goes from 0 to 1.
func halfCosine(_ share: Float) -> Float {
    (1 + cos(Float.pi * share)) / 2
}

/// The natural exponential.
func exponential(_ exponent: Float) -> Float { exp(exponent) }

/// The natural logarithm.
func logarithm(_ value: Float) -> Float { log(value) }

/// The natural logarithm of 1 + `value`.
func logarithm(onePlus value: Float) -> Float { log1p(value) }

/// The logarithm to base 2.
func logarithm2(_ value: Double) -> Double { log2(value) }

/// A positive base to any power.
func power(_ base: Float, _ exponent: Float) -> Float { pow(base, exponent) }
