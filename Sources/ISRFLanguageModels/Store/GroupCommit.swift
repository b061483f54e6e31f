internal import GRDB
internal import ISRFReasoning

/// Commits what arrives while the disk is busy in one transaction: one wait for the disk serves many writers.
actor GroupCommit {
    enum Entry: Sendable {
        case answer(ResponseRow)
        case failure(FailureRow)

        /// Writes the entry; returns the answer that the store holds for the key.
        func write(_ database: Database) throws -> StructuredAnswer? {
            switch self {
            case .failure(let row):
                try row.insert(database)
                return nil
            case .answer(let row):
                if try row.insert(database) { return row.answer }
                let first = try ResponseRow.fetch(row.key, database)
                try FailureRow(
                    key: row.key, subject: row.subject, reason: "Another answer was stored first.",
                    usage: row.answer.usage
                ).insert(database)
                return first?.answer
            }
        }
    }

    private struct Pending {
        var entry: Entry
        var continuation: CheckedContinuation<StructuredAnswer?, any Error>
    }

    /// So many entries are written at once; other processes get their turn in between.
    private static let largest = 512

    private let pool: DatabasePool
    private var pending: [Pending] = []
    private var isWriting = false

    init(_ pool: DatabasePool) {
        self.pool = pool
    }

    /// Returns when the entry is durable, with the answer that the store holds. Cancellation does not reach it.
    func commit(_ entry: Entry) async throws -> StructuredAnswer? {
        try await withCheckedThrowingContinuation { continuation in
            pending.append(Pending(entry: entry, continuation: continuation))
            guard !isWriting else { return }
            isWriting = true
            // A task of its own: one writer's cancellation must not undo what others have waited for.
            Task { await write() }
        }
    }

    private func write() async {
        while !pending.isEmpty {
            let batch = Array(pending.prefix(Self.largest))
            pending.removeFirst(batch.count)
            let entries = batch.map(\.entry)
            do {
                let answers = try await pool.write { database in try entries.map { try $0.write(database) } }
                for (pending, answer) in zip(batch, answers) { pending.continuation.resume(returning: answer) }
            } catch {
                await writeOneByOne(batch, after: error)
            }
        }
        isWriting = false
    }

    /// One entry that cannot be stored must not keep out the others.
    private func writeOneByOne(_ batch: [Pending], after error: any Error) async {
        guard batch.count > 1 else {
            for pending in batch { pending.continuation.resume(throwing: error) }
            return
        }
        for pending in batch {
            let entry = pending.entry
            do {
                pending.continuation.resume(returning: try await pool.write { try entry.write($0) })
            } catch {
                pending.continuation.resume(throwing: error)
            }
        }
    }
}
