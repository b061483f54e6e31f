internal import ArgumentParser

/// Identifiers with commas between them; a backslash before a comma or a backslash makes it part of an identifier.
struct IdentifierList: ExpressibleByArgument {
    let identifiers: [String]

    init(argument: String) {
        var identifiers: [String] = []
        var current = ""
        var isEscaped = false
        for character in argument {
            if isEscaped {
                if character != ",", character != "\\" { current.append("\\") }
                current.append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "," {
                identifiers.append(current)
                current = ""
            } else {
                current.append(character)
            }
        }
        if isEscaped { current.append("\\") }
        identifiers.append(current)
        self.identifiers = identifiers.filter { !$0.isEmpty }
    }
}
