// Measures ISRF and a baseline of the host's own under the same protocol.

import ISRFKit
import ISRFKitTesting

let data = try SampleData(itemsPerGroup: 20, usersPerGroup: 40)
let split = LeaveOneOutSplit(data.log)
let evaluator = Evaluator()
var report = EvaluationReport(split: split, seed: 1, threads: 1)
let systems: [any TrainableSystem] = [
    RecommenderPipeline(configuration: .small), LinearFloorBaseline(), PopularityBaseline(), LatestItemsBaseline(),
]
for system in systems {
    let start = ContinuousClock.now
    let fitted = try await system.fitted(to: split, catalogue: data.catalogue, parallelism: .serial)
    let seconds = Double((ContinuousClock.now - start) / .seconds(1))
    for part in [LeaveOneOutSplit.Part.test, .validation] {
        report.add(try await evaluator.evaluate(fitted, on: split, part: part), fittingSeconds: seconds)
    }
}
print(report.table())
