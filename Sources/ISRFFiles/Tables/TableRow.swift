/// One row of a table.
struct TableRow {
    /// The line at which the row begins, counted from 1.
    var line: Int
    /// The fields' bytes, unquoted.
    var bytes: [UInt8] = []
    /// Each field's place in `bytes`.
    var fields: [Range<Int>] = []

    /// The text of a field.
    subscript(field: Int) -> String { String(decoding: bytes[fields[field]], as: UTF8.self) }
}
