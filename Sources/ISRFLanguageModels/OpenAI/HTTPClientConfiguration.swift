internal import AsyncHTTPClient
internal import Foundation
internal import ISRFCore
internal import NIOCore
internal import NIOSSL

extension HTTPClient.Configuration {
    /// The configuration for an endpoint.
    /// - Throws: `ISRFError` when an option is out of its range or a file cannot be read.
    init(_ endpoint: OpenAICompatibleEndpoint) throws {
        let timeouts = endpoint.timeouts
        for (name, value) in [("connect", timeouts.connect), ("idle", timeouts.idle), ("total", timeouts.total)] {
            guard value > .zero else {
                throw ISRFError(
                    .invalidConfiguration, "A timeout is a positive duration; \(value) is not.",
                    at: .init(field: "timeouts.\(name)"))
            }
        }
        guard endpoint.maximumResponseBytes >= 1 else {
            throw ISRFError(
                .invalidConfiguration, "At least 1 byte of an answer must be allowed.",
                at: .init(field: "maximumResponseBytes"))
        }
        self.init(redirectConfiguration: .disallow)
        timeout = Timeout(connect: TimeAmount(timeouts.connect), read: TimeAmount(timeouts.idle))
        // How many calls are under way is the caller's decision: none waits here for a connection.
        connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 4_096
        // Failed connections are the caller's to retry, who also counts them.
        connectionPool.retryConnectionEstablishment = false
        proxy = try endpoint.proxy.map(Self.proxy)
        var tls = TLSConfiguration.makeClientConfiguration()
        if let path = endpoint.certificateAuthorities {
            tls.additionalTrustRoots = [.certificates(try Self.certificates(path))]
        }
        tlsConfiguration = tls
    }

    private static func certificates(_ path: String) throws -> [NIOSSLCertificate] {
        let location = ISRFError.Location(file: path, field: "certificateAuthorities")
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw ISRFError(
                .fileAccess, "The file with certificate authorities does not exist or cannot be read.", at: location)
        }
        do {
            let certificates = try NIOSSLCertificate.fromPEMFile(path)
            if !certificates.isEmpty { return certificates }
        } catch {}
        throw ISRFError(
            .invalidData, "The file holds no certificate; PEM text with BEGIN CERTIFICATE lines is expected.",
            at: location)
    }

    private static func proxy(_ address: String) throws -> Proxy {
        let components = URLComponents(string: address)
        let scheme = components?.scheme?.lowercased()
        guard let components, let host = components.host, !host.isEmpty, scheme == "http" || scheme == "socks5" else {
            throw ISRFError(
                .invalidConfiguration,
                "The proxy \"\(EndpointAddress.withoutUser(address))\" cannot be used. Write it like http://host:port or "
                    + "socks5://host:port.", at: .init(field: "proxy"))
        }
        if scheme == "socks5" {
            guard components.user == nil else {
                throw ISRFError(
                    .invalidConfiguration, "A SOCKS proxy with a user is not supported.", at: .init(field: "proxy"))
            }
            return .socksServer(host: host, port: components.port ?? 1080)
        }
        let authorization = components.user.map {
            HTTPClient.Authorization.basic(username: $0, password: components.password ?? "")
        }
        return .server(host: host, port: components.port ?? 80, authorization: authorization)
    }
}
