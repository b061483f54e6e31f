internal import ISRFKit

/// A text encoder that a model directory names as the option does that it came from, and that encodes no text twice: a
/// fit reads the same texts several times, and each may cost time or money.
actor NamedEncoder: TextEncoder, CustomStringConvertible {
    private static let chunk = 256

    nonisolated let description: String
    private let base: any TextEncoder
    private let progress: ProgressHandler?
    private var vectors: [String: [Float]] = [:]

    init(name: String, base: any TextEncoder, progress: ProgressHandler?) {
        description = name
        self.base = base
        self.progress = progress
    }

    func encode(_ texts: [String]) async throws -> Matrix {
        var seen: Set<String> = []
        let new = texts.filter { vectors[$0] == nil && seen.insert($0).inserted }
        for start in stride(from: 0, to: new.count, by: NamedEncoder.chunk) {
            let part = Array(new[start..<min(start + NamedEncoder.chunk, new.count)])
            let rows = try await base.encode(part)
            // What breaks the contract is reported by whoever asked for all.
            guard rows.rows == part.count else { return rows }
            for (row, text) in part.enumerated() { vectors[text] = Array(rows.row(row)) }
            progress?(
                ProgressReport(
                    activity: "Encoding texts", completed: start + part.count, total: new.count, unit: "texts"))
        }
        guard let width = texts.first.flatMap({ vectors[$0]?.count }) else { return try await base.encode(texts) }
        let elements = texts.flatMap { vectors[$0] ?? [] }
        guard elements.count == texts.count * width else { return try await base.encode(texts) }
        return Matrix(rows: texts.count, columns: width, elements: elements)
    }
}
