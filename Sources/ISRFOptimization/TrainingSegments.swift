internal import ISRFCore

/// A part of a training history that the transformer reads at once.
struct TrainingSegment: Hashable {
    /// The owner of the history.
    let user: Int
    /// The places of the history that are read; at each of them the item at the next place is predicted.
    let places: Range<Int>
}

/// Cuts training histories into segments, so that one pass predicts every item but the first of each history once.
struct TrainingSegments {
    /// The greatest number of items of a segment.
    let length: Int
    private let histories: [[Int]]

    init(of histories: [[Int]], length: Int) {
        self.histories = histories
        self.length = length
    }

    /// The number of segments of a user's history, the same for every cut.
    func count(ofUser user: Int) -> Int {
        let places = histories[user].count - 1
        return places <= length ? min(1, max(0, places)) : (places + length / 2 + length - 1) / length
    }

    /// Cuts the history of each user anew.
    ///
    /// A history that does not fit into one segment is cut at random places. The last segment has at least half the
    /// length, for what comes next is predicted from the end of a history.
    func cut(_ users: [Int], using random: inout SeededRandom) -> [TrainingSegment] {
        users.flatMap { user -> [TrainingSegment] in
            let (places, count) = (histories[user].count - 1, count(ofUser: user))
            guard count > 1 else { return count == 0 ? [] : [TrainingSegment(user: user, places: 0..<places)] }
            let spare = count * length - places
            let least = max(0, spare - length + 1)
            let last = length - least - random.index(below: length / 2 - least + 1)
            var ends = [places, places - last]
            while let end = ends.last, end > length { ends.append(end - length) }
            return zip(ends.dropFirst() + [0], ends).map { TrainingSegment(user: user, places: $0..<$1) }
        }
    }
}
