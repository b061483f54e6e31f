import Foundation
import ISRFFiles
import ISRFKit
import Testing

/// The data that results are measured on; they lie beside the package and may not be there.
private enum RealData {
    static let beauty = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("shared/data/beauty")
    static var isThere: Bool {
        FileManager.default.fileExists(atPath: beauty.appendingPathComponent("sequences.txt").path)
    }

    static func read() throws -> (Catalogue, InteractionLog) {
        let items = try ItemFile(reading: beauty.appendingPathComponent("items.jsonl").path)
        let interactions = try InteractionFile(
            reading: beauty.appendingPathComponent("sequences.txt").path, catalogue: items.catalogue)
        return (items.catalogue, interactions.log)
    }
}

@Suite("Measured on real data")
struct RealDataTests {
    // Skipped, and shown as skipped, where the data are not beside the package.
    @Test("The linear floor has the reference's metrics to four decimals", .enabled(if: RealData.isThere))
    func linearFloor() async throws {
        let (catalogue, log) = try RealData.read()
        let split = LeaveOneOutSplit(log)
        let parallelism = Parallelism(threads: 2)
        let floor = try await LinearFloorBaseline().fitted(
            to: split, catalogue: catalogue, parallelism: parallelism)
        let evaluator = Evaluator(parallelism: parallelism)
        for (part, expected) in Self.reference {
            let result = try await evaluator.evaluate(floor, on: split, part: part)
            for (name, value) in expected {
                let measured = ((result.metrics[name] ?? 0) * 10_000).rounded() / 10_000
                #expect(measured == value, "\(part.rawValue) \(name)")
            }
        }
    }

    /// What the reference computation of the floor prints for these data.
    private static let reference: [(LeaveOneOutSplit.Part, [String: Double])] = [
        (
            .validation,
            [
                "hr@5": 0.0850, "ndcg@5": 0.0599, "hr@10": 0.1167, "ndcg@10": 0.0701, "hr@20": 0.1539,
                "ndcg@20": 0.0795,
            ]
        ),
        (
            .test,
            [
                "hr@5": 0.0737, "ndcg@5": 0.0522, "hr@10": 0.1030, "ndcg@10": 0.0617, "hr@20": 0.1399,
                "ndcg@20": 0.0710,
            ]
        ),
    ]
}
