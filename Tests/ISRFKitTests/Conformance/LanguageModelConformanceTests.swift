import ISRFKit
import ISRFKitTesting
import Testing

@Suite("Conformance suite of language models")
struct LanguageModelConformanceTests {
    @Test("The echoing double keeps the contract, slow or not")
    func doublesConform() async throws {
        try await Conformance.violations(of: EchoingLanguageModel(), options: .patient).requireNone()
        let slow = FailingLanguageModel(Misbehaviour(delay: .milliseconds(2)))
        try await Conformance.violations(of: slow, options: .patient).requireNone()
    }

    @Test("A form of answer may be refused, in the way that says so")
    func refusedFormsConform() async throws {
        let plain = FlakyLanguageModel { _, request in
            request.answerForm == .text ? nil : LanguageModelFailure(.unsupportedAnswerForm, "Text is all I know.")
        }
        try await Conformance.violations(of: plain, options: .patient).requireNone()
    }

    static let broken: [(name: String, model: BrokenLanguageModel, point: ContractPoint)] = [
        ("serves nobody", BrokenLanguageModel(capabilities: .init(concurrentRequests: 0)), .capabilities),
        ("has no context", BrokenLanguageModel(capabilities: .init(contextTokens: 0)), .capabilities),
        ("answers nothing", BrokenLanguageModel { if $0.answerForm == .text { $1.text = "\n" } }, .response),
        ("has no name", BrokenLanguageModel { _, response in response.model = "" }, .response),
        ("counts below zero", BrokenLanguageModel { _, response in response.usage?.promptTokens = -1 }, .response),
        ("talks on", BrokenLanguageModel { _, response in response.usage?.completionTokens = 4096 }, .tokenLimit),
        (
            "chats around the JSON",
            BrokenLanguageModel { request, response in
                if request.answerForm != .text { response.text = "Here it is: " + response.text }
            }, .schema
        ),
        (
            "answers with a list", BrokenLanguageModel { if $0.answerForm == .jsonObject { $1.text = "[1]" } }, .schema
        ),
        (
            "refuses a form like any request",
            BrokenLanguageModel { request, _ in
                if request.answerForm == .jsonObject { throw LanguageModelFailure(.rejectedRequest, "Not that.") }
            }, .failure
        ),
        (
            "refuses text",
            BrokenLanguageModel { request, _ in
                guard request.answerForm == .text, request.messages.count > 1 else { return }
                throw LanguageModelFailure(.unsupportedAnswerForm, "Not that.")
            }, .failure
        ),
        (
            "forgets a property",
            BrokenLanguageModel { request, response in
                if request.hasSchema { response.text = "{\"summary\":\"tea\"}" }
            }, .schema
        ),
        (
            "ignores the seed",
            BrokenLanguageModel { request, response in
                if request.seed != nil { response.text = "\(UInt64.random(in: 0...UInt64.max))" }
            }, .determinism
        ),
        (
            "refuses system messages",
            BrokenLanguageModel { request, _ in if request.messages.count > 1 { throw Refusal() } }, .failure
        ),
        ("cannot be asked twice at once", BrokenLanguageModel(refusesCompany: true), .concurrency),
        ("does not hear of cancellation", BrokenLanguageModel { _, _ in await stubbornly() }, .cancellation),
    ]

    @Test("A model that breaks a point is caught", arguments: broken.indices)
    func brokenOnesAreCaught(_ index: Int) async {
        let (name, model, point) = Self.broken[index]
        let options = point == .cancellation ? Conformance.Options.strict : .patient
        let violations = await Conformance.violations(of: model, options: options)
        #expect(violations.points == [point], "\(name): \(violations)")
    }

    @Test("What a model says it cannot do is not asked of it")
    func capabilitiesAreRespected() async throws {
        let modest = BrokenLanguageModel(capabilities: .init()) { request, response in
            if request.answerForm != .text { throw Refusal() }
            if request.seed != nil { throw Refusal() }
            response.usage = nil
        }
        try await Conformance.violations(of: modest, options: .patient).requireNone()
    }
}

extension LanguageModelRequest {
    fileprivate var hasSchema: Bool { if case .jsonSchema = answerForm { true } else { false } }
}

/// An echoing model with one thing broken.
struct BrokenLanguageModel: LanguageModel {
    typealias Change = @Sendable (LanguageModelRequest, inout LanguageModelResponse) async throws -> Void

    let capabilities: LanguageModelCapabilities
    let refusesCompany: Bool
    let change: Change
    private let company = Company()

    init(
        capabilities: LanguageModelCapabilities = .init(
            jsonObject: true, jsonSchema: true, seed: true, concurrentRequests: 8),
        refusesCompany: Bool = false, _ change: @escaping Change = { _, _ in }
    ) {
        (self.capabilities, self.refusesCompany, self.change) = (capabilities, refusesCompany, change)
    }

    func response(to request: LanguageModelRequest) async throws -> LanguageModelResponse {
        if refusesCompany { try await company.enter() }
        defer { company.leave() }
        var response = try await EchoingLanguageModel().response(to: request)
        try await change(request, &response)
        return response
    }
}
