internal import Foundation
internal import ISRFCore

extension ReasoningPrompts {
    /// Reads prompts from a folder of text files.
    ///
    /// `instruction.txt` and one file for each step (`positive.txt`, `negative.txt`, `feature.txt`, `likes.txt`,
    /// `dislikes.txt`, `preference.txt`); what is missing is taken from `standard`. `version.txt` names the prompts; without
    /// it the version follows from their text.
    /// - Throws: `ISRFError` (`fileAccess`, `invalidData`) when a file cannot be read, is not UTF-8, is empty or too large,
    ///   or when the folder holds no prompt or a text file with another name; (`invalidConfiguration`) that names the file
    ///   and line of an unknown place.
    public init(folder: String, limits: Limits = .init()) throws {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".txt") }
        } catch {
            throw ISRFError(
                .fileAccess, "The folder of prompts cannot be read.", at: .init(file: folder), underlying: error)
        }
        let known = ["instruction", "version"] + ReasoningStep.allCases.map(\.rawValue)
        for name in names where !known.contains(String(name.dropLast(4))) {
            throw ISRFError(
                .invalidData,
                "There is no prompt of this name. The files are \(known.map { $0 + ".txt" }.joined(separator: ", ")).",
                at: .init(file: Self.path(folder, name)))
        }
        guard names.contains(where: { $0 != "version.txt" }) else {
            throw ISRFError(
                .invalidData, "The folder holds no prompt. Add one of positive.txt, negative.txt, …",
                at: .init(file: folder))
        }
        func text(_ name: String) throws -> String? {
            names.contains(name + ".txt") ? try Self.read(Self.path(folder, name + ".txt")) : nil
        }
        var templates: [ReasoningStep: (text: String, file: String?)] = [:]
        for step in ReasoningStep.allCases {
            guard let template = try text(step.rawValue) else { continue }
            templates[step] = (template, Self.path(folder, step.rawValue + ".txt"))
        }
        let instruction = try text("instruction") ?? Self.standardInstruction
        let words = ReasoningStep.allCases.map { templates[$0]?.text ?? Self.standardTemplates[$0] ?? "" }
        let digest = Checksum.sha256(Data(([instruction] + words).joined(separator: "\0").utf8))
        try self.init(
            version: text("version") ?? "folder-\(digest.prefix(12))", instruction: instruction, templates: templates,
            limits: limits)
    }

    private static func path(_ folder: String, _ name: String) -> String {
        folder.hasSuffix("/") ? folder + name : folder + "/" + name
    }

    private static func read(_ path: String) throws -> String {
        let most = 64 << 10
        let data: Data
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? file.close() }
            data = try file.read(upToCount: most + 1) ?? Data()
        } catch {
            throw ISRFError(.fileAccess, "The prompt cannot be read.", at: .init(file: path), underlying: error)
        }
        guard data.count <= most else {
            throw ISRFError(.invalidData, "A prompt has at most 64 KiB.", at: .init(file: path))
        }
        guard var text = String(validating: data, as: UTF8.self) else {
            throw ISRFError(.invalidData, "The prompt is not valid UTF-8.", at: .init(file: path))
        }
        if text.hasPrefix("\u{FEFF}") { text.removeFirst() }
        text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !text.isEmpty else {
            throw ISRFError(.invalidData, "The prompt is empty. Write it, or remove the file.", at: .init(file: path))
        }
        return text
    }
}
