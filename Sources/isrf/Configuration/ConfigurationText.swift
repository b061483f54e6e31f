internal import ISRFKit

/// The default configuration as YAML, with a comment for every key.
enum ConfigurationText {
    static var standard: String {
        let head = """
            # The settings of ISRF, all at their defaults. A file given as --config may leave out whatever stays as it is.
            """
        return ([head] + lines(.standard, key: "", indent: "", hasComments: true)).joined(separator: "\n")
    }

    /// The keys and values of a configuration, without comments.
    static func plain(_ configuration: ISRFConfiguration, indent: String) -> String {
        lines(ConfigurationSchema(reflecting: configuration), key: "", indent: indent, hasComments: false)
            .joined(separator: "\n")
    }

    private static func lines(
        _ schema: ConfigurationSchema, key: String, indent: String, hasComments: Bool
    ) -> [String] {
        guard case .section(let entries) = schema else { return [] }
        return entries.flatMap { entry -> [String] in
            let below = key.isEmpty ? entry.key : "\(key).\(entry.key)"
            var lines: [String] = []
            if hasComments, key.isEmpty { lines.append("") }
            if hasComments, let comment = ConfigurationComments.comment(below) { lines.append("\(indent)# \(comment)") }
            switch entry.schema {
            case .value(_, let standard, _): lines.append("\(indent)\(entry.key): \(standard)")
            case .section:
                lines.append("\(indent)\(entry.key):")
                lines += self.lines(entry.schema, key: below, indent: indent + "  ", hasComments: hasComments)
            }
            return lines
        }
    }
}
