/// One report of how far a long piece of work has come.
public struct ProgressReport: Sendable {
    /// What is being done, in words for the user: "Reasoning about items".
    public var activity: String
    /// Units finished so far.
    public var completed: Int
    /// Units in all.
    public var total: Int
    /// The name of a unit, in the plural: "items", "batches".
    public var unit: String
    /// A short addition: the loss so far, the validation result of the last epoch.
    public var detail: String?
    /// About how many seconds are left, where more is known of it than units and time tell.
    public var secondsLeft: Double?

    /// Creates a report.
    public init(
        activity: String, completed: Int, total: Int, unit: String, detail: String? = nil, secondsLeft: Double? = nil
    ) {
        self.activity = activity
        self.completed = completed
        self.total = total
        self.unit = unit
        self.detail = detail
        self.secondsLeft = secondsLeft
    }
}

/// Receives progress reports, possibly from several tasks at once.
public typealias ProgressHandler = @Sendable (ProgressReport) -> Void
