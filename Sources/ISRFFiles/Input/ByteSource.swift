internal import Foundation
internal import ISRFCore

/// The bytes of a file from first to last, piece by piece, decompressed where they are compressed.
final class ByteSource {
    private static let pieceSize = 1 << 18

    private let path: String
    private let handle: FileHandle
    private var firstPiece: [UInt8]?
    private var gzip: GzipDecompressor?

    /// Opens a file.
    /// - Throws: `ISRFError` (`fileAccess`) when there is no such file, or when it cannot be read as text or gzip.
    init(path: String, limits: ReadingLimits) throws {
        self.path = path
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw ISRFError(.fileAccess, "There is no such file. Check the path.", at: .init(file: path))
        }
        guard !isDirectory.boolValue else {
            throw ISRFError(.fileAccess, "This is a directory. Give the path of a file in it.", at: .init(file: path))
        }
        do {
            handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        } catch {
            throw ISRFError(
                .fileAccess, "The file cannot be opened. Check that you may read it.", at: .init(file: path),
                underlying: error)
        }
        let piece = try readPiece()
        if piece.starts(with: [0x1F, 0x8B]) {
            gzip = try GzipDecompressor(path: path, limits: limits)
        } else if let form = Self.foreignForm(of: piece) {
            throw ISRFError(
                .fileAccess, "The file is \(form), which cannot be read here. Unpack it, or compress it with gzip.",
                at: .init(file: path))
        } else if path.lowercased().hasSuffix(".gz"), !piece.isEmpty {
            throw ISRFError(
                .fileAccess,
                "The name says gzip but the contents do not begin as gzip does. If it is plain text, rename it "
                    + "without .gz; otherwise fetch it again.",
                at: .init(file: path))
        } else if path.lowercased().hasSuffix(".gz") {
            throw ISRFError(
                .fileAccess, "The compressed file has no contents at all. Fetch or make it again.",
                at: .init(file: path))
        }
        firstPiece = piece
    }

    deinit {
        try? handle.close()
    }

    /// The next bytes; none at the end.
    func read() throws -> [UInt8] {
        if Task.isCancelled { throw CancellationError() }
        guard let gzip else { return try takePiece() }
        return try gzip.read { try self.takePiece() }
    }

    private func takePiece() throws -> [UInt8] {
        if let piece = firstPiece {
            firstPiece = nil
            return piece
        }
        return try readPiece()
    }

    private func readPiece() throws -> [UInt8] {
        do {
            return try handle.read(upToCount: Self.pieceSize).map { [UInt8]($0) } ?? []
        } catch {
            throw ISRFError(.fileAccess, "Reading failed.", at: .init(file: path), underlying: error)
        }
    }

    private static func foreignForm(of bytes: [UInt8]) -> String? {
        let forms: [(String, [UInt8])] = [
            ("a zip archive", [0x50, 0x4B, 0x03, 0x04]), ("compressed with bzip2", [0x42, 0x5A, 0x68]),
            ("compressed with xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A]), ("compressed with zstd", [0x28, 0xB5, 0x2F, 0xFD]),
            ("text in UTF-16 instead of UTF-8", [0xFF, 0xFE]), ("text in UTF-16 instead of UTF-8", [0xFE, 0xFF]),
        ]
        return forms.first { bytes.starts(with: $0.1) }?.0
    }
}
