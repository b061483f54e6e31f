internal import Foundation
internal import ISRFKit

/// An error in words for people: where it is, what it is, and briefly what is behind it.
struct FailureText {
    let text: String

    init(_ error: any Error) {
        switch error {
        case var error as ISRFError:
            let cause = error.underlying.map { " (\(FailureText($0).text))" } ?? ""
            error.underlying = nil
            text = error.description + cause
        case let error as CocoaError:
            let cause = error.userInfo[NSUnderlyingErrorKey] as? any Error
            text = (cause ?? error).localizedDescription
        case is CancellationError:
            text = "The run was cancelled."
        default:
            text = "\(error)"
        }
    }
}
