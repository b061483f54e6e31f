internal import Foundation
internal import ISRFCore
internal import ISRFReasoning

extension SQLiteResponseStore {
    /// What an import has taken.
    public struct ImportReport: Sendable, Hashable {
        /// Answers that are new in the store.
        public var stored = 0
        /// Answers whose questions had one.
        public var alreadyStored = 0
        /// Lines that were not taken.
        public var faults: [LineFault] = []
    }

    /// Writes all answers as JSON Lines, in the order of their keys: first a line that names the format, then an answer a
    /// line. The same answers make the same bytes. What failed attempts have cost is not in it.
    /// - Returns: The number of answers.
    /// - Throws: `ISRFError` (`fileAccess`) when the file cannot be written; (`invalidData`) when the store is damaged.
    @discardableResult
    public func exportAnswers(to path: String) async throws -> Int {
        let lines = ExportedLines(try LineWriter(path: path))
        try lines.writer.write(Data(ExportedResponse.header.utf8))
        try await forEachRow { row in
            try lines.writer.write(try ExportedResponse(row).line())
        }
        try lines.writer.finish()
        return lines.writer.lines - 1
    }

    /// Reads answers that `exportAnswers` has written. A line that is not an answer is reported and left out; a question that
    /// has an answer keeps it.
    /// - Throws: `ISRFError` (`fileAccess`) when the file cannot be read; (`invalidData`) when it is not an export of
    ///   responses or of a newer version.
    public func importAnswers(from path: String) async throws -> ImportReport {
        var report = ImportReport()
        var lines = try LineStream(path: path)
        try ExportedResponse.checkHeader(try lines.next(), path)
        var rows: [ResponseRow] = []
        func store() async throws {
            let new = try await self.store(rows)
            report.stored += new
            report.alreadyStored += rows.count - new
            rows.removeAll(keepingCapacity: true)
        }
        while let line = try lines.next() {
            try Task.checkCancellation()
            do {
                rows.append(try ExportedResponse.row(line))
            } catch {
                report.faults.append(LineFault(file: path, line: lines.number, reason: error.reason))
            }
            if rows.count == 1024 { try await store() }
        }
        try await store()
        return report
    }
}

/// The writer on its way into the reading of the database.
///
/// `@unchecked` holds because the one closure that uses it runs to its end before `exportAnswers` goes on.
private final class ExportedLines: @unchecked Sendable {
    let writer: LineWriter

    init(_ writer: LineWriter) {
        self.writer = writer
    }
}

/// One line of an export.
struct ExportedResponse: Codable {
    private static let format = "isrf-responses"
    private static let version = 1
    static let header = "{\"format\":\"\(format)\",\"version\":\(version)}"

    struct Refusal: Error {
        var reason: String
    }

    var key: String
    var step: String
    var subject: String
    var answer: StructuredAnswer

    init(_ row: ResponseRow) {
        key = row.key.digest
        step = row.subject.step.rawValue
        subject = row.subject.identifier
        answer = row.answer
    }

    func line() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }

    static func row(_ line: borrowing LineStream.Line) throws(Refusal) -> ResponseRow {
        guard case .text(let data) = copy line else {
            throw Refusal(reason: "The line is longer than \(LineStream.maximumBytes >> 20) MiB.")
        }
        guard let response = try? JSONDecoder().decode(ExportedResponse.self, from: data) else {
            throw Refusal(reason: "The line is not JSON with key, step, subject and answer.")
        }
        guard let key = ResponseKey(digest: response.key) else {
            throw Refusal(reason: "The key is not 64 lower-case hexadecimal digits.")
        }
        guard let step = ReasoningStep(rawValue: response.step) else {
            let steps = ReasoningStep.allCases.map(\.rawValue).joined(separator: ", ")
            throw Refusal(reason: "The step is not one of \(steps).")
        }
        let answer = response.answer
        guard !answer.fields.isEmpty, answer.fields.values.allSatisfy({ $0.contains { !$0.isWhitespace } }) else {
            throw Refusal(reason: "The answer has a field without text.")
        }
        guard answer.usage.promptTokens >= 0, answer.usage.completionTokens >= 0, answer.attempts >= 0 else {
            throw Refusal(reason: "Tokens and attempts are at least 0.")
        }
        return ResponseRow(
            key: key, subject: ResponseSubject(step: step, identifier: response.subject), answer: answer)
    }

    static func checkHeader(_ line: LineStream.Line?, _ path: String) throws {
        struct Header: Decodable {
            var format: String
            var version: Int
        }
        guard case .text(let data)? = line, let header = try? JSONDecoder().decode(Header.self, from: data),
            header.format == format
        else {
            throw ISRFError(
                .invalidData, "This is not an export of responses: its first line is \(Self.header).",
                at: .init(file: path, line: 1))
        }
        guard header.version <= version else {
            throw ISRFError(
                .invalidData,
                "The export is of version \(header.version); this version of ISRFKit reads up to \(version).",
                at: .init(file: path, line: 1))
        }
    }
}
