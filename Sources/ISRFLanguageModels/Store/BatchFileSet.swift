internal import Foundation
internal import ISRFCore
internal import ISRFReasoning

/// The request files of one `BatchFiles.write`.
final class BatchFileSet {
    private let folder: String
    private let options: BatchFiles.Options
    private let model: String
    private var writers: [ReasoningStep: (writer: LineWriter, path: String)] = [:]
    private var fileCounts: [ReasoningStep: Int] = [:]
    private var report = BatchFiles.WriteReport()

    init(folder: String, options: BatchFiles.Options, model: String) {
        self.folder = folder
        self.options = options
        self.model = model
    }

    /// Makes the folder, and removes request files of an earlier time: their steps may be answered.
    func begin() throws {
        do {
            let manager = FileManager.default
            try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for name in try manager.contentsOfDirectory(atPath: folder) where Self.isRequestFile(name) {
                try manager.removeItem(atPath: folder + "/" + name)
            }
        } catch {
            throw ISRFError(
                .fileAccess, "The folder of request files cannot be written.", at: .init(file: folder),
                underlying: error)
        }
    }

    /// `positive-001.jsonl` and the like.
    private static func isRequestFile(_ name: String) -> Bool {
        let parts = name.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, ReasoningStep(rawValue: String(parts[0])) != nil,
            parts[1].hasSuffix(".jsonl")
        else {
            return false
        }
        let number = parts[1].dropLast(6)
        return !number.isEmpty && number.allSatisfy { $0.isASCII && $0.isNumber }
    }

    func add(_ open: OpenQuestion) throws {
        let step = open.subject.step
        let line = try line(open)
        if let writer = writers[step]?.writer,
            writer.lines >= options.maximumRequests || writer.bytes + line.count > options.maximumBytes
        {
            try close(step)
        }
        if writers[step] == nil {
            let number = fileCounts[step, default: 0] + 1
            fileCounts[step] = number
            let digits = String(number)
            let padded = String(repeating: "0", count: max(0, 3 - digits.count)) + digits
            let path = "\(folder)/\(step.rawValue)-\(padded).jsonl"
            writers[step] = (try LineWriter(path: path), path)
        }
        try writers[step]?.writer.write(line)
        report.requests[step, default: 0] += 1
    }

    func finish() throws -> BatchFiles.WriteReport {
        for step in ReasoningStep.allCases { try close(step) }
        report.files.sort()
        return report
    }

    private func close(_ step: ReasoningStep) throws {
        guard let (writer, path) = writers.removeValue(forKey: step) else { return }
        try writer.finish()
        report.files.append(path)
    }

    private func line(_ open: OpenQuestion) throws -> [UInt8] {
        let body = try ChatCompletionRequest(
            model: model, request: open.question.request(as: options.answerForm),
            tokenLimitField: options.tokenLimitField, sendsSeed: true
        ).body()
        var line = JSONText(capacity: body.count + 256)
        line.raw("{\"custom_id\":")
        line.string(open.key.digest)
        line.raw(",\"method\":\"POST\",\"url\":")
        line.string(options.path)
        line.raw(",\"body\":")
        return line.bytes + body + Array("}".utf8)
    }
}
