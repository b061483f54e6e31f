import Foundation
import ISRFKit
import Testing

@Suite("Prompts")
struct ReasoningPromptsTests {
    private static let longest = Item(
        id: "secret-id", title: words(60), brand: words(30), description: words(2000),
        categories: (0..<20).map { ["Wide \($0)", "Narrow \($0)"] },
        attributes: ["material": Array(repeating: words(20), count: 20)])

    private static func words(_ count: Int) -> String {
        (0..<count).map { "word\($0)" }.joined(separator: " ")
    }

    private static func entries(_ count: Int) -> [UserReasoningRequest.Entry] {
        (0..<count).map { number in
            let said = Reasoned(summary: "Feature \(number): " + words(23), reasoning: "Because.")
            let item = Item(id: "secret-id-\(number)", title: "Title \(number) " + words(20))
            return .init(item: item, profile: ItemProfile(item: item.id, positive: said, negative: said, feature: said))
        }
    }

    private func question(_ step: ReasoningStep) -> StructuredQuestion {
        let answers = Dictionary(
            uniqueKeysWithValues: ReasoningStep.allCases.map {
                ($0, Reasoned(summary: "Answer to \($0.rawValue): " + Self.words(200), reasoning: "R"))
            })
        return step.isAboutItem
            ? ReasoningPrompts.standard.question(step, about: Self.longest, after: answers)
            : ReasoningPrompts.standard.question(step, aboutUserOf: Self.entries(20), after: answers)
    }

    @Test("Prompt and answer of the longest item and history fit 2,048 tokens", arguments: ReasoningStep.allCases)
    func fitsSmallModels(step: ReasoningStep) {
        let question = question(step)
        let bytes = question.messages.reduce(0) { $0 + $1.text.utf8.count }
        #expect(bytes / 4 + question.maximumTokens + 32 < 2048)
        let written = question.fields.reduce(0) { $0 + $1.maximumCharacters }
        #expect(written / 4 < question.maximumTokens, "an answer of the allowed length is cut off")
    }

    @Test("Each step sees the answers before it, and no identifier", arguments: ReasoningStep.allCases)
    func chains(step: ReasoningStep) throws {
        let text = question(step).messages.map(\.text).joined(separator: "\n")
        let before: [ReasoningStep] =
            switch step {
            case .positive, .likes: []
            case .negative: [.positive]
            case .feature: [.positive, .negative]
            case .dislikes: [.likes]
            case .preference: [.likes, .dislikes]
            }
        for other in ReasoningStep.allCases {
            #expect(text.contains("Answer to \(other.rawValue):") == before.contains(other))
        }
        #expect(!text.contains("secret-id"))
        #expect(!text.contains("{{"))
        #expect(text.contains("at most \(ReasoningPrompts.Limits().words(of: step)) words"))
    }

    @Test("A user's items stand latest first, at most 20, and the oldest go when there is no room")
    func orderOfHistory() throws {
        let text = try #require(
            ReasoningPrompts.standard.question(.likes, aboutUserOf: Self.entries(30)).messages.last?.text)
        let lines = text.split(separator: "\n").filter { $0.hasPrefix("{") }
        #expect((2...20).contains(lines.count))
        for (place, line) in lines.enumerated() {
            #expect(line.contains("Title \(place) ") && line.contains("Feature \(place):"))
        }
        var limits = ReasoningPrompts.Limits()
        limits.historyTokens = 100_000
        let roomy = try ReasoningPrompts(version: "roomy", limits: limits)
        let all = try #require(roomy.question(.likes, aboutUserOf: Self.entries(30)).messages.last?.text)
        #expect(all.split(separator: "\n").filter { $0.hasPrefix("{") }.count == 20)
    }

    @Test("What is missing is told as missing")
    func missing() throws {
        let text = try #require(
            ReasoningPrompts.standard.question(.positive, about: Item(id: "x", title: "Soap", brand: "  ")).messages
                .last?
                .text)
        #expect(text.contains(#"{"title": "Soap", "brand": null, "categories": null, "description": null}"#))
    }

    @Test("Templates of a host replace the standard ones, step by step")
    func replaces() throws {
        let prompts = try ReasoningPrompts(
            version: "films-1", instruction: "You judge films.",
            templates: [.positive: "Film: {{ item }} in {{words}} words"])
        let question = prompts.question(.positive, about: Item(id: "x", title: "{{words}}"))
        #expect(question.messages[0].text == "You judge films.")
        #expect(question.messages[1].text.hasPrefix("Film: {\"title\": \"{{words}}\""))
        #expect(question.messages[1].text.hasSuffix(" in 200 words"))
        #expect(prompts.templates[.likes] == ReasoningPrompts.standard.templates[.likes])
    }

    @Test(
        "Unknown, unfinished and missing places are errors that name the line",
        arguments: [
            ("{{item}}\n\nAnd {{itme}}", 3), ("{{item}}\n{{likes}}", 2), ("{{item}} {{positive", 1), ("No place", nil),
        ] as [(String, Int?)])
    func refusesPlaces(template: String, line: Int?) throws {
        let error = #expect(throws: ISRFError.self) {
            try ReasoningPrompts(version: "v", templates: [.positive: template])
        }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.location?.line == line)
        #expect(error?.location?.field == "positive")
    }

    @Test("Limits out of their range are refused")
    func refusesLimits() {
        var limits = ReasoningPrompts.Limits()
        limits.words[.feature] = 26
        #expect(throws: ISRFError.self) { try ReasoningPrompts(version: "v", limits: limits) }
        #expect(throws: ISRFError.self) { try ReasoningPrompts(version: "") }
    }
}

@Suite("Prompts from files")
struct PromptFileTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("prompts-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }

    private func refusal() -> ISRFError? {
        #expect(throws: ISRFError.self) { try ReasoningPrompts(folder: folder.path) }
    }

    @Test("Files replace the steps that they are named after; the version follows from the text or its file")
    func reads() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try write("positive.txt", "\u{FEFF}Film: {{item}}\r\n")
        let first = try ReasoningPrompts(folder: folder.path)
        #expect(first.templates[.positive] == "Film: {{item}}")
        #expect(first.templates[.negative] == ReasoningPrompts.standard.templates[.negative])
        #expect(first.version.hasPrefix("folder-"))
        try write("positive.txt", "A film: {{item}}")
        #expect(try ReasoningPrompts(folder: folder.path).version != first.version)
        try write("version.txt", "films-2\n")
        #expect(try ReasoningPrompts(folder: folder.path + "/").version == "films-2")
    }

    @Test("What cannot be used is named with its file")
    func refuses() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(refusal()?.message.contains("no prompt") == true)
        try write("likes.txt", "{{history}}\n{{item}}")
        #expect(refusal()?.location?.file == folder.path + "/likes.txt")
        #expect(refusal()?.location?.line == 2)
        try write("likes.txt", " \n")
        #expect(refusal()?.message.contains("empty") == true)
        try Data([0xFF, 0xFE, 0x41]).write(to: folder.appendingPathComponent("likes.txt"))
        #expect(refusal()?.message.contains("UTF-8") == true)
        try write("likes.txt", String(repeating: "x", count: 100_000))
        #expect(refusal()?.message.contains("64 KiB") == true)
        try write("likes.txt", "{{history}}")
        try write("lieks.txt", "{{history}}")
        #expect(refusal()?.location?.file == folder.path + "/lieks.txt")
        let missing = #expect(throws: ISRFError.self) { try ReasoningPrompts(folder: folder.path + "/none") }
        #expect(missing?.code == .fileAccess)
    }
}
