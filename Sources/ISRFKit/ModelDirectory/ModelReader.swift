internal import Foundation
internal import ISRFCore
internal import ISRFNumerics
internal import ISRFUserGraph

/// Reads the files of a model directory and holds them against the manifest.
struct ModelReader {
    let directory: URL

    /// The contents of all files, each as long as the manifest says and with its checksum.
    func verifiedFiles() throws -> [String: Data] {
        let manifest = try ModelManifest(directory: directory.path)
        var files: [String: Data] = [:]
        for name in ModelFiles.all {
            let path = directory.appendingPathComponent(name).path
            guard let expected = manifest.files[name] else {
                throw ISRFError(.invalidModel, "The manifest does not name \(name).", at: .init(file: path))
            }
            guard let data = FileManager.default.contents(atPath: path) else {
                throw ISRFError(.invalidModel, "The file is missing or cannot be read.", at: .init(file: path))
            }
            guard data.count == expected.bytes else {
                throw ISRFError(
                    .invalidModel,
                    "The file has \(data.count) bytes instead of \(expected.bytes): it was cut or changed. "
                        + "Copy or train the model again.", at: .init(file: path))
            }
            guard Checksum.sha256(data) == expected.sha256 else {
                throw ISRFError(
                    .invalidModel,
                    "The file's checksum is not the manifest's: it was changed. Copy or train the model again.",
                    at: .init(file: path))
            }
            files[name] = data
        }
        return files
    }

    static func json<Value: Decodable>(_ files: [String: Data], _ name: String, _ directory: URL) throws -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: files[name] ?? Data())
        } catch {
            throw ISRFError(
                .invalidModel, "The file does not hold what it should.",
                at: .init(file: directory.appendingPathComponent(name).path), underlying: error)
        }
    }
}

/// Takes a model's parts out of its tensors.
struct TensorReader {
    let tensors: [String: Safetensors.Tensor]
    let file: String

    func matrix(_ name: String, rows: Int? = nil) throws -> Matrix {
        guard case .floats(let matrix)? = tensors[name], rows == nil || matrix.rows == rows else { throw fail(name) }
        return matrix
    }

    func integers(_ name: String) throws -> [Int] {
        guard case .integers(let values)? = tensors[name] else { throw fail(name) }
        return values.map { Int($0) }
    }

    /// All matrices whose names begin with `prefix`, without it.
    func state(prefix: String) -> [String: Matrix] {
        var state: [String: Matrix] = [:]
        for (name, tensor) in tensors where name.hasPrefix(prefix) {
            if case .floats(let matrix) = tensor { state[String(name.dropFirst(prefix.count))] = matrix }
        }
        return state
    }

    func userGraph(users: Int) throws -> UserGraph {
        let counts = try integers("users.counts")
        let neighbours = try integers("users.neighbours")
        let weights = try matrix("users.weights", rows: 1).elements
        guard counts.count == users, counts.allSatisfy({ $0 >= 0 }), counts.reduce(0, +) == neighbours.count,
            weights.count == neighbours.count, neighbours.allSatisfy({ $0 >= 0 && $0 < users })
        else { throw fail("users.neighbours") }
        var start = 0
        return UserGraph(
            neighbours: counts.map { count in
                defer { start += count }
                return (start..<start + count).map {
                    UserGraph.Neighbour(user: neighbours[$0], weight: weights[$0])
                }
            })
    }

    func transitions(items: Int) throws -> SparseMatrix {
        let counts = try integers("transitions.counts")
        let columns = try integers("transitions.columns")
        let values = try matrix("transitions.values", rows: 1).elements
        guard counts.count == items, counts.allSatisfy({ $0 >= 0 }), counts.reduce(0, +) == columns.count,
            values.count == columns.count, columns.allSatisfy({ $0 >= 0 && $0 < items })
        else { throw fail("transitions.columns") }
        let offsets = counts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
        return SparseMatrix(
            rows: items, columns: items, rowOffsets: offsets, columnIndices: columns.map { Int32($0) },
            values: values)
    }

    private func fail(_ name: String) -> ISRFError {
        ISRFError(
            .invalidModel, "The part \"\(name)\" of the model is missing or contradicts another part.",
            at: .init(file: file))
    }
}
