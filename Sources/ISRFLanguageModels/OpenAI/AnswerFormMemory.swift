internal import ISRFReasoning
internal import Synchronization

/// Tells a server that cannot do a form of answer from one that is in trouble, where both say no more than "500".
///
/// A form that was answered once works, so a 500 is trouble. A form that has never been answered counts as refused from
/// the third 500 in a row on.
final class AnswerFormMemory: Sendable {
    private struct Record {
        var works = false
        var serverErrors = 0
    }

    private static let tolerated = 2
    private let records = Mutex<[Bool: Record]>([:])

    /// Notes that a form was answered.
    func noteAnswer(_ form: LanguageModelRequest.AnswerForm) {
        guard let key = AnswerFormMemory.key(form) else { return }
        records.withLock { $0[key] = Record(works: true) }
    }

    /// Notes a 500 that says nothing of the form.
    /// - Returns: Whether the form is to be taken as refused.
    func noteServerError(_ form: LanguageModelRequest.AnswerForm) -> Bool {
        guard let key = AnswerFormMemory.key(form) else { return false }
        return records.withLock { records in
            var record = records[key] ?? Record()
            guard !record.works else { return false }
            record.serverErrors += 1
            records[key] = record
            return record.serverErrors > AnswerFormMemory.tolerated
        }
    }

    private static func key(_ form: LanguageModelRequest.AnswerForm) -> Bool? {
        switch form {
        case .text: nil
        case .jsonObject: false
        case .jsonSchema: true
        }
    }
}
