import ISRFCore
import ISRFData
import Testing

@testable import ISRFFiles

/// Changes valid files at random places, from a seed.
private struct Mutation {
    private static let tokens: [[UInt8]] =
        [
            [0], [0xFF], [0xEF, 0xBB, 0xBF], [0x1F, 0x8B], [0x0D], [0x0A],
        ]
        + [
            "\"", "\"\"", "'", "\\", "\\u", "\\ud800", ",", "\t", "::", ":", "{", "}", "[", "]", "(", ")", "[[[[",
            "nan", "1e999",
            "-1", "99999999999999999999", "null", "None", "u'", " ", "\r\n", "ю", "id", "user", ">", "|", ":token",
            "item_id",
        ].map { Array($0.utf8) }

    var random: SeededRandom

    mutating func mutate(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0...random.index(below: 3) { change(&bytes) }
        return bytes
    }

    private mutating func change(_ bytes: inout [UInt8]) {
        let start = random.index(below: bytes.count + 1)
        let end = min(bytes.count, start + random.index(below: 12))
        switch random.index(below: 7) {
        case 0 where start < bytes.count: bytes[start] ^= UInt8(1 << random.index(below: 8))
        case 1 where start < bytes.count: bytes[start] = UInt8(random.index(below: 256))
        case 2: bytes.removeSubrange(start..<end)
        case 3: bytes.insert(contentsOf: bytes[start..<end], at: random.index(below: bytes.count + 1))
        case 4: bytes.removeSubrange(start...)
        default: bytes.insert(contentsOf: Self.tokens[random.index(below: Self.tokens.count)], at: start)
        }
    }
}

@Suite("Random changes to valid files")
struct MutationTests {
    private static let count = 400

    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    /// What reading gave; anything but a result or an `ISRFError` fails the test.
    private func outcome<File>(_ read: () throws -> File) -> Result<File, ISRFError>? {
        do {
            return .success(try read())
        } catch let error as ISRFError {
            #expect(error.code == .invalidData || error.code == .fileAccess, "\(error)")
            #expect(error.location?.file != nil, "\(error)")
            return .failure(error)
        } catch {
            Issue.record("thrown was \(error)")
            return nil
        }
    }

    /// Expects that stopping and skipping tell the same story.
    private func check<File>(
        _ stopping: Result<File, ISRFError>?, _ skipping: Result<File, ISRFError>?, skipped: (File) -> [ISRFError]
    ) {
        switch (stopping, skipping) {
        case (.success(let file)?, .success(let same)?):
            #expect(skipped(file).isEmpty && skipped(same).isEmpty)
        case (.failure(let error)?, .success(let rest)?):
            #expect(skipped(rest).first?.description == error.description)
        case (.failure?, .failure?): break
        default: Issue.record("skipping failed where stopping did not")
        }
    }

    @Test("Items are read or refused, never worse", arguments: ItemSample.all)
    func items(sample: ItemSample) throws {
        var mutation = Mutation(random: SeededRandom(seed: 1, stream: UInt64(sample.name.utf8.count)))
        for number in 0..<Self.count {
            let path = try scratch.write(sample.name, mutation.mutate(Array(sample.text.utf8)))
            let format = number % 2 == 0 ? sample.format : nil
            let stopping = outcome { try ItemFile(reading: path, format: format) }
            let skipping = outcome { try ItemFile(reading: path, format: format, skippingMalformed: true) }
            check(stopping, skipping, skipped: \.skipped)
            if case .success(let file)? = skipping {
                #expect(!file.catalogue.items.contains { $0.id.isEmpty })
                #expect(Set(file.catalogue.items.map(\.id)).count == file.catalogue.count)
            }
        }
    }

    @Test("Interactions are read or refused, never worse", arguments: InteractionSample.all)
    func interactions(sample: InteractionSample) throws {
        let catalogue = try catalogue(["a", "b", "c"])
        var mutation = Mutation(random: SeededRandom(seed: 2, stream: UInt64(sample.name.utf8.count)))
        for number in 0..<Self.count {
            let path = try scratch.write(sample.name, mutation.mutate(Array(sample.text.utf8)))
            let format = number % 2 == 0 ? sample.format : nil
            let stopping = outcome { try InteractionFile(reading: path, format: format, catalogue: catalogue) }
            let skipping = outcome {
                try InteractionFile(reading: path, format: format, catalogue: catalogue, skippingMalformed: true)
            }
            check(stopping, skipping, skipped: \.skipped)
            if case .success(let file)? = skipping {
                #expect(file.log.histories.allSatisfy { !$0.isEmpty && $0.allSatisfy((0..<3).contains) })
            }
        }
    }

    @Test("Compressed files are read or refused, never worse")
    func compressed() throws {
        var mutation = Mutation(random: SeededRandom(seed: 3))
        for sample in ItemSample.all {
            let valid = gzip(sample.text.utf8)
            for _ in 0..<100 {
                let path = try scratch.write(sample.name + ".gz", mutation.mutate(valid))
                _ = outcome { try ItemFile(reading: path, skippingMalformed: true) }
            }
        }
    }
}
