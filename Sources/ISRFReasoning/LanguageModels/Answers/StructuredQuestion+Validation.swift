internal import ISRFCore

extension StructuredQuestion {
    /// Checks that the question can be asked.
    /// - Throws: `ISRFError` with the code `invalidConfiguration`.
    func validate() throws(ISRFError) {
        try require(!messages.isEmpty, "messages", "A question needs at least one message.")
        try require(maximumTokens >= 1, "maximumTokens", "An answer needs at least one token.")
        try require(temperature.isFinite && temperature >= 0, "temperature", "A temperature is not negative.")
        try require(!fields.isEmpty, "fields", "A question needs at least one field.")
        for (index, field) in fields.enumerated() {
            let name = "fields[\(index)]"
            try require(field.name.contains { !$0.isWhitespace }, name, "A field needs a name.")
            try require(
                !fields[..<index].contains { $0.name == field.name }, name,
                "Two fields have the name \"\(field.name)\".")
            try require(field.maximumCharacters >= 1, name, "A field needs room for at least one character.")
            try require(field.maximumWords.map { $0 >= 1 } ?? true, name, "A field needs room for at least one word.")
        }
    }

    private func require(_ condition: Bool, _ name: String, _ message: String) throws(ISRFError) {
        if !condition { throw ISRFError(.invalidConfiguration, message, at: .init(field: name)) }
    }
}
