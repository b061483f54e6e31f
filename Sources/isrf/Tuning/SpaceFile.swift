internal import Foundation
internal import ISRFKit
internal import Yams

/// A search space read from a YAML file: settings with `values`, or with `from`, `to` and `scale`.
struct SpaceFile: Sendable {
    let space: TuningSpace

    /// Reads a file and checks it against the base configuration.
    /// - Throws: `ISRFError` (`fileAccess`) when it cannot be read, (`invalidConfiguration`) with file, line and key when
    ///   it is not as it should be.
    init(reading path: String, base: ISRFConfiguration) throws {
        let text: String
        do {
            text = try String(contentsOf: URL(fileURLWithPath: path), encoding: .utf8)
        } catch {
            throw ISRFError(
                .fileAccess, "The search space cannot be read. Is it there, and is it UTF-8 text?",
                at: .init(file: path))
        }
        try self.init(text: text, path: path, base: base)
    }

    /// Reads a text; `path` is what errors call it.
    init(text: String, path: String, base: ISRFConfiguration) throws {
        var reader = SpaceReader(path: path)
        do {
            space = TuningSpace(try reader.parameters(try Yams.compose(yaml: text)))
            try space.validate(for: base)
        } catch let error as YamlError {
            throw YAMLFailure.error(error, path)
        } catch let error as ISRFError where error.location?.file == nil {
            throw reader.placed(error)
        }
    }
}

/// Reads the settings of a space one by one and remembers where they stand.
private struct SpaceReader {
    let path: String
    private var lines: [String: Int] = [:]

    init(path: String) {
        self.path = path
    }

    mutating func parameters(_ root: Node?) throws -> [TuningParameter] {
        guard let root, root.scalar?.string != "" else { return [] }
        guard let mapping = root.mapping else {
            throw fail("A list of settings was expected, as `isrf tune --print-space` prints it.", nil, root.mark?.line)
        }
        return try mapping.map { pair in
            guard let key = pair.key.scalar?.string else {
                throw fail("A setting is named by its keys with dots between them.", nil, pair.key.mark?.line)
            }
            lines[key] = pair.key.mark?.line
            return TuningParameter(key, try candidates(pair.value, key))
        }
    }

    private func candidates(_ node: Node, _ key: String) throws -> TuningParameter.Candidates {
        let expectation = "Expected was `values: [...]`, or `from:` and `to:`, perhaps with `scale:`."
        guard let mapping = node.mapping else { throw fail(expectation, key, node.mark?.line) }
        var parts: [String: Node] = [:]
        for pair in mapping {
            let name = pair.key.scalar?.string ?? "?"
            guard ["values", "from", "to", "scale"].contains(name) else {
                throw fail("There is no such key as `\(name)` here. \(expectation)", key, pair.key.mark?.line)
            }
            parts[name] = pair.value
        }
        if let list = parts["values"] {
            guard parts.count == 1 else {
                throw fail("Give either `values`, or `from` and `to`. \(expectation)", key, node.mark?.line)
            }
            guard let values = list.sequence else {
                throw fail("`values` must be a list, as in `values: [1, 2]`.", key, list.mark?.line)
            }
            return .values(try values.map { try value($0, key) })
        }
        guard let from = parts["from"], let to = parts["to"] else { throw fail(expectation, key, node.mark?.line) }
        return .range(
            from: try number(from, "from", key), to: try number(to, "to", key), scale: try scale(parts["scale"], key))
    }

    private func scale(_ node: Node?, _ key: String) throws -> TuningParameter.Scale {
        guard let node else { return .linear }
        guard let scale = node.scalar.flatMap({ TuningParameter.Scale(rawValue: $0.string) }) else {
            let names = TuningParameter.Scale.allCases.map(\.rawValue).joined(separator: " or ")
            throw fail("The value of `scale` is \(found(node)); expected was \(names).", key, node.mark?.line)
        }
        return scale
    }

    private func number(_ node: Node, _ name: String, _ key: String) throws -> Double {
        guard case .number(let number) = try value(node, key) else {
            throw fail("The value of `\(name)` is \(found(node)); expected was a number.", key, node.mark?.line)
        }
        return number
    }

    private func value(_ node: Node, _ key: String) throws -> TuningValue {
        guard let scalar = node.scalar else {
            throw fail("One of the values is \(found(node)); expected was a single value.", key, node.mark?.line)
        }
        let isQuoted = scalar.style == .singleQuoted || scalar.style == .doubleQuoted
        if !isQuoted, let number = Double.construct(from: scalar) { return .number(number) }
        if !isQuoted, let truth = Bool.construct(from: scalar) { return .truth(truth) }
        return .text(scalar.string)
    }

    private func found(_ node: Node) -> String {
        node.scalar.map { "\"\($0.string)\"" } ?? (node.mapping == nil ? "a list" : "further keys")
    }

    private func fail(_ message: String, _ key: String?, _ line: Int?) -> ISRFError {
        ISRFError(.invalidConfiguration, message, at: .init(file: path, line: line, field: key))
    }

    /// An error that names a setting, with the file and the line where it stands.
    func placed(_ error: ISRFError) -> ISRFError {
        var error = error
        let key = error.location?.field
        error.location = .init(file: path, line: key.flatMap { lines[$0] }, field: key)
        return error
    }
}
