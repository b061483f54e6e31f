internal import Foundation
internal import ISRFKit
internal import ISRFLanguageModels

/// Moves answers from one store to another as JSON Lines.
struct StoredAnswers {
    /// The store's path.
    var path: String

    /// Writes all answers to a file, and says how many.
    func export(to file: String) async throws {
        guard FileManager.default.fileExists(atPath: path) else {
            throw ISRFError(.fileAccess, "There is no store here.", at: .init(file: path))
        }
        let count = try await SQLiteResponseStore(path: path).exportAnswers(to: file)
        try StandardOutput.write("Wrote \(Wording.count(count, "answer")) to \(file).")
    }

    /// Takes the answers of files, and says what was taken and what was not.
    func take(_ files: [String]) async throws {
        let store = try SQLiteResponseStore(path: path)
        var (stored, alreadyStored, faults) = (0, 0, [LineFault]())
        for file in files {
            let report = try await store.importAnswers(from: file)
            stored += report.stored
            alreadyStored += report.alreadyStored
            faults += report.faults
        }
        try StandardOutput.write(BatchText.taken(stored, alreadyStored, faults, "the rest was taken"))
    }
}
