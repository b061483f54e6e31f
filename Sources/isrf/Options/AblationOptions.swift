internal import ArgumentParser
internal import Foundation
internal import ISRFKit

/// What `isrf evaluate --ablations` takes.
struct AblationOptions: ParsableArguments {
    @Option(
        defaultAsFlag: AblationNames.all, parsing: .next,
        help: ArgumentHelp(
            "Measure what each part of the method is worth, or those parts that are named, with commas between them: "
                + Ablation.standard.map(\.name).joined(separator: ", ") + ".", valueName: "names"))
    var ablations: AblationNames? = nil

    @Option(
        help: ArgumentHelp(
            "The seeds that every ablation is fitted with, with commas between them; instead of the configuration's.",
            valueName: "seeds"))
    var seeds: SeedList?

    @Option(
        help: ArgumentHelp(
            "The directory for a report of each system and seed of --ablations; what is there is not fitted again.",
            valueName: "directory"))
    var output: String?

    func validate() throws {
        for (name, isGiven) in [("--seeds", seeds != nil), ("--output", output != nil)]
        where isGiven && ablations == nil {
            throw ValidationError("The option '\(name)' belongs to '--ablations'.")
        }
        if let problem = ablations?.problem { throw ValidationError(problem) }
    }

    /// The study that was asked for.
    func study(
        _ names: AblationNames, configuration: ISRFConfiguration, stages: PipelineStages, progress: ProgressHandler?
    ) -> AblationStudy {
        var study = AblationStudy(configuration: configuration, ablations: names.ablations) {
            stages.pipeline($0, nil)
        }
        if let seeds { study.seeds = seeds.seeds }
        study.directory = output.map { URL(fileURLWithPath: $0, isDirectory: true) }
        study.progress = progress
        return study
    }
}

/// Names of ablations with commas between them.
struct AblationNames: ExpressibleByArgument, CustomStringConvertible {
    static let all = AblationNames(ablations: Ablation.standard)

    let ablations: [Ablation]
    /// What is wrong with the names, to be said where they are validated: a name that cannot be read would be taken
    /// for an argument of its own.
    let problem: String?

    var description: String { "all" }

    init(ablations: [Ablation]) {
        self.ablations = ablations
        problem = nil
    }

    /// Names of `Ablation.standard`, or `full`, which is measured in any case.
    init(argument: String) {
        let names = argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        let known = [Ablation.full.name] + Ablation.standard.map(\.name)
        ablations = names.compactMap { name in Ablation.standard.first { $0.name == name } }
        if let unknown = names.first(where: { !known.contains($0) }) {
            problem = "There is no ablation \"\(unknown)\"; there are: \(known.joined(separator: ", "))."
        } else if Set(names).count < names.count {
            problem = "An ablation stands twice in \"\(argument)\"."
        } else {
            problem = nil
        }
    }
}

/// Seeds with commas between them.
struct SeedList: ExpressibleByArgument {
    let seeds: [UInt64]

    /// Nil when one is not a whole number of 0 or more, or stands there twice.
    init?(argument: String) {
        let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map { UInt64($0) }
        let seeds = numbers.compactMap(\.self)
        guard !seeds.isEmpty, seeds.count == numbers.count, Set(seeds).count == seeds.count else { return nil }
        self.seeds = seeds
    }
}
