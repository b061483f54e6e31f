import Foundation
import GRDB
import ISRFKit
import ISRFLanguageModels
import Testing

/// Answers to made-up questions.
struct Sample {
    var key: ResponseKey
    var subject: ResponseSubject
    var answer: StructuredAnswer

    init(_ number: Int, model: String = "m", summary: String? = nil) {
        let step = ReasoningStep.allCases[number % 6]
        let question = StructuredQuestion(messages: [.init(.user, "Question \(number)")], fields: [])
        key = ResponseKey(question, model: "m", promptVersion: "v")
        subject = ResponseSubject(step: step, identifier: "subject \(number)")
        answer = StructuredAnswer(
            fields: [
                "summary": summary ?? "Statement \(number) — “quoted”\n\u{1F600}", "reasoning": "Evidence",
            ],
            model: model, usage: .init(promptTokens: 100 + number, completionTokens: number), attempts: 1)
    }
}

@Suite("SQLite response store")
struct SQLiteResponseStoreTests {
    private let folder: StoreFolder
    private var path: String { folder.path("store.sqlite") }

    init() throws {
        folder = try StoreFolder()
    }

    private func filled(_ count: Int, at path: String? = nil) async throws -> SQLiteResponseStore {
        let store = try SQLiteResponseStore(path: path ?? self.path)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<count {
                group.addTask {
                    let sample = Sample(number)
                    try await store.store(sample.answer, for: sample.key, subject: sample.subject)
                }
            }
            try await group.waitForAll()
        }
        return store
    }

    @Test("What is stored is found again, by this store and by the next one at the same path")
    func keeps() async throws {
        let store = try await filled(200)
        let reopened = try SQLiteResponseStore(path: path)
        for number in 0..<200 {
            let sample = Sample(number)
            #expect(try await store.answer(for: sample.key) == sample.answer)
            #expect(try await reopened.answer(for: sample.key) == sample.answer)
        }
        #expect(try await reopened.answer(for: Sample(200).key) == nil)
        try await reopened.verify()
    }

    @Test("Of two answers the first is kept and returned; what the second has cost is counted, as failures are")
    func keepsFirst() async throws {
        let store = try SQLiteResponseStore(path: path)
        let (first, second) = (Sample(1), Sample(1, model: "other"))
        #expect(try await store.store(first.answer, for: first.key, subject: first.subject) == first.answer)
        #expect(try await store.store(second.answer, for: second.key, subject: second.subject) == first.answer)
        try await store.recordFailure(
            usage: .init(promptTokens: 7, completionTokens: 3), for: Sample(2).key, subject: Sample(2).subject,
            reason: "The answer was cut off.")
        #expect(try await store.answer(for: Sample(2).key) == nil)
        let totals = try await store.totals()
        #expect(
            totals
                == ResponseTotals(
                    answers: 1, answersByStep: [.negative: 1], failures: 2, promptTokens: 101 + 101 + 7,
                    completionTokens: 1 + 1 + 3))
    }

    @Test("An answer that arrives as its task is cancelled is stored all the same")
    func storesCancelled() async throws {
        let store = try SQLiteResponseStore(path: path)
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            let sample = Sample(5)
            return try await store.store(sample.answer, for: sample.key, subject: sample.subject)
        }
        task.cancel()
        #expect(try await task.value == Sample(5).answer)
        #expect(try await store.answer(for: Sample(5).key) == Sample(5).answer)
    }

    // MARK: - Files that are no store

    private func refusal(_ path: String) -> ISRFError? {
        #expect(throws: ISRFError.self) { try SQLiteResponseStore(path: path) }
    }

    @Test("Files that are no store are refused with what to do, and left as they are")
    func refusesForeignFiles() async throws {
        try folder.write("notes.txt", String(repeating: "These are notes, not a store. ", count: 100))
        #expect(refusal(folder.path("notes.txt"))?.code == .invalidData)
        #expect(refusal(folder.path("notes.txt"))?.location?.file == folder.path("notes.txt"))

        let foreign = try DatabaseQueue(path: folder.path("foreign.sqlite"))
        try await foreign.write { try $0.execute(sql: "CREATE TABLE answer (x); INSERT INTO answer VALUES (1)") }
        try foreign.close()
        let before = try folder.data("foreign.sqlite")
        #expect(refusal(folder.path("foreign.sqlite"))?.message.contains("not a store of responses") == true)
        #expect(try folder.data("foreign.sqlite") == before)

        #expect(refusal(folder.url.path)?.message.contains("folder") == true)
        #expect(refusal(folder.path("none/store.sqlite"))?.message.contains("does not exist") == true)
    }

    @Test("A store of a newer version is refused; an empty file becomes a store")
    func refusesNewerVersions() async throws {
        _ = try await filled(3)
        let newer = try DatabaseQueue(path: path)
        try await newer.write { try $0.execute(sql: "PRAGMA user_version = 9") }
        try newer.close()
        let error = try #require(refusal(path))
        #expect(error.message.contains("9") && error.message.contains("newer version"))

        try folder.write("empty.sqlite", "")
        let store = try await filled(3, at: folder.path("empty.sqlite"))
        #expect(try await store.totals().answers == 3)
    }

    @Test("Damage anywhere in the file is said, or does no harm: never a wrong answer, never a crash")
    func detectsDamage() async throws {
        do {
            let store = try await filled(300)
            try await store.verify()
        }
        let queue = try DatabaseQueue(path: path)
        _ = try queue.inDatabase { try $0.checkpoint(.truncate) }
        try queue.close()
        let whole = try folder.data("store.sqlite")
        var random = SeededRandom(seed: 3)
        var said = 0
        for round in 0..<40 {
            var damaged = whole
            switch round % 4 {
            case 0: damaged = whole.prefix(random.index(below: whole.count))
            case 1: damaged[random.index(below: whole.count)] ^= UInt8(1 << random.index(below: 8))
            case 2:
                let start = random.index(below: whole.count - 600)
                for place in start..<start + 600 { damaged[place] = UInt8(random.index(below: 256)) }
            default:
                let page = random.index(below: whole.count / 4096) * 4096
                damaged.replaceSubrange(page..<page + 4096, with: Data(count: 4096))
            }
            let path = folder.path("damaged-\(round).sqlite")
            try damaged.write(to: URL(fileURLWithPath: path))
            do {
                let store = try SQLiteResponseStore(path: path)
                for number in stride(from: 0, to: 300, by: 7) {
                    if let answer = try await store.answer(for: Sample(number).key) {
                        #expect(answer == Sample(number).answer, "round \(round) gave a wrong answer")
                    }
                }
                try await store.verify()
            } catch let error as ISRFError {
                said += 1
                #expect(error.code == .invalidData, "round \(round): \(error)")
                #expect(error.location?.file == path)
            }
        }
        #expect(said >= 25)
    }

    @Test("An answer that was altered is not given out")
    func detectsAlteredAnswers() async throws {
        let store = try await filled(3)
        let queue = try DatabaseQueue(path: path)
        try await queue.write {
            try $0.execute(sql: "UPDATE answer SET fields = replace(fields, 'Statement', 'Untrue')")
        }
        let error = await #expect(throws: ISRFError.self) { try await store.answer(for: Sample(1).key) }
        #expect(error?.code == .invalidData && error?.message.contains(Sample(1).key.digest) == true)
        await #expect(throws: ISRFError.self) { try await store.verify() }
    }

    // MARK: - JSON Lines

    @Test("An export is the same for the same answers, and an import takes it over")
    func exports() async throws {
        let store = try await filled(1200)
        #expect(try await store.exportAnswers(to: folder.path("a.jsonl")) == 1200)
        let other = try SQLiteResponseStore(path: folder.path("other.sqlite"))
        let sample = Sample(7)
        try await other.store(sample.answer, for: sample.key, subject: sample.subject)
        let report = try await other.importAnswers(from: folder.path("a.jsonl"))
        #expect(report.stored == 1199 && report.alreadyStored == 1 && report.faults.isEmpty)
        try await other.exportAnswers(to: folder.path("b.jsonl"))
        #expect(try folder.data("a.jsonl") == folder.data("b.jsonl"))
        #expect(try await other.answer(for: Sample(800).key) == Sample(800).answer)
    }

    @Test("Bad lines are reported with their numbers and kept out; the rest is taken")
    func reportsBadLines() async throws {
        let store = try await filled(3)
        try await store.exportAnswers(to: folder.path("good.jsonl"))
        var lines = try String(decoding: folder.data("good.jsonl"), as: UTF8.self).split(separator: "\n").map(
            String.init)
        lines.insert("not JSON", at: 2)
        lines.insert("", at: 3)
        lines.insert(lines[1].replacing("\"summary\":\"", with: "\"other\":\" \",\"summary\":\""), at: 4)
        lines.insert("{\"key\":\"abc\"}", at: 5)
        lines.insert(lines[1].replacing(/"key":"...../, with: "\"key\":\"ABCDE"), at: 6)
        lines.insert(String(repeating: "x", count: 17 << 20), at: 7)
        lines.insert(lines[1].replacing(/"step":"[a-z]+"/, with: "\"step\":\"other\""), at: 8)
        lines.append("{\"truncated")
        try folder.write("bad.jsonl", lines.joined(separator: "\n"))
        let fresh = try SQLiteResponseStore(path: folder.path("fresh.sqlite"))
        let report = try await fresh.importAnswers(from: folder.path("bad.jsonl"))
        #expect(report.stored == 3)
        #expect(report.faults.map(\.line) == [3, 5, 6, 7, 8, 9, 12])
        #expect(report.faults.allSatisfy { $0.file == folder.path("bad.jsonl") && !$0.reason.isEmpty })
    }

    @Test("What is no export, or a newer one, is refused as a whole")
    func refusesOtherFiles() async throws {
        let store = try SQLiteResponseStore(path: path)
        for (text, part) in [
            ("", "not an export"), ("{\"format\":\"isrf-profiles\",\"version\":1}\n", "not an export"),
            ("{\"format\":\"isrf-responses\",\"version\":2}\n", "version 2"),
        ] {
            try folder.write("other.jsonl", text)
            let error = await #expect(throws: ISRFError.self) {
                try await store.importAnswers(from: folder.path("other.jsonl"))
            }
            #expect(error?.message.contains(part) == true)
        }
        await #expect(throws: ISRFError.self) { try await store.importAnswers(from: folder.path("none.jsonl")) }
        await #expect(throws: ISRFError.self) { try await store.exportAnswers(to: folder.path("none/x.jsonl")) }
    }
}
