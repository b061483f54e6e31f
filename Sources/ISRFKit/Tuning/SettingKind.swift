/// What can stand as the value of a setting.
enum SettingKind: Sendable {
    case wholeNumber(isUnsigned: Bool)
    case number
    case truth
    case text

    /// The greatest whole number up to which every one can be told from the next as a `Double`.
    static let greatestWhole = 9_007_199_254_740_992.0

    /// The kind in words.
    var expectation: String {
        switch self {
        case .wholeNumber(let isUnsigned): isUnsigned ? "a whole number of 0 or more" : "a whole number"
        case .number: "a number"
        case .truth: "true or false"
        case .text: "a text"
        }
    }

    /// Whether it is a number of either kind.
    var isNumber: Bool {
        switch self {
        case .wholeNumber, .number: true
        case .truth, .text: false
        }
    }

    /// Whether it is a whole number.
    var isWhole: Bool {
        if case .wholeNumber = self { true } else { false }
    }

    /// Whether a value is of this kind.
    func takes(_ value: TuningValue) -> Bool {
        switch (self, value) {
        case (.wholeNumber(let isUnsigned), .number(let number)):
            number == number.rounded() && abs(number) <= SettingKind.greatestWhole && (number >= 0 || !isUnsigned)
        case (.number, .number(let number)): number.isFinite
        case (.truth, .truth), (.text, .text): true
        default: false
        }
    }
}
