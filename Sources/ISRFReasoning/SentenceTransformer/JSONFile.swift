internal import Foundation
internal import ISRFCore

/// One JSON file of a model's folder.
enum JSONFile {
    /// Reads a file that must be there.
    /// - Throws: `ISRFError` with the file and the field: (`fileAccess`) when it cannot be read, (`invalidModel`) when it is
    ///   not JSON or a field is of another type.
    static func read<Value: Decodable>(_ type: Value.Type, from path: String) throws -> Value {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw ISRFError(
                .fileAccess, "The file cannot be read; the sentence model needs it.", at: .init(file: path),
                underlying: error)
        }
        do {
            return try JSONDecoder().decode(type, from: data)
        } catch let error as DecodingError {
            throw mismatch(error, in: path)
        } catch {
            throw ISRFError(.invalidModel, "The file is not JSON.", at: .init(file: path), underlying: error)
        }
    }

    /// Reads a file that may be left out.
    static func readIfPresent<Value: Decodable>(_ type: Value.Type, from path: String) throws -> Value? {
        FileManager.default.fileExists(atPath: path) ? try read(type, from: path) : nil
    }

    private static func mismatch(_ error: DecodingError, in path: String) -> ISRFError {
        func fail(_ what: String, _ context: DecodingError.Context, key: (any CodingKey)? = nil) -> ISRFError {
            let keys = (context.codingPath + [key].compactMap(\.self)).map(\.stringValue)
            let field = keys.isEmpty ? nil : keys.joined(separator: ".")
            return ISRFError(.invalidModel, what, at: .init(file: path, field: field))
        }
        switch error {
        case .typeMismatch(let type, let context): return fail("A value of type \(type) was expected.", context)
        case .valueNotFound(let type, let context): return fail("A value of type \(type) was expected.", context)
        case .keyNotFound(let key, let context): return fail("The field is missing.", context, key: key)
        case .dataCorrupted(let context): return fail("The JSON is damaged: \(context.debugDescription)", context)
        @unknown default: return ISRFError(.invalidModel, "The JSON is damaged: \(error)", at: .init(file: path))
        }
    }
}
