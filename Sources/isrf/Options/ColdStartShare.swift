internal import ArgumentParser

/// What `isrf evaluate --cold-start` takes: the share of the items that training does not see.
struct ColdStartShare: ExpressibleByArgument, CustomStringConvertible {
    static let standard = ColdStartShare(argument: "0.05")

    let description: String
    /// Above 0 and below 1; nil when what was given is not such a number. It is told where options are validated: a
    /// share that cannot be read would be taken for an argument of its own.
    let share: Double?

    init(argument: String) {
        description = argument
        share = Double(argument).flatMap { $0 > 0 && $0 < 1 ? $0 : nil }
    }
}
