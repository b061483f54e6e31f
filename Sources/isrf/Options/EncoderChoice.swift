internal import ArgumentParser
internal import Foundation

/// A text encoder as options and model directories name it.
enum EncoderChoice: Hashable, Sendable, ExpressibleByArgument, CustomStringConvertible {
    /// The default, fitted to the catalogue.
    case latent
    /// A sentence model in a local folder.
    case sentenceTransformer(String)
    /// A model behind `/v1/embeddings`.
    case service(url: String, model: String)

    private static let folderPrefix = "sentence-transformer:"
    private static let unnamedModel = "default"

    init?(argument: String) {
        if argument == "latent" {
            self = .latent
        } else if argument.hasPrefix(EncoderChoice.folderPrefix) {
            let path = String(argument.dropFirst(EncoderChoice.folderPrefix.count))
            guard !path.isEmpty else { return nil }
            self = .sentenceTransformer(path)
        } else if argument.lowercased().hasPrefix("http://") || argument.lowercased().hasPrefix("https://") {
            let parts = argument.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
            let model = parts.count > 1 ? String(parts[1]) : EncoderChoice.unnamedModel
            guard !model.isEmpty else { return nil }
            self = .service(url: String(parts[0]), model: model)
        } else {
            return nil
        }
    }

    /// As it is written as an option; a folder with its whole path, so that it is found from elsewhere too.
    var description: String {
        switch self {
        case .latent: "latent"
        case .sentenceTransformer(let path):
            EncoderChoice.folderPrefix + URL(fileURLWithPath: path).standardizedFileURL.path
        case .service(let url, let model): "\(url)#\(model)"
        }
    }
}
