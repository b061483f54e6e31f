internal import Foundation
internal import ISRFCore

/// The finished trials of a search: in a directory, or in memory alone.
struct TuningRecords: Sendable {
    private let directory: URL?
    private var trials: [Place: TuningTrial] = [:]

    private struct Place: Hashable {
        var number: Int
        var budget: TuningTrial.Budget
    }

    private static let searchName = "search.json"

    /// Makes the directory if need be, or makes sure that what is there is the same search.
    /// - Throws: `ISRFError`: `fileAccess` when the directory cannot be made, read or written or has something else in
    ///   it, `invalidData` when it has another search.
    init(directory: URL?, identity: TuningIdentity) throws {
        self.directory = directory
        guard let directory else { return }
        let file = directory.appendingPathComponent(TuningRecords.searchName)
        if FileManager.default.fileExists(atPath: file.path) {
            try TuningRecords.requireSame(identity, file)
        } else {
            try TuningRecords.prepare(directory)
            try TuningRecords.write(identity, to: file)
        }
    }

    /// Everything that is finished.
    var all: [TuningTrial] { Array(trials.values) }

    /// A trial that is finished, from the directory if it is there.
    /// - Parameter expected: What the trial would be if it were run now.
    /// - Throws: `ISRFError` (`fileAccess`, `invalidData`) when there is a file that is no such trial.
    mutating func trial(_ expected: TuningTrial) throws -> TuningTrial? {
        let place = Place(number: expected.number, budget: expected.budget)
        if let trial = trials[place] { return trial }
        guard let file = file(expected), FileManager.default.fileExists(atPath: file.path) else { return nil }
        let trial = try TuningRecords.read(TuningTrial.self, file, "This is not a trial of a search.")
        guard trial.number == expected.number, trial.budget == expected.budget, trial.values == expected.values,
            trial.identity == expected.identity
        else {
            throw ISRFError(
                .invalidData, "This trial is not the one that the search has under this name. Remove the file.",
                at: .init(file: file.path))
        }
        guard trial.isFinal else { return nil }
        trials[place] = trial
        return trial
    }

    /// A trial with a result of its own and the same configuration.
    func twin(of trial: TuningTrial) -> TuningTrial? {
        let identity = trial.identity
        return trials.values.filter { $0.failure == nil && $0.repeats == nil && $0.identity == identity }
            .min { ($0.number, $0.budget) < ($1.number, $1.budget) }
    }

    /// Keeps a trial; its file is there whole or not at all.
    /// - Throws: `ISRFError` (`fileAccess`).
    mutating func keep(_ trial: TuningTrial) throws {
        if let file = file(trial) { try TuningRecords.write(trial, to: file) }
        trials[Place(number: trial.number, budget: trial.budget)] = trial
    }

    private func file(_ trial: TuningTrial) -> URL? {
        let digits = String(trial.number)
        let number = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        let budget = trial.budget == .full ? "" : ".\(trial.budget.rawValue)"
        return directory?.appendingPathComponent("trial-\(number)\(budget).json")
    }

    private static func requireSame(_ identity: TuningIdentity, _ file: URL) throws {
        let other = try read(TuningIdentity.self, file, "This is not the head of a search that this version can read.")
        guard let difference = identity.difference(from: other) else { return }
        throw ISRFError(
            .invalidData,
            "The directory has another search: \(difference). Give another directory, or the data and settings that "
                + "it was begun with.", at: .init(file: file.path))
    }

    private static func prepare(_ directory: URL) throws {
        let manager = FileManager.default
        do {
            try manager.createDirectory(at: directory, withIntermediateDirectories: true)
            let contents = try manager.contentsOfDirectory(atPath: directory.path)
            guard contents.contains(where: { !$0.hasPrefix(".") }) else { return }
        } catch {
            throw ISRFError(
                .fileAccess, "The directory for the trials cannot be made. Give one that may be written to.",
                at: .init(file: directory.path), underlying: error)
        }
        throw ISRFError(
            .fileAccess, "This is neither an empty directory nor one of a search. Choose another place for the trials.",
            at: .init(file: directory.path))
    }

    private static func read<Value: Decodable>(_ type: Value.Type, _ file: URL, _ refusal: String) throws -> Value {
        let contents: Data
        do {
            contents = try Data(contentsOf: file)
        } catch {
            throw ISRFError(
                .fileAccess, "The file cannot be read. Make it readable.", at: .init(file: file.path),
                underlying: error)
        }
        do {
            return try JSONDecoder().decode(type, from: contents)
        } catch {
            throw ISRFError(
                .invalidData, refusal + " Remove the file, or give another directory.", at: .init(file: file.path),
                underlying: error)
        }
    }

    private static func write(_ value: some Encodable, to file: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        let contents = try encoder.encode(value)
        do {
            try contents.write(to: file, options: .atomic)
        } catch {
            throw ISRFError(
                .fileAccess, "The file cannot be written. Give a directory that may be written to.",
                at: .init(file: file.path), underlying: error)
        }
    }
}
