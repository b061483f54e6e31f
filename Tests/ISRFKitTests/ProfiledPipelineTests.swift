import Foundation
import ISRFKitTesting
import Testing

@testable import ISRFKit

@Suite("Profiles in the pipeline")
struct ProfiledPipelineTests {
    private static func reasoned(_ text: String) -> Reasoned { Reasoned(summary: text, reasoning: "said before") }

    private func file(_ data: SampleData, holdout: Holdout) throws -> ProfileFile {
        try ProfileFile(
            items: data.catalogue.items.dropFirst(2).map {
                ItemProfile(
                    item: $0.id, positive: Self.reasoned("those who like \($0.brand ?? "it")"),
                    negative: Self.reasoned("others"), feature: Self.reasoned("plain"))
            },
            users: data.log.users.identifiers.enumerated().map { index, user in
                UserProfile(
                    user: user, likes: Self.reasoned("\(data.groupNames[data.userGroups[index]])"),
                    dislikes: Self.reasoned("the rest"), preference: Self.reasoned("the group's things"))
            },
            evidence: ReasoningEvidence(catalogue: data.catalogue, training: holdout.training(of: data.log)),
            holdout: holdout, model: "tiny", promptVersion: "7")
    }

    @Test("A recommender keeps the profiles, counts the rest, and says in its directory what it was made with")
    func trainsAndSaves() async throws {
        let data = try SampleData()
        let file = try file(data, holdout: .none)
        let recommender = try await RecommenderPipeline(
            configuration: .small, reasoner: ProfiledReasoner(profiles: file)
        ).fit(catalogue: data.catalogue, log: data.log)
        #expect(recommender.itemProfiles[5] == file.items[data.catalogue[5].id])
        #expect(recommender.itemProfiles[0].positive.reasoning != "said before")
        #expect(recommender.userProfiles.allSatisfy { $0.likes.reasoning == "said before" })
        let coverage = try #require(recommender.training.profiles)
        #expect(coverage.otherItems == 2 && coverage.otherUsers == 0 && coverage.changedUsers == 0)
        #expect(recommender.training.failedItems == 0)

        let scratch = try Scratch()
        try recommender.save(to: scratch["model"])
        let loaded = try await Recommender.load(from: scratch["model"])
        #expect(loaded.training == recommender.training)
        try loaded.save(to: scratch["again"])
        for directory in ["model", "again"] {
            let manifest = try ModelManifest(directory: scratch[directory].path)
            #expect(manifest.reasoner == "profiles of tiny, prompts 7, holdout none")
            #expect(manifest.encoder == "latent")
        }
        let user = data.log.users[0]
        #expect(try await loaded.recommend(user: user) == recommender.recommend(user: user))
    }

    @Test("What validation measures has not seen the profiles of users that have seen it")
    func profilesOfTheWholeLogDoNotReachTheChoiceOfEpochs() async throws {
        let data = try SampleData()
        let recorder = FitRecorder(profiles: try file(data, holdout: .none))
        _ = try await RecommenderPipeline(configuration: .small, reasoner: recorder)
            .fit(catalogue: data.catalogue, log: data.log)
        let coverages = await recorder.seen.coverages
        #expect(coverages.map(\.profiledUsers) == [0, data.log.userCount])
        #expect(coverages.map(\.changedUsers) == [data.log.userCount, 0])
        #expect(coverages.allSatisfy { $0.profiledItems == data.catalogue.count - 2 })
    }

    @Test("An encoder with vectors of another width is refused when new texts come")
    func refusesAnotherEncoder() async throws {
        let data = try SampleData()
        let recommender = try await RecommenderPipeline(configuration: .small, encoder: EchoingEncoder())
            .fit(catalogue: data.catalogue, log: data.log)
        let scratch = try Scratch()
        try recommender.save(to: scratch["model"])
        #expect(try ModelManifest(directory: scratch["model"].path).encoder == "EchoingEncoder")
        let loaded = try await Recommender.load(
            from: scratch["model"], stages: HostStages(encoder: EchoingEncoder(dimensions: 5)))
        await expectError(.contractViolation, "Use the encoder that the model was made with") {
            _ = try await loaded.adding(items: [try data.newItem(like: 0)])
        }
        await expectError(.contractViolation, "Use the encoder that the model was made with") {
            _ = try await loaded.recommend(history: [data.catalogue[0].id])
        }
    }
}

/// Notes how far the profiles went in each fit.
private struct FitRecorder: SemanticReasoner {
    actor Seen {
        var coverages: [ProfileCoverage] = []
        func add(_ coverage: ProfileCoverage) { coverages.append(coverage) }
    }

    var profiles: ProfileFile
    let seen = Seen()

    func prepared(for evidence: ReasoningEvidence) async throws -> any SemanticReasoner {
        let reasoner = try await ProfiledReasoner(profiles: profiles).prepared(for: evidence)
        if let coverage = (reasoner as? ProfiledReasoner)?.coverage { await seen.add(coverage) }
        return reasoner
    }

    func profile(for request: ItemReasoningRequest) async throws -> ItemProfile { throw CancellationError() }
    func profile(for request: UserReasoningRequest) async throws -> UserProfile { throw CancellationError() }
}
