internal import ISRFKit

/// A number with its sign and a fixed count of decimals; what rounds to 0 is +0.
func signedDecimal(_ value: Double, digits: Int) -> String {
    let text = decimal(value, digits: digits)
    return text.hasPrefix("-") ? text : "+" + text
}
