public import ArgumentParser
public import ISRFKit

extension Holdout: ExpressibleByArgument {}
