internal import Foundation
internal import ISRFCore
public import ISRFData

extension ProfileFile {
    /// Reads a file, one line at a time.
    /// - Parameters:
    ///   - path: The file.
    ///   - catalogue: The catalogue that the profiles are to be of; nil to take items as they come.
    /// - Throws: `ISRFError` with file, line and field: `fileAccess` when the file cannot be read, `invalidData` when it is
    ///   no profile file or from a newer version, of another catalogue, a line is malformed or incomplete, an item is not
    ///   in the catalogue, or a profile stands there twice. `CancellationError`.
    public init(reading path: String, for catalogue: Catalogue? = nil) throws {
        var reader = try JSONLinesReader(path: path)
        let decoder = JSONDecoder()
        self.init(header: try ProfileFile.header(try reader.next(), path, decoder))
        if let catalogue { try requireFit(to: catalogue, path: path) }
        while let line = try reader.next() {
            if line.number % 256 == 0 { try Task.checkCancellation() }
            func fail(_ message: String, _ field: String? = nil) -> ISRFError {
                ISRFError(.invalidData, message, at: .init(file: path, line: line.number, field: field))
            }
            switch try ProfileFile.entry(line, path, decoder) {
            case .item(let profile):
                guard catalogue == nil || catalogue?.identifiers.index(of: profile.item) != nil else {
                    throw fail("The catalogue has no item \"\(profile.item)\".", "item")
                }
                guard items.updateValue(profile, forKey: profile.item) == nil else {
                    throw fail("The item \"\(profile.item)\" has a profile already; keep one.", "item")
                }
            case .user(let entry):
                guard users.updateValue(entry, forKey: entry.profile.user) == nil else {
                    throw fail("The user \"\(entry.profile.user)\" has a profile already; keep one.", "user")
                }
            }
        }
    }

    private struct FormatMark: Decodable {
        var format: String
        var version: Int
    }

    private static func header(_ line: JSONLinesReader.Line?, _ path: String, _ decoder: JSONDecoder) throws -> Header {
        let place = ISRFError.Location(file: path, line: line?.number ?? 1)
        guard let line, let mark = try? decoder.decode(FormatMark.self, from: line.bytes), mark.format == formatName,
            mark.version >= 1
        else {
            throw ISRFError(
                .invalidData,
                "This is not a file of profiles: its first line must be a header with \"format\":\"\(formatName)\" and "
                    + "\"version\":\(currentVersion). Write one with `isrf reason --export-profiles`.", at: place)
        }
        guard mark.version <= currentVersion else {
            throw ISRFError(
                .invalidData,
                "The file has format version \(mark.version); this program reads up to \(currentVersion). Use a newer "
                    + "version of ISRFKit.", at: place)
        }
        return try decoded(line, path) { try decoder.decode(Header.self, from: $0) }
    }

    private enum Entry {
        case item(ItemProfile)
        case user(UserEntry)
    }

    /// Everything that may stand on a line.
    private struct Fields: Decodable {
        var item: String?
        var positive: Reasoned?
        var negative: Reasoned?
        var feature: Reasoned?
        var user: String?
        var history: String?
        var likes: Reasoned?
        var dislikes: Reasoned?
        var preference: Reasoned?
    }

    private static func entry(_ line: JSONLinesReader.Line, _ path: String, _ decoder: JSONDecoder) throws -> Entry {
        let fields = try decoded(line, path) { try decoder.decode(Fields.self, from: $0) }
        func fail(_ message: String, _ field: String? = nil) -> ISRFError {
            ISRFError(.invalidData, message, at: .init(file: path, line: line.number, field: field))
        }
        func identifier(_ value: String, _ field: String) throws -> String {
            guard !value.isEmpty else { throw fail("The identifier is empty.", field) }
            return value
        }
        func required(_ value: Reasoned?, _ field: String) throws -> Reasoned {
            guard let value else { throw fail("The field is missing.", field) }
            guard value.summary.contains(where: { !$0.isWhitespace }) else {
                throw fail("The statement is empty; leave the whole line out instead.", "\(field).summary")
            }
            return value
        }
        switch (fields.item, fields.user) {
        case (let item?, nil):
            return .item(
                ItemProfile(
                    item: try identifier(item, "item"), positive: try required(fields.positive, "positive"),
                    negative: try required(fields.negative, "negative"),
                    feature: try required(fields.feature, "feature")))
        case (nil, let user?):
            let profile = UserProfile(
                user: try identifier(user, "user"), likes: try required(fields.likes, "likes"),
                dislikes: try required(fields.dislikes, "dislikes"),
                preference: try required(fields.preference, "preference"))
            guard let history = fields.history else { throw fail("The field is missing.", "history") }
            return .user(UserEntry(profile: profile, history: history))
        case (nil, nil): throw fail("A line must have \"item\" or \"user\".")
        case (_?, _?): throw fail("A line must have either \"item\" or \"user\", not both.")
        }
    }

    /// Turns what the decoder says into an error with line and field.
    private static func decoded<Value>(
        _ line: JSONLinesReader.Line, _ path: String, _ decode: (Data) throws -> Value
    ) throws -> Value {
        do {
            return try decode(line.bytes)
        } catch let error as DecodingError {
            let (keys, message): ([any CodingKey], String) =
                switch error {
                case .keyNotFound(let key, let context): (context.codingPath + [key], "The field is missing.")
                case .valueNotFound(_, let context): (context.codingPath, "The field is null.")
                case .typeMismatch(_, let context): (context.codingPath, "The value is of the wrong kind.")
                case .dataCorrupted(let context) where context.codingPath.isEmpty:
                    ([], "The line is not a JSON object on its own.")
                case .dataCorrupted(let context): (context.codingPath, "The value is not one that is known.")
                @unknown default: ([], "The line cannot be read.")
                }
            let field = keys.isEmpty ? nil : keys.map(\.stringValue).joined(separator: ".")
            throw ISRFError(.invalidData, message, at: .init(file: path, line: line.number, field: field))
        }
    }
}
