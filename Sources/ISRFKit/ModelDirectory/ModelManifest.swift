internal import ISRFCore
internal import Foundation

/// What a model directory says of itself: its format and its files with their checksums.
public struct ModelManifest: Sendable, Codable, Hashable {
    /// One file of the directory.
    public struct File: Sendable, Codable, Hashable {
        /// The file's length in bytes.
        public var bytes: Int
        /// The file's SHA-256 as hexadecimal digits.
        public var sha256: String
    }

    /// The format that this version writes and the newest one it reads.
    public static let currentVersion = 1
    static let formatName = "isrf-model"
    static let fileName = "manifest.json"

    /// Always "isrf-model".
    public var format: String
    /// The version of the format.
    public var formatVersion: Int
    /// The number of users.
    public var users: Int
    /// The number of items.
    public var items: Int
    /// The number of interactions.
    public var interactions: Int
    /// What reasoned about items and users, as it describes itself; nil when it was not written down.
    public var reasoner: String?
    /// What encoded texts, as it describes itself; nil when it was not written down.
    public var encoder: String?
    /// The files by name.
    public var files: [String: File]

    private struct Version: Decodable {
        var format: String
        var formatVersion: Int
    }

    /// Whether a directory has the manifest of an ISRF model of whatever version.
    static func marks(_ directory: URL) -> Bool {
        guard let data = FileManager.default.contents(atPath: directory.appendingPathComponent(fileName).path),
            let version = try? JSONDecoder().decode(Version.self, from: data)
        else { return false }
        return version.format == formatName
    }

    /// Reads the manifest of a model directory without reading the model.
    /// - Throws: `ISRFError` (`fileAccess`) when there is no such directory, (`invalidModel`) when it has no manifest, or
    ///   one that cannot be read or is too new.
    public init(directory: String) throws {
        let path = directory + "/" + ModelManifest.fileName
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory), isDirectory.boolValue else {
            throw ISRFError(.fileAccess, "There is no model here: this is not a directory.", at: .init(file: directory))
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ISRFError(
                .invalidModel, "There is no readable model here: the directory has no \(ModelManifest.fileName).",
                at: .init(file: path))
        }
        guard let version = try? JSONDecoder().decode(Version.self, from: data),
            version.format == ModelManifest.formatName, version.formatVersion >= 1
        else {
            throw ISRFError(.invalidModel, "This is not the manifest of an ISRF model.", at: .init(file: path))
        }
        guard version.formatVersion <= ModelManifest.currentVersion else {
            throw ISRFError(
                .invalidModel,
                "The model has format version \(version.formatVersion); this program reads up to "
                    + "\(ModelManifest.currentVersion). Use a newer version of ISRFKit.", at: .init(file: path))
        }
        do {
            self = try JSONDecoder().decode(ModelManifest.self, from: data)
        } catch {
            throw ISRFError(
                .invalidModel, "The manifest is damaged.", at: .init(file: path), underlying: error)
        }
    }

    init(recommender: Recommender, files: [String: File]) {
        format = ModelManifest.formatName
        formatVersion = ModelManifest.currentVersion
        users = recommender.log.userCount
        items = recommender.catalogue.count
        interactions = recommender.log.interactionCount
        reasoner = recommender.training.reasoner
        encoder = recommender.training.encoder
        self.files = files
    }
}
