internal import Foundation
internal import ISRFCore
internal import NIOHTTP1

/// The headers of every request to an endpoint, the key among them, and what must not show up in any message.
struct EndpointCredentials {
    let headers: HTTPHeaders
    let secrets: SecretRedaction
    let hasKey: Bool
    /// Where the key is looked for, for the message of a server's refusal.
    let hint: String

    /// - Throws: `ISRFError` (`invalidConfiguration`); its message never holds the key or a header's value.
    init(_ endpoint: OpenAICompatibleEndpoint, environment: [String: String]) throws {
        var headers = HTTPHeaders([
            ("content-type", "application/json"), ("accept", "application/json"), ("user-agent", "ISRFKit"),
        ])
        var secrets: [String] = []
        for (name, value) in endpoint.headers.sorted(by: { $0.key < $1.key }) {
            guard !name.isEmpty, name.utf8.allSatisfy(EndpointCredentials.isTokenCharacter) else {
                throw ISRFError(
                    .invalidConfiguration, "\"\(name)\" is not the name of an HTTP header.", at: .init(field: "headers")
                )
            }
            guard EndpointCredentials.isHeaderValue(value) else {
                throw ISRFError(
                    .invalidConfiguration, "The value of the header \(name) holds characters that no header may have.",
                    at: .init(field: "headers"))
            }
            headers.replaceOrAdd(name: name, value: value)
            secrets.append(value)
        }
        var hasKey = false
        if let variable = endpoint.keyVariable, let value = environment[variable] {
            let key = value.trimmingCharacters(in: .whitespacesAndNewlines)
            guard EndpointCredentials.isHeaderValue(key) else {
                throw ISRFError(
                    .invalidConfiguration,
                    "The key in the environment variable \(variable) holds characters that no key has; set it anew.",
                    at: .init(field: "keyVariable"))
            }
            if !key.isEmpty {
                headers.replaceOrAdd(name: "authorization", value: "Bearer \(key)")
                secrets.append(key)
                hasKey = true
            }
        }
        if let proxy = endpoint.proxy, let components = URLComponents(string: proxy) {
            secrets += [components.password, components.percentEncodedPassword].compactMap(\.self)
        }
        self.headers = headers
        self.secrets = SecretRedaction(secrets)
        self.hasKey = hasKey
        switch (endpoint.keyVariable, hasKey) {
        case (nil, _): hint = "No key was sent, since no environment variable for it is named."
        case (let variable?, true): hint = "The key is the one in the environment variable \(variable)."
        case (let variable?, false): hint = "No key was sent: the environment variable \(variable) is not set."
        }
    }

    private static func isTokenCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    private static func isHeaderValue(_ value: String) -> Bool {
        value.utf8.allSatisfy { $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }
    }
}

/// Takes secrets out of text that others wrote, such as a server that repeats the key that it refuses.
struct SecretRedaction: Sendable {
    private let secrets: [String]

    /// Values of fewer than eight characters are no secrets; removing them would tear words apart.
    init(_ secrets: [String]) {
        self.secrets = secrets.filter { $0.count >= 8 }.sorted { $0.count > $1.count }
    }

    func callAsFunction(_ text: String) -> String {
        secrets.reduce(text) { $0.replacingOccurrences(of: $1, with: "…") }
    }
}

extension SecretRedaction: CustomReflectable {
    var customMirror: Mirror { Mirror(self, children: []) }
}
