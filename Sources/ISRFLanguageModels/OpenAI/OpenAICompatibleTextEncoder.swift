internal import Foundation
internal import ISRFCore
public import ISRFNumerics
public import ISRFReasoning
internal import Synchronization

/// A text encoder behind `/v1/embeddings`: a hosted service, vLLM, llama.cpp, Ollama, or anything else that speaks this
/// interface.
///
/// Texts are sent in batches, several at once; passing failures are retried. Rows come back in the order of the texts and
/// have unit length whatever the server sends. A text with nothing but white space gets a zero row and is not sent; only
/// when no text was ever encoded, and the width is therefore unknown, one word is sent to learn it.
///
/// The encoder has an HTTP client of its own: `withEncoder` closes it, and a host that keeps the encoder calls
/// `shutdown()`. Copies share their connections.
public struct OpenAICompatibleTextEncoder: TextEncoder {
    /// The model's name, as the server knows it.
    public let name: String
    /// Where the server is and how it is reached.
    public let endpoint: OpenAICompatibleEndpoint
    /// The most texts of one request.
    public let batchSize: Int
    /// The most characters of a text; longer ones are cut, since servers refuse what is too long for their model.
    public let maximumCharacters: Int

    private let dimensions: Int?
    private let concurrency: Int
    private let transport: HTTPTransport
    private let retries: PassingFailureRetries
    private let width: KnownWidth

    /// Creates an encoder; nothing is sent yet.
    /// - Parameters:
    ///   - name: The model's name, as the server knows it.
    ///   - endpoint: Where the server is and how it is reached.
    ///   - dimensions: The width to ask for, of models that have several; nil for their own.
    ///   - batchSize: The most texts of one request.
    ///   - maximumCharacters: The most characters of a text; longer ones are cut.
    ///   - limits: How passing failures are retried and how many requests are under way at once (4 when it does not
    ///     say); rates and budgets do not apply.
    /// - Throws: `ISRFError` when an option is out of its range, a file cannot be read, or the key cannot be one.
    public init(
        _ name: String, at endpoint: OpenAICompatibleEndpoint, dimensions: Int? = nil, batchSize: Int = 64,
        maximumCharacters: Int = 4_000, limits: LanguageModelLimits = .init()
    ) throws {
        try self.init(
            name, at: endpoint, dimensions: dimensions, batchSize: batchSize, maximumCharacters: maximumCharacters,
            limits: limits, environment: ProcessInfo.processInfo.environment)
    }

    init(
        _ name: String, at endpoint: OpenAICompatibleEndpoint, dimensions: Int? = nil, batchSize: Int = 64,
        maximumCharacters: Int = 4_000, limits: LanguageModelLimits = .init(), environment: [String: String]
    ) throws {
        guard !name.isEmpty else {
            throw ISRFError(.invalidConfiguration, "Name the model to ask.", at: .init(field: "model"))
        }
        let numbers = [
            ("dimensions", dimensions ?? 1), ("batchSize", batchSize), ("maximumCharacters", maximumCharacters),
            ("maximumConcurrency", limits.maximumConcurrency ?? 1), ("maximumAttempts", limits.maximumAttempts),
        ]
        for (field, value) in numbers where value < 1 {
            throw ISRFError(
                .invalidConfiguration, "At least 1 is expected; \(value) was given.", at: .init(field: field))
        }
        self.name = name
        self.endpoint = endpoint
        self.dimensions = dimensions
        self.batchSize = batchSize
        self.maximumCharacters = maximumCharacters
        concurrency = limits.maximumConcurrency ?? 4
        retries = PassingFailureRetries(limits)
        width = KnownWidth(dimensions)
        transport = try HTTPTransport(endpoint, environment: environment)
    }

    /// Makes an encoder, hands it to `body`, and closes its connections however that ends.
    /// - Throws: What making the encoder and `body` throw.
    public static func withEncoder<Result>(
        _ name: String, at endpoint: OpenAICompatibleEndpoint, dimensions: Int? = nil, batchSize: Int = 64,
        maximumCharacters: Int = 4_000, limits: LanguageModelLimits = .init(),
        _ body: (OpenAICompatibleTextEncoder) async throws -> Result
    ) async throws -> Result {
        let encoder = try OpenAICompatibleTextEncoder(
            name, at: endpoint, dimensions: dimensions, batchSize: batchSize, maximumCharacters: maximumCharacters,
            limits: limits)
        do {
            let result = try await body(encoder)
            await encoder.shutdown()
            return result
        } catch {
            await encoder.shutdown()
            throw error
        }
    }

    /// Closes all connections, also those of copies; calls under way and later ones fail. May be called again.
    public func shutdown() async {
        await transport.shutdown()
    }

    /// Encodes texts.
    /// - Returns: One row of unit length for each text, in order; zero for a text with nothing to encode.
    /// - Throws: `LanguageModelFailure` when a batch was not answered usably, `CancellationError`.
    public func encode(_ texts: [String]) async throws -> Matrix {
        let filled = texts.indices.filter { texts[$0].contains { !$0.isWhitespace } }
        let batches = stride(from: 0, to: filled.count, by: batchSize).map { start in
            Array(filled[start..<min(start + batchSize, filled.count)])
        }
        var rows: [(place: Int, vector: [Float])] = []
        rows.reserveCapacity(filled.count)
        try await withThrowingTaskGroup(of: (Int, [[Float]]).self) { group in
            var next = 0
            while next < batches.count || !group.isEmpty {
                while next < batches.count, next < concurrency || group.isEmpty {
                    add(next, batches, texts, to: &group)
                    next += 1
                }
                guard let (number, vectors) = try await group.next() else { break }
                rows += zip(batches[number], vectors).map { (place: $0, vector: $1) }
                if next < batches.count {
                    add(next, batches, texts, to: &group)
                    next += 1
                }
            }
        }
        if texts.isEmpty { return Matrix(rows: 0, columns: width.value ?? 0) }
        if width.value == nil { _ = try await vectors(of: ["tea"]) }
        let columns = width.value ?? 0
        var matrix = Matrix(rows: texts.count, columns: columns)
        for row in rows {
            matrix.elements.replaceSubrange(row.place * columns..<(row.place + 1) * columns, with: row.vector)
        }
        return matrix
    }

    private func add(
        _ number: Int, _ batches: [[Int]], _ texts: [String],
        to group: inout ThrowingTaskGroup<(Int, [[Float]]), any Error>
    ) {
        let batch = batches[number].map { String(texts[$0].prefix(maximumCharacters)) }
        group.addTask { (number, try await vectors(of: batch)) }
    }

    private func vectors(of texts: [String]) async throws -> [[Float]] {
        let body = body(texts)
        return try await retries.run {
            let answer = try await transport.post(body, to: "/embeddings")
            guard answer.status == 200 else {
                throw LanguageModelFailure(
                    answer: answer, error: ServerError(answer.body), asksForForm: false, keyHint: transport.keyHint)
            }
            let vectors = try EmbeddingsResponse.read(answer, count: texts.count, width: width.value)
            try width.note(vectors[0].count)
            return vectors
        }
    }

    private func body(_ texts: [String]) -> [UInt8] {
        var json = JSONText(capacity: texts.reduce(128) { $0 + $1.utf8.count + 8 })
        json.raw("{\"model\":")
        json.string(name)
        json.raw(",\"encoding_format\":\"float\"")
        if let dimensions { json.raw(",\"dimensions\":\(dimensions)") }
        json.raw(",\"input\":[")
        for (place, text) in texts.enumerated() {
            if place > 0 { json.raw(",") }
            json.string(text)
        }
        json.raw("]}")
        return json.bytes
    }
}

extension OpenAICompatibleTextEncoder: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The model's name and its server's address.
    public var description: String { "\(name) at \(endpoint)" }

    /// The same as `description`.
    public var debugDescription: String { description }

    /// Shows name and endpoint, and nothing that is secret.
    public var customMirror: Mirror {
        Mirror(self, children: ["name": name, "endpoint": endpoint, "batchSize": batchSize], displayStyle: .struct)
    }
}

/// The width of all vectors, once it is known.
private final class KnownWidth: Sendable {
    private let stored: Mutex<Int?>

    init(_ width: Int?) {
        stored = Mutex(width)
    }

    var value: Int? { stored.withLock { $0 } }

    /// Takes a width as known.
    /// - Throws: `LanguageModelFailure` when a batch of another width was faster.
    func note(_ width: Int) throws {
        let known = stored.withLock { known in
            if known == nil { known = width }
            return known
        }
        guard known == width else {
            throw LanguageModelFailure(
                .invalidResponse,
                "The server's embeddings are not usable: one has \(width) numbers, an earlier one \(known ?? 0).")
        }
    }
}
