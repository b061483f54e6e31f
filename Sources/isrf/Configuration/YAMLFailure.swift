internal import ISRFKit
internal import Yams

/// What is wrong with a file that is no YAML, with its line.
enum YAMLFailure {
    static func error(_ error: YamlError, _ path: String) -> ISRFError {
        let (message, line): (String, Int?) =
            switch error {
            case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
                .composer(_, let problem, let mark, _):
                ("This is not YAML: \(problem).", mark.line)
            case .duplicatedKeysInMapping(let duplicates, let context):
                ("The key \"\(duplicates.first ?? "")\" stands there twice; keep one.", context.mark.line)
            default: ("This is not YAML: \(error).", nil)
            }
        return ISRFError(.invalidConfiguration, message, at: .init(file: path, line: line))
    }
}
