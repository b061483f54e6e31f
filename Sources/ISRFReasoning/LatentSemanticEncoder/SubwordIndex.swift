/// Finds the known words that an unknown word resembles, by the runs of three to five characters that they share.
struct SubwordIndex: Sendable {
    /// Words that share less than this part of their runs (Dice coefficient) are unrelated.
    static let leastOverlap: Float = 0.4
    /// The most words that one unknown word is made of.
    static let mostWords = 8

    private let hashes: [UInt64]
    private let words: [Int32]
    private let sizes: [Int32]

    /// - Parameter words: The known words with their numbers, below `count`.
    init(words known: [(number: Int, word: String)], count: Int) {
        var entries: [(hash: UInt64, word: Int32)] = []
        var sizes = [Int32](repeating: 0, count: count)
        for (number, word) in known {
            let runs = Self.runs(of: word)
            sizes[number] = Int32(runs.count)
            for run in runs { entries.append((run, Int32(number))) }
        }
        entries.sort { ($0.hash, $0.word) < ($1.hash, $1.word) }
        hashes = entries.map(\.hash)
        words = entries.map(\.word)
        self.sizes = sizes
    }

    /// The known words most like an unknown one with their shares; the shares add up to the greatest overlap, so that a
    /// faint likeness counts faintly.
    func resembling(_ word: String) -> [(number: Int, share: Float)] {
        guard word.unicodeScalars.contains(where: { $0.properties.isAlphabetic }) else { return [] }
        let runs = Self.runs(of: word)
        var common: [Int32: Int] = [:]
        for run in runs {
            var place = firstPlace(of: run)
            while place < hashes.count, hashes[place] == run {
                common[words[place], default: 0] += 1
                place += 1
            }
        }
        let alike = common.map {
            (number: $0.key, overlap: 2 * Float($0.value) / Float(Int(sizes[Int($0.key)]) + runs.count))
        }
        .filter { $0.overlap >= Self.leastOverlap }
        .sorted { ($1.overlap, $0.number) < ($0.overlap, $1.number) }
        .prefix(Self.mostWords)
        let total = alike.reduce(0) { $0 + $1.overlap }
        return alike.map { (Int($0.number), $0.overlap / total * (alike.first?.overlap ?? 0)) }
    }

    private func firstPlace(of hash: UInt64) -> Int {
        var low = 0
        var high = hashes.count
        while low < high {
            let middle = (low + high) / 2
            if hashes[middle] < hash { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The distinct runs of three to five characters of a word between boundary marks, hashed (FNV-1a), ascending.
    private static func runs(of word: String) -> [UInt64] {
        let scalars = [UInt32(0x02)] + word.unicodeScalars.prefix(64).map(\.value) + [UInt32(0x03)]
        var runs: [UInt64] = []
        for start in scalars.indices {
            var hash: UInt64 = 0xCBF2_9CE4_8422_2325
            for end in start..<min(scalars.count, start + 5) {
                hash = (hash ^ UInt64(scalars[end])) &* 0x0000_0100_0000_01B3
                if end - start >= 2 { runs.append(hash) }
            }
        }
        runs.sort()
        var last: UInt64?
        runs.removeAll { run in
            defer { last = run }
            return run == last
        }
        return runs
    }
}
