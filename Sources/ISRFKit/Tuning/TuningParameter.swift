/// A setting that a search tries values for.
public struct TuningParameter: Sendable, Hashable, Codable {
    /// How values are spread over a range.
    public enum Scale: String, Sendable, Codable, CaseIterable {
        /// Evenly.
        case linear
        /// Evenly in the logarithm: as many from 1 to 10 as from 10 to 100.
        case logarithmic
    }

    /// What can be drawn.
    public enum Candidates: Sendable, Hashable {
        /// One of these, each as often.
        case values([TuningValue])
        /// A number of a range, both ends included; whole where the setting is.
        case range(from: Double, to: Double, scale: Scale)
    }

    /// The keys that lead to the setting with dots between them, as in `training.learningRate`.
    public var key: String
    /// What can be drawn.
    public var candidates: Candidates

    /// Creates a parameter.
    public init(_ key: String, _ candidates: Candidates) {
        self.key = key
        self.candidates = candidates
    }

    /// Creates a parameter that takes one of some numbers.
    public init(_ key: String, values: [Double]) {
        self.init(key, .values(values.map(TuningValue.number)))
    }

    /// Creates a parameter that takes numbers of a range.
    public init(_ key: String, from: Double, to: Double, scale: Scale = .linear) {
        self.init(key, .range(from: from, to: to, scale: scale))
    }

    private enum Key: String, CodingKey {
        case key
        case values
        case from
        case to
        case scale
    }

    /// Reads a key with its values, or with the ends of its range and their scale.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        key = try container.decode(String.self, forKey: .key)
        candidates =
            if let values = try container.decodeIfPresent([TuningValue].self, forKey: .values) {
                .values(values)
            } else {
                .range(
                    from: try container.decode(Double.self, forKey: .from),
                    to: try container.decode(Double.self, forKey: .to),
                    scale: try container.decode(Scale.self, forKey: .scale))
            }
    }

    /// Writes the key with its values, or with the ends of its range and their scale.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(key, forKey: .key)
        switch candidates {
        case .values(let values): try container.encode(values, forKey: .values)
        case .range(let from, let to, let scale):
            try container.encode(from, forKey: .from)
            try container.encode(to, forKey: .to)
            try container.encode(scale, forKey: .scale)
        }
    }
}
