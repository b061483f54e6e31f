public import Foundation
internal import ISRFCore
internal import ISRFData
internal import ISRFNumerics
internal import ISRFOptimization
internal import ISRFReasoning

/// The JSON part of a saved model.
struct SavedDescription: Codable {
    /// How the text encoder is restored.
    enum Encoder: Codable {
        case latentSemantic(LatentSemanticEncoder.State.Description)
        case host
    }

    var configuration: ISRFConfiguration
    var weights: ScoreWeights
    var training: TrainingSummary
    var encoder: Encoder
    var usesDefaultModel: Bool
    var fittedItemCount: Int
    var refinesUserGraph: Bool
}

/// Users and what they took, as they are saved.
struct SavedInteractions: Codable {
    var users: [String]
    var histories: [[Int]]
}

/// What was reasoned, as it is saved.
struct SavedProfiles: Codable {
    var items: [ItemProfile]
    var users: [UserProfile]
}

enum ModelFiles {
    static let weights = "weights.safetensors"
    static let description = "model.json"
    static let items = "items.json"
    static let interactions = "interactions.json"
    static let profiles = "profiles.json"
    static let all = [weights, description, items, interactions, profiles]
}

extension Recommender {
    /// Saves the recommender as a model directory: weights in safetensors, everything else in JSON, and a manifest with
    /// the format's version and checksums.
    ///
    /// The directory appears whole or not at all: when saving fails or is cancelled, a model that stood there before
    /// still does. Only an empty directory or a model is replaced; anything else is left alone. Stages of the host's own
    /// are not saved: `Recommender.load` takes them again.
    /// - Throws: `ISRFError` (`fileAccess`) when the directory cannot be written or holds something that is not a model;
    ///   `CancellationError`.
    public func save(to directory: URL) throws {
        let directory = directory.resolvingSymlinksInPath()
        try requireReplaceable(directory)
        try Task.checkCancellation()
        let files = try encodedFiles()
        var manifest = ModelManifest(recommender: self, files: [:])
        for (name, data) in files {
            manifest.files[name] = ModelManifest.File(bytes: data.count, sha256: Checksum.sha256(data))
        }
        let manager = FileManager.default
        let temporary = directory.deletingLastPathComponent()
            .appendingPathComponent(".\(directory.lastPathComponent).\(UUID().uuidString).partial")
        do {
            try manager.createDirectory(at: temporary, withIntermediateDirectories: true)
            for (name, data) in files {
                try Task.checkCancellation()
                try data.write(to: temporary.appendingPathComponent(name))
            }
            try json(manifest).write(to: temporary.appendingPathComponent(ModelManifest.fileName))
            try Task.checkCancellation()
            try DirectoryReplacement().put(temporary, at: directory)
        } catch {
            try? manager.removeItem(at: temporary)
            if error is CancellationError { throw error }
            throw ISRFError(
                .fileAccess, "The model could not be written.", at: .init(file: directory.path), underlying: error)
        }
    }

    /// Refuses a place where anything but a model would be lost.
    private func requireReplaceable(_ directory: URL) throws {
        let manager = FileManager.default
        guard manager.fileExists(atPath: directory.path) else { return }
        let contents = try? manager.contentsOfDirectory(atPath: directory.path)
        let known = Set(ModelFiles.all + [ModelManifest.fileName])
        guard let contents, contents.isEmpty || (known.isSuperset(of: contents) && ModelManifest.marks(directory))
        else {
            throw ISRFError(
                .fileAccess,
                "This is neither an empty directory nor a model alone, so nothing was written. Choose another place.",
                at: .init(file: directory.path))
        }
    }

    private func encodedFiles() throws -> [String: Data] {
        var tensors = scorer.model.state().reduce(into: [String: Safetensors.Tensor]()) {
            $0["model." + $1.key] = .floats($1.value)
        }
        var encoderKind = SavedDescription.Encoder.host
        if let latent = encoder as? LatentSemanticEncoder {
            let state = try latent.state()
            encoderKind = .latentSemantic(state.description)
            for (name, matrix) in state.matrices { tensors["encoder." + name] = .floats(matrix) }
        }
        tensors["texts.items"] = .floats(scorer.views.textVectors)
        tensors["texts.users"] = .floats(userVectors)
        tensors["users.counts"] = .integers(userGraph.neighbours.map { Int32($0.count) })
        tensors["users.neighbours"] = .integers(userGraph.neighbours.flatMap { $0.map { Int32($0.user) } })
        let similarities = userGraph.neighbours.flatMap { $0.map(\.weight) }
        tensors["users.weights"] = .floats(
            Matrix(rows: 1, columns: similarities.count, elements: similarities))
        for (name, matrix) in [("transitions", transitions.matrix), ("attributes", scorer.views.attributes)] {
            tensors["\(name).counts"] = .integers((0..<matrix.rows).map { Int32(matrix.entries(inRow: $0).count) })
            tensors["\(name).columns"] = .integers(matrix.columnIndices)
            tensors["\(name).values"] = .floats(
                Matrix(rows: 1, columns: matrix.values.count, elements: matrix.values))
        }
        return [
            ModelFiles.weights: try Safetensors.encode(tensors),
            ModelFiles.description: try json(
                SavedDescription(
                    configuration: configuration, weights: weights, training: training, encoder: encoderKind,
                    usesDefaultModel: scorer.model is TransformerGenerativeModel, fittedItemCount: fittedItemCount,
                    refinesUserGraph: refinesUserGraph)),
            ModelFiles.items: try json(catalogue.items),
            ModelFiles.interactions: try json(
                SavedInteractions(users: log.users.identifiers, histories: log.histories)),
            ModelFiles.profiles: try json(SavedProfiles(items: itemProfiles, users: userProfiles)),
        ]
    }

    private func json(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return try encoder.encode(value)
    }
}
