internal import Foundation
internal import GRDB
internal import ISRFCore
public import ISRFReasoning

/// A response store in one SQLite file.
///
/// An answer counts once the disk has it: what was stored survives a killed process and a power cut. Answers that arrive
/// together are committed together, so that many callers wait for one write. Several processes may share a file. Everything
/// read is checked against a digest that was stored with it.
public final class SQLiteResponseStore: ResponseStore {
    /// The file's path.
    public let path: String

    private let pool: DatabasePool
    private let commits: GroupCommit

    /// Opens a store, or creates it where there is no file yet.
    /// - Throws: `ISRFError` (`fileAccess`) when the file cannot be opened; (`invalidData`) when it is damaged, is not a
    ///   store of responses, or was written by a newer version.
    public init(path: String) throws {
        self.path = path
        pool = try StoreErrors.described(path) { try StoreFile.open(path) }
        commits = GroupCommit(pool)
    }

    /// The stored answer to a question, or nil.
    /// - Throws: `ISRFError` (`invalidData`) when it is damaged.
    public func answer(for key: ResponseKey) async throws -> StructuredAnswer? {
        try await StoreErrors.described(path) {
            // One statement needs no transaction around it.
            try await pool.unsafeRead { try ResponseRow.fetch(key, $0)?.answer }
        }
    }

    /// Stores an answer unless there is one; returns when the disk has it.
    @discardableResult
    public func store(
        _ answer: StructuredAnswer, for key: ResponseKey, subject: ResponseSubject
    ) async throws -> StructuredAnswer {
        let row = ResponseRow(key: key, subject: subject, answer: answer)
        return try await StoreErrors.described(path) { try await commits.commit(.answer(row)) } ?? answer
    }

    /// Writes down that a question has no answer, and what that has cost.
    public func recordFailure(
        usage: LanguageModelResponse.Usage, for key: ResponseKey, subject: ResponseSubject, reason: String
    ) async throws {
        let row = FailureRow(key: key, subject: subject, reason: reason, usage: usage)
        _ = try await StoreErrors.described(path) { try await commits.commit(.failure(row)) }
    }

    /// What was stored and spent over all runs. An answer that another process had stored first counts as a failure.
    public func totals() async throws -> ResponseTotals {
        try await StoreErrors.described(path) { try await pool.read(StoreFile.totals) }
    }

    /// Reads the whole file and checks every page and every answer; `init` checks its structure at a glance only.
    /// - Throws: `ISRFError` (`invalidData`) that says what is damaged.
    public func verify() async throws {
        try await StoreErrors.described(path) {
            try await pool.read { database in
                try StoreFile.checkPages(database)
                let rows = try ResponseRow.fetchAll(database)
                while try rows.next() != nil {}
            }
        }
    }

    /// Every stored answer in the order of the keys, for `body` to take one at a time.
    func forEachRow(_ body: @escaping @Sendable (ResponseRow) throws -> Void) async throws {
        try await StoreErrors.described(path) {
            try await pool.read { database in
                let rows = try ResponseRow.fetchAll(database)
                while let row = try rows.next() { try body(row) }
            }
        }
    }

    /// Stores answers in one transaction.
    /// - Returns: How many were new.
    func store(_ rows: [ResponseRow]) async throws -> Int {
        try await StoreErrors.described(path) {
            try await pool.write { database in try rows.reduce(0) { $0 + (try $1.insert(database) ? 1 : 0) } }
        }
    }
}
