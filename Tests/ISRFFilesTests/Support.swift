import CZlib
import Foundation
import ISRFCore
import ISRFData
import Testing

@testable import ISRFFiles

/// A directory that is there for the length of a test.
final class Scratch {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("isrf-files-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    @discardableResult
    func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
        try Data(bytes).write(to: url.appendingPathComponent(name))
        return path(name)
    }

    /// Writes a text and reads it as items.
    func items(
        _ name: String, _ text: String, format: ItemFileFormat? = nil, skipping: Bool = false
    ) throws -> ItemFile {
        try ItemFile(reading: write(name, text.utf8), format: format, skippingMalformed: skipping)
    }

    /// Writes a text and reads it as interactions.
    func interactions(
        _ name: String, _ text: String, format: InteractionFileFormat? = nil, items: [String] = ["a", "b", "c"],
        skipping: Bool = false
    ) throws -> InteractionFile {
        try InteractionFile(
            reading: write(name, text.utf8), format: format, catalogue: catalogue(items), skippingMalformed: skipping)
    }
}

func catalogue(_ identifiers: [String]) throws -> Catalogue {
    try Catalogue(items: identifiers.map { Item(id: $0) })
}

extension InteractionLog {
    /// Each user's history by identifiers.
    func named(_ catalogue: [String] = ["a", "b", "c"]) -> [String: [String]] {
        Dictionary(uniqueKeysWithValues: zip(users.identifiers, histories.map { $0.map { catalogue[$0] } }))
    }
}

/// Expects an error of ISRFKit with a line, a field and words in its message.
func expectError(
    _ code: ISRFError.Code = .invalidData, line: Int? = nil, field: String? = nil, _ words: String...,
    sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) {
    do {
        try body()
        Issue.record("nothing was thrown", sourceLocation: sourceLocation)
    } catch let error as ISRFError {
        #expect(error.code == code, sourceLocation: sourceLocation)
        #expect(error.location?.line == line, "\(error)", sourceLocation: sourceLocation)
        #expect(error.location?.field == field, "\(error)", sourceLocation: sourceLocation)
        for word in words {
            #expect(error.message.contains(word), "\(error)", sourceLocation: sourceLocation)
        }
    } catch {
        Issue.record("thrown was \(error)", sourceLocation: sourceLocation)
    }
}

/// Compresses with gzip.
func gzip(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    var input = Array(bytes)
    var stream = z_stream()
    deflateInit2_(
        &stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    defer { deflateEnd(&stream) }
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(input.count))) + 64)
    let room = output.count
    let count = input.withUnsafeMutableBufferPointer { input in
        output.withUnsafeMutableBufferPointer { output in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            stream.next_out = output.baseAddress
            stream.avail_out = UInt32(room)
            deflate(&stream, Z_FINISH)
            return room - Int(stream.avail_out)
        }
    }
    return Array(output[..<count])
}
