internal import ISRFKit

/// The standard search space as YAML, with what each setting means.
enum SpaceText {
    static var standard: String {
        let head = """
            # What `isrf tune` searches unless it is given another --space. For every setting (`isrf train --print-config`
            # prints them) either `values: [...]`, or `from:` and `to:` with `scale: linear` or `scale: logarithmic`.
            """
        return ([head] + TuningSpace.standard.parameters.map(entry)).joined(separator: "\n\n")
    }

    private static func entry(_ parameter: TuningParameter) -> String {
        let base = ISRFConfiguration().value(of: parameter.key).map { "By default \($0)." } ?? ""
        let comment = ConfigurationComments.comment(parameter.key).map { "# \($0)\n" } ?? ""
        return "\(comment)# \(base)\n\(parameter.key): {\(candidates(parameter.candidates))}"
    }

    private static func candidates(_ candidates: TuningParameter.Candidates) -> String {
        switch candidates {
        case .values(let values): "values: [\(values.map(\.description).joined(separator: ", "))]"
        case .range(let from, let to, let scale):
            "from: \(TuningValue.number(from)), to: \(TuningValue.number(to)), scale: \(scale.rawValue)"
        }
    }
}
