internal import Foundation
internal import ISRFCore
internal import ISRFNumerics

/// Reads and writes the safetensors format: a length, a JSON header, and the numbers, little-endian.
enum Safetensors {
    /// A tensor's numbers.
    enum Tensor: Equatable {
        case floats(Matrix)
        case integers([Int32])
    }

    private struct Entry: Codable {
        var dtype: String
        var shape: [Int]
        var data_offsets: [Int]
    }

    private static let greatestHeader = 100_000_000

    static func encode(_ tensors: [String: Tensor]) throws -> Data {
        var entries: [String: Entry] = [:]
        var body = Data()
        for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
            let start = body.count
            switch tensor {
            case .floats(let matrix):
                matrix.elements.withUnsafeBytes { body.append(contentsOf: $0) }
                entries[name] = Entry(
                    dtype: "F32", shape: [matrix.rows, matrix.columns], data_offsets: [start, body.count])
            case .integers(let values):
                values.withUnsafeBytes { body.append(contentsOf: $0) }
                entries[name] = Entry(dtype: "I32", shape: [values.count], data_offsets: [start, body.count])
            }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        var header = try encoder.encode(entries)
        while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
        var data = Data()
        withUnsafeBytes(of: UInt64(header.count).littleEndian) { data.append(contentsOf: $0) }
        data.append(header)
        data.append(body)
        return data
    }

    /// - Throws: `ISRFError` (`invalidModel`) when the bytes are not a whole safetensors file of F32 and I32 tensors.
    static func decode(_ data: Data, file: String) throws -> [String: Tensor] {
        func fail(_ what: String) -> ISRFError {
            ISRFError(.invalidModel, "The weights are damaged: \(what).", at: .init(file: file))
        }
        guard data.count >= 8 else { throw fail("the file is shorter than its header's length") }
        let length = data.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= greatestHeader, Int(length) + 8 <= data.count else {
            throw fail("the header does not fit in the file")
        }
        let start = data.startIndex + 8 + Int(length)
        let entries: [String: Entry]
        do {
            entries = try JSONDecoder().decode([String: Entry].self, from: data[(data.startIndex + 8)..<start])
        } catch {
            throw fail("the header cannot be read")
        }
        var tensors: [String: Tensor] = [:]
        for (name, entry) in entries {
            guard entry.data_offsets.count == 2, entry.shape.allSatisfy({ $0 >= 0 && $0 < 1 << 31 }),
                entry.data_offsets[0] >= 0, entry.data_offsets[0] <= entry.data_offsets[1],
                entry.data_offsets[1] <= data.count - 8 - Int(length)
            else { throw fail("the place of \"\(name)\" is out of range") }
            var count = 1
            for extent in entry.shape {
                let (product, overflow) = count.multipliedReportingOverflow(by: extent)
                guard !overflow else { throw fail("the shape of \"\(name)\" is too large") }
                count = product
            }
            let bytes = data[(start + entry.data_offsets[0])..<(start + entry.data_offsets[1])]
            guard bytes.count == count * 4, count < 1 << 40 else {
                throw fail("\"\(name)\" has \(bytes.count) bytes for a shape of \(entry.shape)")
            }
            switch (entry.dtype, entry.shape.count) {
            case ("F32", 2):
                tensors[name] = .floats(
                    Matrix(rows: entry.shape[0], columns: entry.shape[1], elements: numbers(bytes, count)))
            case ("I32", 1): tensors[name] = .integers(numbers(bytes, count))
            default: throw fail("\"\(name)\" is of type \(entry.dtype) with \(entry.shape.count) dimensions")
            }
        }
        return tensors
    }

    private static func numbers<Number>(_ bytes: Data, _ count: Int) -> [Number] {
        Array(unsafeUninitializedCapacity: count) { buffer, initialized in
            _ = bytes.copyBytes(to: UnsafeMutableRawBufferPointer(buffer))
            initialized = count
        }
    }
}
