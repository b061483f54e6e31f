import ISRFCore
import ISRFData
import Testing

@testable import ISRFFiles

@Suite("Compressed files")
struct CompressionTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    private static let text = (0..<5_000).map {
        "{\"id\":\"item \($0)\",\"title\":\"t\(($0 &* 2_654_435_761) % 1_000_003)\"}\n"
    }
    .joined()

    private func read(_ name: String, _ bytes: some Sequence<UInt8>, skipping: Bool = false) throws -> Catalogue {
        try ItemFile(reading: scratch.write(name, bytes), skippingMalformed: skipping).catalogue
    }

    @Test("Every format is read compressed, whatever the name", arguments: ["", ".gz", ".GZ"])
    func everyFormat(suffix: String) throws {
        for sample in ItemSample.all {
            let file = try ItemFile(reading: scratch.write(sample.name + suffix, gzip(sample.text.utf8)))
            #expect(file.format == sample.format)
            #expect(file.catalogue.items.map(\.id) == ItemSample.identifiers)
        }
        for sample in InteractionSample.all {
            let file = try InteractionFile(
                reading: scratch.write(sample.name + suffix, gzip(sample.text.utf8)),
                catalogue: catalogue(["a", "b", "c"]))
            #expect(file.format == sample.format)
            #expect(file.log.named() == InteractionSample.histories)
        }
    }

    @Test("Members that follow each other are one file, also where a line goes from one to the next")
    func members() throws {
        let bytes = Array(Self.text.utf8)
        let plain = try read("items.jsonl", bytes)
        var members: [UInt8] = []
        for part in [bytes[..<10], bytes[10..<10], bytes[10..<70_001], bytes[70_001...]] { members += gzip(part) }
        #expect(try read("items.jsonl.gz", members) == plain)
        #expect(try read("items.jsonl.gz", members + [UInt8](repeating: 0, count: 1000)) == plain)
    }

    @Test("A mark at the beginning and ends of lines are handled after decompression")
    func mark() throws {
        let catalogue = try read("x.csv.gz", gzip([0xEF, 0xBB, 0xBF] + Array("id\r\na\r\n".utf8)))
        #expect(catalogue.items == [Item(id: "a")])
    }

    @Test("A file that is cut off is refused wherever it is cut, skipping or not")
    func truncated() throws {
        let whole = gzip(Self.text.utf8)
        let ends = [
            2, 3, 9, 10, 11, 100, whole.count / 2, whole.count - 9, whole.count - 8, whole.count - 4, whole.count - 1,
        ]
        for end in ends {
            for skipping in [false, true] {
                do {
                    _ = try read("items.jsonl.gz", whole[..<end], skipping: skipping)
                    Issue.record("\(end) bytes were read")
                } catch let error as ISRFError {
                    #expect(error.code == .fileAccess, "\(error)")
                    #expect(error.message.contains("cut off"), "\(error)")
                    #expect(error.location?.file == scratch.path("items.jsonl.gz"))
                }
            }
        }
    }

    @Test("Damage is found, at the latest by the checksum", arguments: 1...200)
    func corrupted(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var bytes = gzip(Self.text.utf8)
        // Past the wrapper, whose name, time and system carry no checksum.
        bytes[10 + random.index(below: bytes.count - 10)] ^= UInt8(1 + random.index(below: 255))
        do {
            _ = try read("items.jsonl.gz", bytes, skipping: true)
            Issue.record("nothing was thrown")
        } catch let error as ISRFError {
            #expect(error.code == .fileAccess, "\(error)")
        }
    }

    @Test("Bytes after the last member are refused")
    func trailing() throws {
        expectError(.fileAccess, line: 2, "damaged") {
            _ = try read("x.jsonl.gz", gzip("{\"id\":\"a\"}\n".utf8) + Array("rest".utf8))
        }
    }

    @Test("Data that grow without measure are refused in little memory")
    func bomb() throws {
        let path = try scratch.write("x.jsonl.gz", gzip([UInt8](repeating: UInt8(ascii: "x"), count: 20 << 20)))
        let limits = ReadingLimits(lineLength: 1 << 20, expansion: 100, uncheckedOutput: 2 << 20)
        expectError(.fileAccess, line: 1, "grow more than 100 times") {
            _ = try ItemFile(reading: path, format: .jsonLines, skippingMalformed: true, limits: limits)
        }
        // Within the bounds it is an overlong line like another.
        expectError(line: 1, "longer than") { _ = try ItemFile(reading: path, format: .jsonLines) }
    }

    @Test("A name that says gzip over other contents is refused")
    func falseName() throws {
        expectError(.fileAccess, "do not begin as gzip does") { _ = try read("x.jsonl.gz", "{\"id\":\"a\"}\n".utf8) }
        expectError(.fileAccess, "no contents at all") { _ = try read("x.jsonl.gz", []) }
        expectError(.invalidData, "The file is empty") { _ = try read("x.jsonl.gz", gzip([])) }
    }

    @Test(
        "What is compressed otherwise is refused by name",
        arguments: [
            ([0x50, 0x4B, 0x03, 0x04], "zip archive"), ([0x42, 0x5A, 0x68, 0x39], "bzip2"),
            ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "xz"), ([0x28, 0xB5, 0x2F, 0xFD], "zstd"),
            ([0xFF, 0xFE, 0x7B, 0x00], "UTF-16"),
            ([0xFE, 0xFF, 0x00, 0x7B], "UTF-16"),
        ] as [([UInt8], String)])
    func otherForms(bytes: [UInt8], words: String) {
        expectError(.fileAccess, words) { _ = try read("x.jsonl", bytes) }
    }
}
