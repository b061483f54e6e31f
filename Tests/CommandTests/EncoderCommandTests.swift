internal import Foundation
internal import ISRFKit
internal import ScriptedServer
internal import Testing

@Suite struct EncoderCommandTests {
    @Test func encodesByAServerAndWritesDownWhich() async throws {
        let shop = try ShopFiles()
        let model = ["--model", shop.directory.path("model")]
        try await ScriptedServer.with(script: ScriptedReply.obliging) { server in
            let encoder = "\(server.baseURL)#tiny"
            let training = try await CommandProcess.run(
                ["train"] + shop.options + model + ["--encoder", encoder],
                environment: ["OPENAI_API_KEY": "a-key-of-mine"])
            #expect(training.status == 0, "\(training.errors)")
            #expect(server.requests.contains { $0.path == "/v1/embeddings" && $0.json["model"] as? String == "tiny" })
            let texts = server.requests.flatMap(\.inputs)
            #expect(Set(texts).count == texts.count, "a text was encoded twice")
            #expect(training.errors.contains("Encoding texts: 24 texts"), "\(training.errors)")
            #expect(try ModelManifest(directory: shop.directory.path("model")).encoder == encoder)
            let count = server.requestCount

            let known = try await CommandProcess.run(["recommend"] + model + ["--user", shop.log.users[0]])
            #expect(known.status == 0, "\(known.errors)")
            let history = ["recommend"] + model + ["--history", shop.catalogue[0].id]
            let unnamed = try await CommandProcess.run(history, environment: ["OPENAI_API_KEY": "a-key-of-mine"])
            #expect(unnamed.status == 1)
            #expect(unnamed.errors.contains(encoder) && unnamed.errors.contains("--encoder"), "\(unnamed.errors)")
            #expect(server.requestCount == count, "a server that only the model names was called")

            let named = try await CommandProcess.run(history + ["--encoder", encoder])
            #expect(named.status == 0, "\(named.errors)")
            #expect(server.requestCount > count)
        }
    }

    @Test func saysWhenTheEncoderIsOfAnotherWidth() async throws {
        let shop = try ShopFiles()
        let model = ["--model", shop.directory.path("model")]
        try await ScriptedServer.with { request in
            request.json["model"] as? String == "narrow"
                ? .embeddings(request.inputs.map { _ in [1, 0, 0] }) : .obliging(request)
        } _: { server in
            let training = try await CommandProcess.run(
                ["train"] + shop.options + model + ["--encoder", server.baseURL])
            #expect(training.status == 0, "\(training.errors)")
            let result = try await CommandProcess.run(
                ["recommend"] + model + ["--history", shop.catalogue[0].id, "--encoder", "\(server.baseURL)#narrow"])
            #expect(result.status == 1)
            #expect(result.errors.contains("its vectors have 3 dimensions and earlier ones 16"), "\(result.errors)")
        }
    }

    @Test func refusesAFolderWithoutAModel() async throws {
        let shop = try ShopFiles()
        let result = try await CommandProcess.run(
            ["train"] + shop.options + ["--model", shop.directory.path("model")]
                + ["--encoder", "sentence-transformer:\(shop.directory.path("nothing"))"])
        #expect(result.status == 1)
        #expect(result.errors.contains("isrf: error: \(shop.directory.path("nothing"))"), "\(result.errors)")
        #expect(!result.errors.contains("Reasoning about"))
    }

    @Test func aModelWithTheDefaultEncoderTakesNoOther() async throws {
        let trained = try await TrainedShop.get()
        let result = try await trained.run("recommend", "--all", "--encoder", "http://127.0.0.1:1")
        #expect(result.status == 1)
        #expect(result.errors.contains("Leave out --encoder"), "\(result.errors)")
    }
}
