internal import Foundation

/// A number with a fixed count of decimals, the same in every locale.
func decimal(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
}

/// The natural logarithm.
func logarithm(_ value: Double) -> Double { log(value) }
