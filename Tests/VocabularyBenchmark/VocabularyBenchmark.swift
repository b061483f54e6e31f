internal import Foundation
internal import ISRFKit

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// What a list of ten costs as the catalogue grows, with whole items and with semantic identifiers: prints a table.
///
/// Nothing is trained: item vectors and users' states are drawn, and the decoder is as it is before training. That changes
/// what comes out and not how long it takes. Times are those of the processor, on one thread, so that other work on the
/// machine counts for little.
///
/// `VocabularyBenchmark [ITEMS ...]`
@main
struct VocabularyBenchmark {
    private static let width = GenerativeConfiguration().width
    private static let users = 64
    private static let count = 10
    private static let beams = [10, 50]

    static func main() throws {
        let numbers = CommandLine.arguments.dropFirst().map { Int($0) ?? 0 }
        guard numbers.allSatisfy({ $0 > 0 }) else {
            FileHandle.standardError.write(Data("usage: VocabularyBenchmark [ITEMS ...]\n".utf8))
            exit(64)
        }
        let sizes = numbers.isEmpty ? [10_000, 30_000, 100_000, 300_000, 1_000_000] : numbers
        print("Width \(width), a list of \(count): milliseconds of one processor for each user.")
        print(
            "| items | whole items, 1 user | of \(users) | "
                + beams.map { "beam \($0), 1 user | of \(users) | " }.joined()
                + "item vectors | decoder | vocabulary | trie | tokens of each place |")
        print("|" + String(repeating: "---:|", count: 8 + 2 * beams.count))
        for size in sizes { print(try row(size)) }
        print("Greatest memory: \(megabytes(ProcessMemory.peakBytes)) MB.")
    }

    private static func row(_ items: Int) throws -> String {
        let vectors = DrawnVectors(items: items, width: width).matrix()
        var random = SeededRandom(seed: 2)
        let states = vectors.selectingRows((0..<users).map { _ in random.index(below: items) })
        let first = states.selectingRows([0])
        var times = [first, states].map { states in
            milliseconds(states) {
                states.multiplied(by: vectors, transposeOther: true).greatestColumns(count).count
            }
        }
        var configuration = ResidualQuantizer.Configuration()
        configuration.sampleSize = 50_000
        let quantizer = try ResidualQuantizer(fitting: vectors, configuration: configuration)
        let vocabulary = try SemanticIdentifierVocabulary(quantizer: quantizer, vectors: vectors)
        let model = try SemanticIdentifierModel(
            untrainedOn: StandInModel(itemVectors: Matrix(rows: 0, columns: width)), vocabulary: vocabulary,
            quantizer: quantizer, seed: 1)
        for beam in beams {
            let search = try BeamSearch(trie: model.trie, width: beam)
            for states in [first, states] {
                times.append(
                    try milliseconds(states) {
                        try search.search(states.rows, scorer: model.scorer(of: states)).map { $0.prefix(count) }.count
                    })
            }
        }
        let bytes = [
            4 * vectors.elements.count, model.decoderByteCount, vocabulary.byteCount, model.trie.byteCount,
        ]
        let cells =
            [String(items)] + times.map { String(format: "%.2f", $0) } + bytes.map { megabytes($0) + " MB" }
            + [vocabulary.placeSizes.map(String.init).joined(separator: ", ")]
        return "| " + cells.joined(separator: " | ") + " |"
    }

    /// The milliseconds for each user of the fastest run: of five at least, and of as many as a second has room for.
    private static func milliseconds(_ states: Matrix, _ lists: () throws -> Int) rethrows -> Double {
        let start = processorSeconds
        var fastest = Double.infinity
        var runs = 0
        while runs < 5 || processorSeconds - start < 1 {
            let begin = processorSeconds
            let made = try lists()
            fastest = min(fastest, processorSeconds - begin)
            precondition(made == states.rows, "there is not one list for each user")
            runs += 1
        }
        return fastest * 1000 / Double(states.rows)
    }

    private static var processorSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func megabytes(_ bytes: Int) -> String { String(format: "%.1f", Double(bytes) / 1e6) }
}

/// What a decoder stands on when users' states are given.
private struct StandInModel: GenerativeModel {
    let itemVectors: Matrix

    func generate(_ request: GenerationRequest) throws -> GenerationResponse { GenerationResponse(queries: [:]) }

    func addingItems(textVectors: Matrix) throws -> any GenerativeModel { self }

    func individualVectors(histories: [[Int]]) throws -> Matrix {
        Matrix(rows: histories.count, columns: itemVectors.columns)
    }

    func state() -> [String: Matrix] { [:] }
}
