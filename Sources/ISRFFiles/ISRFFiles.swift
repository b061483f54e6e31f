@_exported public import ISRFCore
@_exported public import ISRFData
