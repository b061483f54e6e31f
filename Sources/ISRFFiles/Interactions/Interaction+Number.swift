internal import ISRFData

extension Interaction {
    /// A number that a text gives, or nil when there is none.
    static func number(_ text: String, field: String) throws(RecordFault) -> Double? {
        guard let text = text.nonBlank else { return nil }
        guard let number = Double(text.trimmed), number.isFinite else {
            throw RecordFault(
                "\"\(text.shortened)\" is not a number. Expected one, for a time seconds since 1970 for instance.",
                field: field)
        }
        return number
    }
}
