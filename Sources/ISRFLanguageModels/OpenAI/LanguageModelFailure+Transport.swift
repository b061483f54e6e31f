internal import AsyncHTTPClient
internal import ISRFReasoning
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL

extension LanguageModelFailure {
    /// What an error of the HTTP client means for the caller.
    init(transport error: any Error, secrets: SecretRedaction) {
        let detail = secrets(String("\(error)".prefix(300)))
        switch error {
        case let error as HTTPClientError where Self.timeouts.contains(error):
            self.init(.timedOut, "The server did not answer in time (\(error.shortDescription)).")
        case let error as HTTPClientError where error == .alreadyShutdown || error == .cancelled:
            self.init(.rejectedRequest, "The connections of this model are shut down; make a new model.")
        case let error as HTTPClientError where error == .proxyAuthenticationRequired:
            self.init(.forbidden, "The proxy asks for a user and password, or refuses the given ones.")
        case let error as HTTPClientError where error == .invalidProxyResponse:
            self.init(.connectionLost, "The proxy did not connect to the server.")
        case HTTPParserError.invalidEOFState:
            self.init(.connectionLost, "The connection was lost in the middle of an answer.")
        case is HTTPParserError:
            self.init(.invalidResponse, "The server does not speak HTTP (\(detail)); check the base URL.")
        case ChannelError.connectTimeout:
            self.init(.timedOut, "No connection to the server was made in time.")
        case let error where Self.isRefusedCertificate(error):
            self.init(
                .forbidden,
                "The server's certificate is not valid for its name or comes from an unknown authority (\(detail)). Check "
                    + "the base URL; name a file with certificate authorities if the server has one of its own.")
        case is HTTPClientError:
            self.init(.connectionLost, "The connection was lost (\(detail)).")
        default:
            self.init(.connectionLost, "The server cannot be reached or hung up (\(detail)).")
        }
    }

    private static let timeouts: [HTTPClientError] = [
        .connectTimeout, .readTimeout, .writeTimeout, .deadlineExceeded, .getConnectionFromPoolTimeout,
        .tlsHandshakeTimeout, .socksHandshakeTimeout, .httpProxyHandshakeTimeout,
    ]

    private static func isRefusedCertificate(_ error: any Error) -> Bool {
        switch error {
        case is NIOSSLExtraError: true
        case NIOSSLError.unableToValidateCertificate, NIOSSLError.noCertificateToValidate: true
        case NIOSSLError.handshakeFailed(let reason): "\(reason)".contains("CERTIFICATE_VERIFY_FAILED")
        default: false
        }
    }
}
