import Foundation
import ISRFKitTesting
import Testing

@testable import ISRFKit

/// A saved model to damage.
private struct Model {
    let scratch: Scratch
    let recommender: Recommender
    var directory: URL { scratch["model"] }

    init() async throws {
        scratch = try Scratch()
        recommender = try await Fitted.sample().1
        try recommender.save(to: scratch["model"])
    }

    func read(_ name: String) throws -> Data { try Data(contentsOf: directory.appendingPathComponent(name)) }

    func write(_ name: String, _ data: Data) throws { try data.write(to: directory.appendingPathComponent(name)) }

    /// Replaces a file and makes the manifest say that this is right.
    func forge(_ name: String, _ data: Data) throws {
        try write(name, data)
        try changeManifest { manifest in
            var files = manifest["files"] as? [String: Any] ?? [:]
            files[name] = ["bytes": data.count, "sha256": Checksum.sha256(data)]
            manifest["files"] = files
        }
    }

    func changeManifest(_ change: (inout [String: Any]) -> Void) throws {
        var manifest = try #require(
            try JSONSerialization.jsonObject(with: read(ModelManifest.fileName)) as? [String: Any])
        change(&manifest)
        try write(ModelManifest.fileName, JSONSerialization.data(withJSONObject: manifest))
    }

    func changeJSON(_ name: String, _ change: (inout [String: Any]) -> Void) throws {
        var value = try #require(try JSONSerialization.jsonObject(with: read(name)) as? [String: Any])
        change(&value)
        try forge(name, JSONSerialization.data(withJSONObject: value))
    }

    func changeTensors(_ change: (inout [String: Safetensors.Tensor]) -> Void) throws {
        var tensors = try Safetensors.decode(read(ModelFiles.weights), file: "")
        change(&tensors)
        try forge(ModelFiles.weights, Safetensors.encode(tensors))
    }

    func expectRefusal(
        _ words: String..., code: ISRFError.Code = .invalidModel, comment: String = "",
        sourceLocation: SourceLocation = #_sourceLocation
    ) async {
        do {
            _ = try await Recommender.load(from: directory)
            Issue.record("the model was taken: \(comment)", sourceLocation: sourceLocation)
        } catch let error as ISRFError {
            #expect(error.code == code, "\(comment): \(error)", sourceLocation: sourceLocation)
            for word in words {
                #expect("\(error)".contains(word), "\(comment): \(error)", sourceLocation: sourceLocation)
            }
        } catch {
            Issue.record("thrown was \(error): \(comment)", sourceLocation: sourceLocation)
        }
    }
}

@Suite("Damaged models")
struct DamagedModelTests {
    static let files = ModelFiles.all + [ModelManifest.fileName]

    @Test("A file that is cut anywhere is refused by name", arguments: files)
    func truncated(_ name: String) async throws {
        let model = try await Model()
        let whole = try model.read(name)
        for length in [0, 1, 7, whole.count / 2, whole.count - 1] {
            try model.write(name, whole.prefix(length))
            await model.expectRefusal(name, comment: "\(length) bytes")
        }
        try model.write(name, whole + [0])
        await model.expectRefusal(name, comment: "one byte too many")
        try model.write(name, whole)
        _ = try await Recommender.load(from: model.directory)
    }

    @Test("A single flipped bit is refused", arguments: files)
    func flippedBits(_ name: String) async throws {
        let model = try await Model()
        let whole = try model.read(name)
        var random = SeededRandom(seed: 11)
        // Every byte of the manifest; of longer files the ends and some places between.
        let places =
            name == ModelManifest.fileName
            ? Array(whole.indices)
            : [0, 8, whole.count / 2, whole.count - 1] + (0..<8).map { _ in random.index(below: whole.count) }
        for place in places {
            var changed = whole
            changed[place] ^= UInt8(1) << UInt8(random.index(below: 8))
            try model.write(name, changed)
            await model.expectRefusal(comment: "\(name), byte \(place)")
        }
    }

    @Test("A missing or renamed file is refused by name", arguments: files)
    func missing(_ name: String) async throws {
        let model = try await Model()
        let place = model.directory.appendingPathComponent(name)
        try FileManager.default.moveItem(at: place, to: model.directory.appendingPathComponent("renamed-" + name))
        await model.expectRefusal(name)
    }

    @Test("No directory, and a file in its place")
    func noDirectory() async throws {
        let scratch = try Scratch()
        await expectError(.fileAccess, "nowhere") { _ = try await Recommender.load(from: scratch["nowhere"]) }
        try Data().write(to: scratch["file"])
        await expectError(.fileAccess, "file") { _ = try await Recommender.load(from: scratch["file"]) }
    }

    @Test("Versions from the future and from before the first are refused, as are other formats")
    func versions() async throws {
        let model = try await Model()
        try model.changeManifest { $0["formatVersion"] = 2 }
        await model.expectRefusal("version 2", "newer version of ISRFKit")
        try model.changeManifest { $0["formatVersion"] = 0 }
        await model.expectRefusal("manifest")
        try model.changeManifest { $0["formatVersion"] = "one" }
        await model.expectRefusal("manifest")
        try model.changeManifest {
            $0["formatVersion"] = 1
            $0["format"] = "other-model"
        }
        await model.expectRefusal("not the manifest of an ISRF model")
    }

    @Test("A manifest that counts otherwise, or names more or fewer files, is refused")
    func contradictingManifest() async throws {
        for key in ["users", "items", "interactions"] {
            let model = try await Model()
            try model.changeManifest { $0[key] = 3 }
            await model.expectRefusal("differently", comment: key)
        }
        let more = try await Model()
        try more.changeManifest { manifest in
            var files = manifest["files"] as? [String: Any] ?? [:]
            files["../../elsewhere"] = ["bytes": 1, "sha256": ""]
            manifest["files"] = files
        }
        await more.expectRefusal("../../elsewhere")
        let fewer = try await Model()
        try fewer.changeManifest { manifest in
            var files = manifest["files"] as? [String: Any] ?? [:]
            files[ModelFiles.items] = nil
            manifest["files"] = files
        }
        await fewer.expectRefusal(ModelFiles.items)
        let wrong = try await Model()
        try wrong.changeManifest { manifest in
            var files = manifest["files"] as? [String: [String: Any]] ?? [:]
            files[ModelFiles.profiles]?["sha256"] = String(repeating: "0", count: 64)
            manifest["files"] = files
        }
        await wrong.expectRefusal(ModelFiles.profiles, "checksum")
    }

    @Test("Every tensor is needed, in its shape and finite, even where checksums are right")
    func tensors() async throws {
        let model = try await Model()
        let whole = try Safetensors.decode(model.read(ModelFiles.weights), file: "")
        #expect(whole.count > 10)
        for (name, tensor) in whole.sorted(by: { $0.key < $1.key }) {
            try model.changeTensors { tensors in
                tensors = whole
                tensors[name] = nil
                tensors["renamed." + name] = tensor
            }
            await model.expectRefusal(comment: "\(name) renamed")
            switch tensor {
            case .floats(var matrix):
                guard !matrix.elements.isEmpty else { continue }
                matrix.elements[0] = .nan
                try model.changeTensors {
                    $0 = whole
                    $0[name] = .floats(matrix)
                }
                await model.expectRefusal(comment: "\(name) with not-a-number")
                try model.changeTensors {
                    $0 = whole
                    $0[name] = .floats(Matrix(rows: 0, columns: matrix.columns))
                }
                await model.expectRefusal(comment: "\(name) without rows")
            case .integers(var values):
                values[0] = -1
                try model.changeTensors {
                    $0 = whole
                    $0[name] = .integers(values)
                }
                await model.expectRefusal(comment: "\(name) with a negative number")
                values[0] = 1_000_000
                try model.changeTensors {
                    $0 = whole
                    $0[name] = .integers(values)
                }
                await model.expectRefusal(comment: "\(name) with a number out of range")
            }
        }
    }

    @Test("Contents that contradict each other or are out of range are refused, even where checksums are right")
    func contents() async throws {
        func refused(_ name: String, _ what: String, _ change: (inout [String: Any]) -> Void) async throws {
            let model = try await Model()
            try model.changeJSON(name, change)
            await model.expectRefusal(comment: what)
        }
        try await refused(ModelFiles.interactions, "a user without history") { value in
            value["users"] = (value["users"] as? [String] ?? []) + ["one more"]
        }
        try await refused(ModelFiles.interactions, "a history out of range") { value in
            var histories = value["histories"] as? [[Int]] ?? []
            histories[0][0] = 4_000
            value["histories"] = histories
        }
        try await refused(ModelFiles.interactions, "nobody") { value in
            value["users"] = []
            value["histories"] = []
        }
        try await refused(ModelFiles.profiles, "a profile too few") { value in
            value["users"] = Array((value["users"] as? [Any] ?? []).dropLast())
        }
        try await refused(ModelFiles.description, "a width of nothing") { value in
            var configuration = value["configuration"] as? [String: Any] ?? [:]
            var model = configuration["model"] as? [String: Any] ?? [:]
            model["width"] = 0
            configuration["model"] = model
            value["configuration"] = configuration
        }
        try await refused(ModelFiles.description, "another width") { value in
            var configuration = value["configuration"] as? [String: Any] ?? [:]
            var model = configuration["model"] as? [String: Any] ?? [:]
            model["width"] = 32
            configuration["model"] = model
            value["configuration"] = configuration
        }
        for count in [-1, 0, 5, 4_000] {
            try await refused(ModelFiles.description, "\(count) items at fitting") { $0["fittedItemCount"] = count }
        }
        let model = try await Model()
        try model.forge(ModelFiles.items, Data("[]".utf8))
        await model.expectRefusal(comment: "no items")
        try model.forge(ModelFiles.items, Data("{}".utf8))
        await model.expectRefusal(ModelFiles.items)
    }
}
