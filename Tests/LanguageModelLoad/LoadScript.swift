internal import ScriptedServer
internal import Synchronization

/// Answers every question, errs now and then, and counts both.
final class LoadScript: Sendable {
    private struct Counts {
        var answers: [Int: Int] = [:]
        var errors = 0
        var strange = 0
    }

    private let errorsPerThousand: Int
    private let seed: UInt64
    private let counts = Mutex(Counts())

    init(errorsPerThousand: Int, seed: UInt64) {
        self.errorsPerThousand = errorsPerThousand
        self.seed = seed
    }

    func reply(to request: ScriptedRequest) -> ScriptedReply {
        let draw = mixed(UInt64(request.number) &+ seed &* 0x9E37_79B9_7F4A_7C15) % 1000
        if draw < UInt64(errorsPerThousand) {
            counts.withLock { $0.errors += 1 }
            return draw % 2 == 0
                ? .error(429, "Slow down.", headers: [("retry-after-ms", "50")]) : .error(500, "Something broke.")
        }
        guard let number = question(in: request.body) else {
            counts.withLock { $0.strange += 1 }
            return .error(400, "There is no question.")
        }
        counts.withLock { $0.answers[number, default: 0] += 1 }
        return .chat(
            #"{"summary":"People with time like number \#(number).","reasoning":"It was asked as number \#(number)."}"#,
            promptTokens: request.body.count / 4, completionTokens: 30)
    }

    /// Questions answered, answers beyond the first to one question, errors on purpose, and requests without a question.
    var statistics: [String: Int] {
        let counts = counts.withLock { $0 }
        return [
            "answered": counts.answers.count, "repeated": counts.answers.values.reduce(0) { $0 + $1 - 1 },
            "errors": counts.errors, "strange": counts.strange,
        ]
    }

    /// The number after the last `Question #`.
    private func question(in body: [UInt8]) -> Int? {
        let mark = Array("Question #".utf8)
        var place = body.count - mark.count
        while place >= 0 {
            if body[place] == mark[0], body[place..<place + mark.count].elementsEqual(mark) {
                let digits = body[(place + mark.count)...].prefix { (48...57).contains($0) }
                return Int(String(decoding: digits, as: UTF8.self))
            }
            place -= 1
        }
        return nil
    }

    private func mixed(_ value: UInt64) -> UInt64 {
        var value = value
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
