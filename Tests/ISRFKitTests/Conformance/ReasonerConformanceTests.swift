import ISRFKit
import ISRFKitTesting
import Synchronization
import Testing

@Suite("Conformance suite of reasoners")
struct ReasonerConformanceTests {
    @Test("The default reasoner and the echoing double keep the contract")
    func defaultsConform() async throws {
        try await Conformance.violations(of: AttributeReasoner(), options: .patient).requireNone()
        try await Conformance.violations(of: EchoingReasoner(), options: .patient).requireNone()
        let slow = FailingReasoner(Misbehaviour(delay: .milliseconds(1)))
        try await Conformance.violations(of: slow, options: .patient).requireNone()
    }

    /// Each broken reasoner with the point that it breaks.
    static let broken: [(name: String, reasoner: BrokenReasoner, point: ContractPoint)] = [
        ("answers for another item", BrokenReasoner(item: { $0.item = "another" }), .identifier),
        ("answers for another user", BrokenReasoner(user: { $0.user += "!" }), .identifier),
        ("says nothing about an item", BrokenReasoner(item: { $0.negative.summary = " " }), .statement),
        ("gives no reasons", BrokenReasoner(item: { $0.feature.reasoning = "" }), .statement),
        ("says nothing about a user", BrokenReasoner(user: { $0.likes.summary = "" }), .statement),
        ("writes a long feature", BrokenReasoner(item: { $0.feature.summary = words(26) }), .wordLimit),
        ("writes a long preference", BrokenReasoner(user: { $0.preference.summary = words(51) }), .wordLimit),
        (
            "answers differently about an item",
            BrokenReasoner(item: { $0.positive.summary = "\(UInt64.random(in: 0...UInt64.max))" }), .determinism
        ),
        (
            "answers differently about a user",
            BrokenReasoner(user: { $0.dislikes.summary = "\(UInt64.random(in: 0...UInt64.max))" }), .determinism
        ),
        (
            "fails without attributes", BrokenReasoner(before: { if $0 == "only an identifier" { throw Refusal() } }),
            .failure
        ),
        ("fails for somebody unknown", BrokenReasoner(before: { if $0.isEmpty { throw Refusal() } }), .failure),
        ("cannot be asked twice at once", BrokenReasoner(refusesCompany: true), .concurrency),
        ("does not hear of cancellation", BrokenReasoner(before: { _ in await stubbornly() }), .cancellation),
    ]

    @Test("A reasoner that breaks a point is caught", arguments: broken.indices)
    func brokenOnesAreCaught(_ index: Int) async {
        let (name, reasoner, point) = Self.broken[index]
        let options = point == .cancellation ? Conformance.Options.strict : .patient
        let violations = await Conformance.violations(of: reasoner, options: options)
        #expect(violations.points == [point], "\(name): \(violations)")
    }

    @Test("Reasoners that draw at random can do without determinism")
    func determinismCanBeWaived() async throws {
        let reasoner = BrokenReasoner(item: { $0.positive.summary = "\(UInt64.random(in: 0...UInt64.max))" })
        var options = Conformance.Options.patient
        options.requiresDeterminism = false
        try await Conformance.violations(of: reasoner, options: options).requireNone()
    }

    @Test("A reasoner that cannot be prepared is caught")
    func preparationMayNotFail() async {
        struct Unprepared: SemanticReasoner {
            func profile(for request: ItemReasoningRequest) async throws -> ItemProfile { throw Refusal() }
            func profile(for request: UserReasoningRequest) async throws -> UserProfile { throw Refusal() }
            func prepared(for evidence: ReasoningEvidence) async throws -> any SemanticReasoner { throw Refusal() }
        }
        let violations = await Conformance.violations(of: Unprepared())
        #expect(violations.points == [.failure])
        #expect(throws: ISRFError.self) { try violations.requireNone() }
    }
}

/// An echoing reasoner with one thing broken.
struct BrokenReasoner: SemanticReasoner {
    var item: @Sendable (inout ItemProfile) -> Void = { _ in }
    var user: @Sendable (inout UserProfile) -> Void = { _ in }
    var before: @Sendable (String) async throws -> Void = { _ in }
    var refusesCompany = false
    private let company = Company()

    init(
        item: @escaping @Sendable (inout ItemProfile) -> Void = { _ in },
        user: @escaping @Sendable (inout UserProfile) -> Void = { _ in },
        before: @escaping @Sendable (String) async throws -> Void = { _ in }, refusesCompany: Bool = false
    ) {
        (self.item, self.user, self.before, self.refusesCompany) = (item, user, before, refusesCompany)
    }

    func profile(for request: ItemReasoningRequest) async throws -> ItemProfile {
        if refusesCompany { try await company.enter() }
        defer { company.leave() }
        try await before(request.item.id)
        var profile = try await EchoingReasoner().profile(for: request)
        item(&profile)
        return profile
    }

    func profile(for request: UserReasoningRequest) async throws -> UserProfile {
        try await before(request.user)
        var profile = try await EchoingReasoner().profile(for: request)
        user(&profile)
        return profile
    }
}
