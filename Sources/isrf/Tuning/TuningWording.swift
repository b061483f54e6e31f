internal import ISRFKit

/// A search in words, for text and page alike.
struct TuningWording {
    let report: TuningReport

    /// A trial's name.
    static func name(_ trial: TuningTrial) -> String { trial.number == 0 ? "base" : String(trial.number) }

    /// The name of a setting, without its group where that is clear.
    func shortName(_ key: String) -> String {
        func last(_ key: String) -> Substring { key.split(separator: ".").last ?? Substring(key) }
        let isUnique = report.space.parameters.count { last($0.key) == last(key) } == 1
        return isUnique ? String(last(key)) : key
    }

    /// The values of a trial that are not the base's.
    func differences(_ trial: TuningTrial) -> String {
        if trial.number == 0 { return "the configuration that was given" }
        let base = report.base?.values ?? [:]
        let values = report.space.parameters.compactMap { parameter -> String? in
            guard let value = trial.values[parameter.key], value != base[parameter.key] else { return nil }
            return "\(shortName(parameter.key)) \(value)"
        }
        return values.isEmpty ? "as the base" : values.joined(separator: ", ")
    }

    /// Why there is no result, or whose result it is.
    func remark(_ trial: TuningTrial) -> String? {
        if let failure = trial.failure { return "failed: \(failure.message)" }
        return trial.repeats.map { "the same as \($0 == 0 ? "base" : "trial \($0)")" }
    }

    func metric(_ trial: TuningTrial) -> String { trial.metrics[report.metric].map { decimal($0, digits: 4) } ?? "-" }

    func difference(_ trial: TuningTrial) -> String {
        guard trial.number > 0 else { return "-" }
        return report.difference(of: trial).map { signedDecimal($0, digits: 4) } ?? "-"
    }

    /// How trials were chosen.
    var method: String {
        let count = "\(Wording.count(report.trials.count, "trial")), the base configuration among them"
        return switch report.method {
        case .random: "\(count), drawn at random."
        case .halving:
            "\(count), drawn at random: all with a quarter of their epochs, the best third anew with half of them, the best "
                + "third of those with all. The base always goes on."
        }
    }

    /// What was measured on, and what that means.
    static let caution =
        "All figures are of validation, on which epochs, weights of the views and these settings were chosen: the best "
        + "of many is better there than it will be elsewhere. Test items were not read."

    /// What the trials are that settings were compared by.
    var compared: String {
        let count = report.compared.count
        let share =
            switch report.importanceBudget {
            case .quarter: " with a quarter of their epochs"
            case .half: " with half of their epochs"
            case .full: ""
            }
        let few =
            count < TuningImportance.few
            ? " These are few: only very strong links can be told from chance." : ""
        return "Over \(Wording.count(count, "trial"))\(share), each setting by itself.\(few)"
    }

    static let measures =
        "Rank correlation, for ranges, is from -1 (the metric falls as the value grows) to 1; an optimum in between does "
        + "not show in it. The share of variance, for lists of values, is from 0 to 1. Chance is how often the metrics, "
        + "dealt out to the trials at random, show a link as strong."

    static func measure(_ importance: TuningImportance) -> String {
        importance.measure == .rankCorrelation ? "rank correlation" : "share of variance"
    }

    static func strength(_ importance: TuningImportance) -> String {
        guard let strength = importance.strength else { return "-" }
        return (importance.measure == .rankCorrelation && strength >= 0 ? "+" : "") + decimal(strength, digits: 2)
    }

    static func chance(_ importance: TuningImportance) -> String {
        importance.chance.map { $0 < 0.001 ? "< 0.001" : decimal($0, digits: 3) } ?? "-"
    }
}
