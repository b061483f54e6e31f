import Foundation
import ISRFCore
import ISRFData
import ISRFKitTesting
import ISRFReasoning
import Testing

@Suite("Profile files")
struct ProfileFileTests {
    private let directory = FileManager.default.temporaryDirectory
        .appendingPathComponent("isrf-profiles-\(UUID().uuidString)")
    private let data: SampleData

    init() throws {
        data = try SampleData()
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    private func path(_ name: String = "profiles.jsonl") -> String { directory.appendingPathComponent(name).path }

    private static func reasoned(_ text: String) -> Reasoned { Reasoned(summary: text, reasoning: "because / \(text)") }

    private static func item(_ id: String) -> ItemProfile {
        ItemProfile(
            item: id, positive: reasoned("for \u{5BA2} of \(id)"), negative: reasoned("not \u{1F60A}"),
            feature: reasoned("two\nlines"))
    }

    private static func user(_ id: String) -> UserProfile {
        UserProfile(user: id, likes: reasoned("likes"), dislikes: reasoned("dislikes"), preference: reasoned("wants"))
    }

    private func file(holdout: Holdout = .lastTwo) throws -> ProfileFile {
        try ProfileFile(
            items: data.catalogue.items.map { Self.item($0.id) },
            users: data.log.users.identifiers.dropLast().map { Self.user($0) },
            evidence: ReasoningEvidence(catalogue: data.catalogue, training: holdout.training(of: data.log)),
            holdout: holdout, model: "a model", promptVersion: "1")
    }

    private func write(_ lines: [String]) throws -> String {
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: path()))
        return path()
    }

    private func lines() throws -> [String] {
        try file().write(to: path())
        return try String(contentsOfFile: path(), encoding: .utf8).split(separator: "\n").map(String.init)
    }

    private func expectRefusal(
        _ lines: [String], line: Int, field: String? = nil, _ words: String, catalogue: Catalogue? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let path = try write(lines)
        do {
            _ = try ProfileFile(reading: path, for: catalogue ?? data.catalogue)
            Issue.record("nothing was refused", sourceLocation: sourceLocation)
        } catch let error as ISRFError {
            #expect(error.code == .invalidData, sourceLocation: sourceLocation)
            #expect(
                error.location == .init(file: path, line: line, field: field), "\(error)",
                sourceLocation: sourceLocation)
            #expect(error.message.contains(words), "\(error)", sourceLocation: sourceLocation)
        }
    }

    @Test("What is written is read again, and equal contents give equal files")
    func roundTrip() throws {
        let file = try file()
        try file.write(to: path())
        #expect(try ProfileFile(reading: path(), for: data.catalogue) == file)
        try ProfileFile(reading: path()).write(to: path("again.jsonl"))
        #expect(
            try Data(contentsOf: URL(fileURLWithPath: path()))
                == Data(contentsOf: URL(fileURLWithPath: path("again.jsonl"))))
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted() == [
                "again.jsonl", "profiles.jsonl",
            ])
    }

    @Test("A byte-order mark, other ends of lines and blank lines do no harm")
    func tolerates() throws {
        let path = try write(["\u{FEFF}" + (try lines().joined(separator: "\r\n\r\n")) + "\r\n  "])
        #expect(try ProfileFile(reading: path, for: data.catalogue) == file())
    }

    @Test("Bad lines are refused with line and field")
    func refusesBadLines() throws {
        let lines = try lines()
        func changed(_ index: Int, _ from: String, _ to: String) -> [String] {
            var copy = lines
            copy[index] = copy[index].replacingOccurrences(of: from, with: to)
            return copy
        }
        let users = 1 + data.catalogue.count
        try expectRefusal([], line: 1, "not a file of profiles")
        try expectRefusal(Array(lines.dropFirst()), line: 1, "not a file of profiles")
        try expectRefusal(changed(0, "\"version\":1", "\"version\":2"), line: 1, "format version 2")
        try expectRefusal(changed(0, "\"holdout\"", "\"held\""), line: 1, field: "holdout", "missing")
        try expectRefusal(changed(0, "last-two", "last-ten"), line: 1, field: "holdout", "not one that is known")
        try expectRefusal(lines + ["{\"item\":"], line: lines.count + 1, "not a JSON object")
        try expectRefusal(lines + ["[]"], line: lines.count + 1, "wrong kind")
        try expectRefusal(lines + ["{}"], line: lines.count + 1, "\"item\" or \"user\"")
        try expectRefusal(changed(users, "\"user\"", "\"item\":\"x\",\"user\""), line: users + 1, "not both")
        try expectRefusal(changed(2, "\"feature\"", "\"features\""), line: 3, field: "feature", "missing")
        try expectRefusal(changed(users, "\"history\"", "\"past\""), line: users + 1, field: "history", "missing")
        try expectRefusal(
            changed(
                2, "\"negative\":{\"reasoning\":\"because / not \u{1F60A}\",\"summary\":\"not \u{1F60A}\"}",
                "\"negative\":{\"summary\":\"a\"}"), line: 3,
            field: "negative.reasoning", "missing")
        try expectRefusal(changed(users, "\"wants\"", "\" \""), line: users + 1, field: "preference.summary", "empty")
        try expectRefusal(
            changed(users, "\"likes\",", "7,").map {
                $0.replacingOccurrences(of: "\"summary\":\"likes\"", with: "\"summary\":7")
            }, line: users + 1, field: "likes.summary", "wrong kind")
        try expectRefusal(lines + [lines[1]], line: lines.count + 1, field: "item", "already")
        try expectRefusal(lines + [lines[users]], line: lines.count + 1, field: "user", "already")
        let stranger = String(
            decoding: try JSONEncoder().encode(Self.item("a stranger")), as: UTF8.self)
        try expectRefusal(lines + [stranger], line: lines.count + 1, field: "item", "no item \"a stranger\"")
    }

    @Test("A line that is no text, a directory and a missing file are errors")
    func refusesWhatIsNoText() throws {
        var bytes = Data(try lines()[0].utf8)
        bytes.append(contentsOf: [0x0A, 0xFF, 0xFE, 0x0A])
        try bytes.write(to: URL(fileURLWithPath: path()))
        do {
            _ = try ProfileFile(reading: path())
            Issue.record("nothing was refused")
        } catch let error as ISRFError {
            #expect(error.location?.line == 2 && error.message.contains("UTF-8"))
        }
        for path in [directory.path, path("missing.jsonl")] {
            #expect(throws: ISRFError.self) { try ProfileFile(reading: path) }
        }
        #expect(throws: ISRFError.self) { try file().write(to: path("no/such/directory")) }
    }

    @Test("A catalogue with another item, title or attribute is another one; the order does not matter")
    func catalogueDigest() throws {
        let file = try file()
        let items = data.catalogue.items
        try file.requireFit(to: try Catalogue(items: items.reversed()))
        for change in [
            { (item: inout Item) in item.title = "another" }, { $0.attributes["new"] = ["a"] },
            { $0.categories.append([]) }, { $0.id += "x" },
        ] {
            var changed = items
            change(&changed[3])
            let catalogue = try Catalogue(items: changed)
            #expect(throws: ISRFError.self) { try file.requireFit(to: catalogue) }
            try expectRefusal(try lines(), line: 1, field: "catalogueDigest", "another catalogue", catalogue: catalogue)
        }
        #expect(throws: ISRFError.self) { try file.requireFit(to: try Catalogue(items: Array(items.dropLast()))) }
    }

    @Test("Users' profiles fit their own holdout only; items fit every one")
    func holdout() throws {
        var file = try file(holdout: .none)
        try file.requireFit(to: data.catalogue, holdout: Holdout.none)
        #expect(throws: ISRFError.self) { try file.requireFit(to: data.catalogue, holdout: .lastTwo) }
        file.users = [:]
        try file.requireFit(to: data.catalogue, holdout: .lastTwo)
    }

    @Test("Coverage counts profiles, and leaves out users whose histories have changed")
    func coverage() throws {
        let training = Holdout.lastTwo.training(of: data.log)
        let evidence = ReasoningEvidence(catalogue: data.catalogue, training: training)
        var file = try file()
        file.items.removeValue(forKey: data.catalogue[0].id)
        var coverage = file.coverage(of: evidence)
        #expect(coverage.profiledItems == data.catalogue.count - 1 && coverage.otherItems == 1)
        #expect(coverage.profiledUsers == training.userCount - 1 && coverage.otherUsers == 1)
        #expect(coverage.changedUsers == 0)

        coverage = file.coverage(of: data.evidence)
        #expect(coverage.profiledUsers == 0 && coverage.changedUsers == training.userCount - 1)
    }

    @Test("Profiles are given where they are, and the fallback reasons about the rest")
    func reasoner() async throws {
        let training = Holdout.lastTwo.training(of: data.log)
        let evidence = ReasoningEvidence(catalogue: data.catalogue, training: training)
        var file = try file()
        let missing = data.catalogue[0]
        file.items.removeValue(forKey: missing.id)
        let reasoner = try await ProfiledReasoner(profiles: file).prepared(for: evidence)
        let attributes = try await AttributeReasoner().prepared(for: evidence)

        let known = ItemReasoningRequest(item: data.catalogue[1])
        #expect(try await reasoner.profile(for: known) == file.items[data.catalogue[1].id])
        let other = ItemReasoningRequest(item: missing)
        #expect(try await reasoner.profile(for: other) == attributes.profile(for: other))

        let last = training.userCount - 1
        for (user, isKnown) in [(0, true), (last, false)] {
            let request = UserReasoningRequest(
                user: training.users[user],
                recentItems: training.histories[user].reversed().map {
                    .init(item: data.catalogue[$0], profile: Self.item(data.catalogue[$0].id))
                })
            let expected =
                isKnown ? file.users[training.users[user]]?.profile : try await attributes.profile(for: request)
            #expect(try await reasoner.profile(for: request) == expected)
        }
        #expect(!reasoner.reasonsOnDemand)
        let itemsAlone = try await ProfiledReasoner(
            profiles: ProfileFile(header: file.header, items: file.items)
        ).prepared(for: evidence)
        #expect(itemsAlone.reasonsOnDemand)
    }

    @Test("The reasoner keeps the contract of reasoners")
    func conforms() async throws {
        try await Conformance.violations(of: ProfiledReasoner(profiles: try file(holdout: .none))).requireNone()
    }
}
