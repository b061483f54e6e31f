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

    var description: String { "all" }

    init(ablations: [Ablation]) {
        self.ablations = ablations
    }

    /// Nil when a name is none, or stands there twice.
    init?(argument: String) {
        var ablations: [Ablation] = []
        for name in argument.split(separator: ",", omittingEmptySubsequences: false) {
            guard let ablation = Ablation.standard.first(where: { $0.name == name }),
                !ablations.contains(where: { $0.name == name })
            else { return nil }
            ablations.append(ablation)
        }
        self.ablations = ablations
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
