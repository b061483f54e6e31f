public import ArgumentParser
public import ISRFFiles

extension ItemFileFormat: ExpressibleByArgument {}
extension InteractionFileFormat: ExpressibleByArgument {}
