internal import ISRFCore
public import ISRFNumerics
public import ISRFReasoning

/// An encoder that needs no fitting: every word has a direction drawn from its letters, a text is the sum of its words.
public struct EchoingEncoder: TextEncoder {
    /// The width of the vectors.
    public let dimensions: Int

    /// Creates an encoder.
    /// - Parameter dimensions: The width of the vectors; values below 1 count as 1.
    public init(dimensions: Int = 16) {
        self.dimensions = max(1, dimensions)
    }

    /// One unit row for each text, zero for a text without words.
    public func encode(_ texts: [String]) async throws -> Matrix {
        var vectors = Matrix(rows: texts.count, columns: dimensions)
        for (row, text) in texts.enumerated() {
            try Task.checkCancellation()
            for word in text.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
                // FNV-1a: Swift's own hashes differ from run to run.
                var random = SeededRandom(
                    seed: word.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
                for column in 0..<dimensions { vectors[row, column] += random.normal() }
            }
        }
        return vectors.normalizedRows()
    }
}

/// An encoder with prepared vectors; a text that it has none for fails.
public struct ScriptedEncoder: TextEncoder {
    /// The vectors by text, scaled to unit length when they are given out.
    public let vectors: [String: [Float]]
    private let width: Int

    /// Creates an encoder.
    /// - Throws: `DoubleError` when there is no vector or they differ in width.
    public init(_ vectors: [String: [Float]]) throws {
        let widths = Set(vectors.values.map(\.count))
        guard widths.count == 1, let width = widths.first else {
            throw DoubleError(
                message: "A scripted encoder needs vectors of one width; it was given \(widths.sorted()).")
        }
        self.vectors = vectors
        self.width = width
    }

    /// The prepared vectors; a text without words is zero.
    /// - Throws: `DoubleError` when there is none for a text.
    public func encode(_ texts: [String]) async throws -> Matrix {
        let rows = try texts.map { text in
            if let vector = vectors[text] { return vector }
            guard text.allSatisfy(\.isWhitespace) else {
                throw DoubleError(message: "The script has no vector for \"\(text)\".")
            }
            return [Float](repeating: 0, count: width)
        }
        return rows.isEmpty ? Matrix(rows: 0, columns: width) : Matrix(rows).normalizedRows()
    }
}

/// An encoder that is slow or fails now and then, and otherwise encodes as another one does.
public struct FailingEncoder: TextEncoder {
    private let base: any TextEncoder
    private let counter: CallCounter

    /// Creates an encoder; copies and what fitting returns count their calls together.
    public init(_ misbehaviour: Misbehaviour, of base: any TextEncoder = EchoingEncoder()) {
        self.init(base: base, counter: CallCounter(misbehaviour))
    }

    private init(base: any TextEncoder, counter: CallCounter) {
        self.base = base
        self.counter = counter
    }

    /// How often it was asked to encode.
    public var calls: Int { counter.calls }

    /// Misbehaves, or encodes as the other one does.
    /// - Throws: `DoubleError` on its turn, `CancellationError`, and what the other one throws.
    public func encode(_ texts: [String]) async throws -> Matrix {
        try await counter.call("The encoder")
        return try await base.encode(texts)
    }

    /// Fits the other one.
    public func fitted(to texts: [String]) async throws -> any TextEncoder {
        FailingEncoder(base: try await base.fitted(to: texts), counter: counter)
    }
}

/// An encoder that remembers what it was asked and encodes as another one does.
public struct RecordingEncoder: TextEncoder {
    private let base: any TextEncoder
    private let encoded: RequestLog<[String]>
    private let fittings: RequestLog<[String]>

    /// Creates an encoder; copies and what fitting returns share their memory.
    public init(_ base: any TextEncoder = EchoingEncoder()) {
        self.init(base: base, encoded: RequestLog(), fittings: RequestLog())
    }

    private init(base: any TextEncoder, encoded: RequestLog<[String]>, fittings: RequestLog<[String]>) {
        self.base = base
        self.encoded = encoded
        self.fittings = fittings
    }

    /// The texts of each call, in the order of the calls.
    public var requests: [[String]] { encoded.requests }
    /// The texts that it was fitted to, in the order of the calls.
    public var fittedTexts: [[String]] { fittings.requests }

    /// Remembers the texts and encodes as the other one does.
    public func encode(_ texts: [String]) async throws -> Matrix {
        encoded.append(texts)
        return try await base.encode(texts)
    }

    /// Remembers the texts and fits the other one.
    public func fitted(to texts: [String]) async throws -> any TextEncoder {
        fittings.append(texts)
        return RecordingEncoder(base: try await base.fitted(to: texts), encoded: encoded, fittings: fittings)
    }
}
