internal import ISRFCore
public import ISRFData

extension InteractionLog {
    /// Writes the log in the sequences form: one user on each line, then the user's items, oldest first.
    ///
    /// Reading the file in the form `.sequences` with the same catalogue gives an equal log. White space separates the words of a line, so that
    /// identifiers with spaces cannot be written; `writeCSV(to:catalogue:)` takes them.
    /// - Parameters:
    ///   - path: The file; one that is there is replaced once all is written.
    ///   - catalogue: The catalogue that the log's indices point into.
    /// - Throws: `ISRFError` (`invalidData`) when an identifier has white space, a user has no items or the catalogue
    ///   is another one; `ISRFError` (`fileAccess`) when the file cannot be written.
    public func writeSequences(to path: String, catalogue: Catalogue) throws {
        try check(catalogue)
        for user in users.identifiers { try WrittenIdentifier.checkWord(user, "user") }
        for item in Set(histories.joined()) { try WrittenIdentifier.checkWord(catalogue[item].id, "item") }
        try TextFileWriter.write(to: path) { writer in
            for (user, history) in histories.enumerated() {
                let words = [users[user]] + history.map { catalogue[$0].id }
                try writer.writeLine(words.joined(separator: " ").utf8)
            }
        }
    }

    /// Writes the log as CSV with the columns `user` and `item`, each user's items one after the other, oldest first.
    ///
    /// Reading the file with the same catalogue gives an equal log.
    /// - Parameters:
    ///   - path: The file; one that is there is replaced once all is written.
    ///   - catalogue: The catalogue that the log's indices point into.
    /// - Throws: `ISRFError` (`invalidData`) when an identifier is empty or has a NUL character, a user has no items or
    ///   the catalogue is another one; `ISRFError` (`fileAccess`) when the file cannot be written.
    public func writeCSV(to path: String, catalogue: Catalogue) throws {
        try check(catalogue)
        try TextFileWriter.write(to: path) { writer in
            try writer.writeLine("user,item".utf8)
            for (user, history) in histories.enumerated() {
                let user = try WrittenIdentifier.cell(users[user], "user")
                for item in history {
                    try writer.writeLine("\(user),\(try WrittenIdentifier.cell(catalogue[item].id, "item"))".utf8)
                }
            }
        }
    }

    private func check(_ catalogue: Catalogue) throws {
        guard catalogue.count == itemCount else {
            throw ISRFError(
                .invalidData,
                "The log points into a catalogue of \(itemCount) items, the one given has \(catalogue.count). Give the "
                    + "catalogue that the log was made with.")
        }
        if let user = histories.firstIndex(where: \.isEmpty) {
            throw ISRFError(
                .invalidData,
                "The user \"\(users[user])\" has no items, which a file of interactions cannot say. Leave the user out."
            )
        }
    }
}
