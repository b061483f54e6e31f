internal import GRDB
internal import ISRFCore

/// Words SQLite's errors for the user.
enum StoreErrors {
    static let remedy =
        "Keep the file, restore it from a copy, or begin a new one: exported answers can be imported there."

    static func described<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw described(error, path)
        }
    }

    static func described<Value>(_ path: String, _ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as DatabaseError {
            throw described(error, path)
        } catch let error as ISRFError where error.location == nil {
            throw ISRFError(error.code, error.message, at: .init(file: path), underlying: error.underlying)
        }
    }

    private static func described(_ error: DatabaseError, _ path: String) -> ISRFError {
        let cause = error.message ?? "SQLite code \(error.extendedResultCode.rawValue)"
        let (code, message): (ISRFError.Code, String) =
            switch error.resultCode {
            case .SQLITE_NOTADB:
                (.invalidData, "The file is not a response store, or its beginning is damaged. \(remedy)")
            case .SQLITE_CORRUPT: (.invalidData, "The response store is damaged (\(cause)). \(remedy)")
            case .SQLITE_BUSY, .SQLITE_LOCKED:
                (.fileAccess, "Another process has held the response store for too long. End it, then run again.")
            case .SQLITE_FULL:
                (.fileAccess, "The disk is full. Make room, then run again: what was stored is safe.")
            case .SQLITE_READONLY, .SQLITE_PERM:
                (.fileAccess, "The response store cannot be written. Check the permissions of the file and its folder.")
            case .SQLITE_CANTOPEN:
                (.fileAccess, "The response store cannot be opened (\(cause)). Check its folder and permissions.")
            default: (.fileAccess, "The response store cannot be used (\(cause)).")
            }
        return ISRFError(code, message, at: .init(file: path))
    }
}
