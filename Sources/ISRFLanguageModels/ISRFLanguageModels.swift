@_exported public import ISRFReasoning
