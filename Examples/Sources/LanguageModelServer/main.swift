// Reasons by a language model behind HTTP, keeps every answer, and fits on the profiles.
//
// LanguageModelServer DIR [ADDRESS]: without an address nothing is called, and what it would take is estimated.

import Foundation
import ISRFKit
import ISRFKitTesting
import ISRFLanguageModels

let directory = CommandLine.arguments[1]
let store = directory + "/answers.sqlite"
let path = directory + "/profiles.jsonl"
let data = try SampleData()
let (catalogue, log) = (data.catalogue, data.log)

/// A model that is named and not called: enough for an estimate.
struct NobodysModel: LanguageModel {
    let name = "my-model"
    let capabilities = LanguageModelCapabilities(concurrentRequests: 8)

    func response(to request: LanguageModelRequest) async throws -> LanguageModelResponse {
        throw LanguageModelFailure(.notFound, "Nobody is to be called.")
    }
}

let estimate = try await ReasoningRun(
    reasoner: LanguageModelReasoner(model: NobodysModel(), store: try SQLiteResponseStore(path: store)),
    catalogue: catalogue, training: log
).estimate()
print("\(estimate.calls) calls, about \(estimate.promptTokens) tokens in and \(estimate.completionTokens) out.")

guard CommandLine.arguments.count > 2 else { exit(0) }
let address = CommandLine.arguments[2]
let outcome = try await OpenAICompatibleModel.withModel(
    "my-model", at: OpenAICompatibleEndpoint(baseURL: address)
) { model in
    let reasoner = LanguageModelReasoner(model: model, store: try SQLiteResponseStore(path: store))
    return try await ReasoningRun(reasoner: reasoner, catalogue: catalogue, training: log).run()
}
print("\(outcome.items.count) items, \(outcome.failures.count) left out")

try ProfileFile(
    items: outcome.items, users: outcome.users, evidence: data.evidence, holdout: .none, model: "my-model",
    promptVersion: ReasoningPrompts.standard.version
).write(to: path)
let profiles = try ProfileFile(reading: path, for: catalogue)
let pipeline = RecommenderPipeline(reasoner: ProfiledReasoner(profiles: profiles))
let recommender = try await pipeline.fit(catalogue: catalogue, log: log)
print("Fitted on profiles of \(recommender.training.profiles?.profiledUsers ?? 0) users.")
