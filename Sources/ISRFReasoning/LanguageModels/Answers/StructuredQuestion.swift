/// One question whose answer is a JSON object of texts.
public struct StructuredQuestion: Sendable, Hashable {
    /// One text of the answer.
    public struct Field: Sendable, Hashable {
        /// The name of the property.
        public var name: String
        /// What to write there, told to the model.
        public var description: String
        /// The most characters (Unicode scalars, as JSON Schema counts them).
        public var maximumCharacters: Int
        /// The most words, nil for any number.
        public var maximumWords: Int?

        /// Creates a field.
        public init(name: String, description: String, maximumCharacters: Int, maximumWords: Int? = nil) {
            self.name = name
            self.description = description
            self.maximumCharacters = maximumCharacters
            self.maximumWords = maximumWords
        }
    }

    /// The conversation; the model answers the last message. How the answer is to be written down is added to it where
    /// the model needs to be told.
    public var messages: [LanguageModelRequest.Message]
    /// The texts of the answer, in the order in which they are to be written. All are required.
    public var fields: [Field]
    /// The most tokens of the answer; twice as many in the second attempt when the first was cut.
    public var maximumTokens: Int
    /// How random the choice of words is (`LanguageModelRequest.temperature`).
    public var temperature: Double
    /// Makes a random answer repeatable where the model can do that.
    public var seed: UInt64?

    /// Creates a question.
    public init(
        messages: [LanguageModelRequest.Message], fields: [Field], maximumTokens: Int = 1024, temperature: Double = 0,
        seed: UInt64? = nil
    ) {
        self.messages = messages
        self.fields = fields
        self.maximumTokens = maximumTokens
        self.temperature = temperature
        self.seed = seed
    }
}
