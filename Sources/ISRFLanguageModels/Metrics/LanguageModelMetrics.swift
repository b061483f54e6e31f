public import ISRFReasoning
internal import Metrics

/// Counts what happens while language models are asked, for whatever backend the host has given to swift-metrics.
///
/// Hand `record(_:)` to a session or a reasoner as its observer. All names begin with a prefix, by default
/// `isrf_language_model`:
///
/// | metric | dimension | counts |
/// |---|---|---|
/// | `_calls_total` | `outcome`: `answered`, or the kind of failure | calls |
/// | `_retries_total` | `reason`: the kind of failure | calls made again |
/// | `_tokens_total` | `kind`: `prompt`, `completion` | tokens of answered calls that tell them |
/// | `_questions_total` | `outcome`: `answered`, `unanswered` | questions |
/// | `_repairs_total` | | answers that had to be put right |
/// | `_store_hits_total` | | answers found in a store |
/// | `_stops_total` | `reason`: the kind of failure, or the budget | ends before everything was answered |
/// | `_latency` (timer) | | from a call to its answer or failure |
/// | `_concurrency` (gauge) | | calls that may be under way at once |
///
/// No metric holds a prompt, an answer or a key.
public struct LanguageModelMetrics: Sendable {
    private let answeredCalls: Counter
    private let failedCalls: Counters
    private let retries: Counters
    private let promptTokens: Counter
    private let completionTokens: Counter
    private let answered: Counter
    private let unanswered: Counter
    private let repairs: Counter
    private let storeHits: Counter
    private let stops: Counters
    private let latency: Timer
    private let concurrency: Gauge

    /// Creates the metrics in the process's metrics system.
    /// - Parameters:
    ///   - prefix: How all names begin.
    ///   - dimensions: What tells these metrics from others of the same name, such as the model's name.
    public init(prefix: String = "isrf_language_model", dimensions: [(String, String)] = []) {
        self.init(prefix: prefix, dimensions: dimensions, factory: MetricsSystem.factory)
    }

    init(prefix: String, dimensions: [(String, String)], factory: any MetricsFactory) {
        func counter(_ name: String, _ dimension: (String, String)? = nil) -> Counter {
            Counter(
                label: "\(prefix)_\(name)_total", dimensions: dimensions + (dimension.map { [$0] } ?? []),
                factory: factory)
        }
        let kinds = LanguageModelFailure.Kind.allCases.map(\.rawValue)
        answeredCalls = counter("calls", ("outcome", "answered"))
        failedCalls = Counters(kinds) { counter("calls", ("outcome", $0)) }
        retries = Counters(kinds) { counter("retries", ("reason", $0)) }
        promptTokens = counter("tokens", ("kind", "prompt"))
        completionTokens = counter("tokens", ("kind", "completion"))
        answered = counter("questions", ("outcome", "answered"))
        unanswered = counter("questions", ("outcome", "unanswered"))
        repairs = counter("repairs")
        storeHits = counter("store_hits")
        stops = Counters(kinds + ["calls", "tokens", "cost"]) { counter("stops", ("reason", $0)) }
        latency = Timer(label: "\(prefix)_latency", dimensions: dimensions, factory: factory)
        concurrency = Gauge(label: "\(prefix)_concurrency", dimensions: dimensions, factory: factory)
    }

    /// Counts an event; safe to call from several tasks at once, and returns at once.
    public func record(_ event: LanguageModelEvent) {
        switch event {
        case .call(let latency, let usage):
            answeredCalls.increment()
            self.latency.record(duration: latency)
            if let usage {
                promptTokens.increment(by: usage.promptTokens)
                completionTokens.increment(by: usage.completionTokens)
            }
        case .failure(let kind, let latency):
            failedCalls[kind.rawValue]?.increment()
            self.latency.record(duration: latency)
        case .retry(let kind, _): retries[kind.rawValue]?.increment()
        case .repair: repairs.increment()
        case .answered: answered.increment()
        case .unanswered: unanswered.increment()
        case .storeHit: storeHits.increment()
        case .answerForm: break
        case .concurrency(let count): concurrency.record(count)
        case .stopped(let failure): stops[failure.kind.rawValue]?.increment()
        case .budgetExhausted(let error): stops[error.budget.rawValue]?.increment()
        }
    }
}

/// Counters that differ in one dimension, made once.
private struct Counters: Sendable {
    private let counters: [String: Counter]

    init(_ values: [String], _ make: (String) -> Counter) {
        counters = Dictionary(values.map { ($0, make($0)) }) { first, _ in first }
    }

    subscript(value: String) -> Counter? { counters[value] }
}
