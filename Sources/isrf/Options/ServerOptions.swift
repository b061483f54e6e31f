internal import ArgumentParser
internal import ISRFKit
internal import ISRFLanguageModels

/// Where a language model is and how it is reached.
struct ServerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The server's address, such as http://127.0.0.1:8080 or https://host/v1; it speaks /chat/completions.",
            valueName: "url"))
    var baseURL: String?

    @Option(
        help: ArgumentHelp("The environment variable with the key; none is sent when it is not set.", valueName: "name")
    )
    var apiKeyVariable = "OPENAI_API_KEY"

    @Option(help: ArgumentHelp("A proxy: http://host:port or socks5://host:port.", valueName: "url"))
    var proxy: String?

    @Option(
        help: ArgumentHelp("A PEM file of certificate authorities to trust beside the system's.", valueName: "file"))
    var caFile: String?

    @Option(help: ArgumentHelp("Seconds to wait for a connection.", valueName: "seconds"))
    var connectTimeout = 10.0

    @Option(help: ArgumentHelp("Seconds to wait for the next piece of an answer.", valueName: "seconds"))
    var idleTimeout = 120.0

    @Option(help: ArgumentHelp("Seconds to wait for a whole answer.", valueName: "seconds"))
    var totalTimeout = 300.0

    @Option(
        help: ArgumentHelp(
            "How the server calls the most tokens of an answer: max_completion_tokens for some newer models.",
            valueName: "name"))
    var tokenLimitField = "max_tokens"

    func validate() throws {
        for (name, value) in [
            ("--connect-timeout", connectTimeout), ("--idle-timeout", idleTimeout), ("--total-timeout", totalTimeout),
        ] {
            guard value > 0, value <= 86_400 else {
                throw ValidationError("The value of '\(name)' is \(value); it must be above 0 and at most 86400.")
            }
        }
        if apiKeyVariable.isEmpty { throw ValidationError("The value of '--api-key-variable' is empty.") }
    }

    /// The server at an address.
    func endpoint(_ url: String) -> OpenAICompatibleEndpoint {
        OpenAICompatibleEndpoint(
            baseURL: url, keyVariable: apiKeyVariable,
            timeouts: .init(
                connect: .seconds(connectTimeout), idle: .seconds(idleTimeout), total: .seconds(totalTimeout)),
            proxy: proxy, certificateAuthorities: caFile)
    }
}
