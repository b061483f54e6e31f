internal import Foundation
internal import Synchronization

/// Ends the process within a second of Ctrl-C or a request to terminate, with nothing half-written left behind.
final class Interruption: Sendable {
    static let shared = Interruption()
    /// How long cancelled work may take to end by itself, in milliseconds.
    private static let patience = 800

    private struct State {
        var signal: Int32?
        var sources: [any DispatchSourceSignal] = []
        var saves: [PartialSave] = []
    }

    private let state = Mutex(State())
    // A queue of its own: the shared ones may be busy with numerics.
    private let queue = DispatchQueue(label: "isrf.interruption", qos: .userInteractive)

    /// The exit status that the signal received asks for; nil when none was received.
    var status: Int32? { state.withLock { $0.signal.map { 128 + $0 } } }

    /// Calls `cancel` at the first signal; ends the process at the second one, or when the work has not ended in time.
    func install(_ cancel: @escaping @Sendable () -> Void) {
        let queue = queue
        state.withLock { state in
            state.sources = [SIGINT, SIGTERM].map { number in
                signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
                source.setEventHandler { [self] in
                    let isFirst = self.state.withLock { state in
                        defer { state.signal = state.signal ?? number }
                        return state.signal == nil
                    }
                    guard isFirst else { end(number) }
                    cancel()
                    queue.asyncAfter(deadline: .now() + .milliseconds(Interruption.patience)) { [self] in end(number) }
                }
                source.resume()
                return source
            }
        }
    }

    /// Runs `body`, which saves a model; should the process have to end meanwhile, what is half-written is removed.
    func saving<Result>(model: URL, _ body: () throws -> Result) rethrows -> Result {
        let save = PartialSave(of: model)
        state.withLock { $0.saves.append(save) }
        defer { state.withLock { $0.saves.removeAll { $0 == save } } }
        return try body()
    }

    private func end(_ number: Int32) -> Never {
        for save in state.withLock({ $0.saves }) { save.discard() }
        StandardError.shared.clear()
        StandardError.shared.write("isrf: interrupted")
        // Not `exit`: its handlers would run while other threads still compute.
        _exit(128 + number)
    }
}
