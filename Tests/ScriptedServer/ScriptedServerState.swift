internal import NIOCore
internal import Synchronization

/// What a server counts and remembers.
final class ScriptedServerState: Sendable {
    struct Counts {
        var requests = 0
        var open = 0
        var made = 0
        /// Replies that are being made.
        var replies = 0
        var mostAtOnce = 0
        var sentBytes = 0
    }

    private struct Contents {
        var counts = Counts()
        var requests: [ScriptedRequest] = []
        var channels: [ObjectIdentifier: any Channel] = [:]
        /// Numbers of requests without an answer.
        var waiting: Set<Int> = []
    }

    private let keptRequests: Int
    private let contents = Mutex(Contents())

    init(keptRequests: Int) {
        self.keptRequests = keptRequests
    }

    var counts: Counts { contents.withLock { $0.counts } }
    var requests: [ScriptedRequest] { contents.withLock { $0.requests } }
    var channels: [any Channel] { contents.withLock { Array($0.channels.values) } }

    func opened(_ channel: any Channel) {
        contents.withLock {
            $0.counts.open += 1
            $0.counts.made += 1
            $0.channels[ObjectIdentifier(channel)] = channel
        }
    }

    func closed(_ channel: any Channel) {
        contents.withLock {
            $0.counts.open -= 1
            $0.channels[ObjectIdentifier(channel)] = nil
        }
    }

    /// Numbers a request, counted from 0.
    func begin(_ request: ScriptedRequest) -> ScriptedRequest {
        contents.withLock {
            var request = request
            request.number = $0.counts.requests
            $0.counts.requests += 1
            $0.counts.replies += 1
            $0.waiting.insert(request.number)
            $0.counts.mostAtOnce = max($0.counts.mostAtOnce, $0.waiting.count)
            if $0.requests.count < keptRequests { $0.requests.append(request) }
            return request
        }
    }

    /// The last of a reply is about to be written: whoever asked may ask again before the writing is over.
    func answering(_ request: ScriptedRequest) {
        contents.withLock { _ = $0.waiting.remove(request.number) }
    }

    func end(_ request: ScriptedRequest) {
        contents.withLock {
            $0.waiting.remove(request.number)
            $0.counts.replies -= 1
        }
    }

    func sent(_ bytes: Int) {
        contents.withLock { $0.counts.sentBytes += bytes }
    }
}
