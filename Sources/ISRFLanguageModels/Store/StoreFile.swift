internal import Foundation
internal import GRDB
internal import ISRFCore
internal import ISRFReasoning

/// The SQLite file of a response store: how it is recognised, opened and laid out.
enum StoreFile {
    /// "ISRF", where SQLite keeps what a file belongs to.
    static let applicationID = 0x4953_5246
    static let schemaVersion = 1
    /// How long a process waits for another one's write.
    static let patience: TimeInterval = 30

    private static let schema = """
        CREATE TABLE answer (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE,
            step TEXT NOT NULL,
            subject TEXT NOT NULL,
            model TEXT NOT NULL,
            fields TEXT NOT NULL,
            promptTokens INTEGER NOT NULL,
            completionTokens INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            checksum TEXT NOT NULL
        );
        CREATE TABLE failure (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL,
            step TEXT NOT NULL,
            subject TEXT NOT NULL,
            reason TEXT NOT NULL,
            promptTokens INTEGER NOT NULL,
            completionTokens INTEGER NOT NULL
        );
        """

    /// Opens or creates a store.
    static func open(_ path: String) throws -> DatabasePool {
        try examine(path)
        var configuration = Configuration()
        configuration.busyMode = .timeout(patience)
        configuration.maximumReaderCount = 4
        configuration.label = "ISRF responses"
        let pool = try patiently { try DatabasePool(path: path, configuration: configuration) }
        try pool.writeWithoutTransaction { database in
            // Otherwise a commit may be lost in a power cut until the next checkpoint.
            try database.execute(sql: "PRAGMA synchronous = FULL")
            try database.execute(sql: "PRAGMA journal_size_limit = 67108864")
        }
        try patiently {
            try pool.write { database in
                guard try isEmpty(database) else { return try recognise(database, path) }
                try database.execute(sql: schema)
                try database.execute(sql: "PRAGMA application_id = \(applicationID)")
                try database.execute(sql: "PRAGMA user_version = \(schemaVersion)")
            }
        }
        return pool
    }

    /// Looks at an existing file without changing it.
    private static func examine(_ path: String) throws {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let attributes, (attributes[.size] as? Int) ?? 0 > 0 else {
            var isDirectory: ObjCBool = false
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
            guard FileManager.default.fileExists(atPath: folder, isDirectory: &isDirectory), isDirectory.boolValue
            else {
                throw ISRFError(
                    .fileAccess, "The folder of the response store does not exist. Create it first.",
                    at: .init(file: path))
            }
            return
        }
        if attributes[.type] as? FileAttributeType == .typeDirectory {
            throw ISRFError(
                .fileAccess, "This is a folder; a response store is a file.", at: .init(file: path))
        }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(patience)
        let queue = try patiently { try DatabaseQueue(path: path, configuration: configuration) }
        try queue.read { database in
            if try isEmpty(database) { return }
            try recognise(database, path)
        }
    }

    private static func isEmpty(_ database: Database) throws -> Bool {
        try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") == 0
    }

    private static func recognise(_ database: Database, _ path: String) throws {
        guard try Int.fetchOne(database, sql: "PRAGMA application_id") == applicationID else {
            throw ISRFError(
                .invalidData,
                "This SQLite file is not a store of responses and was left as it is. Name another file.",
                at: .init(file: path))
        }
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard version <= schemaVersion else {
            throw ISRFError(
                .invalidData,
                "The response store has the layout \(version); this version of ISRFKit reads up to \(schemaVersion). "
                    + "Use the newer version, or name another file.", at: .init(file: path))
        }
        for table in ["answer", "failure"] where try !database.tableExists(table) {
            throw ISRFError(
                .invalidData, "The response store is damaged: the table \"\(table)\" is missing. \(StoreErrors.remedy)",
                at: .init(file: path))
        }
    }

    /// Checks the structure of all pages.
    static func checkPages(_ database: Database) throws {
        let found = try String.fetchAll(database, sql: "PRAGMA integrity_check(3)")
        guard found == ["ok"] else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: found.joined(separator: "; "))
        }
    }

    static func totals(_ database: Database) throws -> ResponseTotals {
        var totals = ResponseTotals()
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT step, count(*), sum(promptTokens), sum(completionTokens), 0 FROM answer GROUP BY step
                UNION ALL SELECT NULL, count(*), sum(promptTokens), sum(completionTokens), 1 FROM failure
                """)
        while let row = try rows.next() {
            let count: Int = row[1]
            totals.promptTokens += row[2] ?? 0
            totals.completionTokens += row[3] ?? 0
            if row[4] == 1 {
                totals.failures = count
            } else {
                totals.answers += count
                if let name: String = row[0], let step = ReasoningStep(rawValue: name) {
                    totals.answersByStep[step] = count
                }
            }
        }
        return totals
    }

    /// Tries again while another process holds a lock that SQLite does not wait for, as when both create the file.
    private static func patiently<Value>(_ body: () throws -> Value) throws -> Value {
        var attempt = 0
        while true {
            do {
                return try body()
            } catch let error as DatabaseError
                where error.resultCode == .SQLITE_BUSY && attempt < 50
            {
                attempt += 1
                usleep(useconds_t(2000 * attempt))
            }
        }
    }
}
