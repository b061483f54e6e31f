public import ISRFCore
