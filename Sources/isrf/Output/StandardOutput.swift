internal import Foundation
internal import ISRFKit

/// Where results go.
enum StandardOutput {
    /// Writes a text and a line's end.
    /// - Throws: `ISRFError` (`fileAccess`) when the text cannot be written, as on a full disk.
    static func write(_ text: String) throws {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8))
        } catch {
            throw ISRFError(.fileAccess, "Standard output could not be written to.", underlying: error)
        }
    }

    /// Writes a value as JSON with its keys in alphabetical order, and a line's end.
    /// - Parameter isIndented: Whether it takes many lines for people, or one for programs.
    static func write(json value: some Encodable, isIndented: Bool) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if isIndented { encoder.outputFormatting.insert(.prettyPrinted) }
        try write(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}
