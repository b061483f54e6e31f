public import ArgumentParser
public import ISRFKit

extension TuningSearch.Method: ExpressibleByArgument {}
