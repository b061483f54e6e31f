@_exported public import ISRFCore
@_exported public import ISRFData
@_exported public import ISRFEvaluation
@_exported public import ISRFInteractionGraph
@_exported public import ISRFNumerics
@_exported public import ISRFOptimization
@_exported public import ISRFReasoning
@_exported public import ISRFUserGraph
