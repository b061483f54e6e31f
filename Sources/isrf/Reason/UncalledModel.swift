internal import ISRFKit

/// A model that is named and never called: for estimates, batch files and what the store has.
struct UncalledModel: LanguageModel {
    var name: String
    var capabilities = LanguageModelCapabilities(jsonObject: true, jsonSchema: true, seed: true, concurrentRequests: 8)

    func response(to request: LanguageModelRequest) async throws -> LanguageModelResponse {
        throw LanguageModelFailure(.notFound, "No server is named. Say where the model is with --base-url.")
    }
}
