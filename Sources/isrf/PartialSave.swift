internal import Foundation

/// What saving a model has written beside the directory that it is to become.
struct PartialSave: Sendable, Equatable {
    private let parent: URL
    private let prefix: String
    private let earlier: Set<String>

    /// Looks at what is there before saving begins: that is not of this save.
    init(of model: URL) {
        let model = model.resolvingSymlinksInPath()
        parent = model.deletingLastPathComponent()
        prefix = ".\(model.lastPathComponent)."
        earlier = PartialSave.names(parent, prefix)
    }

    /// Removes it.
    func discard() {
        for name in PartialSave.names(parent, prefix).subtracting(earlier) {
            try? FileManager.default.removeItem(at: parent.appendingPathComponent(name))
        }
    }

    private static func names(_ parent: URL, _ prefix: String) -> Set<String> {
        let contents = (try? FileManager.default.contentsOfDirectory(atPath: parent.path)) ?? []
        return Set(contents.filter { $0.hasPrefix(prefix) && $0.hasSuffix(".partial") })
    }
}
