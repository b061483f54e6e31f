/// What no file of data exceeds, so that a damaged or hostile one cannot fill the memory or run for ever.
struct ReadingLimits: Sendable {
    /// The most bytes of one line, and of one record that spans lines.
    var lineLength = 16 << 20
    /// Compressed data may grow this many times; text seldom grows twentyfold, the most that gzip can do is 1032.
    var expansion = 200
    /// Growth is not looked at before this many bytes.
    var uncheckedOutput = 256 << 20
}
