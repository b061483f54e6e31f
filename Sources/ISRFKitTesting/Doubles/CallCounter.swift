internal import Synchronization

/// How a double misbehaves: which calls fail, and how long each takes.
public struct Misbehaviour: Sendable, Hashable {
    /// Every so-many-th call throws, counted from 1; 0 for none, 1 for all.
    public var failingEvery: Int
    /// How long a call waits before it answers or fails; cancellation ends the wait.
    public var delay: Duration

    /// Creates a misbehaviour; by default none.
    public init(failingEvery: Int = 0, delay: Duration = .zero) {
        self.failingEvery = failingEvery
        self.delay = delay
    }
}

/// What a double throws: not an `ISRFError`, so that tests meet a host's own errors.
public struct DoubleError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What happened.
    public var message: String

    /// Creates an error.
    public init(message: String) {
        self.message = message
    }

    /// The message.
    public var description: String { message }
}

/// Counts the calls of a double and lets them fail as its misbehaviour says; shared by copies.
final class CallCounter: Sendable {
    private let misbehaviour: Misbehaviour
    private let state = Mutex(0)

    init(_ misbehaviour: Misbehaviour) {
        self.misbehaviour = misbehaviour
    }

    var calls: Int { state.withLock { $0 } }

    /// Counts a call, waits, and fails when it is its turn.
    func call(_ what: String) async throws {
        let number = state.withLock { count in
            count += 1
            return count
        }
        if misbehaviour.delay > .zero { try await Task.sleep(for: misbehaviour.delay) }
        if misbehaviour.failingEvery > 0, number % misbehaviour.failingEvery == 0 {
            throw DoubleError(message: "\(what) fails on call \(number), as it was told to.")
        }
    }
}

/// Keeps what was asked of a double, in the order of the calls; shared by copies.
final class RequestLog<Request: Sendable>: Sendable {
    private let state = Mutex([Request]())

    var requests: [Request] { state.withLock { $0 } }

    /// Adds a request and returns its number, counted from 1.
    @discardableResult
    func append(_ request: Request) -> Int {
        state.withLock {
            $0.append(request)
            return $0.count
        }
    }
}
