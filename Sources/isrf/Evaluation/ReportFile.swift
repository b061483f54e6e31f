internal import Foundation
internal import ISRFKit

/// A file that `isrf evaluate --format json` wrote.
struct ReportFile {
    let report: EvaluationReport

    /// Reads a report.
    /// - Throws: `ISRFError` with the file: `fileAccess` when it cannot be read, `invalidData` when it is no report.
    init(reading file: String) throws {
        let contents: Data
        do {
            contents = try Data(contentsOf: URL(fileURLWithPath: file))
        } catch {
            throw ISRFError(
                .fileAccess, "The report could not be read. Give a file that exists and may be read.",
                at: ISRFError.Location(file: file), underlying: error)
        }
        do {
            report = try JSONDecoder().decode(EvaluationReport.self, from: contents)
        } catch {
            throw ISRFError(
                .invalidData,
                "This is not a report of an evaluation\(ReportFile.place(error)). Write one with "
                    + "`isrf evaluate --ranks --format json`.",
                at: ISRFError.Location(file: file))
        }
    }

    /// Where the first thing that is missing or of another kind would stand.
    private static func place(_ error: any Error) -> String {
        var path: [any CodingKey] = []
        switch error {
        case DecodingError.keyNotFound(let key, let context): path = context.codingPath + [key]
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            path = context.codingPath
        default: break
        }
        let names = path.map { $0.intValue.map { "\($0 + 1)" } ?? $0.stringValue }
        return names.isEmpty ? "" : ": \"\(names.joined(separator: "."))\" is missing or not of the right kind"
    }
}
