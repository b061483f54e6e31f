/// The word pieces of a vocabulary by their UTF-8 bytes, for finding the longest one that a text begins with.
///
/// One open-addressed table holds the edges: a key is a node's number and the next byte, its target the next node.
struct WordPieceTrie: Sendable {
    /// The node that pieces at the beginning of a word hang on.
    static let wordStart: UInt32 = 1
    /// The node that pieces within a word hang on.
    static let continuation: UInt32 = 2
    /// Node numbers fit in the upper 24 bits of a key.
    static let mostNodes = 1 << 24

    private var keys: [UInt32] = Array(repeating: 0, count: 1 << 16)
    private var targets: [UInt32] = Array(repeating: 0, count: 1 << 16)
    private var edges = 0
    /// The piece that ends at each node, or -1.
    private var pieces: [Int32] = [-1, -1, -1]

    /// Adds a piece; of equal ones, the last stays. Returns false when there is no more room.
    mutating func insert(_ bytes: some Collection<UInt8>, at root: UInt32, piece: Int32) -> Bool {
        var node = root
        for byte in bytes {
            if let next = target(node, byte) {
                node = next
            } else {
                guard pieces.count < Self.mostNodes else { return false }
                let next = UInt32(pieces.count)
                pieces.append(-1)
                addEdge(node << 8 | UInt32(byte), next)
                node = next
            }
        }
        pieces[Int(node)] = piece
        return true
    }

    /// The longest piece that the bytes begin with from `start` on, and how many bytes it has.
    func longest(in bytes: [UInt8], from start: Int, at root: UInt32) -> (piece: Int32, length: Int)? {
        var node = root
        var found: (Int32, Int)?
        var index = start
        while index < bytes.count, let next = target(node, bytes[index]) {
            node = next
            index += 1
            if pieces[Int(node)] >= 0 { found = (pieces[Int(node)], index - start) }
        }
        return found
    }

    private func slot(of key: UInt32) -> Int {
        let mask = keys.count - 1
        // Fibonacci hashing: the product's upper bits depend on the whole key.
        var slot = Int(truncatingIfNeeded: (UInt64(key) &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
        while keys[slot] != 0 && keys[slot] != key { slot = (slot + 1) & mask }
        return slot
    }

    private func target(_ node: UInt32, _ byte: UInt8) -> UInt32? {
        let slot = slot(of: node << 8 | UInt32(byte))
        return keys[slot] == 0 ? nil : targets[slot]
    }

    private mutating func addEdge(_ key: UInt32, _ target: UInt32) {
        if 2 * (edges + 1) > keys.count {
            let old = zip(keys, targets).filter { $0.0 != 0 }
            keys = Array(repeating: 0, count: 2 * keys.count)
            targets = Array(repeating: 0, count: keys.count)
            for (key, target) in old { place(key, target) }
        }
        place(key, target)
        edges += 1
    }

    private mutating func place(_ key: UInt32, _ target: UInt32) {
        let slot = slot(of: key)
        keys[slot] = key
        targets[slot] = target
    }
}
