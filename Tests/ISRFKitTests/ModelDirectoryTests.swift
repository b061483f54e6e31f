import Foundation
import ISRFKitTesting
import Testing

@testable import ISRFKit

@Suite("Saving and loading")
struct ModelDirectoryTests {
    /// Answers of every kind, to be compared between two recommenders.
    struct Answers: Equatable {
        var recommendations: [[Recommendation]]
        var foldedIn: [[Recommendation]]
        var explanations: [Explanation]
        var similarItems: [[SimilarItem]]
        var similarUsers: [[SimilarUser]]

        init(_ recommender: Recommender) async throws {
            let users = recommender.log.users.identifiers
            let items = recommender.catalogue.items.map(\.id)
            recommendations = try await recommender.recommend(users: users, options: .init(count: 20))
            foldedIn = []
            explanations = []
            for start in [0, 9, items.count - 4] {
                let history = Array(items[start..<start + 4])
                foldedIn.append(try await recommender.recommend(history: history))
                explanations.append(try await recommender.explain(history: history, item: items[(start + 5) % 40]))
            }
            for user in users.prefix(5) {
                explanations.append(try await recommender.explain(user: user, item: items[7]))
            }
            similarItems = try items.map { try recommender.similar(item: $0) }
            similarUsers = try users.map { try recommender.similar(user: $0) }
        }
    }

    @Test("What is loaded answers exactly as what was saved")
    func roundTrip() async throws {
        let (_, recommender) = try await Fitted.sample()
        let scratch = try Scratch()
        try recommender.save(to: scratch["model"])
        #expect(scratch.contents == ["model"])
        let loaded = try await Recommender.load(from: scratch["model"])
        #expect(try await Answers(loaded) == Answers(recommender))
        #expect(loaded.configuration == recommender.configuration)
        #expect(loaded.catalogue == recommender.catalogue && loaded.log == recommender.log)
        #expect(loaded.itemProfiles == recommender.itemProfiles && loaded.userProfiles == recommender.userProfiles)
        #expect(loaded.userGraph == recommender.userGraph && loaded.transitions == recommender.transitions)
        #expect(loaded.training == recommender.training && loaded.weights == recommender.weights)
        // Saving again writes the same bytes.
        try loaded.save(to: scratch["again"])
        for name in ModelFiles.all + [ModelManifest.fileName] {
            #expect(
                try Data(contentsOf: scratch["model"].appendingPathComponent(name))
                    == Data(contentsOf: scratch["again"].appendingPathComponent(name)), "\(name)")
        }
        let manifest = try ModelManifest(directory: scratch["model"].path)
        #expect(manifest.users == recommender.log.userCount && manifest.items == recommender.catalogue.count)
        #expect(manifest.interactions == recommender.log.interactionCount)
        #expect(manifest.formatVersion == ModelManifest.currentVersion)
    }

    @Test("A recommender with items added later is saved and loaded like any other, on other numbers of threads too")
    func roundTripWithNewItems() async throws {
        let (data, recommender) = try await Fitted.sample()
        let scratch = try Scratch()
        let extended = try await recommender.adding(items: [
            try data.newItem(like: 0, id: "late-0"), try data.newItem(like: 3, id: "late-3"),
        ])
        try extended.save(to: scratch["model"])
        #expect(try await Answers(try await Recommender.load(from: scratch["model"])) == Answers(extended))
        let threaded = try await Recommender.load(from: scratch["model"], threads: 2)
        let answers = try await threaded.recommend(users: data.log.users.identifiers)
        #expect(
            answers.map { $0.map(\.item) }
                == (try await extended.recommend(users: data.log.users.identifiers)).map { $0.map(\.item) })
        await expectError(.invalidConfiguration, "threads") {
            _ = try await Recommender.load(from: scratch["model"], threads: -1)
        }
    }

    @Test("The weights are a safetensors file that others can read")
    func safetensors() async throws {
        let (_, recommender) = try await Fitted.sample()
        let scratch = try Scratch()
        try recommender.save(to: scratch["model"])
        let data = try Data(contentsOf: scratch["model"].appendingPathComponent(ModelFiles.weights))
        let length = data.prefix(8).enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
        let header = try #require(
            try JSONSerialization.jsonObject(with: data[8..<8 + length]) as? [String: [String: Any]])
        let entry = try #require(header["model.vectors.items"])
        #expect(entry["dtype"] as? String == "F32")
        let vectors = recommender.scorer.model.itemVectors
        #expect(entry["shape"] as? [Int] == [vectors.rows, vectors.columns])
        let offsets = try #require(entry["data_offsets"] as? [Int])
        let bytes = data[(8 + length + offsets[0])..<(8 + length + offsets[1])]
        let numbers = stride(from: bytes.startIndex, to: bytes.endIndex, by: 4).map { place in
            Float(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[place + $1]) << (8 * UInt32($1)) })
        }
        #expect(numbers == vectors.elements)
        let ends = header.values.compactMap { ($0["data_offsets"] as? [Int])?[1] }
        #expect(ends.max() == data.count - 8 - length)
    }

    @Test("A model takes the place of an earlier one, whole, and leaves nothing beside it")
    func replaces() async throws {
        let (data, recommender) = try await Fitted.sample()
        let scratch = try Scratch()
        try FileManager.default.createDirectory(at: scratch["model"], withIntermediateDirectories: true)
        try recommender.save(to: scratch["model"])
        let extended = try await recommender.adding(items: [try data.newItem(like: 0)])
        try extended.save(to: scratch["model"])
        #expect(scratch.contents == ["model"])
        #expect(try await Recommender.load(from: scratch["model"]).catalogue.count == data.catalogue.count + 1)
        // A directory that must be made first, and a link to a model.
        try recommender.save(to: scratch["a/b/model"])
        #expect(try await Recommender.load(from: scratch["a/b/model"]).catalogue.count == data.catalogue.count)
        try FileManager.default.createSymbolicLink(at: scratch["link"], withDestinationURL: scratch["model"])
        try recommender.save(to: scratch["link"])
        #expect(try await Recommender.load(from: scratch["model"]).catalogue.count == data.catalogue.count)
        #expect(scratch.contents == ["a", "link", "model"])
    }

    @Test("What is not a model is never overwritten")
    func leavesOthersAlone() async throws {
        let (_, recommender) = try await Fitted.sample()
        let scratch = try Scratch()
        let cases: [(name: String, files: [String: String])] = [
            ("papers", ["thesis.txt": "all my work"]),
            ("site", ["manifest.json": #"{"name": "a web application"}"#]),
            (
                "mixed",
                ["manifest.json": #"{"format": "isrf-model", "formatVersion": 1}"#, "thesis.txt": "all my work"]
            ),
        ]
        for (name, files) in cases {
            try FileManager.default.createDirectory(at: scratch[name], withIntermediateDirectories: true)
            for (file, text) in files {
                try Data(text.utf8).write(to: scratch[name].appendingPathComponent(file))
            }
            await expectError(.fileAccess, "nothing was written", name) { try recommender.save(to: scratch[name]) }
            for (file, text) in files {
                #expect(try Data(contentsOf: scratch[name].appendingPathComponent(file)) == Data(text.utf8))
            }
        }
        try Data("all my work".utf8).write(to: scratch["file"])
        await expectError(.fileAccess) { try recommender.save(to: scratch["file"]) }
        await expectError(.fileAccess) { try recommender.save(to: scratch["file/model"]) }
        #expect(try Data(contentsOf: scratch["file"]) == Data("all my work".utf8))
        #expect(scratch.contents == ["file", "mixed", "papers", "site"])
    }

    @Test("A save that is cancelled leaves the earlier model as it was")
    func cancelledSave() async throws {
        let (data, recommender) = try await Fitted.sample()
        let scratch = try Scratch()
        try recommender.save(to: scratch["model"])
        let extended = try await recommender.adding(items: [try data.newItem(like: 0)])
        let directory = scratch["model"]
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            try extended.save(to: directory)
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(scratch.contents == ["model"])
        #expect(try await Recommender.load(from: directory).catalogue.count == data.catalogue.count)
    }

    @Test("A replacement that fails brings back what was there", arguments: [true, false])
    func failedReplacement(exchanges: Bool) throws {
        let scratch = try Scratch()
        let replacement = DirectoryReplacement(exchanges: exchanges)
        try FileManager.default.createDirectory(at: scratch["place"], withIntermediateDirectories: true)
        try Data("old".utf8).write(to: scratch["place/file"])
        #expect(throws: (any Error).self) { try replacement.put(scratch["missing"], at: scratch["place"]) }
        #expect(try Data(contentsOf: scratch["place/file"]) == Data("old".utf8))
        #expect(scratch.contents == ["place"])
        try FileManager.default.createDirectory(at: scratch["new"], withIntermediateDirectories: true)
        try Data("new".utf8).write(to: scratch["new/file"])
        try replacement.put(scratch["new"], at: scratch["place"])
        #expect(try Data(contentsOf: scratch["place/file"]) == Data("new".utf8))
        #expect(scratch.contents == ["place"])
    }

    @Test("Many tasks may save to one place: one whole model stands there in the end")
    func concurrentSaves() async throws {
        let (data, recommender) = try await Fitted.sample()
        let scratch = try Scratch()
        let directory = scratch["model"]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { try recommender.save(to: directory) } }
            try await group.waitForAll()
        }
        #expect(scratch.contents == ["model"])
        #expect(try await Recommender.load(from: directory).log == data.log)
    }

    @Test("Stages of the host's own are asked for on loading, and then answer as before")
    func hostStages() async throws {
        let data = try SampleData()
        let encoder = EchoingEncoder()
        let recommender = try await RecommenderPipeline(
            configuration: .small, encoder: encoder, optimizer: PlainOptimizer()
        ).fit(catalogue: data.catalogue, log: data.log)
        let scratch = try Scratch()
        try recommender.save(to: scratch["model"])
        await expectError(.invalidModel, "HostStages.model") {
            _ = try await Recommender.load(from: scratch["model"])
        }
        await expectError(.invalidModel, "HostStages.encoder") {
            _ = try await Recommender.load(
                from: scratch["model"], stages: .init(model: { try PlainModel(state: $0) }))
        }
        let loaded = try await Recommender.load(
            from: scratch["model"], stages: .init(encoder: encoder, model: { try PlainModel(state: $0) }))
        #expect(try await Answers(loaded) == Answers(recommender))
    }

    @Test("A host's reasoner is prepared again on loading")
    func hostReasonerIsPrepared() async throws {
        let (data, recommender) = try await Fitted.sample()
        let scratch = try Scratch()
        try recommender.save(to: scratch["model"])
        let reasoner = RecordingReasoner()
        let loaded = try await Recommender.load(from: scratch["model"], stages: .init(reasoner: reasoner))
        #expect(reasoner.preparations.map(\.training) == [data.log])
        _ = try await loaded.recommend(history: [data.catalogue[0].id])
        #expect(reasoner.userRequests.map { $0.recentItems.map(\.item.id) } == [[data.catalogue[0].id]])
    }
}
