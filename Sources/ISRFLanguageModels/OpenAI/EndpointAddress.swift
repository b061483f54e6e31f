internal import Foundation
internal import ISRFCore

/// The addresses of an endpoint's resources, made from the base URL that the user wrote.
struct EndpointAddress: Sendable {
    private let base: URLComponents

    /// Checks a base URL.
    /// - Throws: `ISRFError` (`invalidConfiguration`) saying what is wrong with it.
    init(_ baseURL: String) throws {
        func fail(_ what: String) -> ISRFError {
            ISRFError(
                .invalidConfiguration,
                "The base URL \"\(EndpointAddress.withoutUser(baseURL))\" \(what). Write it like http://127.0.0.1:8080 or "
                    + "https://host/v1.", at: .init(field: "baseURL"))
        }
        guard var components = URLComponents(string: baseURL.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw fail("is not a URL")
        }
        let scheme = components.scheme?.lowercased()
        guard scheme == "http" || scheme == "https" else { throw fail("starts with neither http:// nor https://") }
        guard let host = components.host, !host.isEmpty else { throw fail("names no host") }
        guard components.user == nil, components.password == nil else {
            throw fail("holds a user or password; a key belongs into an environment variable, a user into a header")
        }
        guard components.fragment == nil else { throw fail("has a fragment (#)") }
        var path = Substring(components.percentEncodedPath)
        func trimSlashes() { while path.last == "/" { path.removeLast() } }
        trimSlashes()
        for resource in ["/chat/completions", "/embeddings"] where path.hasSuffix(resource) {
            path.removeLast(resource.count)
            trimSlashes()
        }
        components.percentEncodedPath = path.isEmpty ? "/v1" : String(path)
        base = components
    }

    /// The address of a resource such as `/chat/completions`.
    func url(of resource: String) -> String {
        var components = base
        components.percentEncodedPath += resource
        return components.string ?? ""
    }

    /// Whether the key would cross a network unencrypted.
    var isUnprotected: Bool {
        guard base.scheme?.lowercased() == "http" else { return false }
        let host = base.host ?? ""
        return !(host == "localhost" || host.hasPrefix("127.") || host == "::1" || host == "[::1]")
    }

    /// An address with the user and password between `//` and `@` left out.
    static func withoutUser(_ address: String) -> String {
        guard let start = address.range(of: "//") else { return address }
        let rest = address[start.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard let at = authority.lastIndex(of: "@") else { return address }
        return address[..<start.upperBound] + "…" + rest[at...]
    }
}
