internal import Foundation
internal import GRDB
internal import ISRFCore
internal import ISRFReasoning

/// A stored answer.
struct ResponseRow: Sendable {
    let key: ResponseKey
    let subject: ResponseSubject
    let answer: StructuredAnswer

    private static let columns =
        "key, step, subject, model, fields, promptTokens, completionTokens, attempts, checksum"

    /// Inserts the row unless its key is taken; says whether it was.
    func insert(_ database: Database) throws -> Bool {
        let fields = String(decoding: try Self.encoder.encode(answer.fields), as: UTF8.self)
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO answer (\(Self.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (key) DO NOTHING
                """)
        try statement.execute(
            arguments: [
                key.digest, subject.step.rawValue, subject.identifier, answer.model, fields, answer.usage.promptTokens,
                answer.usage.completionTokens, answer.attempts, checksum(fields),
            ])
        return database.changesCount > 0
    }

    static func fetch(_ key: ResponseKey, _ database: Database) throws -> ResponseRow? {
        let statement = try database.cachedStatement(sql: "SELECT \(columns) FROM answer WHERE key = ?")
        return try Row.fetchOne(statement, arguments: [key.digest]).map(ResponseRow.init(checking:))
    }

    /// All rows in the order of their keys.
    static func fetchAll(_ database: Database) throws -> MapCursor<RowCursor, ResponseRow> {
        try Row.fetchCursor(database, sql: "SELECT \(columns) FROM answer ORDER BY key")
            .map { try ResponseRow(checking: $0) }
    }

    init(key: ResponseKey, subject: ResponseSubject, answer: StructuredAnswer) {
        self.key = key
        self.subject = subject
        self.answer = answer
    }

    /// - Throws: `ISRFError` (`invalidData`) when the row is not what was stored.
    private init(checking row: Row) throws {
        let digest: String = row[0] ?? ""
        let fieldsText: String = row[4] ?? ""
        guard let key = ResponseKey(digest: digest), let step = ReasoningStep(rawValue: row[1] ?? ""),
            let fields = try? JSONDecoder().decode([String: String].self, from: Data(fieldsText.utf8)),
            let promptTokens = Int.fromDatabaseValue(row[5]),
            let completionTokens = Int.fromDatabaseValue(row[6]), let attempts = Int.fromDatabaseValue(row[7])
        else { throw Self.damaged(digest) }
        self.init(
            key: key, subject: ResponseSubject(step: step, identifier: row[2] ?? ""),
            answer: StructuredAnswer(
                fields: fields, model: row[3] ?? "",
                usage: .init(promptTokens: promptTokens, completionTokens: completionTokens), attempts: attempts))
        guard checksum(fieldsText) == row[8] else { throw Self.damaged(digest) }
    }

    private static func damaged(_ digest: String) -> ISRFError {
        ISRFError(
            .invalidData,
            "The response store is damaged: the answer \(digest.prefix(64)) is not what was stored. "
                + StoreErrors.remedy)
    }

    private func checksum(_ fields: String) -> String {
        var text = ""
        for part in [key.digest, subject.step.rawValue, subject.identifier, answer.model, fields] {
            text += "\(part.utf8.count):\(part)"
        }
        text += "\(answer.usage.promptTokens):\(answer.usage.completionTokens):\(answer.attempts)"
        return String(Checksum.sha256(text).prefix(32))
    }

    private static var encoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }
}

/// A question asked in vain, or an answer that came second.
struct FailureRow: Sendable {
    let key: ResponseKey
    let subject: ResponseSubject
    let reason: String
    let usage: LanguageModelResponse.Usage

    func insert(_ database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO failure (key, step, subject, reason, promptTokens, completionTokens)
                VALUES (?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(
            arguments: [
                key.digest, subject.step.rawValue, subject.identifier, reason, usage.promptTokens,
                usage.completionTokens,
            ])
    }
}
