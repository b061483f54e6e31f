internal import Foundation
internal import ISRFKit
internal import Yams

/// A configuration read from a YAML file: the default, with the values that the file has.
///
/// Unknown keys, repeated keys and values of another kind are refused with file, line and key.
struct ConfigurationFile: Sendable {
    let configuration: ISRFConfiguration

    /// Reads a file.
    /// - Throws: `ISRFError` (`fileAccess`) when it cannot be read, (`invalidConfiguration`) when it is not as it should
    ///   be.
    init(reading path: String) throws {
        let text: String
        do {
            text = try String(contentsOf: URL(fileURLWithPath: path), encoding: .utf8)
        } catch {
            throw ISRFError(
                .fileAccess, "The configuration cannot be read. Is it there, and is it UTF-8 text?",
                at: .init(file: path))
        }
        try self.init(text: text, path: path)
    }

    /// Reads a text; `path` is what errors call it.
    init(text: String, path: String) throws {
        var reader = ConfigurationReader(path: path)
        do {
            let root = try Yams.compose(yaml: text)
            let node = try reader.merged(root, .standard, key: "")
            configuration = try YAMLDecoder().decode(ISRFConfiguration.self, from: node)
            try configuration.validate()
        } catch let error as YamlError {
            throw YAMLFailure.error(error, path)
        } catch let error as DecodingError {
            throw reader.error(error)
        } catch let error as ISRFError where error.location?.file == nil {
            throw reader.placed(error)
        }
    }
}

/// Lays a file's values over the default ones.
private struct ConfigurationReader {
    let path: String
    private var lines: [String: Int] = [:]

    init(path: String) {
        self.path = path
    }

    /// The default values below a key, with those of `node` in their places.
    mutating func merged(_ node: Node?, _ schema: ConfigurationSchema, key: String) throws -> Node {
        if let node { lines[key] = node.mark?.line }
        switch schema {
        case .value(let kind, let standard, let isUnsigned):
            guard let node else { return .scalar(Node.Scalar(standard)) }
            try check(node, kind, isUnsigned, key)
            return node
        case .section(let entries):
            let given = try pairs(node, key)
            for (name, place) in given where !entries.contains(where: { $0.key == name }) {
                throw unknown(name, entries.map(\.key), key, place.key.mark?.line)
            }
            let pairs = try entries.map { entry in
                let below = key.isEmpty ? entry.key : "\(key).\(entry.key)"
                let value = try merged(given[entry.key]?.value, entry.schema, key: below)
                return (Node(stringLiteral: entry.key), value)
            }
            return Node(pairs)
        }
    }

    private func pairs(_ node: Node?, _ key: String) throws -> [String: (key: Node, value: Node)] {
        guard let node, !ConfigurationReader.isNull(node) else { return [:] }
        guard let mapping = node.mapping else {
            throw fail("A list of keys with values was expected here.", key, node.mark?.line)
        }
        var pairs: [String: (key: Node, value: Node)] = [:]
        for pair in mapping {
            guard let name = pair.key.scalar?.string else {
                throw fail("A key must be a word.", key, pair.key.mark?.line)
            }
            pairs[name] = pair
        }
        return pairs
    }

    private static func isNull(_ node: Node) -> Bool {
        node.scalar.map {
            ["", "~", "null"].contains($0.string) && $0.style != .singleQuoted && $0.style != .doubleQuoted
        }
            ?? false
    }

    private func check(_ node: Node, _ kind: ConfigurationSchema.Kind, _ isUnsigned: Bool, _ key: String) throws {
        let fits: Bool
        if let scalar = node.scalar {
            switch kind {
            case .wholeNumber:
                fits = isUnsigned ? UInt64.construct(from: scalar) != nil : Int.construct(from: scalar) != nil
            case .number: fits = Double.construct(from: scalar)?.isFinite ?? false
            case .truth: fits = Bool.construct(from: scalar) != nil
            case .text: fits = true
            }
        } else {
            fits = false
        }
        guard !fits else { return }
        let found = node.scalar.map { "\"\($0.string)\"" } ?? (node.mapping == nil ? "a list" : "further keys")
        throw fail(
            "The value is \(found); expected was \(kind.expectation)\(isUnsigned ? " that is 0 or more" : "").", key,
            node.mark?.line)
    }

    private func unknown(_ name: String, _ known: [String], _ section: String, _ line: Int?) -> ISRFError {
        let place = section.isEmpty ? "The keys are" : "The keys of \"\(section)\" are"
        return fail(
            "There is no such key. \(place): \(known.joined(separator: ", ")).",
            section.isEmpty ? name : "\(section).\(name)", line)
    }

    private func fail(_ message: String, _ key: String, _ line: Int?) -> ISRFError {
        ISRFError(
            .invalidConfiguration, message, at: .init(file: path, line: line, field: key.isEmpty ? nil : key))
    }

    /// An error that names a key, with the file and the line where it stands.
    func placed(_ error: ISRFError) -> ISRFError {
        var error = error
        let key = error.location?.field
        error.location = .init(file: path, line: key.flatMap { lines[$0] }, field: key)
        return error
    }

    func error(_ error: DecodingError) -> ISRFError {
        let context: DecodingError.Context? =
            switch error {
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
                .dataCorrupted(let context):
                context
            @unknown default: nil
            }
        let key = context?.codingPath.map(\.stringValue).joined(separator: ".") ?? ""
        return fail("The value is not what the key takes.", key, lines[key])
    }
}
