internal import Foundation
public import ISRFReasoning

extension Conformance {
    /// Holds a model against the contract of `LanguageModel`.
    ///
    /// About a dozen short requests are made: a plain one, a conversation with a system message, one for a JSON
    /// object, one with a schema, one that allows a single token, as many at once as the model says are useful, and some
    /// that are cancelled. What the model says it cannot do (`LanguageModelCapabilities`) is not asked of it; a form of
    /// answer may also be refused with `LanguageModelFailure.Kind.unsupportedAnswerForm`.
    public static func violations(
        of model: any LanguageModel, options: Options = .init()
    ) async -> [ContractViolation] {
        var findings = Findings(options)
        await LanguageModelSuite(model: model).run(&findings)
        await findings.requireCancellation("response(to:)") {
            _ = try await model.response(to: LanguageModelSuite.plain)
        }
        return findings.violations
    }
}

private struct LanguageModelSuite {
    let model: any LanguageModel

    static let plain = LanguageModelRequest(
        messages: [.init(.user, "Name one kind of tea. Answer in one word.")], maximumTokens: 64)

    private static let schema = """
        {"type":"object","properties":{"summary":{"type":"string"},"reasoning":{"type":"string"}},\
        "required":["summary","reasoning"],"additionalProperties":false}
        """

    func run(_ findings: inout Findings) async {
        let capabilities = model.capabilities
        findings.require(
            capabilities.concurrentRequests >= 1, .capabilities,
            "The model says that \(capabilities.concurrentRequests) requests may be under way at once; at least 1 can.")
        if let tokens = capabilities.contextTokens {
            findings.require(tokens >= 1, .capabilities, "The model says that its context has \(tokens) tokens.")
        }
        await checked("A plain request", LanguageModelSuite.plain, &findings)
        await checked(
            "A conversation",
            LanguageModelRequest(
                messages: [
                    .init(.system, "You answer in one word."), .init(.user, "Name a colour."),
                    .init(.assistant, "Blue."),
                    .init(.user, "Another one."),
                ], maximumTokens: 64), &findings)
        await checked(
            "A request for a single token",
            LanguageModelRequest(messages: [.init(.user, "Count from one to twenty.")], maximumTokens: 1), &findings)
        if capabilities.jsonObject { await checkObject(&findings) }
        if capabilities.jsonSchema { await checkSchema(&findings) }
        if capabilities.seed { await checkSeed(&findings) }
        await checkConcurrency(min(8, max(1, capabilities.concurrentRequests)), &findings)
    }

    @discardableResult
    private func checked(
        _ what: String, _ request: LanguageModelRequest, _ findings: inout Findings
    ) async -> LanguageModelResponse? {
        let answer = await findings.attempt(what) { () -> LanguageModelResponse? in
            do {
                return try await model.response(to: request)
            } catch let failure as LanguageModelFailure
                where failure.kind == .unsupportedAnswerForm && request.answerForm != .text
            {
                return nil
            }
        }
        guard let answer, let response = answer else { return nil }
        if response.finishReason == .stop {
            findings.require(
                response.text.contains { !$0.isWhitespace }, .response,
                "\(what) got an empty answer that claims to be complete; throw when there is no answer.")
        }
        findings.require(!response.model.isEmpty, .response, "\(what) got an answer of a model without a name.")
        if let usage = response.usage {
            findings.require(
                usage.promptTokens >= 0 && usage.completionTokens >= 0, .response,
                "\(what) is said to have used \(usage.promptTokens) and \(usage.completionTokens) tokens.")
            findings.require(
                usage.completionTokens <= request.maximumTokens, .tokenLimit,
                "\(what) allowed \(request.maximumTokens) tokens; the answer has \(usage.completionTokens).")
        }
        return response
    }

    private func checkObject(_ findings: inout Findings) async {
        let request = LanguageModelRequest(
            messages: [.init(.user, "Who enjoys green tea? Answer with a JSON object that has a text \"summary\".")],
            answerForm: .jsonObject, maximumTokens: 512)
        guard let object = await object(of: "A request for a JSON object", request, &findings) else { return }
        findings.require(
            object.value != nil, .schema,
            "The model says that it answers with JSON objects, but answered \"\(object.text.prefix(200))\".")
    }

    private func checkSchema(_ findings: inout Findings) async {
        let request = LanguageModelRequest(
            messages: [.init(.user, "Who enjoys green tea? Give a summary and the reasoning behind it, as JSON.")],
            answerForm: .jsonSchema(LanguageModelSuite.schema), maximumTokens: 512)
        guard let object = await object(of: "A request with a schema", request, &findings) else { return }
        let value = object.value
        findings.require(
            value?["summary"] is String && value?["reasoning"] is String && value?.count == 2, .schema,
            "The model says that it keeps to schemas, but answered \"\(object.text.prefix(200))\" to a request for an "
                + "object with the strings \"summary\" and \"reasoning\" alone.")
    }

    /// The answer as it stands and as an object; nil when there is none or it is incomplete.
    private func object(
        of what: String, _ request: LanguageModelRequest, _ findings: inout Findings
    ) async -> (text: String, value: [String: Any]?)? {
        guard let response = await checked(what, request, &findings), response.finishReason == .stop else {
            return nil
        }
        let value = try? JSONSerialization.jsonObject(with: Data(response.text.utf8))
        return (response.text, value as? [String: Any])
    }

    private func checkSeed(_ findings: inout Findings) async {
        let request = LanguageModelRequest(
            messages: [.init(.user, "Invent a name for a tea house.")], maximumTokens: 32, temperature: 1, seed: 42)
        guard let first = await checked("A request with a seed", request, &findings),
            let second = await checked("The same request with the same seed", request, &findings)
        else { return }
        findings.require(
            first.text == second.text, .determinism,
            "The model says that a seed repeats its answers, but answered \"\(first.text.prefix(80))\" and "
                + "\"\(second.text.prefix(80))\".")
    }

    private func checkConcurrency(_ count: Int, _ findings: inout Findings) async {
        let model = model
        let failures = await withTaskGroup(of: String?.self) { group in
            for _ in 0..<count {
                group.addTask {
                    do {
                        _ = try await model.response(to: LanguageModelSuite.plain)
                        return nil
                    } catch {
                        return "\(error)"
                    }
                }
            }
            return await group.reduce(into: [String]()) { if let failure = $1 { $0.append(failure) } }
        }
        findings.require(
            failures.isEmpty, .concurrency,
            "Of \(count) requests at once, as many as the model says are useful, \(failures.count) failed: "
                + (failures.first ?? ""))
    }
}
