/// A random number generator whose whole sequence follows from its seed, the same on every machine.
///
/// SplitMix64: one 64-bit state, equidistributed, fast. Not for secrets.
public struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64
    private var spareNormal: Float?

    /// Creates a generator. Streams with different `stream` numbers of one seed are independent of each other.
    public init(seed: UInt64, stream: UInt64 = 0) {
        state = seed
        let first = next()
        state = first ^ (stream &* 0xD134_2543_DE82_EF95 &+ 0x2545_F491_4F6C_DD1D)
        _ = next()
    }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number drawn uniformly from [0, 1), with 24 random bits.
    public mutating func uniform() -> Float {
        Float(next() >> 40) * 0x1p-24
    }

    /// A whole number drawn uniformly from 0..<bound; a bound below 1 is a programming error and traps.
    public mutating func index(below bound: Int) -> Int {
        precondition(bound > 0, "there is no number to draw")
        // The high half of bound * random is uniform once the products that fall into the last, incomplete
        // round of 2^64 are drawn again (Lemire 2019).
        let bound = UInt64(bound)
        var product = bound.multipliedFullWidth(by: next())
        if product.low < bound {
            let incomplete = (0 &- bound) % bound
            while product.low < incomplete { product = bound.multipliedFullWidth(by: next()) }
        }
        return Int(product.high)
    }

    /// A number from the standard normal distribution (Box-Muller on `uniform()`); machines may differ in its last digit.
    public mutating func normal() -> Float {
        if let spare = spareNormal {
            spareNormal = nil
            return spare
        }
        let (cosine, sine) = SeededRandom.boxMuller(1 - uniform(), uniform())
        spareNormal = sine
        return cosine
    }
}
