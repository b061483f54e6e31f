internal import ISRFReasoning

/// One `BatchFiles.read` on its way.
struct BatchReading {
    /// A line of one of the files.
    struct Place: Hashable, Comparable {
        var file: Int
        var line: Int

        static func < (first: Place, second: Place) -> Bool {
            (first.file, first.line) < (second.file, second.line)
        }
    }

    private static let chunk = 512

    let run: ReasoningRun
    private(set) var report = BatchFiles.ReadReport()
    /// How often the files were read.
    private(set) var passes = 0
    private var open: [ResponseKey: OpenQuestion] = [:]
    private var answers: [(question: OpenQuestion, answer: StructuredAnswer)] = []
    private var faults: [Place: String] = [:]

    init(run: ReasoningRun) {
        self.run = run
    }

    /// Finds out which questions can be answered now.
    mutating func learnOpenQuestions() async throws {
        var found: [ResponseKey: OpenQuestion] = [:]
        _ = try await run.forEachOpenQuestion { found[$0.key] = $0 }
        open = found
    }

    /// Reads the files.
    /// - Parameter only: The lines to look at; nil for all.
    /// - Returns: The lines that answer no question known so far.
    mutating func pass(_ paths: [String], only: Set<Place>?) async throws -> Set<Place> {
        passes += 1
        var unrecognised: Set<Place> = []
        for (file, path) in paths.enumerated() {
            var lines = try LineStream(path: path)
            while let line = try lines.next() {
                try Task.checkCancellation()
                let place = Place(file: file, line: lines.number)
                if let only, !only.contains(place) { continue }
                do {
                    if try await !take(try BatchResultLine(line)) { unrecognised.insert(place) }
                } catch let refusal as BatchResultLine.Refusal {
                    faults[place] = refusal.reason
                }
                if answers.count >= Self.chunk { try await store() }
            }
        }
        try await store()
        return unrecognised
    }

    /// The report, with the lines that answer no question as faults.
    mutating func finish(unrecognised: Set<Place>, _ paths: [String]) -> BatchFiles.ReadReport {
        for place in unrecognised {
            faults[place] =
                "The line answers no open question: it belongs to other prompts, other data or another model."
        }
        report.faults = faults.sorted { $0.key < $1.key }.map {
            LineFault(file: paths[$0.key.file], line: $0.key.line, reason: $0.value)
        }
        return report
    }

    /// Takes a line; says whether its question is known.
    private mutating func take(_ line: BatchResultLine) async throws -> Bool {
        guard let question = open[line.key] else {
            try await store()
            guard try await run.reasoner.store.answer(for: line.key) != nil else { return false }
            report.alreadyStored += 1
            return true
        }
        let response = try line.response(model: run.reasoner.modelName)
        do {
            let texts = try question.question.texts(of: response)
            let usage = response.usage ?? .init(promptTokens: 0, completionTokens: 0)
            let answer = StructuredAnswer(fields: texts, model: response.model, usage: usage, attempts: 1)
            answers.append((question, answer))
            open[line.key] = nil
        } catch {
            try await run.reasoner.store.recordFailure(
                usage: error.usage, for: line.key, subject: question.subject, reason: error.reason)
            throw BatchResultLine.Refusal(reason: "\(question.subject): \(error.reason)")
        }
        return true
    }

    /// Stores what was taken, many at a time so that they share the store's waits for the disk.
    private mutating func store() async throws {
        let (answers, store) = (answers, run.reasoner.store)
        guard !answers.isEmpty else { return }
        self.answers.removeAll(keepingCapacity: true)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (question, answer) in answers {
                group.addTask {
                    _ = try await store.store(answer, for: question.key, subject: question.subject)
                }
            }
            try await group.waitForAll()
        }
        report.stored += answers.count
    }
}
