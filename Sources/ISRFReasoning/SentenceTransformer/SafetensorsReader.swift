internal import Foundation
internal import ISRFCore
internal import ISRFNumerics

/// The tensors of a safetensors file: a length, a JSON header, and the numbers, little-endian.
struct SafetensorsReader {
    struct Entry: Decodable {
        var dtype: String
        var shape: [Int]
        var data_offsets: [Int]
    }

    /// All entries of the header but the file's description of itself.
    private struct Header: Decodable {
        var entries: [String: Entry] = [:]

        struct Name: CodingKey {
            var stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { return nil }
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Name.self)
            for key in container.allKeys where key.stringValue != "__metadata__" {
                entries[key.stringValue] = try container.decode(Entry.self, forKey: key)
            }
        }
    }

    /// The bytes of one number; other types are let be until they are asked for.
    private static let sizes = [
        "F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U64": 8, "U32": 4, "U16": 2,
        "U8": 1, "BOOL": 1,
    ]

    let path: String
    let entries: [String: Entry]
    private let data: Data
    private let bodyStart: Int

    /// Maps the file into memory and checks that every tensor has its own place in it, as large as its shape.
    /// - Throws: `ISRFError` (`fileAccess`, `invalidModel`) with the file and the tensor.
    init(path: String) throws {
        func fail(_ what: String, field: String? = nil) -> ISRFError {
            ISRFError(.invalidModel, what, at: .init(file: path, field: field))
        }
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
        } catch {
            throw ISRFError(
                .fileAccess, "The weights cannot be read; a file in safetensors form was expected.",
                at: .init(file: path), underlying: error)
        }
        self.path = path
        guard data.count >= 8 else {
            throw fail("The file has \(data.count) bytes; at least the 8 of the header's length were expected.")
        }
        let length = data.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(data.count - 8) else {
            throw fail(
                "The header is said to have \(length) bytes, but only \(data.count - 8) follow: the file is cut off or "
                    + "not in safetensors form.")
        }
        bodyStart = 8 + Int(length)
        do {
            entries = try JSONDecoder().decode(
                Header.self, from: data[data.startIndex + 8..<data.startIndex + bodyStart]
            ).entries
        } catch {
            throw ISRFError(
                .invalidModel, "The header is no JSON that describes tensors.", at: .init(file: path),
                underlying: error)
        }
        var previous = (end: 0, name: "")
        let inOrder = entries.sorted {
            let (one, other) = ($0.value.data_offsets, $1.value.data_offsets)
            return one == other ? $0.key < $1.key : one.lexicographicallyPrecedes(other)
        }
        for (name, entry) in inOrder {
            let end = try Self.checkedEnd(entry, bodyCount: data.count - bodyStart) { fail($0, field: name) }
            guard entry.data_offsets[0] >= previous.end else {
                throw fail("The tensor's bytes overlap those of \"\(previous.name)\".", field: name)
            }
            previous = (end, name)
        }
    }

    private static func checkedEnd(_ entry: Entry, bodyCount: Int, fail: (String) -> ISRFError) throws -> Int {
        guard entry.data_offsets.count == 2, entry.data_offsets[0] >= 0,
            entry.data_offsets[0] <= entry.data_offsets[1], entry.data_offsets[1] <= bodyCount
        else {
            throw fail(
                "The tensor's offsets are \(entry.data_offsets); two ascending numbers up to \(bodyCount), where the file "
                    + "ends, were expected.")
        }
        guard let size = sizes[entry.dtype] else { return entry.data_offsets[1] }
        var bytes = size
        for extent in entry.shape {
            let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
            guard extent >= 0, !overflow else { throw fail("The tensor's shape \(entry.shape) is impossible.") }
            bytes = product
        }
        let found = entry.data_offsets[1] - entry.data_offsets[0]
        guard bytes == found else {
            throw fail("The tensor has \(found) bytes; its shape \(entry.shape) of \(entry.dtype) needs \(bytes).")
        }
        return entry.data_offsets[1]
    }

    /// The numbers of a tensor of type F32, F16 or BF16 with exactly the given shape.
    /// - Throws: `ISRFError` (`invalidModel`) when the tensor is missing, has another shape or type, or holds a number
    ///   that is not finite.
    func numbers(_ name: String, shape: [Int]) throws -> [Float] {
        func fail(_ what: String) -> ISRFError {
            ISRFError(.invalidModel, what, at: .init(file: path, field: name))
        }
        guard let entry = entries[name] else {
            throw fail("The tensor is missing; one of shape \(shape) was expected.")
        }
        guard entry.shape == shape else {
            throw fail("The tensor's shape is \(entry.shape); \(shape) was expected from config.json.")
        }
        let first = data.startIndex + bodyStart
        let bytes = data[first + entry.data_offsets[0]..<first + entry.data_offsets[1]]
        let numbers: [Float]
        switch entry.dtype {
        case "F32": numbers = Self.read(UInt32.self, from: bytes) { Float(bitPattern: $0) }
        case "F16": numbers = Self.read(UInt16.self, from: bytes) { Float(halfBits: $0) }
        case "BF16": numbers = Self.read(UInt16.self, from: bytes) { Float(bitPattern: UInt32($0) << 16) }
        default: throw fail("The tensor is of type \(entry.dtype); F32, F16 or BF16 was expected.")
        }
        guard numbers.allFinite else { throw fail("The tensor holds a number that is not finite.") }
        return numbers
    }

    private static func read<Bits: FixedWidthInteger>(
        _ type: Bits.Type, from bytes: Data, number: (Bits) -> Float
    ) -> [Float] {
        let size = MemoryLayout<Bits>.size
        return bytes.withUnsafeBytes { source in
            [Float](unsafeUninitializedCapacity: source.count / size) { target, count in
                for index in 0..<source.count / size {
                    target[index] = number(
                        Bits(littleEndian: source.loadUnaligned(fromByteOffset: index * size, as: Bits.self)))
                }
                count = source.count / size
            }
        }
    }
}

extension Float {
    /// The number that the bits of an IEEE 754 half-precision number stand for.
    init(halfBits bits: UInt16) {
        let sign = UInt32(bits & 0x8000) << 16
        let magnitude = UInt32(bits & 0x7FFF)
        if magnitude >= 0x7C00 {
            self.init(bitPattern: sign | 0x7F80_0000 | magnitude << 13)
        } else {
            // Shifted into place, the exponent is 112 too small; the product also makes subnormal numbers normal.
            let scaled = Float(bitPattern: magnitude << 13) * 0x1p112
            self.init(bitPattern: sign | scaled.bitPattern)
        }
    }
}
