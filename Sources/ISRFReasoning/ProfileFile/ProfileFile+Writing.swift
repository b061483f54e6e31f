internal import Foundation
internal import ISRFCore

extension ProfileFile {
    /// Writes the file, items and users in the order of their identifiers.
    /// - Throws: `ISRFError` (`fileAccess`) when it cannot be written; `CancellationError`. Either way no file is left
    ///   behind, and one that was there before stays as it was.
    public func write(to path: String) throws {
        try ProfileFile.write(
            header: header, items: items.sorted { $0.key < $1.key }.lazy.map(\.value),
            users: users.sorted { $0.key < $1.key }.lazy.map(\.value), to: path)
    }

    /// Writes a file from profiles that are given one after the other; it appears under its name when it is complete.
    /// - Throws: As `write(to:)`.
    public static func write(
        header: Header, items: some Sequence<ItemProfile>, users: some Sequence<UserEntry>, to path: String
    ) throws {
        let place = URL(fileURLWithPath: path).resolvingSymlinksInPath()
        let partial = place.deletingLastPathComponent()
            .appendingPathComponent(".\(place.lastPathComponent).\(UUID().uuidString).partial").path
        guard FileManager.default.createFile(atPath: partial, contents: nil),
            let handle = FileHandle(forWritingAtPath: partial)
        else {
            throw ISRFError(
                .fileAccess, "The file cannot be created. Check that its directory exists and can be written to.",
                at: .init(file: path))
        }
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            var buffer = Data()
            func add(_ line: some Encodable) throws {
                buffer.append(try encoder.encode(line))
                buffer.append(UInt8(ascii: "\n"))
                guard buffer.count >= 1 << 18 else { return }
                try Task.checkCancellation()
                try handle.write(contentsOf: buffer)
                buffer.removeAll(keepingCapacity: true)
            }
            try add(header)
            for profile in items { try add(profile) }
            for entry in users { try add(UserLine(entry)) }
            try handle.write(contentsOf: buffer)
            try handle.close()
            try Task.checkCancellation()
            guard rename(partial, place.path) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        } catch {
            try? handle.close()
            try? FileManager.default.removeItem(atPath: partial)
            if error is CancellationError { throw error }
            throw ISRFError(.fileAccess, "The file cannot be written.", at: .init(file: path), underlying: error)
        }
    }

    private struct UserLine: Encodable {
        var user: String
        var history: String
        var likes: Reasoned
        var dislikes: Reasoned
        var preference: Reasoned

        init(_ entry: UserEntry) {
            user = entry.profile.user
            history = entry.history
            likes = entry.profile.likes
            dislikes = entry.profile.dislikes
            preference = entry.profile.preference
        }
    }
}
