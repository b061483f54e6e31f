internal import ISRFCore

/// Asks one model for many callers: shared by all tasks of a run.
///
/// - Forms of answers: the strongest that the model takes (a JSON Schema, a JSON object, text) is found with the first
///   question, by one caller while the others wait, and used from then on.
/// - Answers are checked: all texts there, not blank, not too long, not copied from the question. An answer that is not
///   valid is put right once by the model, or the question stays unanswered.
/// - Failures that pass are tried again after a growing wait with a random part; those that last end the session for all
///   callers with the same error.
/// - Calls keep to the rates and budgets of the limits, and fewer are made at once while the server cannot keep up.
///
/// Questions wait their turn in the order in which they were asked. A caller that is cancelled leaves at once.
public final class LanguageModelSession: Sendable {
    /// How hard and how far the model is asked.
    public let limits: LanguageModelLimits

    private let caller: LanguageModelCaller
    private let forms: AnswerFormSearch

    /// Creates a session.
    /// - Parameters:
    ///   - model: The model to ask.
    ///   - limits: How hard and how far to ask it.
    ///   - clock: The clock for waits and latencies.
    ///   - observer: Told of everything that happens, possibly by several tasks at once; has to return soon.
    public init(
        model: any LanguageModel, limits: LanguageModelLimits = .init(),
        clock: any Clock<Duration> = ContinuousClock(), observer: (@Sendable (LanguageModelEvent) -> Void)? = nil
    ) {
        self.limits = limits
        // Limits that make no sense are reported by `answer`; what is built here only has to be harmless.
        let isValid = (try? limits.validate()) != nil
        caller = LanguageModelCaller(
            model: model, limits: isValid ? limits : .init(), clock: SessionClock(clock), observer: observer)
        forms = AnswerFormSearch(capabilities: model.capabilities)
    }

    /// The model that is asked.
    public var model: any LanguageModel { caller.model }
    /// What all calls came to so far.
    public var totals: LanguageModelTotals { caller.totals }
    /// How many calls may be under way at once now.
    public var currentConcurrency: Int { caller.concurrency }

    /// Answers one question.
    /// - Returns: All texts that the question asks for, each within its lengths.
    /// - Throws: `UnansweredQuestion` when this question has no valid answer and others may have one;
    ///   `LanguageModelFailure` when nothing can be answered any more, the same one for every caller; `BudgetExhausted`;
    ///   `CancellationError`; `ISRFError` when the question or the limits make no sense.
    public func answer(_ question: StructuredQuestion) async throws -> StructuredAnswer {
        try limits.validate()
        try question.validate()
        try caller.checkEnded()
        var spent = LanguageModelCaller.Spent()
        do {
            let answer = try await validAnswer(to: question, &spent)
            caller.note { $0.answered += 1 }
            caller.tell(.answered(attempts: answer.attempts))
            return answer
        } catch let unanswered as UnansweredQuestion {
            caller.note { $0.unanswered += 1 }
            caller.tell(.unanswered(reason: unanswered.reason))
            throw unanswered
        }
    }

    private func validAnswer(
        to question: StructuredQuestion, _ spent: inout LanguageModelCaller.Spent
    ) async throws -> StructuredAnswer {
        let validation = AnswerValidation(question: question)
        var (response, form) = try await firstResponse(to: question, &spent)
        var finding = validation.finding(of: response)
        var isRepaired = false
        if case .invalid(let problem) = finding, response.finishReason != .refusal {
            caller.note { $0.repairs += 1 }
            caller.tell(.repair(reason: problem))
            isRepaired = true
            response = try await repairedResponse(to: question, form, response, problem, &spent)
            finding = validation.finding(of: response)
        }
        switch finding {
        case .valid(let fields):
            return StructuredAnswer(
                fields: fields, model: response.model, usage: spent.usage, attempts: spent.calls)
        case .invalid(let problem):
            throw UnansweredQuestion(
                reason: (isRepaired ? "The answer was not valid, not even put right once: " : "") + problem,
                usage: spent.usage, attempts: spent.calls)
        }
    }

    private func repairedResponse(
        to question: StructuredQuestion, _ form: AnswerFormSearch.Form, _ response: LanguageModelResponse,
        _ problem: String, _ spent: inout LanguageModelCaller.Spent
    ) async throws -> LanguageModelResponse {
        let format = AnswerFormat(fields: question.fields)
        var request = format.repair(
            of: question, as: form, answer: response, problem: problem, maximumTokens: question.maximumTokens)
        if response.finishReason == .length {
            request.maximumTokens = doubled(question.maximumTokens, for: request)
        }
        do {
            return try await caller.response(to: request, spent: &spent)
        } catch let failure as LanguageModelFailure where failure.kind == .unsupportedAnswerForm {
            try caller.checkEnded()
            forms.remove(form)
            throw UnansweredQuestion(
                reason: "The answer was not valid: \(problem) It could not be put right: \(failure.message)",
                usage: spent.usage, attempts: spent.calls, failure: failure)
        }
    }

    /// Twice the tokens, as far as the model's context goes.
    private func doubled(_ tokens: Int, for request: LanguageModelRequest) -> Int {
        let (doubled, isOverflow) = tokens.multipliedReportingOverflow(by: 2)
        let wanted = isOverflow ? tokens : doubled
        guard let context = model.capabilities.contextTokens else { return wanted }
        return min(wanted, max(tokens, context - caller.estimate(of: request).promptTokens))
    }

    // MARK: - The form of answers

    private func firstResponse(
        to question: StructuredQuestion, _ spent: inout LanguageModelCaller.Spent
    ) async throws -> (LanguageModelResponse, AnswerFormSearch.Form) {
        let format = AnswerFormat(fields: question.fields)
        while true {
            if let form = forms.current {
                do {
                    return (try await caller.response(to: format.request(question, as: form), spent: &spent), form)
                } catch let failure as LanguageModelFailure where failure.kind == .unsupportedAnswerForm {
                    try caller.checkEnded()
                    forms.remove(form)
                    if forms.candidates.isEmpty { throw caller.end(with: allRefused([failure])) }
                    continue
                }
            }
            try await caller.formTurnstile.enter()
            // Somebody else may have found it by now; calls that follow need not wait for each other.
            if forms.current != nil {
                caller.formTurnstile.leave()
                continue
            }
            defer { caller.formTurnstile.leave() }
            return try await searchedResponse(to: question, &spent)
        }
    }

    /// Tries one form after the other, and settles on the first that gets what it asks for.
    private func searchedResponse(
        to question: StructuredQuestion, _ spent: inout LanguageModelCaller.Spent
    ) async throws -> (LanguageModelResponse, AnswerFormSearch.Form) {
        let format = AnswerFormat(fields: question.fields)
        let extraction = AnswerExtraction(names: question.fields.map(\.name))
        var refusals: [LanguageModelFailure] = []
        var brokenDown: AnswerFormSearch.Form?
        var ignored: (LanguageModelResponse, AnswerFormSearch.Form)?
        for form in forms.candidates {
            let request = format.request(question, as: form)
            let response: LanguageModelResponse
            do {
                response = try await caller.response(to: request, spent: &spent, isTrial: form != .text)
            } catch let failure as LanguageModelFailure where failure.kind == .unsupportedAnswerForm {
                try caller.checkEnded()
                forms.remove(form)
                refusals.append(failure)
                continue
            } catch let doubt as LanguageModelCaller.Doubt {
                if doubt.failure.kind == .overloaded, brokenDown == nil { brokenDown = form }
                refusals.append(doubt.failure)
                continue
            }
            let isComplete = extraction.object(in: response.text).map(extraction.isComplete) ?? false
            if response.finishReason == .stop, !isComplete {
                ignored = ignored ?? (response, form)
                continue
            }
            if let brokenDown, let found = await secondTrial(question, brokenDown, &spent) {
                return settle(found)
            }
            return settle((response, form))
        }
        if let ignored { return settle(ignored) }
        throw caller.end(with: allRefused(refusals))
    }

    /// Asks once more in a form that the server broke down over, now that it is known to answer at all.
    private func secondTrial(
        _ question: StructuredQuestion, _ form: AnswerFormSearch.Form, _ spent: inout LanguageModelCaller.Spent
    ) async -> (LanguageModelResponse, AnswerFormSearch.Form)? {
        let request = AnswerFormat(fields: question.fields).request(question, as: form)
        guard let response = await caller.singleResponse(to: request, spent: &spent) else { return nil }
        return (response, form)
    }

    private func settle(
        _ found: (response: LanguageModelResponse, form: AnswerFormSearch.Form)
    ) -> (LanguageModelResponse, AnswerFormSearch.Form) {
        forms.settle(on: found.form)
        caller.tell(.answerForm(found.form))
        return found
    }

    private func allRefused(_ refusals: [LanguageModelFailure]) -> LanguageModelFailure {
        let messages = refusals.map(\.message).joined(separator: " ")
        return LanguageModelFailure(
            .unsupportedAnswerForm, "The model refuses every form of answer. \(messages)")
    }
}
