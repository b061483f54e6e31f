/// How the fields of a table's rows are separated and quoted.
enum TableDialect {
    /// RFC 4180: fields in quotes may hold commas, doubled quotes and ends of lines.
    case commas
    /// A row is a line and fields hold no tab; quotes around a whole field are taken off, others mean themselves.
    case tabs

    var delimiter: UInt8 { self == .commas ? .comma : .tab }
    var delimiterName: String { self == .commas ? "comma" : "tab" }
}
