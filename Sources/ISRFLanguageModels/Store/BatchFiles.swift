internal import Foundation
internal import ISRFCore
public import ISRFReasoning

/// Asks by files instead of calls, as the Batch API of OpenAI and those like it take them.
///
/// `write` writes every question that can be asked now, `read` takes the answers into the reasoner's store; then the next
/// step's questions can be written, six times in all. Answers may come in any order, in part and with errors: what is not
/// answered is written again. Live calls over the same store can finish what is left at any time.
public struct BatchFiles: Sendable {
    /// How requests are written.
    public struct Options: Sendable, Hashable {
        /// The form of answer to ask for.
        public var answerForm: LanguageModelEvent.AnswerFormKind
        /// The most requests in one file.
        public var maximumRequests: Int
        /// The most bytes of one file.
        public var maximumBytes: Int
        /// The path that requests go to.
        public var path: String
        /// The name of the field for the greatest number of tokens: `max_completion_tokens` for some newer models.
        public var tokenLimitField: String

        /// Creates options; by default what the Batch API allows.
        public init(
            answerForm: LanguageModelEvent.AnswerFormKind = .jsonSchema, maximumRequests: Int = 50_000,
            maximumBytes: Int = 190 << 20, path: String = "/v1/chat/completions",
            tokenLimitField: String = "max_tokens"
        ) {
            self.answerForm = answerForm
            self.maximumRequests = maximumRequests
            self.maximumBytes = maximumBytes
            self.path = path
            self.tokenLimitField = tokenLimitField
        }
    }

    /// What `write` has written.
    public struct WriteReport: Sendable, Hashable {
        /// The files' paths.
        public var files: [String] = []
        /// The requests of each step.
        public var requests: [ReasoningStep: Int] = [:]
        /// Items and users with all answers.
        public var finished = 0
        /// Users whose questions wait until all of their items have features.
        public var waitingUsers = 0
    }

    /// What `read` has taken.
    public struct ReadReport: Sendable, Hashable {
        /// Answers stored.
        public var stored = 0
        /// Answers to questions that had one.
        public var alreadyStored = 0
        /// Lines that were not taken, in the order of files and lines.
        public var faults: [LineFault] = []
    }

    /// What is reasoned about, by whom and where answers are kept.
    public let run: ReasoningRun
    /// How requests are written.
    public let options: Options

    /// Creates batch files for a run. Its model is named in every request and never called.
    public init(_ run: ReasoningRun, options: Options = .init()) {
        self.run = run
        self.options = options
    }

    /// Writes the questions that can be asked now, one file or more for each step.
    /// - Parameter folder: The folder to write to; it is created when it is missing. Request files in it are replaced.
    /// - Throws: `ISRFError` when a file cannot be written or a limit is out of its range; what the store throws.
    public func write(to folder: String) async throws -> WriteReport {
        guard options.maximumRequests >= 1, options.maximumBytes >= 1 << 20 else {
            throw ISRFError(
                .invalidConfiguration, "A batch file has room for at least one request and 1 MiB.")
        }
        let set = BatchFileSet(folder: folder, options: options, model: run.reasoner.modelName)
        try set.begin()
        let counts = try await run.forEachOpenQuestion { open in try set.add(open) }
        var report = try set.finish()
        report.finished = counts.finished
        report.waitingUsers = counts.waitingUsers
        return report
    }

    /// Reads result files into the store: those of requests that were answered and those of requests that failed, in any
    /// order.
    ///
    /// A line that is broken, answers no open question, or has no valid answer is reported, and the rest is taken.
    /// - Throws: `ISRFError` (`fileAccess`) when a file cannot be read; what the store throws.
    public func read(_ paths: [String]) async throws -> ReadReport {
        var reading = BatchReading(run: run)
        var pending = Set<BatchReading.Place>()
        // Answers to a later step are recognised once those to the steps before are stored.
        repeat {
            let stored = reading.report.stored
            try await reading.learnOpenQuestions()
            pending = try await reading.pass(paths, only: reading.passes == 0 ? nil : pending)
            if reading.report.stored == stored { break }
        } while !pending.isEmpty
        return reading.finish(unrecognised: pending, paths)
    }
}
