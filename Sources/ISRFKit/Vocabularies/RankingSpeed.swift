internal import ISRFCore
internal import ISRFData
internal import ISRFUserGraph

/// How long lists of items take to make when users' groups are known.
struct RankingSpeed: Sendable {
    let cases: [LeaveOneOutSplit.Case]
    /// The group of each user of the log.
    let groups: [[UserGraph.Neighbour]]
    let progress: ProgressHandler?
    let batchSize = 64
    let count = 10
    let passes = 3

    /// At most the first 1,000 of the cases are timed.
    init(cases: [LeaveOneOutSplit.Case], groups: [[UserGraph.Neighbour]], progress: ProgressHandler?) {
        self.cases = Array(cases.prefix(1000))
        self.groups = groups
        self.progress = progress
    }

    var timing: VocabularyReport.Timing {
        VocabularyReport.Timing(users: cases.count, batchSize: batchSize, count: count, passes: passes)
    }

    /// The seconds of the fastest pass, reckoned for 1,000 users.
    /// - Parameter lists: Makes the lists of some users, and says how many.
    func secondsForThousand(
        _ name: String, _ lists: ([[Int]], [[UserGraph.Neighbour]]) throws -> Int
    ) async throws -> Double {
        var fastest = Duration.seconds(Int64.max / 2)
        for pass in 1...passes {
            let start = ContinuousClock.now
            for first in stride(from: 0, to: cases.count, by: batchSize) {
                try Task.checkCancellation()
                let block = cases[first..<min(first + batchSize, cases.count)]
                let made = try lists(block.map(\.history), block.map { groups[$0.user] })
                precondition(made == block.count, "there is not one list for each user")
            }
            fastest = min(fastest, ContinuousClock.now - start)
            await Task.yield()
            progress?(
                ProgressReport(activity: "Timing lists of \(name)", completed: pass, total: passes, unit: "passes"))
        }
        return Double(fastest / .seconds(1)) * 1000 / Double(max(1, cases.count))
    }
}
