internal import Foundation
internal import ISRFCore

/// What a search draws from: settings of the configuration with the values that they may take.
///
/// Whatever is not named stays as the base configuration has it.
public struct TuningSpace: Sendable, Hashable, Codable {
    /// The settings, each once.
    public var parameters: [TuningParameter]

    /// Creates a space.
    public init(_ parameters: [TuningParameter]) {
        self.parameters = parameters
    }

    /// What is worth searching on most data sets.
    public static let standard = TuningSpace([
        TuningParameter("training.learningRate", from: 5e-4, to: 4e-3, scale: .logarithmic),
        TuningParameter("training.averagingDecay", values: [0, 0.99, 0.999]),
        TuningParameter("training.alignmentWeight", values: [0, 0.01, 0.1]),
        TuningParameter("training.directEvery", values: [0, 4, 16]),
        TuningParameter("training.explanationEvery", values: [0, 4, 16]),
        TuningParameter("model.width", values: [64, 128, 192]),
        TuningParameter("model.dropout", from: 0.2, to: 0.7),
        TuningParameter("model.learnedVectorDropout", from: 0, to: 0.4),
        TuningParameter("graph.layers", values: [1, 2, 3]),
        TuningParameter("users.neighbours", from: 20, to: 200, scale: .logarithmic),
    ])

    /// The values of one trial; they follow from the seed, the trial's number and the space alone.
    ///
    /// Each setting is drawn independently of the others. The space must be valid.
    public func values(ofTrial number: Int, seed: UInt64) -> [String: TuningValue] {
        // Far from the streams that training draws from with the same seed.
        var random = SeededRandom(seed: seed, stream: 0x7475_6E65_0000_0000 + UInt64(max(0, number)))
        let standard = ISRFConfiguration()
        return Dictionary(
            parameters.map { parameter in
                // One number for each, whatever it is used for: 53 random bits in [0, 1).
                let share = Double(random.next() >> 11) * 0x1p-53
                return (
                    parameter.key,
                    parameter.value(at: share, isWhole: standard.kind(of: parameter.key)?.isWhole ?? false)
                )
            }, uniquingKeysWith: { first, _ in first })
    }

    /// Checks every key, every value and both ends of every range against the configuration.
    ///
    /// A value that is refused only beside another setting's (heads must divide the width) is allowed when the space has
    /// a value of that setting with which it goes together; trials that draw what does not fail.
    /// - Parameter base: What is set where the space says nothing.
    /// - Throws: `ISRFError` (`invalidConfiguration`) that names the key and what was expected.
    public func validate(for base: ISRFConfiguration) throws {
        guard !parameters.isEmpty else {
            throw ISRFError(
                .invalidConfiguration, "The search space is empty; name at least one setting with values or a range.")
        }
        var seen: Set<String> = []
        for parameter in parameters {
            guard seen.insert(parameter.key).inserted else {
                throw fail("The setting stands there twice; keep one.", parameter)
            }
            guard let kind = base.kind(of: parameter.key) else { throw base.unknownSetting(parameter.key) }
            switch parameter.candidates {
            case .values(let values): try check(values, kind, parameter)
            case .range(let from, let to, let scale): try check(from, to, scale, kind, parameter)
            }
            for value in parameter.extremes { try check(value, parameter, base) }
        }
    }

    private func check(_ values: [TuningValue], _ kind: SettingKind, _ parameter: TuningParameter) throws {
        guard !values.isEmpty else { throw fail("There are no values; give at least one.", parameter) }
        for value in values where !kind.takes(value) {
            throw fail("One of the values is \"\(value)\"; expected was \(kind.expectation).", parameter)
        }
        guard Set(values).count == values.count else {
            throw fail("A value stands there twice; keep one of each.", parameter)
        }
    }

    private func check(
        _ from: Double, _ to: Double, _ scale: TuningParameter.Scale, _ kind: SettingKind, _ parameter: TuningParameter
    ) throws {
        guard kind.isNumber else {
            throw fail(
                "A range was given, but the setting takes \(kind.expectation). Give `values` instead.", parameter)
        }
        for (name, end) in [("from", from), ("to", to)] where !kind.takes(.number(end)) {
            throw fail(
                "The value of `\(name)` is \"\(TuningValue.number(end))\"; expected was \(kind.expectation).",
                parameter)
        }
        guard from < to else { throw fail("`from` must be below `to`.", parameter) }
        guard scale == .linear || from > 0 else {
            throw fail("A logarithmic range must begin above 0; `from` is \(TuningValue.number(from)).", parameter)
        }
    }

    /// Checks that a value is in the range that the setting may have.
    private func check(_ value: TuningValue, _ parameter: TuningParameter, _ base: ISRFConfiguration) throws {
        func refusal(_ values: [String: TuningValue]) -> ISRFError? {
            do {
                try base.replacing(values).validate()
            } catch let error as ISRFError where error.location?.field == parameter.key {
                return error
            } catch {
                // Some other setting's: trials show whether the two go together.
            }
            return nil
        }
        guard let error = refusal([parameter.key: value]) else { return }
        for other in parameters where other.key != parameter.key && base.kind(of: other.key) != nil {
            for beside in other.extremes where refusal([parameter.key: value, other.key: beside]) == nil { return }
        }
        throw error
    }

    private func fail(_ message: String, _ parameter: TuningParameter) -> ISRFError {
        ISRFError(.invalidConfiguration, message, at: .init(field: parameter.key))
    }
}

extension TuningParameter {
    /// All values, or both ends of the range.
    var extremes: [TuningValue] {
        switch candidates {
        case .values(let values): values
        case .range(let from, let to, _): [.number(from), .number(to)]
        }
    }

    /// The candidate at a share of all, in 0..<1.
    func value(at share: Double, isWhole: Bool) -> TuningValue {
        switch candidates {
        case .values(let values):
            return values[min(values.count - 1, Int(share * Double(values.count)))]
        case .range(let from, let to, .linear):
            if isWhole { return .number(min(to, from + (share * (to - from + 1)).rounded(.down))) }
            // A thousandth of the range is as fine as anybody wants to read.
            let digits = max(0, 3 - Int(log10(to - from).rounded(.down)))
            return .number(bounded(String(format: "%.\(min(digits, 17))f", from + share * (to - from)), from, to))
        case .range(let from, let to, .logarithmic):
            if isWhole {
                return .number(min(to, max(from, (from * pow((to + 1) / from, share)).rounded(.down))))
            }
            return .number(bounded(String(format: "%.3g", from * pow(to / from, share)), from, to))
        }
    }

    private func bounded(_ text: String, _ from: Double, _ to: Double) -> Double {
        min(to, max(from, Double(text) ?? from))
    }
}
