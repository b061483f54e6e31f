@testable import ISRFLanguageModels
import MetricsTestKit
import Testing

@Suite("LanguageModelMetrics")
struct LanguageModelMetricsTests {
    @Test("Every event is counted where its name says")
    func events() throws {
        let system = TestMetrics()
        let metrics = LanguageModelMetrics(prefix: "tea", dimensions: [("model", "tea-7b")], factory: system)
        let events: [LanguageModelEvent] = [
            .call(latency: .milliseconds(100), usage: .init(promptTokens: 40, completionTokens: 9)),
            .call(latency: .milliseconds(300), usage: .init(promptTokens: 2, completionTokens: 1)),
            .call(latency: .milliseconds(200), usage: nil),
            .failure(.rateLimited, latency: .milliseconds(5)), .retry(.rateLimited, delay: .seconds(1)),
            .failure(.unauthorised, latency: .milliseconds(6)),
            .repair(reason: "cut off"), .answered(attempts: 2), .answered(attempts: 1),
            .unanswered(reason: "never"), .storeHit, .storeHit, .storeHit, .answerForm(.text), .concurrency(12),
            .concurrency(6), .stopped(.init(.unauthorised, "no")), .budgetExhausted(.init(.cost, "used up")),
        ]
        for event in events { metrics.record(event) }
        func count(_ name: String, _ dimension: (String, String)? = nil) throws -> Int64 {
            let all = [("model", "tea-7b")] + (dimension.map { [$0] } ?? [])
            return try system.expectCounter("tea_\(name)_total", all).totalValue
        }
        #expect(try count("calls", ("outcome", "answered")) == 3)
        #expect(try count("calls", ("outcome", "rateLimited")) == 1)
        #expect(try count("calls", ("outcome", "unauthorised")) == 1)
        #expect(try count("calls", ("outcome", "timedOut")) == 0)
        #expect(try count("retries", ("reason", "rateLimited")) == 1)
        #expect(try count("tokens", ("kind", "prompt")) == 42)
        #expect(try count("tokens", ("kind", "completion")) == 10)
        #expect(try count("repairs") == 1)
        #expect(try count("questions", ("outcome", "answered")) == 2)
        #expect(try count("questions", ("outcome", "unanswered")) == 1)
        #expect(try count("store_hits") == 3)
        #expect(try count("stops", ("reason", "unauthorised")) == 1)
        #expect(try count("stops", ("reason", "cost")) == 1)
        let timer = try system.expectTimer("tea_latency", [("model", "tea-7b")])
        #expect(timer.values == [100, 300, 200, 5, 6].map { Int64($0) * 1_000_000 })
        #expect(try system.expectGauge("tea_concurrency", [("model", "tea-7b")]).lastValue == 6)
    }
}
