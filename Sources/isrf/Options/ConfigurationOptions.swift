internal import ArgumentParser
internal import ISRFKit

/// What the pipeline is set to: the default, changed by a file, changed by options.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A YAML file of settings; what it leaves out stays as it is (see `isrf train --print-config`).",
            valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("The seed of every random choice, instead of the configuration's.", valueName: "n"))
    var seed: UInt64?

    @Option(
        help: ArgumentHelp(
            "Threads for heavy work, 0 for as many as there are processors; instead of the configuration's.",
            valueName: "n"))
    var threads: Int?

    func validate() throws {
        guard (0...1024).contains(threads ?? 0) else {
            throw ValidationError("The value of '--threads' is \(threads ?? 0); it must be in 0...1024.")
        }
    }

    /// Puts the configuration together and checks it.
    /// - Throws: `ISRFError` that names the file, the line and the key of what is wrong.
    func configuration() throws -> ISRFConfiguration {
        var configuration = try config.map { try ConfigurationFile(reading: $0).configuration } ?? ISRFConfiguration()
        if let seed { configuration.seed = seed }
        if let threads { configuration.threads = threads }
        try configuration.validate()
        return configuration
    }
}
