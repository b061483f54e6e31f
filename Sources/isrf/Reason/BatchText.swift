internal import ISRFKit
internal import ISRFLanguageModels

/// What `isrf reason` says of batch files.
enum BatchText {
    /// What was written.
    static func written(_ report: BatchFiles.WriteReport, to folder: String) -> String {
        var lines: [String] = []
        let all = report.requests.values.reduce(0, +)
        if all > 0 {
            let steps = ReasoningStep.allCases.compactMap { step in
                report.requests[step].map { "\(step.rawValue) \(Wording.count($0))" }
            }
            lines.append(
                "Wrote \(Wording.count(all, "request")) (\(steps.joined(separator: ", "))) to "
                    + "\(Wording.count(report.files.count, "file")):")
            lines += report.files.map { "  \($0)" }
            lines.append("Read the results with --read-batch, then write the next step's requests.")
        } else {
            lines.append("There is nothing to ask, so no file was written to \(folder).")
        }
        if report.waitingUsers > 0 {
            lines.append(
                "\(Wording.count(report.waitingUsers, "user")) \(report.waitingUsers == 1 ? "waits" : "wait") until all of "
                    + "their items have features.")
        }
        lines.append("Answered in full: \(Wording.count(report.finished, "item or user", plural: "items and users")).")
        return lines.joined(separator: "\n")
    }

    /// What was taken from a batch service's results.
    static func read(_ report: BatchFiles.ReadReport) -> String {
        taken(report.stored, report.alreadyStored, report.faults, "write their requests again")
    }

    /// What was taken, and which lines were not, with what that means.
    static func taken(_ stored: Int, _ alreadyStored: Int, _ faults: [LineFault], _ meaning: String) -> String {
        var lines = ["Took \(Wording.count(stored, "answer")); \(Wording.count(alreadyStored)) were there already."]
        if !faults.isEmpty {
            lines.append("Left out \(Wording.count(faults.count, "line")); \(meaning):")
            lines += faults.prefix(OutcomeText.listed).map { "  \($0)" }
            let rest = faults.count - OutcomeText.listed
            if rest > 0 { lines.append("  and \(Wording.count(rest)) more") }
        }
        return lines.joined(separator: "\n")
    }
}
