internal import Foundation
internal import ISRFCore
internal import ISRFEvaluation

/// The report of one system and seed, with what it was fitted with beside it.
struct AblationRecord: Sendable, Codable {
    var report: EvaluationReport
    var fingerprint: String
    /// For people; nil in a record that was read.
    var settings: AblationSettings?

    private enum Key: String, CodingKey {
        case ablation
    }

    private enum AblationKey: String, CodingKey {
        case fingerprint
        case settings
    }

    init(report: EvaluationReport, settings: AblationSettings) throws {
        self.report = report
        self.settings = settings
        fingerprint = try settings.fingerprint()
    }

    init(from decoder: any Decoder) throws {
        report = try EvaluationReport(from: decoder)
        fingerprint = try decoder.container(keyedBy: Key.self)
            .nestedContainer(keyedBy: AblationKey.self, forKey: .ablation)
            .decode(String.self, forKey: .fingerprint)
        // Not read: another version of the program may have other settings.
        settings = nil
    }

    func encode(to encoder: any Encoder) throws {
        try report.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        var ablation = container.nestedContainer(keyedBy: AblationKey.self, forKey: .ablation)
        try ablation.encode(fingerprint, forKey: .fingerprint)
        try ablation.encodeIfPresent(settings, forKey: .settings)
    }
}

/// Where the records of a study are: in a directory, or nowhere.
struct AblationRecords: Sendable {
    let directory: URL?

    /// Makes the directory if need be.
    /// - Throws: `ISRFError` (`fileAccess`).
    func prepare() throws {
        guard let directory else { return }
        do {
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        } catch {
            throw ISRFError(
                .fileAccess, "The directory for the reports cannot be made. Give one that may be written to.",
                at: .init(file: directory.path), underlying: error)
        }
    }

    /// The report of a system and seed that was fitted with the same settings; nil when there is none.
    /// - Throws: `ISRFError` (`fileAccess`, `invalidData`) when there is a file that is no such report.
    func report(_ settings: AblationSettings) throws -> EvaluationReport? {
        guard let file = file(settings), FileManager.default.fileExists(atPath: file.path) else { return nil }
        let contents: Data
        do {
            contents = try Data(contentsOf: file)
        } catch {
            throw ISRFError(
                .fileAccess, "The report cannot be read. Make it readable, or remove it.", at: .init(file: file.path),
                underlying: error)
        }
        do {
            let record = try JSONDecoder().decode(AblationRecord.self, from: contents)
            return record.fingerprint == (try settings.fingerprint()) ? record.report : nil
        } catch {
            throw ISRFError(
                .invalidData,
                "This is not a report of an ablation, and it would be replaced by one. Move it, or give another "
                    + "directory.", at: .init(file: file.path), underlying: error)
        }
    }

    /// Writes a report; it is there whole or not at all.
    /// - Throws: `ISRFError` (`fileAccess`).
    func write(_ report: EvaluationReport, _ settings: AblationSettings) throws {
        guard let file = file(settings) else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        let contents = try encoder.encode(try AblationRecord(report: report, settings: settings))
        do {
            try contents.write(to: file, options: .atomic)
        } catch {
            throw ISRFError(
                .fileAccess, "The report cannot be written.", at: .init(file: file.path), underlying: error)
        }
    }

    private func file(_ settings: AblationSettings) -> URL? {
        directory?.appendingPathComponent("\(settings.name).seed-\(settings.fit.configuration.seed).json")
    }
}
