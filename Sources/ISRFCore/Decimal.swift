/// A number written with a fixed count of decimals, the same in every locale: 0.06774 with 4 digits is "0.0677".
package func decimal(_ value: Double, digits: Int) -> String {
    guard value.isFinite, abs(value) < 1e12 else { return String(value) }
    let scale = (0..<digits).reduce(1) { product, _ in product * 10 }
    let whole = Int((abs(value) * Double(scale)).rounded())
    let fraction = String(whole % scale)
    let sign = value < 0 && whole > 0 ? "-" : ""
    return digits == 0
        ? sign + String(whole)
        : "\(sign)\(whole / scale)." + String(repeating: "0", count: digits - fraction.count) + fraction
}
