#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension SeededRandom {
    /// Two independent standard normal numbers from a uniform number in (0, 1] and one in [0, 1).
    static func boxMuller(_ first: Float, _ second: Float) -> (Float, Float) {
        let radius = (-2 * log(first)).squareRoot()
        let angle = 2 * Float.pi * second
        return (radius * cos(angle), radius * sin(angle))
    }
}
