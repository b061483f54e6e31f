internal import ISRFCore
internal import ISRFData
internal import ISRFReasoning
internal import Logging

/// Asks a reasoner about all items and users, a bounded number at a time, and falls back where it fails.
struct ReasoningStage: Sendable {
    let reasoner: any SemanticReasoner
    let fallback: AttributeReasoner
    let configuration: ISRFConfiguration.Reasoning
    let progress: ProgressHandler?
    let logger: Logger

    /// What came of it.
    struct Outcome: Sendable {
        var items: [ItemProfile]
        var users: [UserProfile]
        var failedItems: Int
        var failedUsers: Int
    }

    func run(_ catalogue: Catalogue, _ training: InteractionLog) async throws -> Outcome {
        let items = try await items(catalogue.items)
        let profiles = items.map(\.value)
        let users = try await users(
            training.users.identifiers, training.histories, catalogue, profiles, activity: "Reasoning about users")
        let outcome = Outcome(
            items: profiles, users: users.map(\.value), failedItems: items.count { $0.failed },
            failedUsers: users.count { $0.failed })
        if outcome.failedItems + outcome.failedUsers > 0 {
            logger.warning(
                "The reasoner failed for some items or users; attributes were reasoned from instead.",
                metadata: ["items": "\(outcome.failedItems)", "users": "\(outcome.failedUsers)"])
        }
        return outcome
    }

    /// Reasons about items.
    func items(_ items: [Item]) async throws -> [Answer<ItemProfile>] {
        try await concurrently(items.count, "Reasoning about items", "items") { index in
            let item = items[index]
            return try await answer("item \"\(item.id)\"") {
                let profile = try await reasoner.profile(for: ItemReasoningRequest(item: item))
                try check(profile.item == item.id, "answered for item \"\(profile.item)\" instead of \"\(item.id)\"")
                return profile
            } otherwise: {
                try await fallback.profile(for: ItemReasoningRequest(item: item))
            }
        }
    }

    /// Reasons about somebody with each of the given histories.
    func users(
        _ users: [String], _ histories: [[Int]], _ catalogue: Catalogue, _ profiles: [ItemProfile], activity: String
    ) async throws -> [Answer<UserProfile>] {
        try await concurrently(users.count, activity, "users") { index in
            let user = users[index]
            let request = request(user, histories[index], catalogue, profiles)
            return try await answer("user \"\(user)\"") {
                let profile = try await reasoner.profile(for: request)
                try check(profile.user == user, "answered for user \"\(profile.user)\" instead of \"\(user)\"")
                return profile
            } otherwise: {
                try await fallback.profile(for: request)
            }
        }
    }

    private func request(
        _ user: String, _ history: [Int], _ catalogue: Catalogue, _ profiles: [ItemProfile]
    ) -> UserReasoningRequest {
        UserReasoningRequest(
            user: user,
            recentItems: history.suffix(configuration.recentItems).reversed().map {
                UserReasoningRequest.Entry(item: catalogue[$0], profile: profiles[$0])
            })
    }

    /// A profile, and whether the fallback gave it.
    struct Answer<Value: Sendable>: Sendable {
        var value: Value
        var failed: Bool
    }

    private func answer<Value: Sendable>(
        _ subject: String, _ ask: () async throws -> Value, otherwise: () async throws -> Value
    ) async throws -> Answer<Value> {
        do {
            return Answer(value: try await ask(), failed: false)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            logger.debug("The reasoner failed.", metadata: ["subject": "\(subject)", "error": "\(error)"])
            return Answer(value: try await otherwise(), failed: true)
        }
    }

    private func check(_ condition: Bool, _ what: String) throws {
        guard condition else { throw ISRFError(.contractViolation, "The reasoner \(what).") }
    }

    /// Runs `body` for 0..<count in `concurrency` tasks, each over every so-many-th chunk; results in order.
    private func concurrently<Value: Sendable>(
        _ count: Int, _ activity: String, _ unit: String, _ body: @escaping @Sendable (Int) async throws -> Value
    ) async throws -> [Value] {
        let chunk = 64
        return try await withThrowingTaskGroup(of: (Int, [Value]).self) { group in
            var next = 0
            func start() -> Bool {
                guard next < count else { return false }
                let range = next..<min(next + min(chunk, max(1, count / configuration.concurrency)), count)
                next = range.upperBound
                group.addTask {
                    var values: [Value] = []
                    for index in range {
                        try Task.checkCancellation()
                        values.append(try await body(index))
                    }
                    return (range.lowerBound, values)
                }
                return true
            }
            for _ in 0..<configuration.concurrency where !start() { break }
            var parts: [(Int, [Value])] = []
            var done = 0
            while let part = try await group.next() {
                parts.append(part)
                done += part.1.count
                progress?(ProgressReport(activity: activity, completed: done, total: count, unit: unit))
                _ = start()
            }
            return parts.sorted { $0.0 < $1.0 }.flatMap(\.1)
        }
    }
}
