import Foundation
import ISRFKit
import ISRFLanguageModels
import Testing

/// A model that must not be called: batch files do without.
private struct UncalledModel: LanguageModel {
    let name = "batch-model"
    let capabilities = LanguageModelCapabilities(jsonSchema: true)

    func response(to request: LanguageModelRequest) async throws -> LanguageModelResponse {
        Issue.record("the model was called")
        throw LanguageModelFailure(.forbidden, "Not to be called.")
    }
}

/// Files as a batch service writes them.
private struct BatchService {
    struct Request {
        var identifier: String
        var prompt: String
        var body: [String: Any]
    }

    let folder: StoreFolder

    func requests(_ path: String) throws -> [Request] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { line in
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            #expect(object["method"] as? String == "POST")
            #expect(object["url"] as? String == "/v1/chat/completions")
            let body = try #require(object["body"] as? [String: Any])
            let messages = try #require(body["messages"] as? [[String: String]])
            return Request(
                identifier: try #require(object["custom_id"] as? String),
                prompt: messages.last?["content"] ?? "",
                body: body)
        }
    }

    func result(_ identifier: String, text: String, finish: String = "stop") throws -> String {
        try line([
            "id": "batch_req_1", "custom_id": identifier, "error": NSNull(),
            "response": [
                "status_code": 200, "request_id": "r",
                "body": [
                    "id": "c", "object": "chat.completion", "model": "batch-model-2026",
                    "choices": [
                        [
                            "index": 0, "finish_reason": finish,
                            "message": ["role": "assistant", "content": text],
                        ]
                    ], "usage": ["prompt_tokens": 50, "completion_tokens": 9, "total_tokens": 59],
                ],
            ],
        ])
    }

    func failure(_ identifier: String, status: Int) throws -> String {
        try line([
            "custom_id": identifier, "error": NSNull(),
            "response": [
                "status_code": status, "body": ["error": ["message": "Too busy", "code": "overloaded"]],
            ],
        ])
    }

    func line(_ object: [String: Any]) throws -> String {
        String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
    }

    func text(_ request: Request) -> String {
        let digest = request.identifier.prefix(6)
        return "{\"reasoning\": \"Seen \(digest).\", \"summary\": \"About \(digest).\"}"
    }

    func answers(_ paths: [String]) throws -> [String] {
        try paths.flatMap(requests).map { try result($0.identifier, text: text($0)) }
    }
}

@Suite("Batch files")
struct BatchFilesTests {
    private let folder: StoreFolder
    private let service: BatchService

    init() throws {
        folder = try StoreFolder()
        service = BatchService(folder: folder)
    }

    private func run(_ store: any ResponseStore, items: Int = 9) throws -> ReasoningRun {
        let catalogue = try Catalogue(
            items: (0..<items).map { Item(id: "i\($0)", title: "Thing “\($0)”\n</s>") })
        let training = try InteractionLog(
            users: IdentifierMap(["u0", "u1", "u2"]), histories: [[0, 1], [2], []], itemCount: items)
        return ReasoningRun(
            reasoner: LanguageModelReasoner(model: UncalledModel(), store: store), catalogue: catalogue,
            training: training)
    }

    private func write(_ batch: BatchFiles) async throws -> BatchFiles.WriteReport {
        try await batch.write(to: folder.path("requests"))
    }

    private func read(_ batch: BatchFiles, _ lines: [String], as name: String = "results.jsonl")
        async throws
        -> BatchFiles.ReadReport
    {
        try folder.write(name, lines.joined(separator: "\n") + "\n")
        return try await batch.read([folder.path(name)])
    }

    @Test("Step after step, files lead to all profiles without a call")
    func completes() async throws {
        let batch = BatchFiles(try run(try SQLiteResponseStore(path: folder.path("store.sqlite"))))
        var steps: [[ReasoningStep: Int]] = []
        while true {
            let written = try await write(batch)
            if written.files.isEmpty {
                #expect(written.finished == 12)
                break
            }
            steps.append(written.requests)
            let report = try await read(batch, try service.answers(written.files).reversed())
            #expect(report.stored == written.requests.values.reduce(0, +) && report.faults.isEmpty)
            try #require(steps.count <= 6)
        }
        #expect(
            steps == [
                [.positive: 9], [.negative: 9], [.feature: 9], [.likes: 2], [.dislikes: 2],
                [.preference: 2],
            ])
        let outcome = try await batch.run.run()
        #expect(outcome.items.count == 9 && outcome.users.count == 3 && outcome.totals.calls == 0)
        #expect(outcome.items.allSatisfy { $0.feature.summary.hasPrefix("About ") })
        #expect(try await batch.run.reasoner.store.totals().completionTokens == 9 * 33)
    }

    @Test("Requests are those of live calls, so many to a file, each with a name of its own")
    func writesRequests() async throws {
        let batch = BatchFiles(try run(InMemoryResponseStore()), options: .init(maximumRequests: 4))
        let written = try await write(batch)
        #expect(written.files == (1...3).map { folder.path("requests") + "/positive-00\($0).jsonl" })
        #expect(written.waitingUsers == 2 && written.finished == 1)
        let files = try written.files.map(service.requests)
        #expect(files.map(\.count) == [4, 4, 1])
        let requests = files.joined()
        #expect(Set(requests.map(\.identifier)).count == 9)
        for request in requests {
            #expect(request.identifier.utf8.count == 64)
            #expect(request.body["model"] as? String == "batch-model")
            #expect((request.body["max_tokens"] as? Int ?? 0) > 0)
            let format = request.body["response_format"] as? [String: Any]
            #expect(format?["type"] as? String == "json_schema")
            #expect(request.prompt.contains("An item:\n{\"title\": \"Thing “"))
        }
        // Files of an earlier time would ask again what is answered.
        _ = try await read(batch, try service.answers(Array(written.files.prefix(2))))
        let next = try await write(batch)
        #expect(
            next.files.map { $0.split(separator: "/").last } == [
                "negative-001.jsonl", "negative-002.jsonl", "positive-001.jsonl",
            ])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("requests")).count == 3)
    }

    @Test("Lines that are broken, failed, foreign or no valid answer are reported; the rest is taken")
    func reportsBadLines() async throws {
        let store = InMemoryResponseStore()
        let batch = BatchFiles(try run(store))
        let requests = try await write(batch).files.flatMap(service.requests)
        let identifiers = requests.map(\.identifier)
        let good = try requests.map { try service.result($0.identifier, text: service.text($0)) }
        let foreign = String(repeating: "ab", count: 32)
        let lines = [
            good[0], "{\"custom_id\": \"broken", try service.failure(identifiers[1], status: 429),
            good[2],
            try service.result(identifiers[3], text: "I am sorry, I cannot."),
            try service.result(foreign, text: "{}"),
            try service.line([
                "custom_id": identifiers[4], "error": ["code": "batch_expired", "message": "Late"],
            ]),
            try service.result("not-ours", text: "{}"), "", good[5],
            try service.result(identifiers[6], text: "{\"reasoning\": \"cut", finish: "length"),
            try service.line(["custom_id": identifiers[7]]), try service.line(["response": NSNull()]),
            good[0],
        ]
        let report = try await read(batch, lines)
        #expect(report.stored == 3 && report.alreadyStored == 1)
        #expect(report.faults.map(\.line) == [2, 3, 5, 6, 7, 8, 11, 12, 13])
        #expect(report.faults[1].reason.contains("429") && report.faults[1].reason.contains("Too busy"))
        #expect(report.faults[3].reason.contains("no open question"))
        #expect(report.faults[4].reason.contains("batch_expired"))
        #expect(report.faults.allSatisfy { $0.file == folder.path("results.jsonl") })
        #expect(await store.totals().failures == 2)
        #expect(await store.totals().promptTokens == 5 * 50)

        let next = try await write(batch)
        #expect(next.requests == [.positive: 6, .negative: 3])
        let again = try await read(batch, good)
        #expect(again.stored == 6 && again.alreadyStored == 3 && again.faults.isEmpty)
    }

    @Test("Answers to several steps at once are taken in any order")
    func takesStepsInAnyOrder() async throws {
        let first = BatchFiles(try run(InMemoryResponseStore()))
        var lines: [String] = []
        for _ in 0..<6 {
            let answers = try service.answers(try await write(first).files)
            _ = try await read(first, answers)
            lines = answers + lines
        }
        let second = BatchFiles(try run(InMemoryResponseStore()))
        let report = try await read(second, lines)
        #expect(report.stored == 33 && report.faults.isEmpty)
        #expect(try await second.run.run().totals.calls == 0)
    }

    @Test("Items that read alike are asked about once")
    func writesEqualQuestionsOnce() async throws {
        let catalogue = try Catalogue(items: (0..<4).map { Item(id: "i\($0)", title: "The same") })
        let training = try InteractionLog(users: IdentifierMap(), histories: [], itemCount: 4)
        let reasoner = LanguageModelReasoner(model: UncalledModel())
        let batch = BatchFiles(
            ReasoningRun(reasoner: reasoner, catalogue: catalogue, training: training))
        #expect(try await write(batch).requests == [.positive: 1])
    }

    @Test("Files that cannot be read or written, and limits out of range, are errors")
    func refuses() async throws {
        let batch = BatchFiles(try run(InMemoryResponseStore()))
        let missing = await #expect(throws: ISRFError.self) {
            try await batch.read([folder.path("none.jsonl")])
        }
        #expect(missing?.code == .fileAccess && missing?.location?.file == folder.path("none.jsonl"))
        try folder.write("file", "x")
        await #expect(throws: ISRFError.self) {
            try await batch.write(to: folder.path("file/requests"))
        }
        let none = BatchFiles(batch.run, options: .init(maximumRequests: 0))
        await #expect(throws: ISRFError.self) { try await none.write(to: folder.path("requests")) }
    }
}
