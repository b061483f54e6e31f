internal import Foundation
internal import ISRFCore
internal import ISRFNumerics
internal import ISRFUserGraph

/// Reads the files of a model directory and holds them against the manifest.
struct ModelReader {
    let directory: URL

    /// The contents of all files that a manifest names, each as long as it says and with its checksum.
    func verifiedFiles(_ manifest: ModelManifest) throws -> [String: Data] {
        var files: [String: Data] = [:]
        if let name = manifest.files.keys.filter({ !ModelFiles.all.contains($0) }).min() {
            throw ISRFError(
                .invalidModel, "The manifest names the file \"\(name)\", which a model does not have.",
                at: .init(file: directory.appendingPathComponent(ModelManifest.fileName).path))
        }
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
        guard case .floats(let matrix)? = tensors[name], rows == nil || matrix.rows == rows, matrix.isFinite
        else { throw fail(name) }
        return matrix
    }

    func integers(_ name: String) throws -> [Int] {
        guard case .integers(let values)? = tensors[name] else { throw fail(name) }
        return values.map { Int($0) }
    }

    /// All matrices whose names begin with `prefix`, without it.
    func state(prefix: String) throws -> [String: Matrix] {
        var state: [String: Matrix] = [:]
        for name in tensors.keys where name.hasPrefix(prefix) {
            state[String(name.dropFirst(prefix.count))] = try matrix(name)
        }
        return state
    }

    func userGraph(users: Int) throws -> UserGraph {
        let counts = try integers("users.counts")
        let neighbours = try integers("users.neighbours")
        let weights = try matrix("users.weights", rows: 1).elements
        guard counts.count == users, counts.allSatisfy({ $0 >= 0 }), counts.reduce(0, +) == neighbours.count,
            weights.count == neighbours.count, neighbours.allSatisfy({ $0 >= 0 && $0 < users }),
            weights.allSatisfy({ $0 > 0 })
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

    /// A sparse matrix from `name.counts`, `name.columns` and `name.values`; as wide as its columns need when no width is
    /// given.
    func sparse(_ name: String, rows: Int, columns width: Int? = nil) throws -> SparseMatrix {
        let counts = try integers("\(name).counts")
        let columns = try integers("\(name).columns")
        let values = try matrix("\(name).values", rows: 1).elements
        let width = width ?? (columns.max() ?? -1) + 1
        guard counts.count == rows, counts.allSatisfy({ $0 >= 0 }), counts.reduce(0, +) == columns.count,
            values.count == columns.count, columns.allSatisfy({ $0 >= 0 && $0 < width })
        else { throw fail("\(name).columns") }
        let offsets = counts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
        // Lookups halve each row, which takes ascending columns.
        for row in 0..<rows {
            let own = columns[offsets[row]..<offsets[row + 1]]
            guard zip(own, own.dropFirst()).allSatisfy({ $0 < $1 }) else { throw fail("\(name).columns") }
        }
        return SparseMatrix(
            rows: rows, columns: width, rowOffsets: offsets, columnIndices: columns.map { Int32($0) }, values: values)
    }

    private func fail(_ name: String) -> ISRFError {
        ISRFError(
            .invalidModel, "The part \"\(name)\" of the model is missing or contradicts another part.",
            at: .init(file: file))
    }
}
