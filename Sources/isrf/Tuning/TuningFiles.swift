internal import Foundation
internal import ISRFKit

/// What `isrf tune` keeps up to date in its directory beside the trials.
enum TuningFiles {
    static let configuration = "best.yaml"
    static let page = "report.html"

    /// Writes both files, each whole or not at all.
    /// - Throws: `ISRFError` (`fileAccess`).
    static func write(_ report: TuningReport, to directory: URL) throws {
        var contents = [page: TuningPage(report: report).page]
        if let best = report.best { contents[configuration] = yaml(best, report) }
        for (name, text) in contents {
            let file = directory.appendingPathComponent(name)
            do {
                try Data(text.utf8).write(to: file, options: .atomic)
            } catch {
                throw ISRFError(
                    .fileAccess, "The file cannot be written. Give a directory that may be written to.",
                    at: .init(file: file.path), underlying: error)
            }
        }
    }

    private static func yaml(_ best: TuningTrial, _ report: TuningReport) -> String {
        let wording = TuningWording(report: report)
        return """
            # The best of \(Wording.count(report.trials.count, "trial")) of `isrf tune`: \
            \(best.number == 0 ? "the base" : "trial \(best.number)"), \(report.metric) \(wording.metric(best)) on \
            validation\(best.number == 0 ? "" : " (\(wording.difference(best)) to the base)").
            \(ConfigurationText.plain(best.configuration, indent: ""))

            """
    }
}
