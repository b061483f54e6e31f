public import ISRFReasoning
public import Logging

/// Writes what happens while language models are asked to a log of swift-log.
///
/// Hand `record(_:)` to a session or a reasoner as its observer:
///
/// | level | what |
/// |---|---|
/// | `error` | a lasting failure that ended the run |
/// | `warning` | a budget that is used up; a question that stays without a valid answer |
/// | `info` | retries and repairs with their reasons; the form of answers that works |
/// | `debug` | calls with latency and tokens; failed calls; the number of calls allowed at once |
/// | `trace` | valid answers; answers found in a store |
///
/// No entry holds a prompt, an answer or a key.
public struct LanguageModelLog: Sendable {
    private let logger: Logger

    /// Creates a log.
    /// - Parameter logger: Where entries go. What its metadata says, such as the model's name, is in every entry.
    public init(logger: Logger = Logger(label: "ISRFLanguageModels")) {
        self.logger = logger
    }

    /// Writes an event down; safe to call from several tasks at once.
    public func record(_ event: LanguageModelEvent) {
        switch event {
        case .call(let latency, let usage):
            var metadata: Logger.Metadata = ["seconds": "\(seconds(latency))"]
            if let usage {
                metadata["promptTokens"] = "\(usage.promptTokens)"
                metadata["completionTokens"] = "\(usage.completionTokens)"
            }
            logger.debug("A call was answered.", metadata: metadata)
        case .failure(let kind, let latency):
            logger.debug("A call failed.", metadata: ["kind": "\(kind.rawValue)", "seconds": "\(seconds(latency))"])
        case .retry(let kind, let delay):
            logger.info(
                "A call is made again.", metadata: ["kind": "\(kind.rawValue)", "delaySeconds": "\(seconds(delay))"])
        case .repair(let reason): logger.info("An answer has to be put right.", metadata: ["reason": "\(reason)"])
        case .answered(let attempts): logger.trace("A question is answered.", metadata: ["attempts": "\(attempts)"])
        case .unanswered(let reason):
            logger.warning("A question stays without a valid answer.", metadata: ["reason": "\(reason)"])
        case .storeHit: logger.trace("An answer was found in the store.")
        case .answerForm(let form): logger.info("The form of answers is found.", metadata: ["form": "\(form.rawValue)"])
        case .concurrency(let count): logger.debug("Calls allowed at once changed.", metadata: ["calls": "\(count)"])
        case .stopped(let failure):
            logger.error(
                "A lasting failure ended the run.",
                metadata: ["kind": "\(failure.kind.rawValue)", "reason": "\(failure.message)"])
        case .budgetExhausted(let error):
            logger.warning(
                "A budget is used up.", metadata: ["budget": "\(error.budget.rawValue)", "reason": "\(error.message)"])
        }
    }

    /// Seconds to the millisecond.
    private func seconds(_ duration: Duration) -> Double { (duration / .milliseconds(1)).rounded() / 1000 }
}
